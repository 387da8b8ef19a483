"""The plot: what each strategy gets done in each scene, and what it wastes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drawing import BLUE, RED, Drawing

from limits.strategies import FLEET, LIKE, STRATEGIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from limits.outcome import Outcome
    from limits.scenes import Scene

LEFT, TOP, ROW, COLUMN, BAR = 268.0, 128.0, 34.0, 154.0, 100.0


def draw_strategies(
    file: Path, scenes: Sequence[Scene], outcomes: Mapping[tuple[str, str, bool], Outcome], footnote: str
) -> None:
    """Draw a row for each strategy and a column for each scene, refused calls counted."""
    names = [name for name in (*STRATEGIES, FLEET) if any(name in scene.strategies for scene in scenes)]
    names.sort(key=lambda name: not name.startswith("ours"))
    width, height = LEFT + COLUMN * len(scenes), TOP + ROW * len(names) + 30
    drawing = Drawing(width, height, "What each strategy gets done under Marketo's limits, and what it wastes")
    drawing.text(16, 26, "Under Marketo's limits: what gets done, and what is wasted", size=17, bold=True)
    drawing.text(
        16,
        47,
        "A listing and single calls against the sandbox's limits, on a virtual clock; refused calls are counted.",
    )
    drawing.text(
        16, 63, "Done: of what the others leave. Wasted: calls that were refused, and paid for, of all its calls."
    )
    drawing.text(width - 86, 26, "done", size=13, anchor="end", colour=BLUE, bold=True)
    drawing.text(width - 16, 26, "wasted", size=13, anchor="end", colour=RED, bold=True)
    for place, scene in enumerate(scenes):
        drawing.text(LEFT + COLUMN * place, TOP - 26, scene.name, size=13, bold=True)
    for row, name in enumerate(names):
        y = TOP + ROW * row
        drawing.text(LEFT - 16, y + (4 if name in LIKE else 10), name, anchor="end", bold=name.startswith("ours"))
        if name in LIKE:
            drawing.text(LEFT - 16, y + 17, LIKE[name], size=10, anchor="end")
        for place, scene in enumerate(scenes):
            x = LEFT + COLUMN * place
            drawing.line([(x, y - 6), (x, y + 19)], opacity=0.4)
            if name in scene.strategies:
                outcome = outcomes[scene.name, name, True]
                _bar(drawing, x, y - 4, outcome.goodput, colour=BLUE)
                _bar(drawing, x, y + 8, outcome.wasted, colour=RED)
    drawing.text(16, height - 10, footnote, size=10)
    drawing.save(file)


def _bar(drawing: Drawing, x: float, y: float, part: float, *, colour: str) -> None:
    end = x + BAR * min(part, 1.0)
    drawing.area([(x, y), (end, y), (end, y + 9), (x, y + 9)], colour=colour, opacity=0.75)
    words = f"{part:.0%}" if part >= 0.1 or not part else f"{part:.1%}"
    drawing.text(end + 4, y + 8.5, words, size=10, colour=colour)

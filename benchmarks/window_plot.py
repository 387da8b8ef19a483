"""The plot of `limiter.py`: what the server counted in the past 20 s, let in and refused."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from drawing import BLUE, INK, RED, Drawing, Panel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WINDOW = 20.0
SECONDS = 180
STEP = 0.25
LIMIT = 100
MOST = 200


def draw_window(file: Path, runs: Sequence[tuple[str, Sequence[tuple[float, bool]]]]) -> None:
    """Draw runs side by side.

    Args:
        file: Where to.
        runs: A name each, and when every call arrived, in seconds, and whether it was let in.
    """
    drawing = Drawing(880, 322, "Calls in the past 20 seconds as the server counts them, for two limiters")
    drawing.text(16, 26, "Calls in the past 20 s, as the server counts them", size=17, bold=True)
    drawing.text(
        16,
        47,
        "40 tasks that always have a next call, 10 calls at once, about 0.3 s each; against the sandbox's limits, "
        "on a virtual clock.",
    )
    drawing.text(792, 26, "let in", size=13, anchor="end", colour=BLUE, bold=True)
    drawing.text(854, 26, "refused", size=13, anchor="end", colour=RED, bold=True)
    for place, (name, calls) in enumerate(runs):
        left = 52 + place * 430
        panel = Panel(drawing, left, 98, left + 372, 284, SECONDS, MOST)
        _draw_run(drawing, panel, name, calls, first=place == 0)
    drawing.save(file)


def _draw_run(drawing: Drawing, panel: Panel, name: str, calls: Sequence[tuple[float, bool]], *, first: bool) -> None:
    refused = sum(not ok for at, ok in calls if at <= SECONDS)
    drawing.text(panel.left, panel.top - 14, name, size=14, bold=True)
    drawing.text(
        panel.right,
        panel.top - 14,
        f"{refused:,} of {sum(at <= SECONDS for at, _ in calls):,} calls refused",
        size=13,
        anchor="end",
        bold=refused > 0,
        colour=RED if refused else INK,
    )
    moments = [step * STEP for step in range(int(SECONDS / STEP) + 1)]
    let_in = _in_window([at for at, ok in calls if ok], moments)
    everything = _in_window([at for at, _ in calls], moments)
    panel.axes(range(0, SECONDS + 1, 60), range(0, MOST + 1, 50), x_words=lambda x: f"{x:g} s", y_label=first)
    drawing.area(panel.curve([(0, 0), *zip(moments, let_in, strict=True), (SECONDS, 0)]), colour=BLUE, opacity=0.45)
    between = [*zip(moments, everything, strict=True), *reversed([*zip(moments, let_in, strict=True)])]
    if refused:
        drawing.area(panel.curve(between), colour=RED, opacity=0.6)
    drawing.line(panel.curve(zip(moments, let_in, strict=True)), colour=BLUE, width=1.5)
    drawing.line(panel.curve([(0, LIMIT), (SECONDS, LIMIT)]), dashes="5 4", width=1.5)
    if first:
        x, y = panel.at(SECONDS, LIMIT)
        drawing.text(x, y - 8, "Marketo's limit: 100", anchor="end")


def _in_window(arrivals: Sequence[float], moments: Sequence[float]) -> list[int]:
    """Return how many arrivals lie in the closed window that ends at each moment."""
    return [bisect_right(arrivals, now) - bisect_left(arrivals, now - WINDOW) for now in moments]

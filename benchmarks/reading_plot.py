"""The plot of `paging.py`: how many programs a reader has in hand, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from drawing import AMBER, BLUE, GREY, INK, RED, Drawing, Panel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COLOURS = (BLUE, AMBER, GREY, RED)
PLOT = (66.0, 462.0)
COLUMNS = (704.0, 764.0, 810.0, 866.0)
HEIGHT = 150.0


@attrs.frozen
class Curve:
    """One reader.

    Attributes:
        name: What it is called.
        how: What more there is to say about it.
        arrived: How many programs it had, after how many seconds.
        refused: How many of its calls were refused.
        lost: How many programs it lost on average while the instance changed.
        doubled: How many came out twice.
    """

    name: str
    how: str
    arrived: Sequence[tuple[float, int]]
    refused: int
    lost: float
    doubled: float


def draw_reading(file: Path, plots: Sequence[tuple[int, Sequence[Curve]]]) -> None:
    """Draw readers of instances.

    Args:
        file: Where to.
        plots: How many programs an instance has, and its readers, four each.
    """
    drawing = Drawing(880, 60 + (HEIGHT + 80) * len(plots), "Programs read over time under Marketo's limits")
    drawing.text(16, 26, "Reading a whole instance under Marketo's limits", size=17, bold=True)
    drawing.text(
        16,
        47,
        "200 programs and 0.2 to 0.4 s a call, 100 calls in 20 s, 10 at once; against the sandbox, on a virtual clock. "
        "A dot: the end is found.",
    )
    for place, (programs, curves) in enumerate(plots):
        top = 104 + place * (HEIGHT + 80)
        last = max(curve.arrived[-1][0] for curve in curves)
        step = 10 if last < 100 else 30
        panel = Panel(drawing, PLOT[0], top, PLOT[1], top + HEIGHT, step * (last // step + 1), programs)
        panel.axes(
            range(0, int(panel.most_x) + 1, step),
            [programs * part / 4 for part in range(5)],
            x_words=lambda x: f"{x:g} s",
        )
        drawing.text(panel.left, top - 14, f"{programs:,} programs", size=14, bold=True)
        for curve, colour in reversed([*zip(curves, COLOURS, strict=True)]):
            _draw_curve(panel, curve, colour)
        _draw_key(drawing, top - 14, curves)
    drawing.save(file)


def _draw_curve(panel: Panel, curve: Curve, colour: str) -> None:
    # A page is there when it is there: steps, not slopes.
    steps = [(0.0, 0.0)]
    for at, has in curve.arrived:
        steps += [(at, steps[-1][1]), (at, has)]
    panel.on.line(panel.curve(steps), colour=colour, width=2.5 if colour == BLUE else 1.75)
    panel.on.dot(*panel.at(*curve.arrived[-1]), colour=colour)


def _draw_key(drawing: Drawing, top: float, curves: Sequence[Curve]) -> None:
    """Write what became of each reader beside its curve."""
    left = PLOT[1] + 38
    for x, words in zip(COLUMNS, ("seconds", "refused", "lost*", "doubled*"), strict=True):
        drawing.text(x, top, words, size=11, anchor="end")
    for row, (curve, colour) in enumerate(zip(curves, COLOURS, strict=True)):
        y = top + 30 + 34 * row
        drawing.line([(left - 6, y - 11), (left - 6, y + 14)], colour=colour, width=4)
        drawing.text(left + 4, y, curve.name, size=13, bold=True, colour=INK if colour == GREY else colour)
        drawing.text(left + 4, y + 15, curve.how, size=11)
        values = (f"{curve.arrived[-1][0]:.1f}", f"{curve.refused}", f"{curve.lost:.0f}", f"{curve.doubled:.0f}")
        for x, words in zip(COLUMNS, values, strict=True):
            drawing.text(x, y + 2, words, size=13, anchor="end", bold=colour == BLUE)
    drawing.text(
        left - 8, top + 30 + 34 * len(curves) + 2, "* when a program is made, renamed or deleted at every call", size=11
    )

"""Plots as SVG, written by hand: text, lines and areas in mid-tones that read on white and on black alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape, quoteattr

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

Anchor = Literal["start", "middle", "end"]

# No `prefers-color-scheme`: a page that is dark by a switch of its own would get the colours of the other one.
INK = "#767676"
"""For text: 4.5 to 1 against white and against black."""
BLUE = "#2d7dd2"
RED = "#d9503f"
AMBER = "#b8860b"
GREY = "#8c8c8c"

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"


class Drawing:
    """An SVG, in pixels from the top left corner, on no background.

    Args:
        width: Its width.
        height: Its height.
        title: What it shows, for those who cannot see it.
    """

    def __init__(self, width: float, height: float, title: str) -> None:
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img"',
            f'  width="{width:g}" height="{height:g}" font-family={quoteattr(_FONT)}>',
            f"<title>{escape(title)}</title>",
        ]

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 12,
        anchor: Anchor = "start",
        bold: bool = False,
        colour: str = INK,
    ) -> None:
        """Write words; `y` is their base line."""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" fill="{colour}"{weight}>'
            f"{escape(words)}</text>"
        )

    def line(
        self,
        points: Iterable[tuple[float, float]],
        *,
        colour: str = INK,
        width: float = 1,
        opacity: float = 1,
        dashes: str | None = None,
    ) -> None:
        """Draw a line through points."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._parts.append(
            f'<path d="{_path(points)}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
            f'stroke-opacity="{opacity:g}" stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
        )

    def area(self, points: Iterable[tuple[float, float]], *, colour: str, opacity: float = 1) -> None:
        """Fill what lies inside a closed line."""
        self._parts.append(f'<path d="{_path(points)}Z" fill="{colour}" fill-opacity="{opacity:g}"/>')

    def dot(self, x: float, y: float, *, colour: str, radius: float = 4) -> None:
        """Draw a filled circle."""
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}"/>')

    def save(self, path: Path) -> None:
        """Write the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*self._parts, "</svg>", ""]), encoding="utf-8")


@attrs.frozen
class Panel:
    """A pair of axes in a drawing, both from 0.

    Attributes:
        on: The drawing.
        left: Pixels.
        top: Pixels.
        right: Pixels.
        bottom: Pixels.
        most_x: The value at the right end.
        most_y: The value at the top.
    """

    on: Drawing
    left: float
    top: float
    right: float
    bottom: float
    most_x: float
    most_y: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the pixels of a pair of values."""
        return (
            self.left + (self.right - self.left) * x / self.most_x,
            self.bottom - (self.bottom - self.top) * y / self.most_y,
        )

    def curve(self, values: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return the pixels of many."""
        return [self.at(x, y) for x, y in values]

    def axes(
        self,
        x_ticks: Sequence[float],
        y_ticks: Sequence[float],
        *,
        x_words: Callable[[float], str],
        y_label: bool = True,
    ) -> None:
        """Draw a grid, and the numbers at it."""
        for tick in y_ticks:
            (x, y), (end, _) = self.at(0, tick), self.at(self.most_x, tick)
            self.on.line([(x, y), (end, y)], opacity=0.6 if tick == 0 else 0.2)
            if y_label:
                self.on.text(x - 8, y + 4, f"{tick:,.0f}", anchor="end")
        for tick in x_ticks:
            x, y = self.at(tick, 0)
            self.on.line([(x, y), (x, y + 4)], opacity=0.6)
            self.on.text(x, y + 18, x_words(tick), anchor="middle")


def _path(points: Iterable[tuple[float, float]]) -> str:
    """Return a path through points; those in the middle of a level stretch say nothing and are left out."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if len(kept) > 1 and kept[-2][1] == kept[-1][1] == point[1]:
            kept[-1] = point
        else:
            kept.append(point)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept)

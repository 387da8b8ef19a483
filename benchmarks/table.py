"""Results as plain text: a title, columns that line up, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *notes: str) -> None:
    """Print a table; its first column is text, all others stand at the right.

    Args:
        title: What was measured.
        columns: Their names.
        rows: A value per column; put a number into words first where its digits matter.
        notes: Lines to print below.
    """
    cells = [list(columns), *([str(value) for value in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    lines = [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    ]
    print(f"\n{title}\n", lines[0], "-" * len(lines[0]), *lines[1:], sep="\n")
    print(*notes, sep="\n", flush=True)

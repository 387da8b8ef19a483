"""Records on standard output: a table for people at a terminal, JSON for everything else."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from marketo_async.cli.output.columns import cell, compact_json
from marketo_async.cli.output.target import STANDARD_OUTPUT_NAME, said_plainly

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from marketo_async.records import Record


def for_people(*, json_wanted: bool) -> bool:
    """Tell whether a person reads standard output."""
    return sys.stdout.isatty() and not json_wanted


def write_line(value: object) -> None:
    """Write JSON on one line."""
    with said_plainly(STANDARD_OUTPUT_NAME):
        sys.stdout.buffer.write(f"{compact_json(value)}\n".encode())


def show_record(record: Record, *, json_wanted: bool) -> None:
    """Write a record under Marketo's names: on one line, or for people to read."""
    write = _show_json if for_people(json_wanted=json_wanted) else write_line
    write(record.to_dict())


def _show_json(value: object) -> None:
    """Show JSON to people: indented, and coloured where there are colours."""
    from rich.console import Console  # noqa: PLC0415 - only for people
    from rich.json import JSON  # noqa: PLC0415 - as above

    Console(soft_wrap=True).print(JSON(json.dumps(value, ensure_ascii=False), indent=2))


def show(renderable: RenderableType) -> None:
    """Show something of rich's to people."""
    from rich.console import Console  # noqa: PLC0415 - only for people

    Console(highlight=False).print(renderable)


def show_table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[int] = (0,)) -> None:
    """Show a table to people.

    Args:
        headings: One for each column.
        rows: The cells, of any type.
        numbers: The columns that are flush right.
    """
    from rich import box  # noqa: PLC0415 - only for people
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if index in numbers else "left", no_wrap=index in numbers)
    for row in rows:
        table.add_row(*(Text(_short(value)) for value in row))
    show(table)


def _short(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else cell(value)

"""Records as bytes: JSONL under Marketo's names, CSV (RFC 4180) with stable columns."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Literal, Protocol

from marketo_async.cli.output.columns import PROGRAM_COLUMNS, cell, compact_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from marketo_async.cli.output.target import Target
    from marketo_async.records import Program

Format = Literal["jsonl", "csv"]


class Writer(Protocol):
    """Writes programs to a target, page by page."""

    def write(self, programs: Sequence[Program], /) -> None:
        """Write one page; an empty one may still write a heading."""
        ...


class JsonLines:
    """One program a line, under Marketo's names and in Marketo's shapes."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def write(self, programs: Sequence[Program], /) -> None:
        """Write one page."""
        self._target.write("".join(f"{compact_json(program.to_dict())}\n" for program in programs).encode())


class Csv:
    r"""A heading and one program a row; lines end in `\r\n`, and cells are quoted where they must be."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._begun = False

    def write(self, programs: Sequence[Program], /) -> None:
        """Write one page, after the heading if it is the first."""
        text = io.StringIO(newline="")
        rows = csv.writer(text, lineterminator="\r\n")
        if not self._begun:
            self._begun = True
            rows.writerow(PROGRAM_COLUMNS)
        rows.writerows([cell(value(program)) for value in PROGRAM_COLUMNS.values()] for program in programs)
        # Half a surrogate pair is no letter of UTF-8; it stays readable as an escape.
        self._target.write(text.getvalue().encode(errors="backslashreplace"))


WRITERS: dict[Format, Callable[[Target], Writer]] = {"jsonl": JsonLines, "csv": Csv}


def format_of(out: str, chosen: Format | None) -> Format:
    """Return the format that was chosen, else the one that the file's name says, else JSONL."""
    if chosen is not None:
        return chosen
    return "csv" if out.lower().endswith(".csv") else "jsonl"

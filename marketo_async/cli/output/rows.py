"""Rows with names of their own on standard output: a table for people, JSONL or CSV for everything else."""

from __future__ import annotations

import csv
import io
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.output import screen
from marketo_async.cli.output.columns import cell, json_text
from marketo_async.cli.output.target import STANDARD_OUTPUT_NAME, said_plainly

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence


class Rows:
    """Takes rows and shows them as they are wanted.

    Attributes:
        count: How many.
        for_people: Whether a person reads them.
    """

    def __init__(self, *, as_csv: bool, for_people: bool) -> None:
        self.count = 0
        self.for_people = for_people
        self._as_csv = as_csv
        self._columns: Sequence[str] = ()
        self._kept: list[Mapping[str, object]] = []

    def add(self, row: Mapping[str, object]) -> None:
        """Take one row; its names are columns if it is the first."""
        self.count += 1
        if not self._columns:
            self._columns = tuple(row)
            if self._as_csv:
                self._write(self._columns)
        if self._as_csv:
            self._write([cell(row.get(name)) for name in self._columns])
        elif self.for_people:
            self._kept.append(row)
        else:
            with said_plainly(STANDARD_OUTPUT_NAME):
                sys.stdout.buffer.write(f"{json_text(row)}\n".encode())

    def finish(self) -> None:
        """Show the table, where there is one."""
        if self._kept:
            screen.show_table(self._columns, ([row.get(name) for name in self._columns] for row in self._kept))

    def _write(self, cells: Sequence[str]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerow(cells)
        with said_plainly(STANDARD_OUTPUT_NAME):
            sys.stdout.buffer.write(text.getvalue().encode(errors="backslashreplace"))


@contextmanager
def rows_out(*, json: bool, as_csv: bool = False) -> Generator[Rows, None, None]:
    """Open standard output for rows.

    Args:
        json: Whether JSONL is wanted on a terminal, too.
        as_csv: Whether CSV is wanted.

    Raises:
        UsageError: both are.
    """
    if json and as_csv:
        raise UsageError("--json and --csv: choose one of the two")
    rows = Rows(as_csv=as_csv, for_people=screen.for_people(json_wanted=json or as_csv))
    yield rows
    rows.finish()

"""The records of an input, CSV or JSONL, one after the other: read in threads, never more than a few hundred ahead."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, TypeVar, TypeVarTuple

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.exports.threads import left_alone, to_the_end
from marketo_async.cli.writes.rows import InputRow
from marketo_async.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Iterator

    from marketo_async.cli.writes.rows import Shape

InputFormat = Literal["csv", "jsonl"]

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

STANDARD_INPUT, STANDARD_INPUT_NAME = "-", "standard input"

_AHEAD = 300
_LONGEST_CELL = 2**24
"""A cell may be longer than a whole call: then it is that record which is refused, and not the file."""


class Source:
    """An open input.

    Attributes:
        shown: What to call it in a message.
        columns: The columns of a CSV, once it was begun; None for JSONL.
        ends_soon: Whether a read returns at once, as that of a file does, and that of a pipe does not.
    """

    def __init__(self, stream: BinaryIO, shown: str, format_: InputFormat, shape: Shape, *, ends_soon: bool) -> None:
        self.shown = shown
        self.ends_soon = ends_soon
        self._shape = shape
        # Lines end as they do in the file: a cell may hold other line ends, and a text in JSON U+2028.
        self._text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="" if format_ == "csv" else "\n")
        self._line = 0
        csv.field_size_limit(_LONGEST_CELL)
        self._cells = csv.reader(self._text, strict=True)
        self._is_csv = format_ == "csv"
        self.columns: tuple[str, ...] | None = None

    async def begin(self) -> None:
        """Read the columns of a CSV.

        Raises:
            UsageError: it has none, or they are nothing to name fields by.
        """
        if self._is_csv:
            self.columns = await self._aside(self._heading)

    def __iter__(self) -> Iterator[InputRow]:
        """Iterate over the records.

        Raises:
            UsageError: from some line on it cannot be read.
        """
        with self._named():
            yield from self._objects() if self.columns is None else self._rows(self.columns)

    async def stream(self) -> AsyncGenerator[InputRow, None]:
        """Iterate over the records without standing in the way of anything else."""
        rows = iter(self)
        while True:
            some, error = await self._aside(_some, rows)
            for row in some:
                yield row
            if error is not None:
                raise error
            if not some:
                return

    def close(self) -> None:
        """Let go of the input."""
        with suppress(ValueError, OSError):
            self._text.detach()

    async def _aside(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        return await (to_the_end(function, *args) if self.ends_soon else left_alone(function, *args))

    def _heading(self) -> tuple[str, ...]:
        with self._named():
            heading = next((cells for cells in self._cells if cells), [])
        names = tuple(name.strip() for name in heading)
        if not names:
            raise UsageError(f"{self.shown} is empty: the first line of a CSV names its columns")
        if "" in names:
            raise UsageError(f"{self.shown}: column {names.index('') + 1} has no name")
        twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
        if twice is not None:
            raise UsageError(f"{self.shown}: there are two columns {twice}")
        return names

    def _rows(self, columns: tuple[str, ...]) -> Iterator[InputRow]:
        index, begins = 0, self._cells.line_num + 1
        for cells in self._cells:
            if cells:
                if len(cells) == len(columns):
                    yield InputRow(index, begins, self._shape.of_cells(columns, cells), cells)
                else:
                    problem = _problem(cells, f"a row of {len(columns)} cells (this has {len(cells)})")
                    yield InputRow(index, begins, {}, _fitted(cells, len(columns)), problem)
                index += 1
            begins = self._cells.line_num + 1

    def _objects(self) -> Iterator[InputRow]:
        index = 0
        for line, text in enumerate(self._text, 1):
            self._line = line
            if not text.strip():
                continue
            try:
                given: object = json.loads(text)
            except (ValueError, RecursionError):
                problem = _problem(text.rstrip("\r\n"), "a line of JSON")
                yield InputRow(index, line, {}, text.rstrip("\r\n"), problem)
            else:
                if self._shape.id_alone and isinstance(given, int):
                    given = {"id": given}
                if isinstance(given, dict):
                    yield InputRow(index, line, self._shape.of_object(given), given)
                else:
                    yield InputRow(index, line, {}, given, _problem(given, "a JSON object"))
            index += 1

    @contextmanager
    def _named(self) -> Generator[None, None, None]:
        """Name the input and the line where it cannot be read."""
        try:
            yield
        except UnicodeDecodeError:
            raise UsageError(f"{self.shown}: the file is not UTF-8 text, after line {self._last_line}") from None
        except csv.Error as error:
            raise UsageError(f"{self.shown}: line {self._last_line} is no CSV: {error}") from None
        except OSError as error:
            raise UsageError(f"{self.shown} cannot be read: {error.strerror or error}") from None

    @property
    def _last_line(self) -> int:
        return max(self._line, self._cells.line_num)


@contextmanager
def opened_source(given: str, chosen: InputFormat | None, shape: Shape) -> Generator[Source, None, None]:
    """Open an input.

    Args:
        given: A path, or `-` for standard input.
        chosen: The format; None lets the name say it.
        shape: What is sent of a record.

    Raises:
        UsageError: there is no such file, or it is not what it should be.
    """
    format_ = input_format(given, chosen)
    if given == STANDARD_INPUT:
        # Past Python's own buffer: a thread that still reads when the program ends must not hold its lock.
        with io.FileIO(sys.stdin.fileno(), closefd=False) as raw:
            source = Source(io.BufferedReader(raw), STANDARD_INPUT_NAME, format_, shape, ends_soon=False)
            yield source
        return
    path = Path(given)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UsageError(f"{given} cannot be read: {error.strerror or error}") from None
    with stream:
        source = Source(stream, given, format_, shape, ends_soon=path.is_file())
        try:
            yield source
        finally:
            source.close()


def input_format(given: str, chosen: InputFormat | None) -> InputFormat:
    """Return the format that was chosen, else the one that the name says.

    Raises:
        UsageError: nothing says it.
    """
    if chosen is not None:
        return chosen
    name = os.path.basename(given).lower()  # noqa: PTH119 - a name, wherever it is
    if name.endswith(".csv"):
        return "csv"
    if name.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    raise UsageError(f"{given}: say what it is with --format csv or --format jsonl")


def _some(rows: Iterator[InputRow]) -> tuple[list[InputRow], Exception | None]:
    """Return the next records, and what ended them early: those before it count all the same."""
    some: list[InputRow] = []
    try:
        for row in islice(rows, _AHEAD):
            some.append(row)  # noqa: PERF402 - what came before an error must be kept
    except Exception as error:  # noqa: BLE001 - it is raised when these were used
        return some, error
    return some, None


def _problem(given: object, wanted: str) -> ArgumentError:
    return ArgumentError("record", given, wanted)


def _fitted(cells: list[str], wanted: int) -> list[str]:
    """Return as many cells as there are columns, for the results: what is too much stands in the last one."""
    if len(cells) < wanted:
        return [*cells, *[""] * (wanted - len(cells))]
    return [*cells[: wanted - 1], ",".join(cells[wanted - 1 :])]

"""Records as bytes: JSONL under Marketo's names, CSV (RFC 4180) with stable columns, Parquet with typed ones."""

from __future__ import annotations

import csv
import io
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, Protocol

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.output.columns import PROGRAM_COLUMNS, cell, compact_json
from marketo_async.cli.output.parquet import Parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from marketo_async.cli.output.target import Target
    from marketo_async.records import Program

Format = Literal["jsonl", "csv", "parquet"]

_GZIP_NAME = ".gz"
_GZIP_WINDOW = 31
"""How zlib is told to write gzip: without name and time, so that equal rows are equal bytes."""


class Writer(Protocol):
    """Writes programs to a target, page by page."""

    def write(self, programs: Sequence[Program], /) -> None:
        """Write one page; an empty one may still write a heading."""
        ...

    def finish(self) -> None:
        """Write what belongs at the end, and the heading of a file without rows."""
        ...

    def abandon(self) -> None:
        """Let go of everything without writing."""
        ...


class JsonLines:
    """One program a line, under Marketo's names and in Marketo's shapes."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def write(self, programs: Sequence[Program], /) -> None:
        """Write one page."""
        self._target.write("".join(f"{compact_json(program.to_dict())}\n" for program in programs).encode())

    def finish(self) -> None:
        """Do nothing: a line is finished when it is written."""

    def abandon(self) -> None:
        """Do nothing, as above."""


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

    def finish(self) -> None:
        """Write the heading, if no page did."""
        if not self._begun:
            self.write(())

    def abandon(self) -> None:
        """Do nothing: nothing is kept back."""


WRITERS: dict[Format, Callable[[Target], Writer]] = {"jsonl": JsonLines, "csv": Csv, "parquet": Parquet}


class Gzipped:
    """A target whose bytes are compressed on their way."""

    def __init__(self, target: Target) -> None:
        self.name = target.name
        self.appears_whole = target.appears_whole
        self.written = 0
        self._target = target
        self._deflate = zlib.compressobj(wbits=_GZIP_WINDOW)

    def write(self, data: bytes) -> None:
        """Take more bytes."""
        self._target.write(self._deflate.compress(data))
        self.written += len(data)

    def finish(self) -> None:
        """Write the end."""
        self._target.write(self._deflate.flush())


@contextmanager
def written_as(format_: Format, target: Target, *, compressed: bool) -> Generator[tuple[Writer, Target], None, None]:
    """Open a writer, and the target that it writes to; leaving the block regularly writes what belongs at the end.

    Raises:
        UsageError: what the format needs is not installed.
    """
    sink = Gzipped(target) if compressed else target
    writer = WRITERS[format_](sink)
    try:
        yield writer, sink
        writer.finish()
    except BaseException:
        writer.abandon()
        raise
    if isinstance(sink, Gzipped):
        sink.finish()


def format_of(out: str, chosen: Format | None) -> Format:
    """Return the format that was chosen, else the one that the file's name says, else JSONL."""
    if chosen is not None:
        return chosen
    name = out.lower().removesuffix(_GZIP_NAME)
    return "csv" if name.endswith(".csv") else "parquet" if name.endswith(".parquet") else "jsonl"


def compressed_by_name(out: str, format_: Format) -> bool:
    """Tell whether the file's name asks for gzip.

    Raises:
        UsageError: it does, and the format compresses itself.
    """
    if not out.lower().endswith(_GZIP_NAME):
        return False
    if format_ == "parquet":
        raise UsageError(f"--out {out}: Parquet is compressed within; leave {_GZIP_NAME} off")
    return True

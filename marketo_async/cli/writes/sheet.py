"""The rows of a results file: what became of each record, and beside it the record itself; written, and read back.

In CSV the columns of the input follow ours under their own names; one that is called like one of ours becomes
`input.id` and the like. What is nested stands in JSONL only: there the record is the member `input`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING, Protocol

import attrs

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.exports.fields import read_object, text, whole
from marketo_async.cli.output.columns import cell, compact_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

    from marketo_async.cli.writes.rows import InputRow

COLUMNS = ("index", "line", "status", "id", "code", "message", "advice", "requestId", "maybeDone", "again")
"""Ours. Their names and order are part of what this program promises."""

_REASON_COLUMNS = ("code", "message", "advice")


@attrs.frozen
class Found:
    """What a results file holds.

    Attributes:
        size: Bytes of it that count: whole rows, one for each record from the first one on.
        rows: How many.
        statuses: How many of each status.
    """

    size: int
    rows: int
    statuses: Counter[str]


class Sheet(Protocol):
    """How the rows of a results file are written."""

    def heading(self) -> bytes:
        """Return what stands before the first row."""
        ...

    def line(self, row: InputRow, fields: Mapping[str, object]) -> bytes:
        """Return one row.

        Args:
            row: The record.
            fields: What became of it, as `RecordResult.to_dict` says it, with the record's own index.
        """
        ...

    def found(self, stream: BinaryIO, shown: str) -> Found:
        """Read a file of such rows, as far as it was written whole.

        Raises:
            UsageError: it is no such file.
        """
        ...


class CsvSheet:
    r"""Rows of a CSV; lines end in `\r\n`.

    Args:
        columns: Those of the input; None where it has none, and each record is a cell of JSON.
    """

    def __init__(self, columns: Sequence[str] | None) -> None:
        self._has_cells = columns is not None
        theirs = ("input",) if columns is None else columns
        self._columns = (*COLUMNS, *(f"input.{name}" if name in COLUMNS else name for name in theirs))
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")

    def heading(self) -> bytes:
        """Return the names of the columns."""
        return self._written(self._columns)

    def line(self, row: InputRow, fields: Mapping[str, object]) -> bytes:
        """Return one row."""
        more = _reasons(fields)
        ours = [cell(more.get(name) if name in _REASON_COLUMNS else fields.get(name)) for name in COLUMNS]
        ours[:2] = str(row.index), str(row.line)
        theirs = list(row.raw) if self._has_cells and isinstance(row.raw, list) else [compact_json(row.raw)]
        return self._written([*ours, *theirs])

    def found(self, stream: BinaryIO, shown: str) -> Found:
        """Read the rows that are whole."""
        heading = self.heading()
        if (there := stream.read(len(heading))) != heading:
            if heading.startswith(there):
                return Found(0, 0, Counter())
            raise UsageError(f"{shown} does not have the columns that it was begun with: it was edited")
        size, rows, statuses = len(heading), 0, Counter[str]()
        for row in _whole_rows(stream):
            first = row.split(b",", 3)
            if len(first) <= 3 or first[0] != str(rows).encode():  # noqa: PLR2004 - the first three columns
                break
            statuses[first[2].decode(errors="replace")] += 1
            size, rows = size + len(row), rows + 1
        return Found(size, rows, statuses)

    def _written(self, cells: Sequence[str]) -> bytes:
        self._text.seek(0)
        self._text.truncate()
        self._writer.writerow(cells)
        return self._text.getvalue().encode(errors="backslashreplace")


class JsonSheet:
    """Rows of JSONL.

    Args:
        columns: Those of the input; None where it has none.
    """

    def __init__(self, columns: Sequence[str] | None) -> None:
        self._columns = columns

    def heading(self) -> bytes:
        """Return nothing: every line says what is what."""
        return b""

    def line(self, row: InputRow, fields: Mapping[str, object]) -> bytes:
        """Return one row."""
        said = {name: value for name, value in fields.items() if name != "index"}
        raw = row.raw
        if self._columns is not None and isinstance(raw, list):
            raw = dict(zip(self._columns, raw, strict=True))
        return f"{compact_json({'index': row.index, 'line': row.line, **said, 'input': raw})}\n".encode()

    def found(self, stream: BinaryIO, shown: str) -> Found:
        """Read the rows that are whole."""
        del shown
        size, rows, statuses = 0, 0, Counter[str]()
        for line in stream:
            try:
                fields = read_object(line)
                if not line.endswith(b"\n") or whole(fields, "index") != rows:
                    break
                statuses[text(fields, "status")] += 1
            except ValueError:
                break
            size, rows = size + len(line), rows + 1
        return Found(size, rows, statuses)


def _whole_rows(stream: BinaryIO) -> Iterator[bytes]:
    r"""Split bytes where a row ends: at a `\r\n` that stands outside quotes."""
    row = b""
    for line in stream:
        row += line
        if row.count(b'"') % 2 == 0 and row.endswith(b"\r\n"):
            yield row
            row = b""


def _reasons(fields: Mapping[str, object]) -> dict[str, str]:
    """Return codes, words and advice, each as one text; of an unknown outcome, what its call failed with."""
    reasons = fields.get("reasons")
    if not isinstance(reasons, list):
        return {"message": str(fields.get("error", ""))}
    return {name: "; ".join(str(reason[name]) for reason in reasons if reason.get(name)) for name in _REASON_COLUMNS}

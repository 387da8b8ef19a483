"""Records as Parquet: typed columns under the names of CSV's, row group by row group.

The schema is part of what this program promises. A row group is built in memory and written when it is full, so memory
does not grow with the file. Needs the extra `arrow`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.output.columns import PROGRAM_COLUMNS, json_text, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from marketo_async.cli.output.target import Target
    from marketo_async.records import Cost, Program, Tag

ROWS_PER_GROUP = 20_000
"""Records in a row group: enough for columns to compress well, some 20 MB while it is built."""

_COMPRESSION = "zstd"


def schema() -> Any:
    """Return the schema of a file of programs.

    `id` is never null. Of a tag and of a cost, and of the program itself, `extra` has what Marketo sent beyond the
    columns, as JSON text; null where that is nothing.

    Raises:
        UsageError: the extra `arrow` is not installed.
    """
    pa = _arrow("pyarrow")
    moment = pa.timestamp("us", tz="UTC")
    text = pa.string()
    tag = pa.struct([("tagType", text), ("tagValue", text), ("extra", text)])
    cost = pa.struct([("startDate", pa.date32()), ("cost", pa.float64()), ("note", text), ("extra", text)])
    types = dict.fromkeys(PROGRAM_COLUMNS, text) | {
        "id": pa.int64(),
        "folderId": pa.int64(),
        "createdAt": moment,
        "updatedAt": moment,
        "startDate": moment,
        "endDate": moment,
        "headStart": pa.bool_(),
        "tags": pa.list_(tag),
        "costs": pa.list_(cost),
    }
    return pa.schema([pa.field(name, kind, nullable=name != "id") for name, kind in types.items()])


class Parquet:
    """One program a row, in row groups of 20,000, compressed with zstd."""

    def __init__(self, target: Target) -> None:
        self._schema = schema()
        self._arrow = _arrow("pyarrow")
        self._sink = _Sink(target)
        self._file = _arrow("pyarrow.parquet").ParquetWriter(self._sink, self._schema, compression=_COMPRESSION)
        self._rows: list[Program] = []

    def write(self, programs: Sequence[Program], /) -> None:
        """Take one page; a row group is written when it is full."""
        self._rows += programs
        while len(self._rows) >= ROWS_PER_GROUP:
            self._write_group(self._rows[:ROWS_PER_GROUP])
            del self._rows[:ROWS_PER_GROUP]

    def finish(self) -> None:
        """Write what is left, and the footer."""
        if self._rows:
            self._write_group(self._rows)
            self._rows = []
        self._file.close()

    def abandon(self) -> None:
        """Let go of everything without writing; a thread may still be in `write`."""
        self._sink.abandoned = True

    def _write_group(self, programs: Sequence[Program]) -> None:
        arrays = [
            self._arrow.array([_value(name, take(program)) for program in programs], type=self._schema.field(name).type)
            for name, take in PROGRAM_COLUMNS.items()
        ]
        group = self._arrow.Table.from_arrays(arrays, schema=self._schema)
        self._file.write_table(group, row_group_size=ROWS_PER_GROUP)


class _Sink:
    """A target as the file object that pyarrow writes to."""

    closed = False

    def __init__(self, target: Target) -> None:
        self._target = target
        self._begun_at = target.written
        self.abandoned = False

    def write(self, data: Any) -> int:
        piece = bytes(data)
        if not self.abandoned:
            self._target.write(piece)
        return len(piece)

    def tell(self) -> int:
        return self._target.written - self._begun_at

    def flush(self) -> None:
        """Do nothing: the target is flushed by who opened it."""

    def close(self) -> None:
        """Do nothing: as `flush`."""


def _value(name: str, value: object) -> object:
    """Return what a column holds, as pyarrow takes it."""
    if value is None:
        return None
    if name in _NESTED:
        entries: Any = value
        return [_NESTED[name](entry) for entry in entries]
    if name == "extra":
        return json_text(value)
    match value:
        case str():
            return printable(value)
        case datetime():
            return value.astimezone(UTC)
        case _:
            return value


def _tag(tag: Tag) -> Mapping[str, object]:
    return {
        "tagType": printable(tag.type),
        "tagValue": printable(tag.value),
        "extra": json_text(tag.extra) if tag.extra else None,
    }


def _cost(cost: Cost) -> Mapping[str, object]:
    return {
        "startDate": cost.start_date,
        "cost": float(cost.cost),
        "note": None if cost.note is None else printable(cost.note),
        "extra": json_text(cost.extra) if cost.extra else None,
    }


_NESTED: Mapping[str, Any] = {"tags": _tag, "costs": _cost}


def _arrow(module: str) -> Any:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "pyarrow":
            raise
        raise UsageError(
            "Parquet needs the extra `arrow`, and pyarrow is not installed: pip install 'marketo-async[cli,arrow]'"
        ) from error

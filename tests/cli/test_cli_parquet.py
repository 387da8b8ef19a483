from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cli_programs import PROGRAMS, ROW, Bytes, printable
from hypothesis import given, settings

from marketo_async.cli.output import parquet
from marketo_async.cli.output.columns import PROGRAM_COLUMNS
from marketo_async.cli.output.formats import written_as
from marketo_async.records import Program, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

SCHEMA = """id: int64 not null
name: string
description: string
type: string
channel: string
status: string
workspace: string
folderType: string
folderId: int64
folderName: string
url: string
createdAt: timestamp[us, tz=UTC]
updatedAt: timestamp[us, tz=UTC]
startDate: timestamp[us, tz=UTC]
endDate: timestamp[us, tz=UTC]
headStart: bool
sfdcId: string
sfdcName: string
tags: list<element: struct<tagType: string, tagValue: string, extra: string>>
costs: list<element: struct<startDate: date32[day], cost: double, note: string, extra: string>>
extra: string"""


def written(*pages: list[Program]) -> bytes:
    target = Bytes()
    with written_as("parquet", target, compressed=False) as (writer, _):
        for page in pages:
            writer.write(page)
    return target.data


def rows(data: bytes) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(pa.BufferReader(data)).to_pylist()
    return found


def described(schema: pa.Schema) -> str:
    return str(schema.remove_metadata()).replace("list<item:", "list<element:")


def test_the_schema_is_promised() -> None:
    """Names, order and types of the columns are promised, in files without rows as well; the names are CSV's."""
    schema = pq.read_schema(pa.BufferReader(written()))
    assert schema.names == list(PROGRAM_COLUMNS)
    lines = [" ".join(line.split()) for line in described(schema).splitlines() if not line.startswith(" ")]
    assert lines == SCHEMA.splitlines()


def test_values_are_typed() -> None:
    """Moments are moments in UTC, numbers numbers, tags and costs lists of structs; what is unknown is kept as JSON."""
    row = ROW | {"tags": [{"tagType": "Region", "tagValue": "EMEA", "new": 1}], "sfdcId": None, "headStart": False}
    (found,) = rows(written([read(Program, row)]))
    assert found["id"] == 1107
    assert found["createdAt"] == datetime(2015, 5, 21, 22, 45, 13, tzinfo=UTC)
    assert found["folderId"] == 35
    assert found["headStart"] is False
    assert found["tags"] == [{"tagType": "Region", "tagValue": "EMEA", "extra": '{"new":1}'}]
    assert found["costs"] == [{"startDate": date(2015, 1, 1), "cost": 2000.0, "note": "", "extra": None}]
    assert found["extra"] == '{"surprise":{"a":[1,null]}}'
    assert (found["sfdcId"], found["startDate"]) == (None, None)


@settings(max_examples=25, deadline=None)
@given(program=PROGRAMS)
def test_any_text_can_be_written(program: Program) -> None:
    """Whatever texts Marketo sends (P9), Parquet reads back unchanged, but for halves of letters; null is not empty."""
    (found,) = rows(written([program]))
    assert found["name"] == printable(program.name)
    assert found["description"] == (None if program.description is None else printable(program.description))
    tags = None if program.tags is None else [printable(tag.value) for tag in program.tags]
    listed = found["tags"]
    assert (listed and [tag["tagValue"] for tag in listed]) == tags if isinstance(listed, list) else tags is None


def test_memory_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows leave in row groups: neither pyarrow's memory nor what waits to be written grows with the file."""
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 500)
    page = [read(Program, ROW | {"id": number}) for number in range(1, 201)]
    target = Bytes()
    before, most, sizes = pa.total_allocated_bytes(), 0, set()
    with written_as("parquet", target, compressed=False) as (writer, _):
        for _ in range(100):
            writer.write(page)
            most = max(most, pa.total_allocated_bytes() - before)
            sizes.add(target.written)
    file = pq.ParquetFile(pa.BufferReader(target.data))
    assert {file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)} == {500}
    assert file.num_row_groups == len(sizes - {min(sizes)}) == 40
    assert most < 2_000_000


def test_to_standard_output() -> None:
    """Parquet goes through a pipe, too, and one that is given up leaves no footer."""
    target = Bytes()

    def fail() -> None:
        with written_as("parquet", target, compressed=False) as (writer, _):
            writer.write([read(Program, ROW)])
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert target.data == b"PAR1"


def test_the_extra_is_missing(run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra it says which one to install, before anything is sent or written."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for out in (tmp_path / "x.parquet", "-"):
        words = ("--sandbox", "--sandbox-programs", 1, "--latency", 0, "--format", "parquet", "--out", out)
        told = run("export", "programs", *words)
        assert told.code == 2
        assert told.err.endswith(
            "Parquet needs the extra `arrow`, and pyarrow is not installed: pip install 'marketo-async[cli,arrow]'\n"
        )
    assert not list(tmp_path.iterdir())

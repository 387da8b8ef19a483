from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from cli_programs import PROGRAMS, ROW, Bytes, printable
from hypothesis import given, settings
from hypothesis import strategies as st

from marketo_async.cli.output.columns import PROGRAM_COLUMNS, cell
from marketo_async.cli.output.formats import WRITERS, compressed_by_name, format_of
from marketo_async.records import Program, read

COLUMNS = (
    "id,name,description,type,channel,status,workspace,folderType,folderId,folderName,url,createdAt,updatedAt,"
    "startDate,endDate,headStart,sfdcId,sfdcName,tags,costs,extra"
)


def test_csv_row_by_row() -> None:
    """The columns of CSV and what stands in them are promised: ISO dates, JSON text for what is nested, RFC 4180."""
    target = Bytes()
    WRITERS["csv"](target).write([read(Program, ROW)])
    assert target.data.decode() == (
        f"{COLUMNS}\r\n"
        '1107,"Say ""hi"", twice\r\nor more",,Default,Blog,,Default,Folder,35,Übersee,'
        "https://app-abc.example/#PG1107A1,2015-05-21T22:45:13Z,2015-05-22T22:45:13Z,,,false,,,"
        '"[{""tagType"":""Region"",""tagValue"":""EMEA, APAC""}]",'
        '"[{""startDate"":""2015-01-01"",""cost"":2000,""note"":""""}]",'
        '"{""surprise"":{""a"":[1,null]}}"\r\n'
    )


def test_csv_without_rows_has_its_heading() -> None:
    """An empty listing is a CSV file with a heading, not an empty file; the heading comes once."""
    target = Bytes()
    writer = WRITERS["csv"](target)
    writer.write([])
    writer.write([])
    assert target.data.decode() == f"{COLUMNS}\r\n"


def test_jsonl_is_what_marketo_sent() -> None:
    """JSONL gives every name and value back as Marketo sent it, unknown ones and nulls included, one line each."""
    target = Bytes()
    WRITERS["jsonl"](target).write([read(Program, ROW), read(Program, {**ROW, "description": None})])
    first, second, rest = target.data.decode().split("\n")
    assert json.loads(first) == ROW
    assert json.loads(second) == {**ROW, "description": None}
    assert rest == ""
    assert "Übersee" in first


def test_cells() -> None:
    """Cells are what spreadsheets and databases read: nothing for null, true and false, moments in UTC."""
    moment = datetime.fromisoformat("2026-01-01T01:30:00+02:00")
    assert [cell(value) for value in (None, "", True, False, 0, 1.5, moment, date(2026, 1, 2), ())] == [
        "", "", "true", "false", "0", "1.5", "2025-12-31T23:30:00Z", "2026-01-02", "[]",
    ]  # fmt: skip
    assert cell(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"


@settings(max_examples=60)
@given(pages=st.lists(st.lists(PROGRAMS, max_size=3), max_size=3))
def test_jsonl_law(pages: list[list[Program]]) -> None:
    """Whatever texts Marketo sends (P9), JSONL is valid UTF-8 with one record a line, and reads back unchanged."""
    target = Bytes()
    writer = WRITERS["jsonl"](target)
    for page in pages:
        writer.write(page)
    programs = [program for page in pages for program in page]
    lines = target.data.decode().splitlines()  # splits at U+2028 and U+0085 as well
    assert [json.loads(line) for line in lines] == [program.to_dict() for program in programs]


@settings(max_examples=60)
@given(pages=st.lists(st.lists(PROGRAMS, max_size=3), max_size=3))
def test_csv_law(pages: list[list[Program]]) -> None:
    """Whatever texts Marketo sends (P9), CSV is valid UTF-8 and reads back unchanged, but for halves of letters."""
    target = Bytes()
    writer = WRITERS["csv"](target)
    for page in [[], *pages]:
        writer.write(page)
    rows = list(csv.DictReader(io.StringIO(target.data.decode(), newline="")))
    programs = [program for page in pages for program in page]
    assert [row["name"] for row in rows] == [printable(program.name) for program in programs]
    assert [row["description"] for row in rows] == [printable(program.description or "") for program in programs]
    for row, program in zip(rows, programs, strict=True):
        assert list(row) == list(PROGRAM_COLUMNS)
        tags = None if program.tags is None else [tag.to_dict() for tag in program.tags]
        assert (json.loads(row["tags"]) if row["tags"] else None) == tags
        assert (json.loads(row["extra"]) if row["extra"] else {}) == dict(program.extra)


@pytest.mark.parametrize(
    ("out", "expected"), [
        ("-", "jsonl"), ("a.jsonl", "jsonl"), ("A.CSV", "csv"), ("x.json", "jsonl"), ("csv", "jsonl"),
        ("a.csv.gz", "csv"), ("a.JSONL.GZ", "jsonl"), ("gz", "jsonl"), ("a.Parquet", "parquet"),
    ],
)  # fmt: skip
def test_format_by_name(out: str, expected: str) -> None:
    """The file's name says the format unless an option does."""
    assert format_of(out, None) == expected
    assert format_of(out, "csv") == "csv"
    assert format_of(out, "jsonl") == "jsonl"
    assert compressed_by_name(out, "jsonl") == out.lower().endswith(".gz")

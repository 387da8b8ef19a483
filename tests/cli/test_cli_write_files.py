"""What stands on disk between two runs: results and journal, as a power cut or somebody's editor leaves them."""

from __future__ import annotations

import asyncio
import io
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cli_writes import results, write_csv

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.writes.journal import done_line, head_line, held_line, out_line, read_journal, still_line
from marketo_async.cli.writes.rows import InputRow, Shape
from marketo_async.cli.writes.sheet import COLUMNS, CsvSheet, JsonSheet
from marketo_async.cli.writes.source import Source, opened_source
from marketo_async.sandbox.areas.leads.state import Leads

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.cli.writes.sheet import Sheet
    from marketo_async.sandbox import Sandbox

AT = datetime(2026, 5, 1, tzinfo=UTC)
CELLS = [["a", 'x "y", z\r\n'], ["b", ""], ["ü\n", "\r\n,"], ["\ud800", "'"]]
SHEETS: list[Sheet] = [CsvSheet(["id", "text"]), JsonSheet(["id", "text"]), CsvSheet(None), JsonSheet(None)]


@pytest.mark.parametrize("sheet", SHEETS, ids=["csv", "jsonl", "csv of jsonl", "jsonl of jsonl"])
def test_torn_anywhere(sheet: Sheet) -> None:
    """However many bytes of the results are there, the rows that are whole count, and no other."""
    lines = [
        sheet.line(InputRow(index, index, {}, cells), {"index": index, "status": "created", "id": index + 7})
        for index, cells in enumerate(CELLS)
    ]
    content, ends = sheet.heading() + b"".join(lines), [len(sheet.heading())]
    for line in lines:
        ends.append(ends[-1] + len(line))
    for size in range(len(content) + 1):
        found = sheet.found(io.BytesIO(content[:size]), "x")
        whole = [end for end in ends if end <= size]
        assert (found.size, found.rows) == ((whole[-1], len(whole) - 1) if whole else (0, 0))
        assert found.statuses.total() == found.rows


@pytest.mark.parametrize("sheet", SHEETS[:2], ids=["csv", "jsonl"])
def test_rows_that_are_not_ours(sheet: Sheet) -> None:
    """What follows a row that is out of its place, or nothing but zeros as after a power cut, does not count."""
    first, third = (sheet.line(InputRow(index, 2, {}, CELLS[1]), {"status": "created"}) for index in (0, 2))
    for garbage in (third, bytes(50), b"\r\n\r\n", b'{"index":1}\n', b"1,2\r\n"):
        found = sheet.found(io.BytesIO(sheet.heading() + first + garbage), "x")
        assert (found.rows, found.size) == (1, len(sheet.heading() + first))


def test_columns_of_theirs_beside_ours() -> None:
    """A column of the input keeps its name, unless one of ours has it."""
    heading = CsvSheet(["id", "email", "status"]).heading().decode()
    assert heading == f"{','.join(COLUMNS)},input.id,email,input.status\r\n"
    with pytest.raises(UsageError, match="it was edited"):
        CsvSheet(["email"]).found(io.BytesIO(heading.encode()), "x")


def test_what_a_journal_tells() -> None:
    """In doubt is what may be out and has neither a result nor a place among those held back."""
    lines = [
        head_line({"command": "x"}, AT),
        out_line([0, 1, 2], AT),
        still_line(2, AT, unsettled=True),
        out_line([2, 3, 4, 9], AT),
        held_line([{"index": 4, "status": "created"}]),
    ]
    read = read_journal(b"".join(lines) + b'{"out": [[20')
    assert read is not None
    known, size = read
    assert size == len(b"".join(lines))
    assert (known.doubtful(2), known.doubtful(3)) == ({2, 3, 9}, {3, 9})
    assert known.unsettled
    # The file lost a row that it had when nothing was out: it is in doubt, too, and was not unsent.
    assert known.doubtful(1) == {1, 2, 3, 9}
    for garbage in (b"", b"\n", b"{}\n", b'{"results":99}\n', b"\x00\x00\n", b'{"results":1,"begun":"2026-01-01"}\n'):
        assert read_journal(garbage) is None
    for wrong in (b'{"out":[[1]]}\n', b'{"out":3}\n', b'{"held":7}\n', b'{"held":[7]}\n', b'{"still":"x"}\n', b"{}\n"):
        assert read_journal(lines[0] + wrong + done_line(3, AT)) == (read_journal(lines[0])[0], len(lines[0]))  # type: ignore[index]


def test_after_a_power_cut(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """Results that were lost from the disk after they were there are unknown, not sent again as new."""
    path = write_csv(tmp_path / "p.csv", [{"email": f"p{n}@x.example"} for n in range(4)])
    words = ("leads", "sync", path, "--action", "createDuplicate", "--batch-size", 2)
    assert run(*words).code == 0
    out, journal = tmp_path / "p.sync-results.csv", tmp_path / "p.sync-results.csv.journal"
    out.write_bytes(b"".join(out.read_bytes().splitlines(keepends=True)[:2]))
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    assert run(*words, "--resume").code == 13
    assert [row["status"] for row in results(out)] == ["created", "unknown", "unknown", "unknown"]
    assert len(marketo.instance.state(Leads).with_emails([f"p{n}@x.example" for n in range(4)])) == 4


def test_a_finished_run_that_lost_results(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """A file that is shorter than its journal says was changed by somebody: that is said, and nothing is sent."""
    path = write_csv(tmp_path / "p.csv", [{"email": f"p{n}@x.example"} for n in range(4)])
    assert run("leads", "sync", path).code == 0
    out = tmp_path / "p.sync-results.csv"
    out.write_bytes(b"".join(out.read_bytes().splitlines(keepends=True)[:2]))
    marketo.arrivals.clear()
    told = run("leads", "sync", path, "--resume")
    assert told.code == 2
    assert "has 1 of 4 results" in told.err
    assert not marketo.arrivals


async def rows_of(path: Path, shape: Shape) -> list[InputRow]:
    with opened_source(str(path), None, shape) as source:
        await source.begin()
        return [row async for row in source.stream()]


async def test_what_came_before_an_error_counts(tmp_path: Path) -> None:
    """A file that cannot be read to its end is read up to there."""
    path = tmp_path / "p.csv"
    path.write_bytes(b"email\r\n" + b"a\r\n" * 700 + b'"b"c\r\n')
    seen = 0
    with pytest.raises(UsageError, match="line 702 is no CSV"), opened_source(str(path), None, Shape()) as source:
        await source.begin()
        async for _ in source.stream():
            seen += 1
    assert seen == 700


async def test_lines_are_counted_as_editors_do(tmp_path: Path) -> None:
    """A record says the line on which it begins, whatever cells and blank lines stand before it."""
    path = tmp_path / "p.csv"
    path.write_bytes(b'\xef\xbb\xbf\r\nemail,x\r\n"a\nb",1\r\n\r\nc,2\r\nd\r\n"e",3,4\r\n')
    rows = await rows_of(path, Shape())
    assert [(row.index, row.line) for row in rows] == [(0, 3), (1, 6), (2, 7), (3, 8)]
    assert [dict(row) for row in rows[:2]] == [{"email": "a\nb", "x": "1"}, {"email": "c", "x": "2"}]
    assert [row.raw for row in rows[2:]] == [["d", ""], ["e", "3,4"]]


async def test_who_a_record_is_about(tmp_path: Path) -> None:
    """The id of a lead is found under both of its names, as a number; a column of either may be the only one."""
    path = write_csv(tmp_path / "p.csv", [{"id": " 7 ", "x": "1"}])
    assert [dict(row) for row in await rows_of(path, Shape(id_member="leadId"))] == [{"leadId": 7, "x": "1"}]
    assert [dict(row) for row in await rows_of(path, Shape(id_member="leadId", id_alone=True))] == [{"leadId": 7}]
    both = write_csv(tmp_path / "q.csv", [{"id": "7", "leadId": "8"}])
    assert [dict(row) for row in await rows_of(both, Shape(id_member="leadId", id_alone=True))] == [{"leadId": 8}]
    assert [dict(row) for row in await rows_of(both, Shape(id_member="id", id_alone=True))] == [{"id": 7}]


async def test_a_slow_pipe_keeps_nobody() -> None:
    """While standard input says nothing the loop goes on; what it says at last is read."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe:
        source = Source(pipe, "a pipe", "csv", Shape(), ends_soon=False)
        begun = asyncio.ensure_future(source.begin())
        await asyncio.sleep(0)
        os.write(writing, b"email\na@x.example\n")
        os.close(writing)
        await begun
        assert [dict(row) async for row in source.stream()] == [{"email": "a@x.example"}]
        source.close()

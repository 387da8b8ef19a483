from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, get_args

import pytest

from marketo_async.api.assets import programs
from marketo_async.cli import filters
from marketo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.sandbox import Sandbox


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")  # no colours to look for words in
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)


def test_closed_sets_are_the_library_s() -> None:
    """The choices that options offer are those of the library."""
    assert get_args(filters.ProgramFilter) == get_args(programs.ProgramFilter)
    assert get_args(filters.ProgramStatus) == get_args(programs.ProgramStatus)


def test_get(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """One program, with tags and costs, under Marketo's names; indented for people."""
    told = run("programs", "get", 1010)
    (row,) = told.rows
    assert (told.code, told.err, row["id"]) == (0, "", 1010)
    assert {"tags", "costs"} <= row.keys()
    on_a_terminal(monkeypatch)
    told = run("programs", "get", 1010)
    assert told.out.startswith('{\n  "id": 1010,')
    assert json.loads(told.out) == row
    monkeypatch.undo()
    del marketo


def test_get_what_is_not_there(run: Callable[..., Ran], marketo: Sandbox) -> None:
    """A program that is not there ends with 4 and Marketo's words; what is no id with 2."""
    told = run("programs", "get", 99)
    assert (told.code, told.out) == (4, "")
    assert told.err.startswith("error: No assets found for the given search criteria.")
    assert told.err.endswith(" · there is no program 99\n")
    assert run("programs", "get", "x").code == 2
    assert run("programs", "get", 0).code == 2
    assert len(marketo.arrivals.to("/rest/asset/v1/program/{id}.json")) == 1


def test_list(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listing is JSONL, or a table for people unless they want JSON; a limit saves calls, and is said."""
    told = run("programs", "list", "-n", 3)
    assert [row["id"] for row in told.rows] == [row["id"] for row in run("programs", "list", "-q").rows[:3]]
    assert told.err.startswith("The first 3; there are more.")
    marketo.arrivals.clear()
    on_a_terminal(monkeypatch)
    told = run("programs", "list")
    assert len(marketo.arrivals.to("/rest/asset/v1/programs.json")) == 1
    assert {"id", "name", "type", "channel", "status", "folder"} <= set(told.out.split())
    assert told.err.startswith("The first 50; there are more.")
    assert len(run("programs", "list", "--json", "-n", 0).rows) == 1000
    assert run("programs", "list", "--limit=-1").code == 2


def test_list_nothing(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing found is no error (A16)."""
    on_a_terminal(monkeypatch)
    told = run("programs", "list", "--filter-type", "id", "--filter-values", 1)
    assert (told.code, told.out, told.err) == (0, "", "No program found.\n")
    del marketo


def test_leads(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Values come as words, from standard input or from a file, with or without a byte order mark."""
    told = run("leads", "find", "id", 1, 2, 3, "--fields", "id,email", "--fields", "customField_c")
    assert [row["id"] for row in told.rows] == [1, 2, 3]
    assert list(told.rows[0]) == ["id", "email", "customField_c"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n\n 2 \r\n"))
    assert [row["id"] for row in run("leads", "find", "id", "-").rows] == [1, 2]
    path = tmp_path / "ids"
    path.write_text("\ufeff3\n4", encoding="utf-8")
    assert [row["id"] for row in run("leads", "find", "id", f"@{path}", 5).rows] == [3, 4, 5]
    on_a_terminal(monkeypatch)
    told = run("leads", "find", "id", 1, 77777)
    assert {"id", "firstName", "lastName", "email", "updatedAt", "createdAt"} <= set(told.out.split())
    assert told.err == "1 lead for 2 values.\n"
    assert not marketo.refusals


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["id"], 2, "VALUES: give at least one"),
        (["id", "1", "--feilds", "x"], 2, "there is no option --feilds"),
        (["id", "@no/such/file"], 2, "@no/such/file: No such file"),
        (["id", "a,b"], 2, "without a comma"),
        (["firstName", "x"], 5, "1011: Field 'firstName' not supported"),
        (["id", "1", "--fields", "nonsense"], 5, "1006: Field 'nonsense' not found"),
    ],
)
def test_leads_refused(run: Callable[..., Ran], marketo: Sandbox, words: list[str], code: int, says: str) -> None:
    """What cannot be asked for is refused in clear words."""
    told = run("leads", "find", *words)
    assert (told.code, told.out) == (code, "")
    assert says in told.err
    assert "FindPosition" not in told.err
    del marketo


def test_leads_from_a_file_that_is_no_text(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """A file that is no text is named, not guessed at."""
    path = tmp_path / "binary"
    path.write_bytes(b"\xff\xfe")
    assert "the file is not UTF-8 text" in run("leads", "find", "id", f"@{path}").err
    del marketo


def test_usage(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the calls were spent on, what went wrong, and what is left of the quota that the user names (A5)."""
    marketo.faults.add(Fault.error(1003), calls=1)
    assert run("programs", "list").code == 5
    told = run("usage", "--daily-quota", 100)
    (row,) = told.rows
    used = row["used"]
    assert isinstance(used, int)
    assert used >= 2
    assert (row["quota"], row["left"]) == (100, 100 - used)
    usage = row["usage"]
    assert isinstance(usage, list)
    assert len(usage) == 7
    on_a_terminal(monkeypatch)
    told = run("usage", "--daily-quota", 5)
    assert told.out.startswith("Today ")
    assert " of 5 calls (" in told.out
    assert ", 0 left · new calls in " in told.out
    assert "1003: 1" in told.out
    assert run("usage", "--daily-quota", 0).code == 2

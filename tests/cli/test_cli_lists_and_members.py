"""Looking at leads, static lists and members from the command line, and changing who is where."""

from __future__ import annotations

import csv
import io
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, get_args

import pytest
from cli_writes import results, write_csv, write_jsonl

from marketo_async.api.lead_database import lead_writes
from marketo_async.cli.commands import lead_writing
from marketo_async.cli.writes import options, rows, source
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.lists.state import Lists
from marketo_async.sandbox.areas.members.progress import statuses_of
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.sandbox.areas.programs.state import Programs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.sandbox import Sandbox


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")  # no colours to look for words in
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)


def test_closed_sets_are_the_library_s() -> None:
    """The choices that options offer are those of the library, and of the modules that use them."""
    assert get_args(lead_writing.SyncAction) == get_args(lead_writes.SyncAction)
    assert get_args(options.Empty) == get_args(rows.Empty)
    assert get_args(options.InputFormat) == get_args(source.InputFormat)


def test_get_leads(run: Callable[..., Ran], marketo: Sandbox) -> None:
    """Leads by their ids, each once; one that is not there ends with 4, after the others were shown."""
    told = run("leads", "get", 2, 1, 2, "--fields", "email")
    assert (told.code, [row["id"] for row in told.rows]) == (0, [1, 2])
    told = run("leads", "get", 1, 99999)
    assert (told.code, len(told.rows)) == (4, 1)
    assert told.err == "error: no lead has the id 99999\n"
    assert run("leads", "get", "x").code == 2
    assert run("leads", "get").code == 2
    assert not marketo.refusals


def test_fields_and_formats(run: Callable[..., Ran], marketo: Sandbox) -> None:
    """All fields, values of their own types, and CSV with a column for each field."""
    lead = marketo.instance.state(Leads).add(email="t@x.example", leadScore=5, lastName='X, "Y"')
    every = run("leads", "find", "id", lead.id, "--fields", "all").rows[0]
    assert len(every) == len(marketo.instance.state(Leads).fields)
    plain = run("leads", "find", "id", lead.id, "--fields", "lastName,createdAt,leadScore").rows[0]
    typed = run("leads", "find", "id", lead.id, "--fields", "lastName,createdAt,leadScore", "--typed").rows[0]
    assert (typed["leadScore"], typed["createdAt"]) == (5, plain["createdAt"])
    told = run("leads", "get", lead.id, "--fields", "lastName,leadScore", "--csv")
    assert list(csv.DictReader(io.StringIO(told.out))) == [{"id": str(lead.id), "lastName": 'X, "Y"', "leadScore": "5"}]
    assert run("leads", "get", 1, "--csv", "--json").code == 2


def test_describe(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fields are found by a part of either of their names, or by a pattern; all without one."""
    everything = run("leads", "describe")
    assert len(everything.rows) == len(marketo.instance.state(Leads).fields)
    assert {row["name"] for row in run("leads", "describe", "EMAIL").rows} >= {"email", "emailInvalid"}
    (email,) = run("leads", "describe", "e*il").rows
    assert email == {
        "name": "email", "displayName": "Email Address", "dataType": "email", "length": 255,
        "updateable": True, "searchable": True,
    }  # fmt: skip
    assert [row["name"] for row in run("members", "describe", "regi*code").rows] == ["registrationCode"]
    assert run("leads", "describe", "nothing like it").err.startswith("0 fields of ")
    on_a_terminal(monkeypatch)
    told = run("leads", "describe", "email")
    assert {"name", "dataType", "searchable", "emailInvalid"} <= set(told.out.split())
    assert " fields of " in told.err


def test_lists(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Static lists are found by name, shown, and their leads listed."""
    lists = marketo.instance.state(Lists)
    mine = lists.add_list("Mine, all mine")
    also = lists.add_list("Mine")
    lists.add(mine.id, (3, 5))
    assert [row["id"] for row in run("lists", "list", "--name", "Mine").rows] == [also.id]
    assert len(run("lists", "list").rows) == len(list(lists))
    told = run("lists", "list", "-n", 1)
    assert (len(told.rows), told.err) == (1, "The first 1; there are more. --limit 0 lists all.\n")
    assert run("lists", "list", "--name", "nobody's").err == "No static list found.\n"
    assert run("lists", "list", "--limit=-1").code == 2
    assert run("lists", "get", mine.id).rows[0]["name"] == "Mine, all mine"
    assert run("lists", "get", 9).code == 4
    assert [row["id"] for row in run("lists", "leads", mine.id, "--fields", "email").rows] == [3, 5]
    told = run("lists", "ismember", mine.id, 3, 4, 99999)
    assert [(row["id"], row["status"]) for row in told.rows] == [
        (3, "memberof"), (4, "notmemberof"), (99999, "skipped"),
    ]  # fmt: skip
    on_a_terminal(monkeypatch)
    assert run("lists", "ismember", mine.id, 3, 4).err == f"1 of 2 leads on list {mine.id}.\n"
    assert "Mine, all mine" in run("lists", "get", mine.id).out


def test_on_and_off_a_list(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """Leads are put on a list and taken off, by ids from CSV or JSONL; what was not on it is skipped with 1015."""
    lists = marketo.instance.state(Lists)
    one = lists.add_list("One")
    ids = write_csv(tmp_path / "ids.csv", [{"id": n, "firstName": "ignored"} for n in range(1, 6)])
    told = run("lists", "add", one.id, ids, "--dry-run")
    assert (told.code, told.err) == (0, "Dry run: of 5 records, 5 would be sent in 1 call. Nothing was sent.\n")
    assert run("lists", "add", one.id, ids).code == 0
    assert [row["status"] for row in results(tmp_path / "ids.add-results.csv")] == ["added"] * 5
    off = write_jsonl(tmp_path / "off.jsonl", [5, {"id": "4"}, {"leadId": 9}, 99999])
    assert run("lists", "remove", one.id, off).code == 12
    assert [row["status"] for row in results(tmp_path / "off.remove-results.jsonl")] == [
        "removed", "removed", "skipped", "skipped",
    ]  # fmt: skip
    assert [row["id"] for row in run("lists", "leads", one.id).rows] == [1, 2, 3]
    assert "--list was " in run("lists", "add", one.id + 1, ids, "--resume").err


def test_members(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """Leads become members with a status, have fields set, are found in three ways, and leave again."""
    program = marketo.instance.state(Programs).add("Party", kind="Event")
    first, second, *_ = (status.name for status in statuses_of(marketo.instance, program) if status.step)
    ids = write_csv(tmp_path / "ids.csv", [{"leadId": n} for n in (1, 2, 3, 99999)])
    told = run("members", "status", program.id, ids, "--status", second)
    assert told.code == 12
    assert ": 3 created, 1 skipped" in told.err
    assert run("members", "status", program.id, ids, "--status", first, "--fresh").code == 12
    again = results(tmp_path / "ids.status-results.csv")
    assert [row["code"] for row in again][:3] == ["1037"] * 3
    data = write_csv(
        tmp_path / "data.csv", [{"id": "1", "registrationCode": "A1"}, {"id": "7", "registrationCode": ""}]
    )
    assert run("members", "set", program.id, data).code == 12
    assert [row["status"] for row in results(tmp_path / "data.set-results.csv")] == ["updated", "skipped"]
    bad = write_csv(tmp_path / "bad.csv", [{"leadId": "1", "registrationcode": "A1"}])
    assert "the nearest is 'registrationCode'" in run("members", "set", program.id, bad, "--dry-run").err
    assert [row["leadId"] for row in run("members", "find", program.id).rows] == [1, 2, 3]
    found = run("members", "find", program.id, "leadId", 1, 9, "--fields", "registrationCode,statusName").rows
    assert [(row["registrationCode"], row["statusName"]) for row in found] == [("A1", second)]
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
    assert len(run("members", "find", program.id, "--updated-from", yesterday, "--typed").rows) == 3
    for words in (("statusName",), ("leadId", 1, "--updated-from", "2020-01-01"), ("--updated-until", "2020-01-01")):
        assert run("members", "find", program.id, *words).code == 2
    assert run("members", "remove", program.id, ids).code == 12
    members = marketo.instance.state(Members)
    assert [members.get(program.id, lead_id) for lead_id in (1, 2, 3)] == [None] * 3

"""Writing the records of a file from the command line: what is sent, what is said, what stands in the results."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest
from cli_writes import results, write_csv, write_jsonl

from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.lists.state import Lists

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.sandbox import Sandbox

LEADS = "/rest/v1/leads.json"
DESCRIBE = "/rest/v1/leads/describe2.json"
PEOPLE: list[dict[str, object]] = [
    {"email": "anna@x.example", "firstName": "Anna", "leadScore": "5"},
    {"email": "bea@x.example", "firstName": "", "leadScore": "7"},
    {"email": "no address", "firstName": "Nobody", "leadScore": "1"},
    {"email": "ANNA@x.example", "firstName": 'Änne, "the" 2nd\nof hers', "leadScore": "many"},
]


def leads_of(marketo: Sandbox) -> Leads:
    return marketo.instance.state(Leads)


def lead_of(marketo: Sandbox, email: str) -> dict[str, object]:
    (lead,) = leads_of(marketo).with_emails([email])
    return dict(lead.values)


def sent(marketo: Sandbox) -> int:
    """Return how many writes arrived."""
    return len([call for call in marketo.arrivals if call.method != "GET" and call.path.startswith("/rest")])


def test_sync_a_csv(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """Each record's result stands beside it, in order, with why it was skipped; the exit code says that some were."""
    path = write_csv(tmp_path / "people.csv", PEOPLE)
    before = len(leads_of(marketo))
    told = run("leads", "sync", path)
    assert (told.code, told.out) == (12, "")
    assert told.err.startswith("4 records in ")
    assert f": 2 created, 2 skipped · 2 calls, 0 refused · results in {tmp_path}/people.sync-results.csv\n" in told.err
    assert len(leads_of(marketo)) == before + 2
    rows = results(tmp_path / "people.sync-results.csv")
    assert list(rows[0]) == [
        "index", "line", "status", "id", "code", "message", "advice", "requestId", "maybeDone", "again",
        "email", "firstName", "leadScore",
    ]  # fmt: skip
    assert [(row["index"], row["line"], row["status"]) for row in rows] == [
        ("0", "2", "created"), ("1", "3", "created"), ("2", "4", "skipped"), ("3", "5", "skipped"),
    ]  # fmt: skip
    assert rows[0]["id"] == str(leads_of(marketo).with_emails(["anna@x.example"])[0].id)
    assert (rows[2]["code"], rows[2]["requestId"]) != ("", "")
    assert rows[3]["message"] == "record['leadScore']='many' is not allowed: an integer: leadScore is of type score"
    assert [{name: row[name] for name in PEOPLE[0]} for row in rows] == PEOPLE
    assert lead_of(marketo, "anna@x.example")["firstName"] == "Anna"


def test_sync_jsonl(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """JSONL keeps its types; null clears; what is no record is skipped with its line, and the others are written."""
    path = tmp_path / "people.jsonl"
    path.write_text(
        '\ufeff{"email":"anna@x.example","leadScore":5,"firstName":null}\n\n["no"]\n{"email": \n'
        '{"email":"bea@x.example","leadScore":7}',
        encoding="utf-8",
    )
    leads_of(marketo).add(email="anna@x.example", firstName="Anna")
    told = run("leads", "sync", path, "--quiet")
    assert (told.code, told.out, told.err) == (12, "", "")
    rows = [json.loads(line) for line in (tmp_path / "people.sync-results.jsonl").read_text("utf-8").splitlines()]
    assert [(row["line"], row["status"]) for row in rows] == [
        (1, "updated"),
        (3, "skipped"),
        (4, "skipped"),
        (5, "created"),
    ]
    assert rows[0]["input"] == {"email": "anna@x.example", "leadScore": 5, "firstName": None}
    assert rows[1]["reasons"] == [{"code": "", "message": "record=['no'] is not allowed: a JSON object"}]
    assert rows[2]["input"] == '{"email": '
    assert "firstName" not in lead_of(marketo, "anna@x.example")


@pytest.mark.parametrize(("empty", "left"), [("leave", "Anna"), ("clear", None)])
def test_empty_cells(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path, empty: str, left: str | None) -> None:
    """An empty cell leaves its field as it is, and clears it only where that was asked for."""
    leads_of(marketo).add(email="anna@x.example", firstName="Anna")
    path = write_csv(tmp_path / "p.csv", [{"email": "anna@x.example", "firstName": "", "lastName": "X"}])
    assert run("leads", "sync", path, "--empty", empty).code == 0
    assert lead_of(marketo, "anna@x.example").get("firstName") == left


def test_a_dry_run_sends_nothing(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """--dry-run says how many records in how many calls would go, and what is wrong with the others; writes nothing."""
    more: list[dict[str, object]] = [{"email": f"p{n}@x.example", "firstName": "", "leadScore": n} for n in range(700)]
    path = write_csv(tmp_path / "p.csv", [*PEOPLE, *more])
    told = run("leads", "sync", path, "--dry-run")
    assert told.code == 12
    assert told.err == "Dry run: of 704 records, 703 would be sent in 3 calls, 1 would be skipped. Nothing was sent.\n"
    assert [(row["line"], row["status"]) for row in told.rows] == [(5, "skipped")]
    assert len(marketo.arrivals.to(DESCRIBE)) == 1
    assert not sent(marketo)
    marketo.arrivals.clear()
    told = run("leads", "sync", write_csv(tmp_path / "q.csv", PEOPLE[:2] * 2), "--dry-run", "--offline")
    assert (told.code, told.err.split(", ")[1]) == (0, "4 would be sent in 2 calls. Nothing was sent.\n")
    assert not marketo.arrivals
    assert sorted(file.name for file in tmp_path.iterdir()) == ["p.csv", "q.csv"]
    assert run("leads", "sync", path, "--dry-run", "--resume").code == 2


def test_a_dry_run_for_people(
    run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the first problems are lines to read."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    told = run("leads", "delete", write_jsonl(tmp_path / "p.jsonl", ["x"] * 30), "--dry-run")
    lines = told.out.splitlines()
    assert lines[0] == "line 1: record='x' is not allowed: a JSON object"
    assert len(lines) == 20
    assert lines[-1].startswith("... and so on")
    assert not marketo.arrivals


def test_in_a_pipe(marketo: Sandbox, tmp_path: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """- reads standard input and writes the results to standard output; formats may differ."""

    class Standard(io.StringIO):
        def fileno(self) -> int:
            return stream.fileno()

    path = tmp_path / "ids"
    path.write_text('1\n{"leadId":"2"}\n{"id":0}\n')
    with path.open("rb") as stream:
        monkeypatch.setattr(sys, "stdin", Standard())
        told = run("leads", "delete", "-", "-f", "jsonl")
    assert told.code == 12
    assert [(row["status"], row["input"]) for row in told.rows] == [
        ("deleted", {"id": 1}), ("deleted", {"leadId": "2"}), ("skipped", {"id": 0}),
    ]  # fmt: skip
    assert leads_of(marketo).get(1) is leads_of(marketo).get(2) is None
    told = run("leads", "delete", write_jsonl(tmp_path / "p.jsonl", [3]), "--results", tmp_path / "out.csv")
    assert told.code == 0
    assert (tmp_path / "out.csv").read_text().splitlines()[1].startswith("0,1,deleted,3,")
    told = run("leads", "sync", write_csv(tmp_path / "p.csv", PEOPLE[:1]), "-o", "-")
    assert told.out.splitlines()[1].startswith("0,2,created,")


def test_updating_by_id(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """Leads are updated by id from a CSV, whose ids are text; our columns and theirs keep apart."""
    path = write_csv(tmp_path / "p.csv", [{"id": "3", "firstName": "Cleo"}, {"id": "x", "firstName": "X"}])
    told = run("leads", "sync", path, "--action", "updateOnly", "--lookup-field", "id")
    assert told.code == 12
    first, second = results(tmp_path / "p.sync-results.csv")
    assert (first["status"], first["id"], first["input.id"]) == ("updated", "3", "3")
    assert (second["status"], second["input.id"]) == ("skipped", "x")
    lead = leads_of(marketo).get(3)
    assert lead is not None
    assert lead.values["firstName"] == "Cleo"


def test_results_feed_another_command(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """The results of a sync put its leads on a list: those that were skipped have no id, and are skipped again."""
    one = marketo.instance.state(Lists).add_list("Mine")
    run("leads", "sync", write_csv(tmp_path / "p.csv", PEOPLE[:3]))
    told = run("lists", "add", one.id, tmp_path / "p.sync-results.csv")
    assert told.code == 12
    assert ": 2 added, 1 skipped · 1 call" in told.err
    told = run("lists", "leads", one.id, "--fields", "email")
    assert [row["email"] for row in told.rows] == ["anna@x.example", "bea@x.example"]

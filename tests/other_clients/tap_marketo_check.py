"""tap-marketo 2.9.4, unchanged but for its host, against the sandbox over HTTP; `nox -s other_clients` runs it.

It pages through programs between two moments until it meets the warning that nothing was found, reads Marketo's
`Z+0000` with a library for dates of its own, and looks at the usage of the day before its first call.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from checklist import Checklist, serving
from tap_marketo.client import Client  # type: ignore[import-not-found]  # only in that session's environment
from tap_marketo.discover import (  # type: ignore[import-not-found]  # as above
    PROGRAMS_AUTOMATIC_INCLUSION,
    discover,
    discover_activities,
    discover_catalog,
    discover_leads,
)
from tap_marketo.sync import sync  # type: ignore[import-not-found]  # as above

from marketo_async.sandbox import Sandbox
from marketo_async.sandbox.areas.programs import Programs
from marketo_async.sandbox.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.sandbox.areas.programs import Program

ACCOUNT = "https://123-ABC-456.mktorest.com/rest"
LONG_AGO = "2000-01-01T00:00:00+00:00"


def client_of(sandbox: Sandbox, url: str, secret: str = "") -> Any:
    """Return the tap's client, sent to the sandbox."""
    client = Client(ACCOUNT, sandbox.client_id, secret or sandbox.client_secret)
    client.get_url = lambda path: f"{url}/{path}"
    return client


def printed(work: Callable[[], object]) -> str:
    """Return what a piece of work prints: that is how a tap hands its data on."""
    with redirect_stdout(io.StringIO()) as out:
        work()
    return out.getvalue()


def catalog() -> dict[str, Any]:
    """Return the catalog of a user who wants programs, with all their fields."""
    stream = discover_catalog("programs", PROGRAMS_AUTOMATIC_INCLUSION)
    for entry in stream["metadata"]:
        entry["metadata"]["selected"] = True
    return {"streams": [stream]}


def synced(client: Any, since: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Synchronise programs; return the records and the last state."""
    state = {"bookmarks": {"programs": {"updatedAt": since}}}
    lines = printed(lambda: sync(client, catalog(), {"start_date": since}, state)).splitlines()
    messages = [json.loads(line) for line in lines]
    records = [message["record"] for message in messages if message["type"] == "RECORD"]
    states = [message["value"] for message in messages if message["type"] == "STATE"]
    return records, states[-1]


def check_sync(checks: Checklist, sandbox: Sandbox, client: Any) -> None:
    """Synchronise programs: all of them, then those that changed."""
    programs: dict[int, Program] = {program.id: program for program in sandbox.instance.state(Programs)}
    records: list[dict[str, Any]] = []
    state: dict[str, Any] = {}
    with checks.check("sync of programs: every one once, in pages of 200"):
        records, state = synced(client, LONG_AGO)
        assert sorted(record["id"] for record in records) == sorted(programs)
        assert {record["name"] for record in records} == {program.name for program in programs.values()}
    with checks.check("sync of programs: dates and folders as they are"):
        assert records
        for record in records:
            program = programs[record["id"]]
            assert record["createdAt"] == program.created_at.strftime("%Y-%m-%dT%H:%M:%S+00:00"), record
            assert record["folder"]["type"] in {"Folder", "Program"}
            assert record["folder"]["value"] == program.parent.id
    with checks.check("sync of programs: from its bookmark on, nothing is left"):
        assert synced(client, state["bookmarks"]["programs"]["updatedAt"])[0] == []
    with checks.check("sync of programs: since a moment, what changed since then"):
        since = sorted(program.updated_at for program in programs.values())[-40]
        records, _ = synced(client, since.isoformat())
        assert {record["id"] for record in records} == {
            program.id for program in programs.values() if program.updated_at >= since
        }
    with checks.check("sync of programs: 606 is waited out"):
        sandbox.faults.add(Fault.error(606), path="/rest/asset/v1/programs.json", calls=2)
        records, _ = synced(client, LONG_AGO)
        assert len(records) == len(programs)


def main() -> int:
    """Make every check and print the table."""
    logging.disable(logging.WARNING)
    checks = Checklist("tap-marketo 2.9.4")
    sandbox = Sandbox(programs=450, leads=10)
    with serving(sandbox) as url:
        client = client_of(sandbox, url)
        with checks.check("log in, and count today's calls"):
            client.update_calls_today()
            assert client.calls_today == sum(sandbox.instance.counters.calls(sandbox.instance.today()).values())
        with checks.check("wrong credentials are refused"):
            said = ""
            try:
                client_of(sandbox, url, "wrong").update_calls_today()
            except Exception as error:  # noqa: BLE001 - two libraries have a say in what it is
                said = str(error)
            assert "401" in said, said
            assert "Bad client credentials" in said, said
        check_sync(checks, sandbox, client)
        with checks.check("discover: leads", lacking="the description of a lead's fields"):
            assert discover_leads(client)["schema"]["properties"]["id"]
        with checks.check("discover: activities", lacking="the types of activities"):
            assert discover_activities(client)
        with checks.check("discover", lacking="the two above"):
            names = [stream["stream"] for stream in json.loads(printed(lambda: discover(client)))["streams"]]
            assert "programs" in names
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())

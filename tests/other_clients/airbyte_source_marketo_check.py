"""airbyte-source-marketo 2.1.3, unchanged, against the sandbox over HTTP; `nox -s other_clients_airbyte` runs it.

It reads programs window by window from a start date to now, and asks for its token by POST and by GET. A call that is
refused with HTTP 200, such as for the rate, it takes for one that found nothing: what it read is right only where
nothing was refused.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

from airbyte_cdk.entrypoint import AirbyteEntrypoint  # type: ignore[import-not-found]  # only in that environment
from checklist import Checklist, serving
from source_marketo import SourceMarketo  # type: ignore[import-not-found]  # as above

from marketo_async.sandbox import Sandbox
from marketo_async.sandbox.areas.programs import Programs
from marketo_async.sandbox.areas.tokens import MyTokens

CHANGED = 250
"""Programs that somebody has just changed: more than a page within one window."""

LACKING = {
    "activity_types": "the types of activities",
    "campaigns": "campaigns",
    "lists": "static lists",
    "segmentations": "segmentations",
    "emails": "e-mails",
}


class Airbyte:
    """The connector, run as its command line runs it."""

    def __init__(self, sandbox: Sandbox, url: str, folder: Path) -> None:
        self.sandbox = sandbox
        self._folder = folder
        self._configuration: dict[str, object] = {
            "domain_url": url,
            "client_id": sandbox.client_id,
            "client_secret": sandbox.client_secret,
        }

    def run(self, command: str, *more: str, **configuration: object) -> list[dict[str, Any]]:
        """Run a command; return the messages that it prints."""
        file = self._file("configuration", self._configuration | {"start_date": "2010-01-01T00:00:00Z"} | configuration)
        arguments = AirbyteEntrypoint.parse_args([command, "--config", file, *more])
        return [json.loads(line) for line in AirbyteEntrypoint(SourceMarketo()).run(arguments)]

    def status(self, **configuration: object) -> str:
        """Return what the check of a connection says."""
        statuses = [
            message["connectionStatus"]
            for message in self.run("check", **configuration)
            if "connectionStatus" in message
        ]
        return str(statuses[-1]["status"])

    def streams(self) -> list[dict[str, Any]]:
        """Return what there is to read."""
        (found,) = [message["catalog"]["streams"] for message in self.run("discover") if "catalog" in message]
        streams: list[dict[str, Any]] = found
        return streams

    def read(
        self, stream: dict[str, Any], state: object = None, **configuration: object
    ) -> tuple[list[Any], list[Any]]:
        """Read a stream; return its records, and its states.

        Raises:
            RuntimeError: Marketo refused something: it names the codes.
        """
        wanted = {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "append"}
        if "incremental" in stream["supported_sync_modes"]:
            wanted["sync_mode"] = "incremental"
        more = ["--catalog", self._file("catalog", {"streams": [wanted]})]
        if state is not None:
            more += ["--state", self._file("state", state)]
        self.sandbox.arrivals.clear()
        messages = self.run("read", *more, **configuration)
        # Opening the connector asks for what its other streams need, whatever is read.
        refused = {call.path: call.code for call in self.sandbox.arrivals if call.code}
        if stream["name"] != "activity_types":
            refused.pop("/rest/v1/activities/types.json", None)
        refused.pop("/rest/v1/leads/describe.json", None)
        if refused:
            raise RuntimeError(f"refused: {refused}")
        records = [message["record"]["data"] for message in messages if message["type"] == "RECORD"]
        return records, [message["state"] for message in messages if message["type"] == "STATE"]

    def _file(self, name: str, content: object) -> str:
        path = self._folder / f"{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return str(path)


def check_programs(checks: Checklist, airbyte: Airbyte, stream: dict[str, Any]) -> None:
    """Read programs: all of them, by months, and on from where it stopped."""
    programs = {program.id: program for program in airbyte.sandbox.instance.state(Programs)}
    began = airbyte.sandbox.instance.now().replace(microsecond=0)
    for program in list(programs.values())[:CHANGED]:
        airbyte.sandbox.instance.state(Programs).touch(program)
    records: list[Any] = []
    states: list[Any] = []
    with checks.check("read of programs: every one once, window by window, in pages of 200"):
        records, states = airbyte.read(stream)
        assert len(records) == len(programs)
        assert {record["id"] for record in records} == set(programs)
    with checks.check("read of programs: dates, names and folders as they are"):
        assert records
        for record in records:
            program = programs[record["id"]]
            assert record["updatedAt"] == program.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ"), record
            assert (record["name"], record["channel"]) == (program.name, program.channel)
            assert record["folder"]["value"] == program.parent.id
    with checks.check("read of programs: since a moment, in windows of a week"):
        since = sorted(program.updated_at for program in programs.values())[-CHANGED - 50]
        recent = {program.id for program in programs.values() if program.updated_at >= since}
        records, _ = airbyte.read(stream, start_date=since.strftime("%Y-%m-%dT%H:%M:%SZ"), window_in_days=7)
        assert len(records) == len(recent)
        assert {record["id"] for record in records} == recent
    with checks.check("read of programs: from where it stopped, what is new"):
        like = programs[min(programs)]
        made = airbyte.sandbox.instance.state(Programs).add(
            "Made since", kind=like.kind.name, channel=like.channel, parent=like.parent
        )
        records, _ = airbyte.read(stream, [states[-1]])
        found = {record["id"] for record in records}
        assert made.id in found
        assert all(programs[program_id].updated_at >= began for program_id in found - {made.id})


def check_tokens(checks: Checklist, airbyte: Airbyte, stream: dict[str, Any]) -> None:
    """Read the tokens of every program."""
    with checks.check("read of program tokens"):
        for program in airbyte.sandbox.instance.state(Programs):
            if program.id % 2:
                airbyte.sandbox.instance.state(MyTokens).put(program.ref, "Étoile", "text", f"of {program.id}")
        records, _ = airbyte.read(stream)
        mine = {record["program_id"]: record["value"] for record in records if record["name"] == "Étoile"}
        ids = [program.id for program in airbyte.sandbox.instance.state(Programs) if program.id % 2]
        assert mine == {program_id: f"of {program_id}" for program_id in ids}


def main() -> int:
    """Make every check and print the table."""
    logging.disable(logging.WARNING)
    checks = Checklist("airbyte-source-marketo 2.1.3")
    # A program's tokens are a call each: more than Marketo's limit lets through without a pause.
    sandbox = Sandbox(programs=450, limits=None)
    with serving(sandbox) as url, tempfile.TemporaryDirectory() as folder:
        airbyte = Airbyte(sandbox, url, Path(folder))
        with checks.check("check of the connection"):
            assert airbyte.status() == "SUCCEEDED"
        with checks.check("check of the connection with wrong credentials"):
            # It stumbles over the answer where it might have said FAILED.
            try:
                status = airbyte.status(client_secret="wrong")
            except Exception as error:  # noqa: BLE001 - of a library of its own
                status = str(error)
            assert status.startswith("401 "), status
        streams: dict[str, dict[str, Any]] = {}
        with checks.check("discover"):
            streams = {stream["name"]: stream for stream in airbyte.streams()}
            assert {"programs", "program_tokens", "leads", *LACKING} <= set(streams)
        with checks.area("programs"):
            check_programs(checks, airbyte, streams["programs"])
        with checks.area("program tokens"):
            check_tokens(checks, airbyte, streams["program_tokens"])
        for name, what in LACKING.items():
            with checks.check(f"read of {name}", lacking=what):
                airbyte.read(streams[name])
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())

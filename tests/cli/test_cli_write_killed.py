"""Real processes that write, stopped by a signal or killed, and gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from cli_caller import VARIABLES, command, environment
from cli_writes import results, write_csv

from marketo_async.sandbox import Fault
from marketo_async.sandbox.areas.leads.state import Leads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.sandbox import Sandbox
    from marketo_async.sandbox.areas.leads.record import Lead

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of this kind are POSIX's")

LEADS = "/rest/v1/leads.json"
PEOPLE: list[dict[str, object]] = [{"email": f"p{n}@x.example", "lastName": f"n{n}"} for n in range(60)]


def access() -> dict[str, str]:
    return {name: os.environ[name] for name in VARIABLES if name in os.environ}


def started(*words: object) -> subprocess.Popen[bytes]:
    called = command(*(str(word) for word in words))
    return subprocess.Popen(called, env=environment(**access()), stderr=subprocess.PIPE, stdin=subprocess.PIPE)


def until(reached: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    while not reached():
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"ended with {process.wait(0.02)}: {process.communicate()}")


def names(marketo: Sandbox) -> Counter[object]:
    return Counter(lead.values["lastName"] for lead in leads(marketo))


def leads(marketo: Sandbox) -> Iterator[Lead]:
    return (lead for lead in marketo.instance.state(Leads) if str(lead.values.get("email")).endswith("@x.example"))


def test_killed(marketo: Sandbox, run: Callable[..., Ran], tmp_path: Path) -> None:
    """After kill -9 no duplicate is made: what was out is unknown, what was not is sent once."""
    path, out = write_csv(tmp_path / "p.csv", PEOPLE), tmp_path / "p.sync-results.csv"
    rule = marketo.faults.add(Fault.delay(3600), path=LEADS, method="POST", calls=range(4, 99))
    words = ("leads", "sync", path, "--action", "createDuplicate", "--batch-size", 10, "--resume")
    process = started(*words)
    until(lambda: rule.injected > 0, process)
    process.kill()
    process.communicate()
    marketo.faults.clear()
    assert run(*words).code == 13
    rows, written = results(out), names(marketo)
    assert [row["lastName"] for row in rows] == [person["lastName"] for person in PEOPLE]
    statuses = Counter(row["status"] for row in rows)
    assert set(statuses) == {"created", "unknown"}
    for row in rows:
        assert written[row["lastName"]] in ({1} if row["status"] == "created" else {0, 1})


def test_stopped(marketo: Sandbox, run: Callable[..., Ran], tmp_path: Path) -> None:
    """After SIGTERM, as after Ctrl-C, the answers to what is out are waited for, and nothing is in doubt."""
    path, out = write_csv(tmp_path / "p.csv", PEOPLE), tmp_path / "p.sync-results.csv"
    rule = marketo.faults.add(Fault.delay(1), path=LEADS, method="POST", calls=range(3, 99))
    words = ("leads", "sync", path, "--action", "createDuplicate")
    process = started(*words, "--batch-size", 1)
    until(lambda: rule.injected > 0, process)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 143, said
    first, kept = said.decode().splitlines()
    assert first == "Stopped: nothing more is sent; waiting for the answers to what is out."
    done = len(results(out))
    assert kept == f"The results of {done} records are in {out}. To go on: the same command with --resume"
    assert names(marketo).total() == done < len(PEOPLE)
    marketo.faults.clear()
    assert run(*words, "--resume").code == 0
    assert names(marketo) == {person["lastName"]: 1 for person in PEOPLE}
    assert {row["status"] for row in results(out)} == {"created"}


def test_nobody_waits_twice(marketo: Sandbox, run: Callable[..., Ran], tmp_path: Path) -> None:
    """A second Ctrl-C does not wait for answers: then what is out is in doubt, and --resume knows it."""
    path, out = write_csv(tmp_path / "p.csv", PEOPLE[:2]), tmp_path / "p.sync-results.csv"
    rule = marketo.faults.add(Fault.delay(3600), path=LEADS, method="POST")
    words = ("leads", "sync", path, "--action", "createDuplicate", "--resume")
    process = started(*words)
    until(lambda: rule.injected > 0, process)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert process.stderr.readline().startswith(b"Stopped: ")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    marketo.faults.clear()
    assert run(*words).code == 13
    assert [row["status"] for row in results(out)] == ["unknown", "unknown"]


def test_stopped_while_nothing_comes(marketo: Sandbox) -> None:
    """Ctrl-C ends a command that waits for standard input, at once."""
    process = started("leads", "sync", "-", "--format", "csv")
    assert process.stdin is not None
    process.stdin.write(b"email\n")
    process.stdin.flush()
    until(lambda: bool(marketo.arrivals), process)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    process.communicate()
    assert not marketo.arrivals.to(LEADS)

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cli_caller import SECRET, access, reachable

from marketo_async import Limits
from marketo_async.sandbox import Clock, Fault, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli_caller import Ran

USAGE = "/rest/v1/stats/usage.json"


def verdicts(told: Ran) -> dict[str, str]:
    return {line.split()[1]: line.split()[0] for line in told.out.splitlines()}


def test_all_is_well(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A healthy instance is a line per subject and exit code 0; four calls, and nothing changed."""
    told = run("check")
    assert (told.code, told.err) == (0, "")
    assert verdicts(told) == dict.fromkeys(["address", "credentials", "clock", "programs", "leads", "limits"], "ok")
    assert [call.method for call in marketo.arrivals if call.path.startswith("/rest/")] == ["GET"] * 4
    assert run("check", "--quiet").out == ""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert run("check").out.splitlines()[0].startswith("✓ address")


def test_on_the_sandbox(run: Callable[..., Ran]) -> None:
    """The built-in sandbox passes."""
    assert run("check", "--sandbox", "--sandbox-programs", 10, "--latency", 0).code == 0


def test_wrong_secret(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong credentials are told in Adobe's words (A2), with what to compare, and never shown."""
    monkeypatch.setenv("MARKETO_CLIENT_SECRET", f"{SECRET}-wrong")
    told = run("check")
    assert told.code == 3
    assert "invalid_client: Bad client credentials" in told.out
    assert "compare MARKETO_CLIENT_ID" in told.out
    assert SECRET not in told.out + told.err
    assert (verdicts(told)["credentials"], verdicts(told)["leads"]) == ("BAD", "skipped")
    del marketo


def test_nobody_there(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """An address at which nobody listens is named, and what depends on it is skipped."""
    for name, value in (("BASE_URL", "http://127.0.0.1:9"), ("CLIENT_ID", "x"), ("CLIENT_SECRET", SECRET)):
        monkeypatch.setenv(f"MARKETO_{name}", value)
    told = run("check")
    assert told.code == 8
    assert told.out.startswith("BAD     address     http://127.0.0.1:9: ")
    assert run("export", "programs", "--deadline", 0.2).code in {8, 10}


@pytest.mark.parametrize(
    ("fault", "subject", "code"),
    [
        (Fault.error(607), "limits", 7),
        (Fault.error(603), "permissions", 3),
        (Fault.page(404), "address", 9),
        (Fault.error(604), "address", 8),
        (Fault.error(1003), "address", 5),
    ],
)
def test_first_call_fails(run: Callable[..., Ran], marketo: Sandbox, fault: Fault, subject: str, code: int) -> None:
    """Whatever the first call meets, the line of the right subject says so, and the exit code is that error's."""
    marketo.faults.add(fault, path=USAGE)
    told = run("check")
    assert told.code == code
    assert [name for name, verdict in verdicts(told).items() if verdict == "BAD"] == [subject]
    assert "Traceback" not in told.err


def test_throttled(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """An instance whose limits are used up by others says so, and after a few tries."""
    monkeypatch.setattr("marketo_async.transport.retry._THROTTLE_WAITS", {"606": (30.0, 30.0)})
    marketo.faults.add(Fault.error(606), path=USAGE)
    told = run("check")
    assert told.code == 6
    assert "--shared" in told.out


def test_missing_permission(run: Callable[..., Ran], marketo: Sandbox) -> None:
    """A permission that the role lacks is named as Marketo's admin pages name it."""
    marketo.faults.add(Fault.error(603), path="/rest/v1/leads.json")
    marketo.faults.add(Fault.error(713), path="/rest/asset/*")
    marketo.faults.add(Fault.error(1003), path="/rest/v1/stats/errors.json")
    told = run("check")
    found = verdicts(told)
    assert [name for name, verdict in found.items() if verdict == "BAD"] == ["programs", "leads", "limits"]
    assert "the permission 'Read-Only Lead'" in told.out
    assert told.code == 8  # of the first that is wrong


def test_scarce_calls(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quota that is nearly or wholly used, and refusals of the day, are worth a line that says what to do."""
    for _ in range(3):
        run("usage")
    assert "mind    limits" in run("check", "--daily-quota", 11).out  # the 10th asks
    told = run("check", "--daily-quota", 3)
    assert told.code == 7
    assert "if your subscription has more, say so with --daily-quota" in told.out
    monkeypatch.setattr("marketo_async.transport.retry._THROTTLE_WAITS", {"606": (0.0, 0.0)})
    # A client that was refused gives way for a window; here that is none.
    monkeypatch.setattr("marketo_async.cli.connecting.limits_of", lambda _: Limits(window=0.01))
    marketo.faults.add(Fault.error(606), path="/rest/asset/*", calls=1)
    told = run("check")
    assert told.code == 0
    assert "refused today: 606: 1" in told.out
    assert run("check", "--daily-quota", 0).code == 2


def test_clock(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is off is told with direction and size, since filters by date are made with it."""
    sandbox = Sandbox(1, clock=Clock(start=datetime.now(UTC) + timedelta(hours=2)))
    with reachable(sandbox) as url:
        for name, value in access(sandbox, url).items():
            monkeypatch.setenv(name, value)
        told = run("check")
    assert told.code == 1
    line = next(line for line in told.out.splitlines() if "clock" in line)
    assert "behind Marketo" in line
    assert "BAD" in line

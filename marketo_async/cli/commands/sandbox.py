"""`marketo-async sandbox`: a Marketo on this machine, for anything that speaks HTTP."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

from marketo_async.cli.connecting import made_up, needing_the_sandbox
from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.options import DEMO_LATENCY, DEMO_LEADS, DEMO_PROGRAMS, DEMO_SEED, Speech, Switch
from marketo_async.cli.progress.tally import refused
from marketo_async.cli.saying import count, note

if TYPE_CHECKING:
    from marketo_async.sandbox import Sandbox

_LARGEST_PORT = 65_535
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - recognised, not listened on


def sandbox(
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    programs: int = DEMO_PROGRAMS,
    leads: int = DEMO_LEADS,
    seed: int = DEMO_SEED,
    client_id: str = "sandbox-client",
    client_secret: str = "sandbox-secret",  # noqa: S107 - a sandbox has no secrets
    latency: float = DEMO_LATENCY,
    token_life: float = 3600.0,
    no_limits: Annotated[bool, Switch] = False,
    speech: Speech | None = None,
) -> int:
    """Run a Marketo of made-up data on this machine, until Ctrl-C.

    It prints the three lines that tell every other command of ours, and every program of yours, to use it. Its state
    is real while it runs: what you create can be found. It enforces Marketo's limits unless told not to.

    Args:
        host: The address to listen on. Others than 127.0.0.1 let other machines in.
        port: The port; 0 takes a free one.
        programs: How many programs it has, with the channels, folders and tags they need.
        leads: How many leads it has.
        seed: The same seed makes the same data.
        client_id: What clients log in with.
        client_secret: What clients log in with. Make one up: it shows in the list of processes.
        latency: How long it takes for a call on average, in seconds; 0 answers at once.
        token_life: Seconds that an access token lives.
        no_limits: Enforce neither 100 calls in 20 s nor 10 at once nor 50,000 a day.
        speech: What is said.
    """
    speech = speech or Speech()
    if not 0 <= port <= _LARGEST_PORT:
        raise UsageError(f"--port is 0 to {_LARGEST_PORT}")
    if token_life <= 0:
        raise UsageError("--token-life is more than 0 seconds")
    marketo_itself = made_up(
        programs=programs,
        leads=leads,
        seed=seed,
        latency=latency,
        limited=not no_limits,
        client_id=client_id,
        client_secret=client_secret,
        token_life=token_life,
    )
    with needing_the_sandbox():
        from marketo_async.sandbox.server import serve  # noqa: PLC0415 - the extra may be missing

    def ready(url: str) -> None:
        _introduce(marketo_itself, url, host, latency=latency, limited=not no_limits, quiet=speech.quiet)

    try:
        serve(marketo_itself, host, port, ready=ready)
    except OSError as error:
        raise UsageError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
    if not speech.quiet:
        note(f"\n{count(len(marketo_itself.arrivals), 'call')}, {refused(marketo_itself.refusals)}")
    return ExitCode.DONE


def _introduce(marketo_itself: Sandbox, url: str, host: str, *, latency: float, limited: bool, quiet: bool) -> None:
    reachable = url.replace(f"//[{host}]", f"//{_EVERYWHERE[host]}") if host in _EVERYWHERE and ":" in host else url
    reachable = reachable.replace(f"//{host}:", f"//{_EVERYWHERE.get(host, host)}:")
    if not quiet:
        note(
            f"A Marketo of made-up data at {reachable}: {latency:g} s a call, "
            f"{'limits like the real one' if limited else 'no limits'}. Ctrl-C ends it.\n"
        )
    for name, value in (
        ("MARKETO_BASE_URL", reachable),
        ("MARKETO_CLIENT_ID", marketo_itself.client_id),
        ("MARKETO_CLIENT_SECRET", marketo_itself.client_secret),
    ):
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    sys.stdout.flush()

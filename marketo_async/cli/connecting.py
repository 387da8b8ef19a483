"""From options and environment to a client; nothing is invented unasked."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import attrs

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.options import DEMO_LATENCY, DEMO_LEADS, DEMO_PROGRAMS, DEMO_SEED
from marketo_async.cli.remembering import remembered
from marketo_async.errors import TransportError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    import httpx

    from marketo_async.cli.options import Connection
    from marketo_async.client import MarketoClient
    from marketo_async.sandbox import Latency, Sandbox
    from marketo_async.transport.limits import Limits

_CLOSE_SECONDS = 0.5
"""How long the end of the program waits for calls that are out: nobody needs their answers any more."""

_IMPATIENT_SECONDS = 25.0
"""How long a command that somebody watches repeats a call: a little more than Marketo's window."""

_SANDBOX_EXTRA = frozenset({"starlette", "uvicorn", "python_multipart"})

_IN_PROCESS = "http://localhost"
"""What the sandbox in this process is called; nothing listens there."""


@attrs.frozen
class Access:
    """Where an instance is, and as whom to go there."""

    base_url: str
    client_id: str
    client_secret: str = attrs.field(repr=False)


def access(connection: Connection) -> Access:
    """Return where to go, from options and environment.

    Raises:
        UsageError: something is missing; says what to set.
    """
    given = {
        "MARKETO_BASE_URL": connection.base_url or os.environ.get("MARKETO_BASE_URL", ""),
        "MARKETO_CLIENT_ID": connection.client_id or os.environ.get("MARKETO_CLIENT_ID", ""),
        "MARKETO_CLIENT_SECRET": _secret(connection),
    }
    missing = [name for name, value in given.items() if not value.strip()]
    if missing:
        raise UsageError(
            f"no Marketo to talk to: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set in the "
            "environment. Set what is missing, or add --sandbox to use the built-in one"
        )
    return Access(*(value.strip() for value in given.values()))


@asynccontextmanager
async def connected(connection: Connection, *, patient: bool = True) -> AsyncGenerator[MarketoClient, None]:
    """Open the client that the options ask for, on a sandbox of its own if they say so.

    Args:
        connection: The options.
        patient: Whether failing calls are repeated for minutes, or twice at most.

    Raises:
        UsageError: the options contradict each other, or something is missing. Nothing was sent.
    """
    from marketo_async.transport.credentials import origin_of  # noqa: PLC0415 - `--help` need not load it

    check_options(connection)
    if connection.sandbox:
        async with _on_a_sandbox(connection, patient=patient) as marketo:
            yield marketo
        return
    whom = access(connection)
    marketo = _client(connection, whom, patient=patient)
    try:
        # Outside the client: when that is closed, every call is over, and what is remembered is final.
        async with remembered(marketo.limiter, origin_of(whom.base_url)), marketo:
            yield marketo
    except TransportError as error:
        error.add_note(f"the address is {whom.base_url}")
        raise


def _client(
    connection: Connection, whom: Access, *, patient: bool, http_client: httpx.AsyncClient | None = None
) -> MarketoClient:
    from marketo_async.client import MarketoClient  # noqa: PLC0415 - `--help` need not load the network
    from marketo_async.transport.retry import RetryPolicy  # noqa: PLC0415 - as above
    from marketo_async.transport.timeouts import Timeouts  # noqa: PLC0415 - as above

    return MarketoClient(
        whom.base_url,
        whom.client_id,
        whom.client_secret,
        limits=limits_of(connection),
        timeout=Timeouts(close=_CLOSE_SECONDS),
        deadline=connection.deadline,
        retries=RetryPolicy() if patient else RetryPolicy(attempts=2, seconds=_IMPATIENT_SECONDS),
        http_client=http_client,
    )


def check_options(connection: Connection) -> None:
    """Refuse options that contradict each other.

    Raises:
        UsageError: they do.
    """
    if connection.batch and connection.shared:
        raise UsageError("--batch takes everything and --shared leaves half: choose one of the two")
    only_sandbox = {
        "--sandbox-programs": connection.sandbox_programs,
        "--sandbox-leads": connection.sandbox_leads,
        "--seed": connection.seed,
        "--latency": connection.latency,
    }
    only_real = {
        "--base-url": connection.base_url,
        "--client-id": connection.client_id,
        "--client-secret-file": connection.client_secret_file,
    }
    for name, value in (only_real if connection.sandbox else only_sandbox).items():
        if value is not None:
            raise UsageError(f"{name} {'does not go with' if connection.sandbox else 'needs'} --sandbox")
    if connection.deadline is not None and connection.deadline <= 0:
        raise UsageError("--deadline is more than 0 seconds")


def limits_of(connection: Connection) -> Limits:
    """Return the limits to keep."""
    from marketo_async.transport.limits import Limits  # noqa: PLC0415 - `--help` need not load it

    if connection.batch:
        return Limits.batch()
    return Limits.shared() if connection.shared else Limits()


def made_up(
    *,
    programs: int,
    leads: int,
    seed: int,
    latency: float,
    limited: bool = True,
    client_id: str = "sandbox-client",
    client_secret: str = "sandbox-secret",  # noqa: S107 - a sandbox has no secrets
    token_life: float = 3600.0,
) -> Sandbox:
    """Open a sandbox.

    Raises:
        UsageError: its extra is not installed, or a number cannot be.
    """
    if programs < 0 or leads < 0:
        raise UsageError("a sandbox has 0 or more programs and leads")
    with needing_the_sandbox():
        from marketo_async.sandbox import Sandbox, SandboxLimits  # noqa: PLC0415 - the extra may be missing

        return Sandbox(
            programs,
            leads,
            seed=seed,
            latency=_around(latency),
            limits=SandboxLimits() if limited else None,
            client_id=client_id,
            client_secret=client_secret,
            token_life=token_life,
            raise_bugs=False,
        )


@contextmanager
def needing_the_sandbox() -> Generator[None, None, None]:
    """Say which extra to install where a module of the sandbox's is missing.

    Raises:
        UsageError: one is.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _SANDBOX_EXTRA:
            raise
        raise UsageError(
            f"the sandbox needs the extra `sandbox`, and {missing} is not installed: "
            "pip install 'marketo-async[cli,sandbox]'"
        ) from error


def _around(seconds: float) -> Latency:
    from marketo_async.sandbox import Latency  # noqa: PLC0415 - the extra may be missing

    if not 0 <= seconds < float("inf"):
        raise UsageError("--latency is 0 or more seconds")
    return Latency.uniform(seconds * 2 / 3, seconds * 4 / 3) if seconds else Latency.none()


@asynccontextmanager
async def _on_a_sandbox(connection: Connection, *, patient: bool) -> AsyncGenerator[MarketoClient, None]:
    marketo_itself = made_up(
        programs=_otherwise(connection.sandbox_programs, DEMO_PROGRAMS),
        leads=_otherwise(connection.sandbox_leads, DEMO_LEADS),
        seed=_otherwise(connection.seed, DEMO_SEED),
        latency=latency_of(connection),
    )
    from marketo_async.transport.http import in_process_client  # noqa: PLC0415 - `--help` need not load the network

    whom = Access(_IN_PROCESS, marketo_itself.client_id, marketo_itself.client_secret)
    async with (
        in_process_client(marketo_itself.app) as http_client,
        _client(connection, whom, patient=patient, http_client=http_client) as marketo,
    ):
        yield marketo


def latency_of(connection: Connection) -> float:
    """Return the seconds that a call of the sandbox takes on average."""
    return DEMO_LATENCY if connection.latency is None else connection.latency


def _otherwise(given: int | None, default: int) -> int:
    return default if given is None else given


def _secret(connection: Connection) -> str:
    if connection.client_secret_file is None:
        return os.environ.get("MARKETO_CLIENT_SECRET", "")
    try:
        return connection.client_secret_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"--client-secret-file {connection.client_secret_file} cannot be read: {why}") from None

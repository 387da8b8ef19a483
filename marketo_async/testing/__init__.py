"""For your tests: a client on a sandbox, in one line and without a socket.

It reads::

    async with marketo_async.testing.sandbox(programs=500) as (marketo, sandbox):
        ...

A library that waits must let its users switch the waiting off: neither the sandbox nor the client limits anything here
unless asked to, retries do not pause, and a call takes no time but its own. For pytest there is a fixture, see
`marketo_async.testing.plugin`.

Needs the extra `sandbox`.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from marketo_async.client import MarketoClient
from marketo_async.sandbox import Latency, Sandbox
from marketo_async.transport.http import in_process_client
from marketo_async.transport.limits import Limits
from marketo_async.transport.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from marketo_async.sandbox import Clock, SandboxLimits
    from marketo_async.transport.events import CallEvent
    from marketo_async.transport.limits import Limiter

IN_PROCESS_URL = "http://localhost"
"""The address under which an in-process sandbox is called; nothing listens there."""

NO_PAUSES = RetryPolicy(first_wait=0.0, longest_wait=0.0)
"""Retries as usual, one right after the other."""


@asynccontextmanager
async def sandbox(
    programs: int = 500,
    leads: int = 0,
    *,
    seed: int = 1,
    limits: Limits | None = None,
    sandbox_limits: SandboxLimits | None = None,
    latency: Latency | None = None,
    token_life: float = 3600.0,
    clock: Clock | None = None,
    retries: RetryPolicy = NO_PAUSES,
    deadline: float | None = None,
    on_call: Callable[[CallEvent], object] | Iterable[Callable[[CallEvent], object]] | None = None,
) -> AsyncGenerator[tuple[MarketoClient, Sandbox], None]:
    """Open a sandbox and a client of it.

    Args:
        programs: How many programs the instance has, with the channels, folders and tags they need.
        leads: How many leads it has.
        seed: The same seed makes the same instance and the same accidents.
        limits: The limits that the client keeps; none unless given.
        sandbox_limits: The limits that the sandbox enforces; none unless given.
        latency: How long a call takes; no time unless given.
        token_life: Seconds that an access token lives.
        clock: The sandbox's clock.
        retries: How long failing calls are repeated; without pauses unless given.
        deadline: Seconds for a whole call, as for the client.
        on_call: Told of every attempt, as for the client.
    """
    marketo_itself = Sandbox(
        programs,
        leads,
        seed=seed,
        limits=sandbox_limits,
        latency=latency or Latency.none(),
        token_life=token_life,
        clock=clock,
    )
    async with client_of(marketo_itself, limits=limits, retries=retries, deadline=deadline, on_call=on_call) as marketo:
        yield marketo, marketo_itself


@asynccontextmanager
async def client_of(
    marketo_itself: Sandbox,
    *,
    limits: Limits | None = None,
    limiter: Limiter | None = None,
    retries: RetryPolicy = NO_PAUSES,
    deadline: float | None = None,
    on_call: Callable[[CallEvent], object] | Iterable[Callable[[CallEvent], object]] | None = None,
) -> AsyncGenerator[MarketoClient, None]:
    """Open another client of a sandbox that is open already.

    Args:
        marketo_itself: The sandbox.
        limits: The limits that the client keeps; none unless given.
        limiter: A limiter shared with other clients; excludes `limits`.
        retries: How long failing calls are repeated; without pauses unless given.
        deadline: Seconds for a whole call, as for the client.
        on_call: Told of every attempt, as for the client.
    """
    kept = Limits.off() if limits is None and limiter is None else limits
    async with (
        in_process_client(marketo_itself.app) as http_client,
        MarketoClient(
            IN_PROCESS_URL,
            marketo_itself.client_id,
            marketo_itself.client_secret,
            limits=kept,
            limiter=limiter,
            retries=retries,
            deadline=deadline,
            http_client=http_client,
            on_call=on_call,
        ) as marketo,
    ):
        yield marketo

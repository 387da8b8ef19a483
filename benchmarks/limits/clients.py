"""A client as the server meets it: what has to be waited for before a call is sent, and what follows a refusal."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import TYPE_CHECKING, Protocol

import attrs

from marketo_async.errors import RateLimitError
from marketo_async.transport.retry import Attempt, RetryPolicy, Wait, decide
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from marketo_async.transport.limits import Lane, Limiter

    Send = Callable[[], Awaitable[str | None]]
    """Sends one call; returns the code of the refusal, or None."""

    Gate = Callable[[], AbstractAsyncContextManager[object]]
    """Waits until a call may be sent, and is left when its answer is there."""

    Pause = Callable[["Refusal", random.Random], float | None]
    """Returns the seconds until the call is sent again; None gives it up."""

PATIENCE = 300.0
"""Seconds after which those who have no other number for it give a call up, ours too."""


@attrs.frozen
class Refusal:
    """A call was refused.

    Attributes:
        code: "606" or "615".
        number: How often this call was refused by now.
        elapsed: Seconds since it was sent first.
    """

    code: str
    number: int
    elapsed: float


class Client(Protocol):
    """One program's way to make calls."""

    async def call(self, lane: Lane) -> float | None:
        """Make one call; return the loop time at which the attempt that succeeded was sent, None if it is given up."""
        ...


class Plain:
    """A client with one gate for all calls.

    Args:
        send: Sends one call.
        rng: For whoever wants jitter.
        pause: What follows a refusal.
        gate: What every attempt passes; None: nothing.
    """

    def __init__(self, send: Send, rng: random.Random, pause: Pause, gate: Gate | None = None) -> None:
        self._send = send
        self._rng = rng
        self._pause = pause
        self._gate: Gate = contextlib.nullcontext if gate is None else gate

    async def call(self, lane: Lane) -> float | None:  # noqa: ARG002 - it knows no lanes
        """Make one call."""
        time = asyncio.get_running_loop().time
        first: float | None = None
        for number in itertools.count(1):
            async with self._gate():
                sent_at = time()
                first = sent_at if first is None else first
                code = await self._send()
            if code is None:
                return sent_at
            wait = self._pause(Refusal(code, number, time() - first), self._rng)
            if wait is None:
                return None
            await asyncio.sleep(wait)
        raise AssertionError


class OneAtATime:
    """A client that does nothing else while a call is out, or while it waits to repeat one.

    Args:
        client: What it does then.
        rest: Seconds from the end of a call to the next one.
    """

    def __init__(self, client: Client, *, rest: float = 0.0) -> None:
        self._client = client
        self._rest = rest
        self._busy = asyncio.Lock()

    async def call(self, lane: Lane) -> float | None:
        """Make one call when the ones before it are over."""
        async with self._busy:
            sent_at = await self._client.call(lane)
            await asyncio.sleep(self._rest)
        return sent_at


class Ours:
    """The limiter and the retries of this project, without its HTTP.

    Args:
        send: Sends one call.
        rng: For the jitter of retries.
        limiter: What every attempt passes.
    """

    def __init__(self, send: Send, rng: random.Random, limiter: Limiter) -> None:
        self._send = send
        self._rng = rng
        self._limiter = limiter
        self._retries = RetryPolicy(seconds=PATIENCE)

    async def call(self, lane: Lane) -> float | None:
        """Make one call in that lane."""
        time = asyncio.get_running_loop().time
        first: float | None = None
        for number in itertools.count(1):
            lease = await self._limiter.acquire(lane)
            sent_at = time()
            first = sent_at if first is None else first
            code = await self._send()
            lease.answered(code)
            if code is None:
                return sent_at
            attempt = Attempt(number, 0, 0, time() - first, self._rng.random())
            decision = decide(RateLimitError(code, code=code), _A_READ, attempt, self._retries)
            if not isinstance(decision, Wait):
                return None
            await asyncio.sleep(decision.seconds)
        raise AssertionError


_A_READ = GET("/rest/asset/v1/programs.json")

"""The strategies: ours, what Adobe's advice comes to, and what clients that people use do, by their own sources.

All may have ten calls at once, Marketo's limit, except those that make one call after another. Who does not give a
refused call up of itself does so after five minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING

from aiolimiter import AsyncLimiter

from limits.clients import PATIENCE, OneAtATime, Ours, Plain
from marketo_async.transport.limits import Limiter, Limits

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncIterator, Callable

    from limits.clients import Client, Gate, Refusal, Send

    Strategy = Callable[[Send, random.Random], Client]
    """Makes the client of one program."""

RATE, WINDOW, AT_ONCE = 100, 20.0, 10

# ---------------------------------------------------------------- what follows a refusal


def at_once_again(refusal: Refusal, _: random.Random) -> float | None:
    """Send it again, as soon as the gate lets it."""
    return 0.0 if refusal.elapsed < PATIENCE else None


def full_jitter(refusal: Refusal, rng: random.Random) -> float | None:
    """Wait exponentially longer, from 1 s, with full jitter, as `backoff.expo` does unless told otherwise.

    No longest wait: with one of 32 s, every cell is worse.
    """
    return rng.uniform(0, 2 ** (refusal.number - 1)) if refusal.elapsed < PATIENCE else None


def a_second(refusal: Refusal, _: random.Random) -> float | None:
    """Wait a second."""
    return 1.0 if refusal.elapsed < PATIENCE else None


def a_window_and_more(refusal: Refusal, _: random.Random) -> float | None:
    """Wait 20 s, then exponentially longer, five times; 615 is for good: node-marketo."""
    return 20.0 + 2 ** (refusal.number - 1) if refusal.code == "606" and refusal.number <= 5 else None


def four_seconds(refusal: Refusal, _: random.Random) -> float | None:
    """Wait 4 s, five times; 615 is for good: tap-marketo."""
    return 4.0 if refusal.code == "606" and refusal.number <= 5 else None


def no_more(_: Refusal, __: random.Random) -> float | None:
    """Take the answer, which is HTTP 200 without a result, for an empty page: Airbyte's connector."""
    return None


# ---------------------------------------------------------------- what is waited for before a call


def ten_at_once() -> Gate:
    """Let ten calls out at once."""
    places = asyncio.Semaphore(AT_ONCE)
    return lambda: places


def bucket() -> Gate:
    """Let ten calls out at once, and 100 into 20 s, as one would write it down: `AsyncLimiter(100, 20)`."""
    places, limiter = asyncio.Semaphore(AT_ONCE), AsyncLimiter(RATE, WINDOW)

    @contextlib.asynccontextmanager
    async def gate() -> AsyncIterator[None]:
        async with places, limiter:
            yield

    return gate


def send_times() -> Gate:
    """Remember when the last 100 calls were sent, as singer's `ratelimit(100, 20)` does."""
    sent: deque[float] = deque(maxlen=RATE)

    @contextlib.asynccontextmanager
    async def gate() -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        if len(sent) == RATE:
            # A hair more than 20 s: the server's window is closed, and this is not what we measure.
            await asyncio.sleep(max(0.0, sent[0] + WINDOW + 0.0001 - loop.time()))
        sent.append(loop.time())
        yield

    return gate


# ---------------------------------------------------------------- the strategies


def ours(limits: Limits) -> Strategy:
    """Return our limiter and our retries."""
    return lambda send, rng: Ours(send, rng, Limiter(limits))


OURS = "ours, Limits()"
FLEET = "ours, one ledger for all four"
STRATEGIES: dict[str, Strategy] = {
    OURS: ours(Limits()),
    "ours, Limits.batch()": ours(Limits.batch()),
    "ours, Limits(adaptive=None)": ours(Limits(adaptive=None)),
    "AsyncLimiter(100, 20), again at once": lambda send, rng: Plain(send, rng, at_once_again, bucket()),
    "AsyncLimiter(100, 20), full jitter": lambda send, rng: Plain(send, rng, full_jitter, bucket()),
    "no limiter, full jitter": lambda send, rng: Plain(send, rng, full_jitter, ten_at_once()),
    "no limiter, 1 s": lambda send, rng: Plain(send, rng, a_second, ten_at_once()),
    "no limiter, 20 s and more": lambda send, rng: Plain(send, rng, a_window_and_more, ten_at_once()),
    "one by one, 0.2 s apart": lambda send, rng: OneAtATime(Plain(send, rng, full_jitter), rest=0.2),
    "one by one, 100 sends in 20 s, 4 s": lambda send, rng: OneAtATime(Plain(send, rng, four_seconds, send_times())),
    "one by one, refusal = empty page": lambda send, rng: OneAtATime(Plain(send, rng, no_more)),
}
"""By name, as the tables print it."""

LIKE = {
    "no limiter, full jitter": "Adobe's advice, and no more",
    "no limiter, 20 s and more": "as node-marketo",
    "one by one, 0.2 s apart": "as marketorestpython",
    "one by one, 100 sends in 20 s, 4 s": "as tap-marketo",
    "one by one, refusal = empty page": "as Airbyte's connector",
}
"""Whose strategy it is."""

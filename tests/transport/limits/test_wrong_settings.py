"""What the slots are for: the obvious ways to keep the limits, and how Marketo answers them."""

from __future__ import annotations

import asyncio
import random

import pytest
from aiolimiter import AsyncLimiter
from simulated_marketo import DELAYS, SimulatedMarketo, saturate

from marketo_async.transport.limits import Limiter, Limits

pytestmark = pytest.mark.virtual_time


@pytest.mark.parametrize(("calls", "seconds"), [(100, 20.0), (1, 0.2)])
async def test_a_token_bucket_at_the_limit_is_refused(calls: float, seconds: float) -> None:
    """AsyncLimiter(100, 20) and AsyncLimiter(1, 0.2) with a semaphore of 10: many of the calls are refused."""
    marketo, bucket, places = SimulatedMarketo(DELAYS["spiky"]), AsyncLimiter(calls, seconds), asyncio.Semaphore(10)

    async def call() -> None:
        async with bucket, places:
            await marketo.call()

    await saturate(call, seconds=300)
    assert marketo.refused / len(marketo.arrivals) > 0.2


async def test_a_place_given_back_at_the_time_out_is_refused() -> None:
    """Freeing the place of a call that the server still works on is refused with 615; holding it is not."""
    assert await refusals_after_time_outs(hold=0.0) > 0
    assert await refusals_after_time_outs(hold=30.0) == 0


async def refusals_after_time_outs(*, hold: float) -> int:
    """Return how many calls are refused where 1 of 60 takes 20 s, and the client gives up after 2 s."""
    marketo, limiter, rng = SimulatedMarketo(DELAYS["normal"]), Limiter(Limits.batch()), random.Random(4)

    async def call() -> None:
        lease = await limiter.acquire("bulk")
        answer = asyncio.create_task(marketo.call(work=20.0 if rng.random() < 1 / 60 else 0.4))
        done, _ = await asyncio.wait({answer}, timeout=2.0)
        if done:
            lease.answered(answer.result())
        else:
            lease.unknown(hold)
        left.append(answer)

    left: list[asyncio.Task[str | None]] = []
    await saturate(call, seconds=600)
    await asyncio.gather(*left)
    return marketo.admission.refused["615"]

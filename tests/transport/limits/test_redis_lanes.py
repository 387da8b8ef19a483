"""Two lanes over many workers: what is free goes to whoever is waited for, wherever they wait. Over a real Valkey."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from ledger_worlds import InValkey
from valkey_server import ValkeyServer, valkey

from marketo_async.transport.limits import Lane, Limits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from marketo_async.transport.limits.redis_limiter import RedisLimiter

__all__ = ["valkey"]


@pytest.fixture
async def world(valkey: ValkeyServer) -> AsyncIterator[InValkey]:
    """Open workers, and close them after the test."""
    async with AsyncExitStack() as opened:
        yield InValkey(valkey, opened)


async def call(world: InValkey, limiter: RedisLimiter, lane: Lane, order: list[Lane]) -> None:
    """Make a call that takes two of Marketo's seconds, and note when it was granted."""
    lease = await limiter.acquire(lane)
    order.append(lane)
    await world.sleep(2)
    lease.answered()


@pytest.mark.parametrize(
    "limits",
    [
        Limits(max_calls=8, max_concurrency=8, pacing="off", interactive_reserve=0, concurrency_reserve=0),
        Limits(max_calls=None, max_concurrency=8, concurrency_reserve=0),
    ],
    ids=["slots", "places"],
)
async def test_no_worker_takes_what_anothers_visitors_wait_for(world: InValkey, limits: Limits) -> None:
    """Eight slots or places become free at once, and eight visitors of one worker get them, not the listings of two."""
    instance = uuid.uuid4().hex
    web, *batch = [await world.limiter(limits, instance=instance) for _ in range(3)]
    out = [await web.acquire() for _ in range(8)]
    order: list[Lane] = []
    listings = [asyncio.create_task(call(world, limiter, "bulk", order)) for limiter in batch for _ in range(8)]
    await world.sleep(1)
    visitors = [asyncio.create_task(call(world, web, "interactive", order)) for _ in range(8)]
    await world.sleep(1)
    for lease in out:
        lease.answered()
    await asyncio.gather(*visitors)
    assert order[:8] == ["interactive"] * 8
    for listing in listings:
        listing.cancel()
    await asyncio.gather(*listings, return_exceptions=True)


async def test_visitors_who_went_away_keep_nobody_back(world: InValkey) -> None:
    """Slots that were kept for a worker's visitors go to the listings once those have gone, without another word."""
    limits = Limits(max_calls=8, max_concurrency=8, pacing="off", interactive_reserve=0, concurrency_reserve=0)
    instance = uuid.uuid4().hex
    web, batch = [await world.limiter(limits, instance=instance) for _ in range(2)]
    out = [await web.acquire() for _ in range(8)]
    order: list[Lane] = []
    visitors = [asyncio.create_task(call(world, web, "interactive", order)) for _ in range(8)]
    await world.sleep(1)
    listing = [asyncio.create_task(call(world, batch, "bulk", order)) for _ in range(8)]
    for visitor in visitors:
        visitor.cancel()
    for lease in out:
        lease.answered()
    await asyncio.gather(*listing)
    assert order == ["bulk"] * 8

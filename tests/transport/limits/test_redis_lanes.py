"""Two lanes over many workers: what is free goes to whoever is waited for, wherever they wait. Over a real Valkey."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from ledger_worlds import InValkey
from patience import until
from redis.asyncio import Redis
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


async def test_visitors_of_a_killed_worker_keep_nobody_back(world: InValkey, valkey: ValkeyServer) -> None:
    """A worker dies with visitors waiting: places that come free go to the listings, though it cannot say that."""
    limits = Limits(max_calls=None, max_concurrency=8, concurrency_reserve=0)
    instance = uuid.uuid4().hex
    dying, batch = [await world.limiter(limits, instance=instance) for _ in range(2)]
    out = [await batch.acquire() for _ in range(8)]
    visitors = [asyncio.create_task(dying.acquire()) for _ in range(50)]
    await world.sleep(1)
    order: list[Lane] = []
    listing = [asyncio.create_task(call(world, batch, "bulk", order)) for _ in range(8)]
    await world.sleep(1)
    async with Redis.from_url(valkey.url) as redis:
        # A killed process says nothing more, and its connections close.
        dying._shared.contact.voice.say = nothing_more  # type: ignore[method-assign, assignment]
        dying._shared.contact.membership.ready = nothing_more  # type: ignore[method-assign]
        for visitor in visitors:
            visitor.cancel()
        channel = dying._shared.contact.voice.channel
        for task in list(dying._shared.contact._tasks._running):
            task.cancel()

        async def nobody_listens() -> bool:
            return await redis.pubsub_numsub(channel) == [(channel.encode(), 0)]

        await until(nobody_listens)
    for lease in out:
        lease.answered()
    async with asyncio.timeout(4):  # nobody waits longer than five seconds without looking: not that ends it here
        await asyncio.gather(*listing)
    assert order == ["bulk"] * 8


async def nothing_more(*_: object, **__: object) -> bool:
    """Say nothing, for ever."""
    await asyncio.Event().wait()
    return False


@pytest.mark.parametrize("workers", [1, 3])
async def test_nobody_polls_for_a_place(world: InValkey, workers: int) -> None:
    """Callers who wait for a place that is somebody's ask once or twice, in however many workers, and then are told."""
    limits = Limits(max_calls=None, max_concurrency=4)
    instance = uuid.uuid4().hex
    fleet = [await world.limiter(limits, instance=instance) for _ in range(workers)]
    out = [await fleet[0].acquire() for _ in range(4)]
    lanes: tuple[Lane, ...] = ("interactive", "bulk")
    callers = [asyncio.create_task(each.acquire(lane)) for each in fleet for lane in lanes * 3]
    await asyncio.sleep(0.2)
    before = sum(each._shared.contact.voice.script.calls for each in fleet)
    await asyncio.sleep(0.4)
    assert sum(each._shared.contact.voice.script.calls for each in fleet) - before <= 2 * workers
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    for lease in out:
        lease.answered()

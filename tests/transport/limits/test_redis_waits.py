"""How long a call waits in a fleet: for nothing that is free, whoever freed it, and without asking in between."""

from __future__ import annotations

import asyncio

from patience import until
from redis_workers import Workers, worker
from valkey_server import valkey

from marketo_async.transport.limits import Limits

__all__ = ["valkey", "worker"]

QUICK = Limits(max_calls=3, window=60.0, window_margin=0.0, max_concurrency=10, pacing="off", interactive_reserve=0)

PROMISED = 7

SOONER_THAN_BY_LOOKING = 4.0
"""Seconds: nobody waits longer than five without looking, and it shall not be that which ends a wait."""


async def test_who_is_booked_for_later_comes_as_soon_as_a_slot_is_free(worker: Workers) -> None:
    """A call that is booked for a minute from now goes at once when another worker's calls were not sent after all."""
    async with worker() as first, worker() as second:
        cools, *unsent = [await first.acquire() for _ in range(3)]
        cools.answered()
        await first.refresh()
        waiting = [asyncio.create_task(second.acquire("bulk" if task else "interactive")) for task in range(2)]
        await asyncio.sleep(0.1)
        for lease in unsent:
            lease.unsent()
        async with asyncio.timeout(20):
            for task in waiting:
                (await task).unsent()


async def test_who_is_booked_for_later_moves_up_when_the_one_before_goes_away(worker: Workers) -> None:
    """Two slots are free in a minute, one in three: who is booked for that one gets the place of one who went away."""
    limits = Limits(max_calls=2, window=60.0, window_margin=0.0, pacing="off", interactive_reserve=0)
    async with worker(limits) as first, worker(limits) as second, worker(limits) as third:
        (await first.acquire()).answered()
        await first.refresh()
        await asyncio.sleep(1)
        (await first.acquire()).answered()
        await first.refresh()
        booked = [asyncio.create_task(limiter.acquire()) for limiter in (second, third)]
        times: list[float] = []

        async def promised(calls: int) -> bool:
            rows = await first._redis.zrange(first._keys[PROMISED], 0, -1, withscores=True)
            times[:] = sorted(float(row[1]) for row in rows)
            return len(times) == calls

        await until(lambda: promised(2))
        soonest, later = times
        assert later - soonest > 500_000
        who = await first._redis.zrange(first._keys[PROMISED], 0, 0)
        assert isinstance(who[0], bytes)
        its_worker = who[0].decode().partition(":")[0]
        booked[its_worker != second._shared.contact.voice.worker].cancel()

        async def it_moved_up() -> bool:
            return await promised(1) and times == [soonest]

        await until(it_moved_up)
        for task in booked:
            task.cancel()
        await asyncio.gather(*booked, return_exceptions=True)


async def test_a_slot_that_is_held_is_waited_for_until_it_is_free(worker: Workers) -> None:
    """Who waits for a call whose answer never came goes when the server must have let go, and its slot is cool."""
    limits = Limits(max_calls=1, window=0.2, window_margin=0.0, max_concurrency=4, pacing="off", interactive_reserve=0)
    async with worker(limits) as first, worker(limits) as second:
        lease = await first.acquire()
        waiting = asyncio.create_task(second.acquire())
        await asyncio.sleep(0.1)
        lease.unknown(0.3)
        async with asyncio.timeout(SOONER_THAN_BY_LOOKING):
            (await waiting).unsent()


async def test_a_place_that_is_held_is_waited_for_until_it_is_free(worker: Workers) -> None:
    """Who waits for the place of a call whose answer never came goes when the server must have let go."""
    limits = Limits(max_calls=None, max_concurrency=2, concurrency_reserve=0)
    async with worker(limits) as first, worker(limits) as second:
        leases = [await first.acquire() for _ in range(2)]
        waiting = asyncio.create_task(second.acquire())
        await asyncio.sleep(0.1)
        leases[0].unknown(0.3)
        async with asyncio.timeout(SOONER_THAN_BY_LOOKING):
            (await waiting).unsent()
        leases[1].unsent()


async def test_who_waits_for_an_answer_does_not_ask_whenever_a_slot_is_cool(worker: Workers) -> None:
    """A listing that no cool slot helps, for it leaves all but one to others, asks no oftener for them."""
    limits = Limits(
        max_calls=40, window=1.0, window_margin=0.0, max_concurrency=40, pacing="on", interactive_reserve=39
    )
    async with worker(limits) as first, worker(limits) as second:
        out = await first.acquire()
        for _ in range(30):
            (await first.acquire()).answered()
            await asyncio.sleep(0.02)
        waiting = asyncio.create_task(second.acquire("bulk"))
        await asyncio.sleep(1.5)
        assert second._shared.contact.voice.script.calls < 10
        out.unsent()
        (await waiting).unsent()

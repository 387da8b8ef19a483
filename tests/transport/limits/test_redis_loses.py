"""A Redis that has lost something: nobody gets what another worker has, for all say what they have first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from patience import until
from redis_workers import Workers, worker
from valkey_server import valkey

from marketo_async.transport.limits import Limits, redis_limiter
from marketo_async.transport.limits.redis_clock import RedisClock
from marketo_async.wire.central import next_central_midnight

if TYPE_CHECKING:
    from marketo_async.transport.limits.redis_limiter import RedisLimiter
    from marketo_async.transport.limits.redis_membership import Membership
    from marketo_async.transport.limits.redis_word import Word

__all__ = ["valkey", "worker"]

QUICK = Limits(max_calls=10, window=60.0, window_margin=0.0, max_concurrency=10, pacing="off", interactive_reserve=0)

STATE, SLOTS, PLACES, WORKERS, QUEUE = 0, 1, 2, 4, 9


@pytest.fixture(autouse=True)
def _slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give everybody longer to speak than the slowest of machines needs."""
    monkeypatch.setattr(redis_limiter, "GRACE", 15.0)


@pytest.mark.parametrize("max_calls", [None, 10])
async def test_a_place_that_redis_forgot_is_another_workers_still(worker: Workers, max_calls: int | None) -> None:
    """Keys go missing while a worker waits in peace for its answer: it is asked, and nobody gets its place."""
    limits = Limits(max_calls=max_calls, max_concurrency=1)
    async with worker(limits) as first, worker(limits) as second:
        lease = await first.acquire()
        await second.refresh()
        await first._redis.delete(*first._keys)
        waiting = asyncio.create_task(second.acquire())

        async def it_is_known_again() -> bool:
            return waiting.done() or await first._redis.zcard(first._keys[PLACES]) == 1

        await until(it_is_known_again)
        assert not waiting.done()
        assert (await second.fleet_stats()).calls_today == 1
        lease.answered()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def as_on_another_server(limiter: RedisLimiter) -> None:
    """Let the book be kept by another server from now on, as after a failover, and a worker notice."""
    await limiter._redis.hset(limiter._keys[STATE], "server", "another")
    limiter._shared.contact.doubt()


def lose_redis(limiter: RedisLimiter) -> Membership:
    """Let a worker take Redis for away, until it looks again."""
    contact = limiter._shared.contact
    contact.membership._gone(OSError("away"))
    contact._kick.set()
    return contact.membership


async def test_nobody_uses_slots_of_one_who_has_not_spoken_yet(worker: Workers) -> None:
    """A replica takes over without the last eight calls of a worker: the other does not get their slots meanwhile."""
    async with worker() as first, worker() as second:
        await second.refresh()
        for _ in range(8):
            (await first.acquire()).answered()
        await first.refresh()
        redis, keys = first._redis, first._keys
        await redis.delete(keys[SLOTS])
        await redis.hset(keys[STATE], "slots", "0")
        await as_on_another_server(second)
        waiting = [asyncio.create_task(second.acquire()) for _ in range(5)]

        async def they_are_known_again() -> bool:
            return any(task.done() for task in waiting) or (await second.fleet_stats()).in_use == 8

        await until(they_are_known_again)
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_what_the_others_may_do_takes_no_place_of_what_was_done(worker: Workers) -> None:
    """A full window was supposed; a replica takes over; when all have spoken the window is supposed full still."""
    async with worker() as first, worker() as second:
        for limiter in (first, second):
            await limiter.refresh()
        await first._redis.delete(*first._keys)
        for limiter in (first, second):
            await limiter.refresh()
        assert first.stats().in_use == 10
        await as_on_another_server(first)
        for limiter in (first, second):
            await limiter.refresh()

        async def both_have_spoken() -> bool:
            await first.refresh()
            return first._shared.contact.voice.epoch == second._shared.contact.voice.epoch

        await until(both_have_spoken)
        assert (await first.fleet_stats()).in_use == 10


async def test_nobody_is_forgotten_for_a_silence_that_was_redis_own(worker: Workers) -> None:
    """Redis was away for longer than a lease: the first to come back does not take the others for dead."""
    async with worker() as first, worker() as second:
        for limiter in (first, second):
            await limiter.refresh()
        redis, keys = first._redis, first._keys
        for limiter in (first, second):
            await redis.zincrby(keys[WORKERS], -100_000_000, limiter._shared.contact.voice.worker)
        at = await redis.hget(keys[STATE], "now")
        assert at is not None
        await redis.hset(keys[STATE], "now", str(int(at) - 100_000_000))
        member = lose_redis(first)

        async def it_is_back() -> bool:
            return member.state == "joined"

        await until(it_is_back)
        assert (await first.fleet_stats()).workers == 2


async def test_workers_of_a_moment_ago_are_reckoned_with(worker: Workers) -> None:
    """A word of fewer workers, as from a book that meets them one by one, makes nobody's own part larger at once."""
    async with worker() as first:
        async with worker() as second:
            await second.refresh()
            await first.refresh()
        await first.refresh()
        assert first._shared.word is not None
        assert first._shared.word.workers == 1
        assert first._shared.workers == 2


async def test_calls_made_without_redis_count_once_however_often_they_are_told(worker: Workers) -> None:
    """Redis takes in what a worker did alone, and its answer is lost: told again, it is not counted again."""
    limits = Limits(max_calls=None, max_concurrency=10)
    async with worker(limits, on_unavailable="local") as first, worker(limits) as second:
        for limiter in (first, second):
            await limiter.refresh()
        member = lose_redis(first)
        (await first.acquire()).answered()
        say, lost = first._shared.contact.voice.say, 0

        async def say_and_lose(what: str, **more: object) -> Word:
            nonlocal lost
            word = await say(what, **more)
            if what == "replay" and lost < 3:
                lost += 1
                raise ConnectionResetError
            return word

        first._shared.contact.voice.say = say_and_lose  # type: ignore[method-assign]

        async def it_is_back() -> bool:
            return lost == 3 and member.state == "joined"

        await until(it_is_back)
        assert (await second.fleet_stats()).calls_today == 1


async def test_a_call_that_went_without_redis_waits_in_no_list_of_its(worker: Workers) -> None:
    """A call that stood in a list when its worker lost Redis, and went without, leaves the list when that is told."""
    limits = Limits(max_calls=None, max_concurrency=2, concurrency_reserve=0)
    async with worker(limits) as first, worker(limits, on_unavailable="local") as second:
        out = [await first.acquire() for _ in range(2)]
        waiting = asyncio.create_task(second.acquire())
        queue = first._keys[QUEUE]

        async def it_stands_there() -> bool:
            return bool(await first._redis.zcard(queue))

        await until(it_stands_there)
        lose_redis(second)
        (await waiting).answered()
        await second.refresh()

        async def it_was_told() -> bool:
            await second.refresh()
            return (await first.fleet_stats()).calls_today == 3

        await until(it_was_told)
        assert not await first._redis.zcard(queue)
        for lease in out:
            lease.unsent()


@pytest.mark.parametrize("wrong", [timedelta(days=3), timedelta(days=-3)])
async def test_no_day_begins_by_a_workers_clock(
    worker: Workers, monkeypatch: pytest.MonkeyPatch, wrong: timedelta
) -> None:
    """A worker whose clock is days off meets a Redis that knows nothing: the day is that of Redis' clock."""
    right = RedisClock.time
    monkeypatch.setattr(RedisClock, "time", lambda self: right(self) + (0 if self.is_known else wrong.total_seconds()))
    async with worker() as limiter:
        await limiter.refresh()
        word = limiter._shared.word
        assert word is not None
        now = datetime.fromtimestamp(word.now / 1_000_000, UTC)
        assert datetime.fromtimestamp(word.day_ends / 1_000_000, UTC) == next_central_midnight(now)

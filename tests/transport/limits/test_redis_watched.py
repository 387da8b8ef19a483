"""What a fleet shows of itself, and how it is named. Over a real Valkey."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from patience import until
from redis.asyncio import Redis
from redis_workers import Workers, take, worker
from valkey_server import ValkeyServer, valkey

from marketo_async.errors import ArgumentError
from marketo_async.transport.limits import Limits
from marketo_async.transport.limits.redis_limiter import RedisLimiter, fleet_stats
from marketo_async.transport.limits.redis_word import instance_name

__all__ = ["valkey", "worker"]

QUICK = Limits(max_calls=20, window=0.5, window_margin=0.01)


async def test_the_fleet_can_be_watched(worker: Workers, valkey: ValkeyServer) -> None:
    """fleet_stats() tells of all workers together, from outside, and changes nothing."""
    long = Limits(max_calls=20, window=600.0)
    async with (
        worker(long) as first,
        worker(long) as second,
        Redis.from_url(valkey.url, decode_responses=True) as redis,
    ):
        await take(first, 3, "606")
        out = await second.acquire("bulk")
        callers = [asyncio.create_task(second.acquire("bulk")) for _ in range(12)]

        async def somebody_waits() -> bool:
            return (await second.fleet_stats()).waiting["bulk"] > 0

        await until(somebody_waits)
        instance = first._keys[0].split(":")[1].rstrip("}")
        stats = await fleet_stats(redis, instance=instance)
        assert (stats.workers, stats.max_calls, stats.max_concurrency, stats.window) == (2, 20, 10, 600.0)
        assert (stats.refusals, stats.granted["interactive"]) == ({"606": 1}, 3)
        assert stats.in_use == stats.in_flight + stats.cooling >= 4
        assert stats.waiting["bulk"] > 0
        assert stats.calls_today == sum(stats.granted.values())
        assert stats.limit is not None
        assert stats.limit < 20
        out.answered()
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)
        with pytest.raises(ArgumentError, match="instance"):
            await fleet_stats(redis, instance="nobody")
        assert not [name async for name in redis.scan_iter(match="*nobody*")]


async def test_a_client_of_ones_own_is_left_open(worker: Workers, valkey: ValkeyServer) -> None:
    """A redis.asyncio.Redis of the user's works, whether or not it decodes, or has a short time-out; it stays open."""
    for options in ({"decode_responses": True}, {"socket_timeout": 0.1, "protocol": 3}):
        async with Redis.from_url(valkey.url, **options) as redis:
            async with worker(redis=redis) as limiter:
                out = [await limiter.acquire() for _ in range(10)]
                caller = asyncio.create_task(limiter.acquire())
                await asyncio.sleep(0.2)
                out[0].answered()
                (await caller).answered()
                for lease in out[1:]:
                    lease.answered()
            assert await redis.ping()


async def test_all_keys_lie_in_one_slot_of_a_cluster(worker: Workers, valkey: ValkeyServer) -> None:
    """Every key begins with the same words in braces: namespace and instance."""
    async with worker(namespace="ours", instance="https://123-ABC-456.mktorest.com/rest") as limiter:
        await take(limiter, 2)
        async with Redis.from_url(valkey.url, decode_responses=True) as redis:
            names = [name async for name in redis.scan_iter(match="*ours*")]
        assert names
        assert all(name.startswith("{ours:123-abc-456}:") for name in names)


@pytest.mark.parametrize(
    "spelling", ["123-ABC-456", " 123-abc-456 ", "123-abc-456.mktorest.com", "https://123-ABC-456.mktorest.com/rest/"]
)
def test_an_instance_has_one_name(spelling: str) -> None:
    """The Munchkin id and every spelling of the address are one instance."""
    assert instance_name(spelling) == "123-abc-456"


@pytest.mark.parametrize(
    ("argument", "wrong"),
    [
        ("instance", ""),
        ("instance", "a b"),
        ("namespace", "a{b}"),
        ("lease_ttl", 0.5),
        ("on_unavailable", "open"),
        ("cold_start", "cold"),
        ("supposed_workers", 0),
        ("patience", 0),
    ],
)
def test_an_impossible_argument_is_refused_by_name(argument: str, wrong: object) -> None:
    """A setting that cannot work is an ArgumentError that names it, before anything is asked."""
    given: dict[str, Any] = {"redis": "redis://localhost:1", "instance": "123-abc-456", argument: wrong}
    with pytest.raises(ArgumentError, match=argument):
        RedisLimiter(**given)

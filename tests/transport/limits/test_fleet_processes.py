"""Fleets of real processes over a real Valkey, and what goes wrong with them. On the server's own count.

Marketo's limits on a faster clock: 50 calls in any closed window of half a second. Nothing is refused in any of them.
"""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from counting_marketo import CountingMarketo
from valkey_server import ValkeyServer, valkey
from worker_fleet import Fleet

__all__ = ["valkey"]

LIMITS: dict[str, Any] = {"max_calls": 50, "window": 0.5, "window_margin": 0.01, "max_concurrency": 10}
QUICK = {"lease_ttl": 1.0, "cold_start": "trust", "probe": 0.15}


def marketo(work: float = 0.01, concurrency: int = 10) -> CountingMarketo:
    """Open an instance whose window is closed: both its ends count."""
    return CountingMarketo(rate=50, window=0.5, concurrency=concurrency, work=work)


async def test_processes_share_one_limit(valkey: ValkeyServer) -> None:
    """Any number of processes stay within the limits together, and each gets calls; a wrong clock changes nothing.

    Fleets of one, four and eight at the same time, each on an instance of its own.
    """
    await asyncio.gather(*(share_one_limit(valkey, workers) for workers in (1, 4, 8)))


async def share_one_limit(valkey: ValkeyServer, workers: int) -> None:
    """Let a fleet work on an instance of its own."""
    async with (
        marketo() as server,
        Fleet(valkey.url, server, LIMITS, seconds=1.2, single_calls=5, cold_start="trust") as fleet,
    ):
        for number in range(workers):
            await fleet.prepare(1, clock_ahead_hours=(0, 1, -1, 0)[number % 4])
        fleet.go()
        results = await fleet.results()
    assert server.refused == {}
    assert server.admission.most_in_window <= 50
    assert len(results) == len(server.calls) == workers
    assert min(server.calls.values()) > 0


async def test_killed_and_stopped_workers_do_no_harm(valkey: ValkeyServer) -> None:
    """Of five workers that use every place, two are killed, and one stops for longer than its leases last and goes on.

    The places of the dead come back, and are nobody else's before; who was stopped sends nothing on what it lost.
    """
    limits = {**LIMITS, "max_concurrency": 6}
    async with (
        marketo(work=0.1, concurrency=6) as server,
        Fleet(valkey.url, server, limits, seconds=2.7, **QUICK) as fleet,
    ):
        await fleet.start(5)
        await asyncio.sleep(0.5)
        for number in (0, 1):
            fleet.signal(number, signal.SIGKILL)
        fleet.signal(2, signal.SIGSTOP)
        before = dict(server.calls)
        await asyncio.sleep(1.4)
        fleet.signal(2, signal.SIGCONT)
        results = await fleet.results()
    assert server.refused == {}
    assert len(results) == 3
    assert all(server.calls[name] > before[name] + 5 for name in ("2", "3", "4"))
    assert server.admission.most_at_once == 6


async def test_redis_dies_and_comes_back_empty() -> None:
    """Redis is killed, and comes back with nothing at once, then after seconds, for a fleet that goes on without it and
    one that does not: what it forgot the workers know, and what they do alone is within their part.
    """
    with ValkeyServer() as redis:
        async with (
            marketo() as first,
            marketo() as second,
            Fleet(redis.url, first, {**LIMITS, "pacing": "on"}, seconds=3.7, **QUICK) as going_on,
            Fleet(redis.url, second, LIMITS, seconds=3.7, on_unavailable="error", **QUICK) as waiting,
        ):
            await asyncio.gather(going_on.start(3), waiting.start(2))
            for begin, away in ((0.4, 0.1), (1.0, 0.9)):
                await asyncio.sleep(begin)
                redis.kill()
                before = sum(first.calls.values())
                await asyncio.sleep(away)
                alone = sum(first.calls.values()) - before
                await asyncio.to_thread(redis.start)
            back = sum(first.calls.values()), sum(second.calls.values())
            results = await going_on.results(), await waiting.results()
    assert (first.refused, second.refused) == ({}, {})
    assert alone > 10
    assert sum(first.calls.values()) > back[0] + 10
    assert sum(second.calls.values()) > back[1] + 10
    assert sum(result["unavailable"] for result in results[0]) == 0
    assert sum(result["unavailable"] for result in results[1]) > 0


async def test_redis_hangs_and_goes_on() -> None:
    """A Redis that does not answer for seconds, and then knows everything still: nothing is refused, nor lost."""
    with ValkeyServer() as redis:
        async with marketo() as server, Fleet(redis.url, server, LIMITS, seconds=2.4, patience=0.2, **QUICK) as fleet:
            await fleet.start(3)
            await asyncio.sleep(0.4)
            redis.pause()
            await asyncio.sleep(1.0)
            redis.resume()
            before = sum(server.calls.values())
            await fleet.results()
    assert server.refused == {}
    assert sum(server.calls.values()) > before + 10

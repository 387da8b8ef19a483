"""What is done to a worker or its Redis in the middle of everything: nothing is lost, hangs, runs hot or is shown."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Self

import pytest
from patience import until
from redis.asyncio import Redis
from redis_workers import Workers, worker
from valkey_server import ValkeyServer, valkey

from marketo_async.errors import ClientStateError
from marketo_async.transport.limits import Lane, Lease, Limits, redis_connection, redis_contact
from marketo_async.transport.limits.redis_limiter import RedisLimiter

__all__ = ["valkey", "worker"]

QUICK = Limits(max_calls=50, window=0.5, window_margin=0.01)


# ---------------------------------------------------------------- closing


async def test_closing_among_callers_leaves_nothing(worker: Workers) -> None:
    """P12: whenever a limiter is closed, each of its callers has a lease or a ClientStateError, and Redis nothing."""
    async with worker() as other:
        await other.refresh()
        lanes: tuple[Lane, ...] = ("bulk", "interactive", "bulk", "interactive")
        for steps in range(0, 60, 2):
            limiter = worker()
            if steps % 4:
                await limiter.refresh()
            callers = [asyncio.create_task(limiter.acquire(lane)) for lane in lanes]
            for _ in range(steps // 2):
                await asyncio.sleep(0.0001 if steps > 30 else 0)
            await limiter.aclose()
            for outcome in await asyncio.gather(*callers, return_exceptions=True):
                assert isinstance(outcome, Lease | ClientStateError)
                if isinstance(outcome, Lease):
                    outcome.unsent()
        for _ in range(50):  # what was out when a limiter was closed is told by and by
            stats = await other.fleet_stats()
            if (stats.in_use, stats.workers) == (0, 1):
                break
            await asyncio.sleep(0.01)
        assert (stats.in_use, stats.in_flight, stats.calls_today, stats.workers) == (0, 0, 0, 1)


async def test_what_ends_after_closing_is_told_over_a_new_connection(
    worker: Workers, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limiter that was closed with a call out waits in peace, though its connections break, and then says its end."""
    async with worker() as other, Redis.from_url(valkey.url) as redis:
        await other.refresh()
        limiter = worker()
        lease = await limiter.acquire()
        await limiter.aclose()
        turns, turn = 0, limiter._shared.contact._turn

        async def counted() -> None:
            nonlocal turns
            turns += 1
            await turn()

        monkeypatch.setattr(limiter._shared.contact, "_turn", counted)
        await redis.client_kill_filter(_type="normal", skipme=True)
        await redis.client_kill_filter(_type="pubsub")
        await asyncio.sleep(0.3)
        lease.answered()

        async def it_was_told() -> bool:
            return not (await other.fleet_stats()).in_flight

        await until(it_was_told)
        assert turns < 10


async def test_a_closed_limiter_has_nothing_to_refresh(worker: Workers) -> None:
    """refresh() and aclose() return at once on a limiter that has parted from Redis."""
    limiter = worker()
    (await limiter.acquire()).answered()
    await limiter.aclose()
    await asyncio.wait_for(limiter.refresh(), 5)
    await limiter.aclose()


# ---------------------------------------------------------------- connections


async def test_broken_connections_are_not_a_redis_that_is_away(worker: Workers, valkey: ValkeyServer) -> None:
    """Connections that are cut again and again, those for words included, turn no caller away."""
    async with worker() as limiter, Redis.from_url(valkey.url) as redis:

        async def calls() -> None:
            for _ in range(10):
                (await limiter.acquire("bulk")).unsent()
                await asyncio.sleep(0.01)

        callers = [asyncio.create_task(calls()) for _ in range(4)]
        for kind in ("normal", "pubsub") * 2:
            await asyncio.sleep(0.05)
            await redis.client_kill_filter(_type=kind, skipme=True)
        await asyncio.gather(*callers)
        await limiter.refresh()
        assert limiter.stats().in_flight == 0


async def test_a_word_that_was_on_its_way_is_not_the_one_asked_for(worker: Workers) -> None:
    """`refresh` that begins while another one is under way asks once more, and does not wait for the next renewal."""
    async with worker() as limiter, asyncio.timeout(5):
        for steps in range(30):
            limiter._shared.contact.doubt()
            first = asyncio.create_task(limiter.refresh())
            for _ in range(steps):
                await asyncio.sleep(0)
            await limiter.refresh()
            await first


async def test_a_loop_that_stood_still_is_not_a_redis_that_is_away(
    worker: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker whose own event loop was blocked for longer than its patience asks again before it gives Redis up."""
    loop = asyncio.get_running_loop()
    now, stood_still = loop.time, 0.0
    monkeypatch.setattr(loop, "time", lambda: now() + stood_still)
    for steps in range(0, 12, 2):
        async with worker(patience=10.0) as limiter:
            caller = asyncio.create_task(limiter.acquire())
            for _ in range(steps):
                await asyncio.sleep(0)
            time.sleep(0.02)  # noqa: ASYNC251 - a loop that stands still finds everything answered when it goes on
            stood_still += 16.0
            (await caller).unsent()


async def test_a_connection_that_died_quietly_is_noticed(
    worker: Workers, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where something between has dropped the quiet connection for words, neither end being told, a new one is made."""
    monkeypatch.setattr(redis_connection, "_QUIET", 0.05)
    async with (
        Between(valkey) as between,
        worker(redis=between.url, patience=0.2) as limiter,
        Redis.from_url(valkey.url) as redis,
    ):
        await limiter.refresh()
        channel = limiter._shared.contact.voice.channel
        await asyncio.sleep(0.2)
        assert await redis.pubsub_numsub(channel) == [(channel.encode(), 1)]  # quiet, and alive
        between.drop_what_is_open()

        async def another_is_made() -> bool:
            return await redis.pubsub_numsub(channel) == [(channel.encode(), 2)]

        await until(another_is_made)
        (await limiter.acquire()).answered()


class Between:
    """A box on the way to Redis that can drop connections without a word to either end."""

    def __init__(self, valkey: ValkeyServer) -> None:
        self._to = valkey.url.removeprefix("unix://")
        self._open: list[asyncio.Event] = []
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.url = ""

    def drop_what_is_open(self) -> None:
        """Let nothing pass any more on the connections that there are."""
        for dropped in self._open:
            dropped.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.url = f"redis://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.close()
        if self._server is not None:
            self._server.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._to)
        dropped = asyncio.Event()
        self._open.append(dropped)
        self._writers += [writer, back]
        for source, target in ((reader, back), (there, writer)):
            task = asyncio.create_task(_pass(source, target, dropped))
            self._tasks.add(task)


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter, dropped: asyncio.Event) -> None:
    while data := await source.read(65536):
        if not dropped.is_set():
            target.write(data)
    if not dropped.is_set():
        target.close()


async def test_a_redis_that_answers_but_cannot_be_used_costs_nobody_his_part(
    valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis out of memory answers every look and takes no word: what was taken of the own part is taken still."""
    limits = Limits(max_calls=40, window=40.0, window_margin=0.0, pacing="off")
    monkeypatch.setattr(redis_contact, "PROBE", 0.1)
    async with Redis.from_url(valkey.url) as redis:
        limiter = RedisLimiter(limits, redis=valkey.url, instance=uuid.uuid4().hex, cold_start="trust")
        async with limiter:
            await limiter.refresh()
            try:
                await redis.config_set("maxmemory", "1")
                (await limiter.acquire()).answered()  # its part is all, evenly old: one call in a second
                alone = limiter._shared._alone
                assert alone is not None
                taken = len(alone.footprint())
                await asyncio.sleep(0.4)  # time for two looks
                assert limiter._shared._alone is alone
                assert len(alone.footprint()) >= taken - 3
            finally:
                await redis.config_set("maxmemory", "0")

            async def it_is_back() -> bool:
                return not limiter._shared.is_alone

            await until(it_is_back)
            assert (await limiter.fleet_stats()).calls_today == 1

"""What only the ledger of a fleet does: agreeing, remembering, being watched. Over a real Valkey."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from redis.asyncio import Redis
from valkey_server import ValkeyServer, valkey

from marketo_async import MarketoClient
from marketo_async.errors import (
    ArgumentError,
    ClientStateError,
    DailyBudgetError,
    DailyQuotaError,
    LimiterUnavailableError,
    NotSentError,
)
from marketo_async.testing import IN_PROCESS_URL, NO_PAUSES, sandbox
from marketo_async.transport.http import in_process_client
from marketo_async.transport.limits import Adaptive, Limits
from marketo_async.transport.limits.redis_limiter import RedisLimiter, fleet_stats
from marketo_async.transport.limits.redis_word import instance_name

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["valkey"]

QUICK = Limits(max_calls=20, window=0.5, window_margin=0.01)


@pytest.fixture
def worker(valkey: ValkeyServer) -> Callable[..., RedisLimiter]:
    """Make workers of one instance, which is the test's own."""
    instance = f"test-{uuid.uuid4().hex}"

    def make(limits: Limits = QUICK, **more: Any) -> RedisLimiter:
        given = {"redis": valkey.url, "instance": instance, "on_unavailable": "error", "cold_start": "trust"}
        return RedisLimiter(limits, **{**given, **more})

    return make


Workers: TypeAlias = "Callable[..., RedisLimiter]"


async def take(limiter: RedisLimiter, calls: int, code: str | None = None) -> None:
    """Make calls that take no time, the last of which may be refused."""
    for call in range(calls):
        (await limiter.acquire()).answered(code if call == calls - 1 else None)
    await limiter.refresh()


# ---------------------------------------------------------------- agreeing


async def test_all_workers_have_the_same_numbers(worker: Workers) -> None:
    """A worker with other limits is turned away by what differs, until the others have left; then it sets its own."""
    async with worker() as first, worker(Limits(max_calls=30, window=0.5, window_margin=0.01)) as second:
        await take(first, 1)
        with pytest.raises(ArgumentError, match=r"max_calls=30.* is not allowed: .*max_calls=20.*as the other workers"):
            await second.acquire()
        await first.aclose()
        await take(second, 1)
        assert (await second.fleet_stats()).max_calls == 30


async def test_one_day_for_all(worker: Workers) -> None:
    """The calls of a day are counted together, the budget is everybody's, and so are what others took, and a 607."""
    limits = Limits(max_calls=50, window=0.5, daily_budget=10, budget_reserve=0)
    async with worker(limits) as first, worker(limits) as second:
        await take(first, 4)
        await take(second, 4)
        assert (second.stats().calls_today, second.stats().budget_left) == (8, 2)
        await take(first, 2)
        with pytest.raises(DailyBudgetError):
            await second.acquire()
    async with worker(Limits(max_calls=50, window=0.5)) as first, worker(Limits(max_calls=50, window=0.5)) as second:
        await take(first, 1, "607")
        with pytest.raises(DailyQuotaError):
            await second.acquire()


async def test_what_others_took_is_told_to_all(worker: Workers) -> None:
    """A5: one worker learns how many calls the instance had; what is not the fleet's is off everybody's budget."""
    limits = Limits(max_calls=50, window=0.5, daily_budget=100)
    async with worker(limits) as first, worker(limits) as second:
        await take(first, 10)
        day = (await first.fleet_stats()).at
        from marketo_async.wire.central import central_day

        first.learn_total(40, central_day(day))
        await first.refresh()
        await asyncio.sleep(0.05)
        await take(second, 1)
        assert second.stats().budget_left == 100 - 11 - 30


async def test_all_give_way_together(worker: Workers) -> None:
    """A refusal that one worker meets lowers the limit of all, measured by what all of them have in the window."""
    limits = Limits(max_calls=50, window=0.8, adaptive=Adaptive(increase=0.001))
    async with worker(limits) as first, worker(limits) as second:
        await take(first, 10)
        await take(second, 10, "606")
        await first.refresh()
        assert first.stats().limit == second.stats().limit == 18


# ---------------------------------------------------------------- remembering


async def test_a_redis_that_knows_nothing_is_supposed_to_have_forgotten(worker: Workers) -> None:
    """An empty Redis is no empty window: that is taken to be full, evenly old, unless a new Redis is to be trusted."""
    async with worker(cold_start="ramp") as limiter:
        await limiter.refresh()
        assert limiter.stats().in_use == 20
        lease = await limiter.acquire()
        assert lease.waited > 0.5
        lease.answered()


@pytest.mark.parametrize("lost", ["everything", "slots", "state"])
async def test_what_redis_lost_is_replayed(worker: Workers, valkey: ValkeyServer, lost: str) -> None:
    """Keys that were evicted or deleted are noticed; every worker's calls, under way and answered, are told again."""
    async with worker() as first, worker() as second, Redis.from_url(valkey.url) as redis:
        await take(first, 5)
        out = [await second.acquire() for _ in range(3)]
        names = [name async for name in redis.scan_iter(match=f"*{first._keys[0][1:-7]}*")]
        await redis.delete(*[name for name in names if lost == "everything" or name.endswith(lost.encode())])
        await first.refresh()
        await second.refresh()
        stats = await first.fleet_stats()
        assert (stats.in_use, stats.in_flight) == (20, 3)
        assert stats.calls_today >= 8
        for lease in out:
            lease.answered()
        await second.refresh()
        assert (await first.fleet_stats()).in_flight == 0


async def test_nothing_is_sent_on_a_lease_that_may_be_lost(worker: Workers) -> None:
    """A process that was stopped for half of its lease's time does not send: the lease ends as unsent."""
    async with worker(lease_ttl=1.0) as limiter:
        lease = await limiter.acquire()
        lease.sending()
        late = await limiter.acquire()
        limiter._shared._memory.out[next(reversed(limiter._shared._memory.out))].sure_at -= 0.6
        with pytest.raises(NotSentError, match="stopped for so long"):
            late.sending()
        await limiter.refresh()
        assert limiter.stats().in_flight == 1
        lease.answered()


async def test_a_long_call_keeps_its_place(worker: Workers) -> None:
    """A lease is renewed for as long as its call is out: only a worker that is dead loses it."""
    async with worker(lease_ttl=1.0) as limiter:
        lease = await limiter.acquire()
        await asyncio.sleep(1.3)
        assert (await limiter.fleet_stats()).in_flight == 1
        lease.sending()
        lease.answered()


async def test_an_interactive_call_takes_what_a_bulk_call_was_promised(worker: Workers) -> None:
    """A slot is checked when it is taken: a bulk call whose slot went to an interactive one waits for the next."""
    limits = Limits(max_calls=3, window=0.5, window_margin=0.0, max_concurrency=3, pacing="off")
    async with worker(limits) as bulk, worker(limits) as web:
        await take(bulk, 1)
        await asyncio.sleep(0.2)
        await take(bulk, 2)
        callers = [asyncio.create_task(bulk.acquire("bulk"))]
        await asyncio.sleep(0.05)
        callers += [asyncio.create_task(web.acquire())]
        for caller in asyncio.as_completed(callers):
            (await caller).answered()
            await bulk.refresh()
            assert bulk.stats().in_use <= 3


async def test_a_call_whose_lease_lapsed_is_made_again(worker: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not sent for that reason is sent on another lease, as a call that found no connection would be."""
    async with sandbox(3) as (_, behind), worker() as limiter, in_process_client(behind.app) as http_client:
        lapses = iter([False, True])  # asked when it is granted, and again when it is sent
        monkeypatch.setattr(limiter._shared, "lapsed", lambda _: next(lapses, False))
        credentials = (IN_PROCESS_URL, behind.client_id, behind.client_secret)
        async with MarketoClient(*credentials, http_client=http_client, limiter=limiter, retries=NO_PAUSES) as marketo:
            await marketo.usage.daily()
        assert limiter.stats().granted["interactive"] == 2
        assert limiter.stats().calls_today == 1


async def test_a_question_that_nobody_waits_for_is_not_done(worker: Workers) -> None:
    """What a server that hung finds when it goes on is too old: it grants nothing, and the worker asks anew."""
    async with worker() as limiter:
        await take(limiter, 1)
        voice = limiter._shared.contact.voice

        def fall_behind() -> None:
            voice.clock.heard(round((voice.clock.time() - 5.0) * 1e6), at=asyncio.get_running_loop().time())

        fall_behind()
        assert (await voice.say("tell")).status == "stale"
        fall_behind()
        await take(limiter, 1)
        assert (await limiter.fleet_stats()).granted["interactive"] == 2


async def test_a_forked_process_is_another_worker(worker: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limiter may be made before a fork, and each process is a worker of its own; used before, it refuses after."""
    async with worker() as limiter:
        await take(limiter, 1)
        with monkeypatch.context() as forked:
            forked.setattr(os, "getpid", lambda: 1)
            with pytest.raises(ClientStateError, match="forked"):
                await limiter.acquire()
        assert limiter._shared.contact.voice.worker != worker()._shared.contact.voice.worker


# ---------------------------------------------------------------- being watched


async def test_the_fleet_can_be_watched(worker: Workers, valkey: ValkeyServer) -> None:
    """fleet_stats() tells of all workers together, from outside, and changes nothing."""
    async with worker() as first, worker() as second, Redis.from_url(valkey.url, decode_responses=True) as redis:
        await take(first, 3, "606")
        out = await second.acquire("bulk")
        callers = [asyncio.create_task(second.acquire("bulk")) for _ in range(12)]
        await asyncio.sleep(0.05)
        await second.refresh()
        instance = first._keys[0].split(":")[1].rstrip("}")
        stats = await fleet_stats(redis, instance=instance)
        assert (stats.workers, stats.max_calls, stats.max_concurrency, stats.window) == (2, 20, 10, 0.5)
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


# ---------------------------------------------------------------- without Redis


async def test_without_redis_a_worker_says_so(caplog: pytest.LogCaptureFixture) -> None:
    """on_unavailable="error" raises LimiterUnavailableError with the cause; nothing is sent, nothing stays taken."""
    async with RedisLimiter(
        redis="redis://user:very-secret@localhost:1", instance="x", on_unavailable="error"
    ) as limiter:
        for _ in range(2):
            with pytest.raises(LimiterUnavailableError, match="cannot be used") as caught:
                await limiter.acquire()
        assert caught.value.__cause__ is not None
        assert caught.value.retryable
        assert limiter.stats().waiting == {"interactive": 0, "bulk": 0}
    assert caplog.text.count("Redis cannot be used") == 1
    assert "very-secret" not in caplog.text + repr(caught.value) + repr(caught.value.__cause__)


async def test_without_redis_a_worker_takes_a_small_part(caplog: pytest.LogCaptureFixture) -> None:
    """on_unavailable="local" never met a Redis: a tenth of the limits, as an evenly full window comes free."""
    caplog.set_level(logging.WARNING)
    limits = Limits(max_calls=100, window=0.5, window_margin=0.0, daily_budget=40, budget_reserve=0)
    async with RedisLimiter(limits, redis="redis://localhost:1", instance="x") as limiter:
        leases = []
        for _ in range(4):
            lease = await limiter.acquire()
            leases.append(lease.waited)
            lease.answered()
        with pytest.raises(DailyBudgetError):
            await limiter.acquire()
        stats = limiter.stats()
    assert (stats.limit, stats.places, stats.calls_today) == (10, 1, 4)
    assert sum(leases) >= 0.15


async def test_a_closed_limiter_opens_nothing(valkey: ValkeyServer) -> None:
    """A limiter that was never used closes without a word, and refuses afterwards."""
    limiter = RedisLimiter(redis=valkey.url, instance="x")
    await limiter.aclose()
    with pytest.raises(ClientStateError, match="closed"):
        await limiter.acquire()


@pytest.mark.parametrize(("name", "missing"), [("RedisLimiter", "redis"), ("RedisTokenStore", "cryptography")])
def test_without_the_extra_the_error_says_what_to_install(name: str, missing: str) -> None:
    """The package imports without the extra; using what needs it names the extra."""
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "import marketo_async, marketo_async.client\n"
        f"try: marketo_async.{name}\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "marketo-async[redis]"' in done.stdout

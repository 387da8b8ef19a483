"""What only the ledger of a fleet does: agreeing, and remembering. Over a real Valkey."""

from __future__ import annotations

import asyncio
import os

import attrs
import pytest
from patience import PATIENCE, until
from redis.asyncio import Redis
from redis_workers import Workers, take, worker
from valkey_server import ValkeyServer, valkey

from marketo_async import MarketoClient
from marketo_async.errors import ArgumentError, ClientStateError, DailyBudgetError, DailyQuotaError, NotSentError
from marketo_async.testing import IN_PROCESS_URL, NO_PAUSES, sandbox
from marketo_async.transport.http import in_process_client
from marketo_async.transport.limits import Adaptive, Limits

__all__ = ["valkey", "worker"]

QUICK = Limits(max_calls=20, window=0.5, window_margin=0.01)
LONG = Limits(max_calls=20, window=600.0)  # nothing comes free, however slow the machine is


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


async def test_what_differs_is_said_as_it_was_given(worker: Workers) -> None:
    """Whichever setting is another one than the fleet's, it is named as it is given, in seconds, and no other is."""
    adaptive = Adaptive(concurrency_step=2.5)
    ours = attrs.evolve(QUICK, window_margin=0.02, adaptive=adaptive)
    async with worker() as first, worker(ours, lease_ttl=12.0) as second:
        await take(first, 1)
        with pytest.raises(ArgumentError, match="other workers") as caught:
            await second.acquire()
        given = "window_margin=0.02, lease_ttl=12.0, adaptive.concurrency_step=2.5"
        assert str(caught.value.given) == given
        assert "window_margin=0.01, lease_ttl=30.0, adaptive.concurrency_step=15.0" in str(caught.value)


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
    limits = Limits(max_calls=50, daily_budget=100)
    async with worker(limits) as first, worker(limits) as second:
        await take(first, 10)
        day = (await first.fleet_stats()).at
        from marketo_async.wire.central import central_day

        first.learn_total(40, central_day(day))

        async def it_was_told() -> bool:
            return (await second.fleet_stats()).budget_left == 100 - 10 - 30

        await until(it_was_told)
        await take(second, 1)
        assert second.stats().budget_left == 100 - 11 - 30
        first.learn_total(200, central_day(day))
        with pytest.raises(DailyBudgetError):  # and not one call more, though Redis has not been told yet
            await first.acquire()


async def test_no_key_outlives_the_fleet_for_ever(worker: Workers, valkey: ValkeyServer) -> None:
    """Every key has a time to live, whatever workers leave behind and however short they lived."""
    async with worker() as first, Redis.from_url(valkey.url, decode_responses=True) as redis:
        lease = await first.acquire()
        names = [name async for name in redis.scan_iter(match=f"*{first._keys[0][1:-7]}*")]
        assert len(names) >= 4
        for name in names:
            assert await redis.pttl(name) > 0, name
        lease.unsent()


async def test_all_give_way_together(worker: Workers) -> None:
    """A refusal that one worker meets lowers the limit of all, measured by what all of them have in the window."""
    limits = Limits(max_calls=50, window=600.0, adaptive=Adaptive(increase=0.001))
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


@pytest.mark.parametrize("lost", ["everything", "slots", "state", "workers"])
async def test_what_redis_lost_is_replayed(worker: Workers, valkey: ValkeyServer, lost: str) -> None:
    """Keys that were evicted or deleted are noticed; every worker's calls, under way and answered, are told again."""
    async with worker(LONG) as first, worker(LONG) as second, Redis.from_url(valkey.url) as redis:
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
    async with worker(lease_ttl=60.0) as limiter:
        lease = await limiter.acquire()
        lease.sending()
        late = await limiter.acquire()
        limiter._shared._memory.out[next(reversed(limiter._shared._memory.out))].sure_at -= 31.0
        with pytest.raises(NotSentError, match="stopped for so long"):
            late.sending()
        await limiter.refresh()
        assert limiter.stats().in_flight == 1
        lease.answered()


async def test_a_long_call_keeps_its_place(worker: Workers) -> None:
    """A lease is renewed for as long as its call is out: only a worker that is dead loses it."""
    async with worker(lease_ttl=2.0) as limiter:
        lease = await limiter.acquire()
        await asyncio.sleep(2.2)
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
            voice.clock.heard(round((voice.clock.time() - 2 * PATIENCE) * 1e6), at=asyncio.get_running_loop().time())

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

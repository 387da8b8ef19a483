"""The front end: lanes, gates, pace, reserves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import virtual_time

from marketo_async.errors import ArgumentError, ClientStateError
from marketo_async.transport.limits import Limiter, Limits

if TYPE_CHECKING:
    from marketo_async.transport.limits import Lane

pytestmark = pytest.mark.virtual_time


async def take(limiter: Limiter, calls: int, lane: Lane = "bulk", *, opening: bool = False) -> float:
    """Make that many calls that take no time; return the seconds until the last was granted."""
    began = asyncio.get_running_loop().time()
    for _ in range(calls):
        (await limiter.acquire(lane, opening=opening)).answered()
    return asyncio.get_running_loop().time() - began


async def test_bulk_calls_leave_the_reserves() -> None:
    """While interactive calls are about, bulk calls leave them 5 slots and a place."""
    limiter = Limiter(Limits(pacing="on", bulk_burst=1000))
    bulk = [await limiter.acquire("bulk") for _ in range(9)]
    assert limiter.headroom() == 0
    (await limiter.acquire("interactive")).unsent()
    for lease in bulk:
        lease.answered()
    assert await take(limiter, 86) == 0
    assert limiter.headroom() == 0
    assert await take(limiter, 5, "interactive") == 0
    assert limiter.stats().in_use == 100


async def test_a_listing_that_is_alone_uses_everything() -> None:
    """With pacing="auto" and no interactive call about, bulk calls burst and use the reserves too."""
    limiter = Limiter(Limits())
    assert limiter.headroom() == 10
    assert await take(limiter, 100) == 0
    assert not limiter.stats().paced


async def test_an_interactive_call_turns_the_pace_on_for_three_windows() -> None:
    """pacing="auto" spreads bulk calls, and keeps the reserves, until three windows after the last interactive call."""
    limiter = Limiter(Limits())
    await take(limiter, 1, "interactive")
    assert limiter.stats().paced
    assert limiter.headroom() == 9  # a burst of 10 buys 9.5 calls
    assert await take(limiter, 94) == pytest.approx(20.25 * 84.5 / 95, abs=0.1)
    await asyncio.sleep(40)
    assert limiter.stats().paced
    await asyncio.sleep(21)
    assert not limiter.stats().paced
    assert await take(limiter, 100) == 0


async def test_the_opening_page_rides_first_but_is_no_sign_of_traffic() -> None:
    """The first page of a listing takes the interactive lane, reserve included, and leaves its own listing unpaced."""
    limiter = Limiter(Limits())
    await take(limiter, 3, "bulk", opening=True)
    assert limiter.stats().granted == {"interactive": 3, "bulk": 0}
    assert not limiter.stats().paced
    assert await take(limiter, 97) == 0


async def test_pacing_on_and_off() -> None:
    """pacing="on" spreads bulk calls even when they are alone, pacing="off" never does."""
    assert await take(Limiter(Limits(pacing="on")), 50) == pytest.approx(20.25 * 40.5 / 95, abs=0.1)
    busy = Limiter(Limits(pacing="off"))
    await take(busy, 1, "interactive")
    assert await take(busy, 94) == 0


async def test_an_interactive_caller_stops_the_bulk_head_from_using_the_reserve() -> None:
    """A bulk head that was promised the reserve while alone loses it the moment an interactive call comes."""
    limiter = Limiter(Limits(max_calls=20, max_concurrency=10))
    await take(limiter, 20)
    bulk = asyncio.create_task(limiter.acquire("bulk"))
    interactive = asyncio.create_task(limiter.acquire("interactive"))
    await asyncio.sleep(20.5)  # all 20 slots come free together: 18 of them for bulk calls
    (await interactive).answered()
    (await bulk).answered()
    await take(limiter, 16)
    assert limiter.headroom() == 0
    assert limiter.stats().in_use == 18


async def test_what_a_cancelled_head_paid_for_its_pace_goes_to_the_next() -> None:
    """Cancelling bulk callers that have their pace but no slot yet does not slow the lane down (P12)."""
    limits = Limits(max_calls=10, window=10.0, window_margin=0.0, bulk_burst=1, pacing="on", interactive_reserve=0)
    limiter = Limiter(limits)
    await limiter.replay([4.0] * 10)
    await asyncio.sleep(3.5)
    for _ in range(3):
        caller = asyncio.create_task(limiter.acquire("bulk"))
        await asyncio.sleep(0.1)
        caller.cancel()
    assert await take(limiter, 1) == pytest.approx(4.0 - 3.8, abs=0.01)
    assert await take(limiter, 1) == pytest.approx(3.5 + 1.0 - 4.0, abs=0.01)


async def test_headroom_leaves_out_what_others_are_about_to_take() -> None:
    """Places that have come free, and for which callers wait already, are no room for more."""
    limiter = Limiter()
    out = [await limiter.acquire("bulk") for _ in range(10)]
    callers = [asyncio.create_task(limiter.acquire("bulk")) for _ in range(6)]
    await asyncio.sleep(1)
    assert limiter.headroom() == 0
    for lease in out:
        lease.answered()
    assert limiter.headroom() == 4
    await asyncio.gather(*callers)
    assert limiter.headroom() == 4


async def test_headroom_is_what_could_start_now() -> None:
    """Headroom counts slots, places and pace, less those who wait already; exactly so many calls start at once."""
    limiter = Limiter(Limits(max_concurrency=4))
    seen = []
    for _ in range(4):
        seen.append(limiter.headroom())
        await limiter.acquire("bulk")
    assert seen == [4, 3, 2, 1]
    assert limiter.headroom() == 0
    paced = Limiter(Limits(pacing="on", bulk_burst=3))
    assert paced.headroom() == 3
    room = 0
    while paced.headroom():
        await take(paced, 1)
        room += 1
    assert room == 2
    assert asyncio.get_running_loop().time() < 0.01


async def test_off_does_not_limit() -> None:
    """Limits.off() counts no calls, paces nothing, and lets 100 calls be out at once."""
    limiter = Limiter(Limits.off())
    assert limiter.headroom() == 100
    assert await take(limiter, 5000) == 0
    assert await take(limiter, 5000, "interactive") == 0
    out = [await limiter.acquire("bulk") for _ in range(100)]
    assert limiter.headroom() == 0
    for lease in out:
        lease.unknown(0)
    stats = limiter.stats()
    assert (stats.limit, stats.in_use, stats.in_flight, stats.cooling) == (None, 0, 0, 0)
    assert asyncio.get_running_loop().time() < 0.1


async def test_an_earlier_run_is_replayed() -> None:
    """What an earlier process left in the window is kept free: its footprint, less the time in between."""
    earlier = Limiter(Limits(max_calls=10))
    await take(earlier, 6)
    left = await earlier.acquire()
    held = await earlier.acquire()
    await asyncio.sleep(5)
    held.unknown(hold=12.0)
    footprint = earlier.footprint()
    assert [round(seconds, 1) for seconds in footprint] == [15.3] * 6 + [20.3, 27.3]
    left.answered()

    later = Limiter(Limits(max_calls=10))
    await later.replay(seconds - 16 for seconds in footprint)
    assert later.stats().in_use == 2
    await later.replay([5.0] * 50)
    assert later.stats().in_use == 10
    assert await take(later, 1) == pytest.approx(5.0, abs=0.02)


async def test_replay_without_a_limit_is_nothing() -> None:
    """A limiter that does not count has nothing to remember."""
    limiter = Limiter(Limits.off())
    await limiter.replay([5.0] * 50)
    assert limiter.footprint() == ()


async def test_the_statistics_tell_what_is_going_on() -> None:
    """stats() gives limits, slots, places, waiters, grants, refusals and the day's calls at one moment."""
    now = 1_700_000_000.0
    limiter = Limiter(Limits(max_calls=3, max_concurrency=2), wall_clock=lambda: now)
    first, second = await limiter.acquire(), await limiter.acquire("bulk")
    callers = [asyncio.create_task(limiter.acquire("bulk")) for _ in range(4)]
    await asyncio.sleep(1)
    first.answered("606")
    stats = limiter.stats()
    assert (stats.limit, stats.places) == (3, 2)
    assert (stats.in_use, stats.in_flight, stats.cooling, stats.held) == (3, 1, 1, 0)
    assert stats.waiting == {"interactive": 0, "bulk": 4}
    assert stats.granted == {"interactive": 1, "bulk": 1}
    assert stats.refusals == {"606": 1}
    assert stats.calls_today == 2
    now += 86_400
    assert limiter.stats().calls_today == 0
    second.answered()
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    assert limiter.stats().waiting == {"interactive": 0, "bulk": 0}


async def test_a_closed_limiter_turns_callers_away() -> None:
    """aclose() ends the waiting with ClientStateError, refuses later callers, and lets what is out end in peace."""
    limiter = Limiter(Limits(max_calls=2, max_concurrency=2))
    first, second = await limiter.acquire(), await limiter.acquire()
    callers = [asyncio.create_task(limiter.acquire(lane)) for lane in ("bulk", "interactive") for _ in range(3)]
    await asyncio.sleep(1)
    await limiter.aclose()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ClientStateError] * 6
    with pytest.raises(ClientStateError, match="closed"):
        await limiter.acquire()
    first.answered()
    second.unsent()
    assert (limiter.stats().in_flight, limiter.stats().in_use) == (0, 1)
    await limiter.aclose()


async def test_there_are_two_lanes() -> None:
    """A lane that does not exist is an ArgumentError, not a lane without limits (P7)."""
    with pytest.raises(ArgumentError, match="lane"):
        await Limiter().acquire("express")  # type: ignore[arg-type]


def test_a_limiter_belongs_to_the_loop_that_first_used_it() -> None:
    """A limiter may be made outside a loop; on a second loop it refuses, with everything as it was."""
    limiter = Limiter()
    assert limiter.headroom() == 10
    assert limiter.stats().in_use == 0
    virtual_time.run(take(limiter, 3))
    with pytest.raises(ClientStateError, match="another event loop"):
        virtual_time.run(take(limiter, 1))
    with pytest.raises(ClientStateError, match="another event loop"):
        virtual_time.run(limiter.replay([]))
    assert limiter.stats().granted == {"interactive": 0, "bulk": 3}


def test_a_paced_limiter_knows_its_headroom_outside_a_loop() -> None:
    """Before its first call a paced limiter has its whole burst before it."""
    assert Limiter(Limits(pacing="on", bulk_burst=4)).headroom() == 4

"""What a limiter does, whichever ledger lies under it: lanes, gates, places, slots."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from marketo_async.errors import ClientStateError
from marketo_async.transport.limits import Lane, Lease, Limiter, Limits

if TYPE_CHECKING:
    from ledger_worlds import World

TIGHT = Limits(max_calls=4, max_concurrency=4, pacing="off")


async def take(limiter: Limiter, calls: int, lane: Lane = "bulk", *, opening: bool = False) -> None:
    """Make that many calls that take no time."""
    for _ in range(calls):
        (await limiter.acquire(lane, opening=opening)).answered()


async def is_waiting(caller: asyncio.Task[Lease]) -> bool:
    """Tell whether a caller waits, though it had time to be served: 0.05 s, in memory as in Redis."""
    done, _ = await asyncio.wait((caller,), timeout=0.05)
    return not done


async def test_each_lane_is_first_come_first_served(world: World) -> None:
    """Callers of one lane are granted in the order in which they asked."""
    limiter = await world.limiter(Limits(max_calls=20, max_concurrency=2))
    granted: dict[Lane, list[int]] = {"interactive": [], "bulk": []}

    async def call(lane: Lane, number: int) -> None:
        lease = await limiter.acquire(lane)
        granted[lane].append(number)
        await world.sleep(0.1)
        lease.answered()

    await asyncio.gather(*(call(lane, number) for number in range(9) for lane in granted))
    assert granted == {"interactive": list(range(9)), "bulk": list(range(9))}


@pytest.mark.parametrize(
    "limits",
    [
        Limits(max_calls=3, max_concurrency=3),
        Limits(max_calls=4, max_concurrency=4),
        Limits(max_calls=50, max_concurrency=1),
    ],
)
async def test_interactive_calls_go_first(world: World, limits: Limits) -> None:
    """Whatever becomes free goes to the interactive callers, though bulk callers have waited longer."""
    limiter = await world.limiter(limits)
    out = [await limiter.acquire() for _ in range(min(limits.max_calls or 0, limits.max_concurrency))]
    order: list[Lane] = []

    async def call(lane: Lane) -> None:
        lease = await limiter.acquire(lane)
        order.append(lane)
        lease.answered()

    callers = [asyncio.create_task(call("bulk")) for _ in range(3)]
    await world.sleep(2)
    callers += [asyncio.create_task(call("interactive")) for _ in range(3)]
    await world.sleep(2)
    assert limiter.stats().waiting == {"interactive": 3, "bulk": 3}
    for lease in out:
        lease.answered()
    await asyncio.gather(*callers)
    # Where one more became free than there are interactive callers, a bulk caller may be quick about that one.
    assert order[: max(3, len(out))].count("interactive") == 3


async def test_bulk_calls_leave_the_reserves(world: World) -> None:
    """While interactive calls are about, bulk calls leave them 5 slots and a place."""
    limiter = await world.limiter(Limits(max_calls=50, pacing="on", bulk_burst=1000))
    bulk = [await limiter.acquire("bulk") for _ in range(9)]
    tenth = asyncio.create_task(limiter.acquire("bulk"))
    assert await is_waiting(tenth)
    (await limiter.acquire("interactive")).unsent()
    for lease in bulk:
        lease.answered()
    (await tenth).answered()
    await take(limiter, 35)
    assert (await world.stats(limiter)).in_use == 45
    assert limiter.headroom() == 0
    await take(limiter, 5, "interactive")
    assert (await world.stats(limiter)).in_use == 50


async def test_a_listing_that_is_alone_uses_everything(world: World) -> None:
    """With pacing="auto" and no interactive call about, bulk calls burst, and use the reserves and every place."""
    limiter = await world.limiter(Limits(max_calls=40))
    await take(limiter, 1)
    out = [await limiter.acquire("bulk") for _ in range(10)]
    for lease in out:
        lease.answered()
    await take(limiter, 29)
    stats = await world.stats(limiter)
    assert (stats.in_use, stats.paced) == (40, False)


async def test_an_interactive_call_turns_the_pace_on(world: World) -> None:
    """pacing="auto" spreads bulk calls once an interactive call was seen; the page that opens a listing is none."""
    limiter = await world.limiter(Limits(max_calls=40))
    await take(limiter, 2, opening=True)
    assert not (await world.stats(limiter)).paced
    await take(limiter, 1, "interactive")
    assert (await world.stats(limiter)).paced
    assert limiter.headroom() == 9  # a burst of 10 buys 9 calls and a half


async def test_a_slot_cools_from_the_answer(world: World) -> None:
    """An answered call frees its place at once, and its slot a window after the answer, not after the start."""
    limiter = await world.limiter(TIGHT)
    leases = [await limiter.acquire() for _ in range(4)]
    await world.sleep(15)
    leases[0].answered()
    stats = await world.stats(limiter)
    assert (stats.in_flight, stats.cooling) == (3, 1)
    fifth = await limiter.acquire()
    assert fifth.waited > 0.9 * limiter.limits.window
    for lease in [*leases[1:], fifth]:
        lease.unsent()


async def test_a_refused_call_keeps_its_slot_and_is_counted(world: World) -> None:
    """606 and 615 are told apart in the statistics; Marketo counts such calls, so their slots cool like others."""
    limiter = await world.limiter(TIGHT)
    leases = [await limiter.acquire() for _ in range(4)]
    for lease, code in zip(leases, ("606", "615", "606", "1003"), strict=True):
        lease.answered(code)
    stats = await world.stats(limiter)
    assert (stats.refusals, stats.cooling) == ({"606": 2, "615": 1}, 4)


async def test_an_unsent_call_costs_nothing(world: World) -> None:
    """Where nothing left the machine, slot and place are free at once, and the day's count is as before."""
    limiter = await world.limiter(TIGHT)
    leases = [await limiter.acquire() for _ in range(4)]
    assert (await world.stats(limiter)).calls_today == 4
    leases[2].unsent()
    stats = await world.stats(limiter)
    assert (stats.in_use, stats.in_flight, stats.calls_today) == (3, 3, 3)
    (await limiter.acquire()).answered()


async def test_an_unknown_outcome_keeps_its_place(world: World) -> None:
    """After a time-out the place stays taken until sending + hold, and only then does the slot begin to cool (P12)."""
    limiter = await world.limiter(TIGHT)
    lease, *others = [await limiter.acquire() for _ in range(4)]
    lease.unknown(hold=0.6 * limiter.limits.window)
    for other in others:
        other.answered()
    stats = await world.stats(limiter)
    assert (stats.held, stats.in_flight, stats.in_use) == (1, 1, 4)
    await world.sleep(0.7 * 20)
    stats = await world.stats(limiter)
    assert (stats.held, stats.in_flight) == (0, 0)
    assert stats.in_use >= 1


async def test_at_most_half_of_the_places_are_held(world: World) -> None:
    """A server that hangs takes half of the places at most: the oldest is let go, and its slot cools from then."""
    limiter = await world.limiter(Limits(max_concurrency=5))
    for lease in [await limiter.acquire() for _ in range(5)]:
        lease.unknown(hold=300.0)
    stats = await world.stats(limiter)
    assert (stats.held, stats.in_flight, stats.cooling) == (2, 2, 3)
    again = [await limiter.acquire() for _ in range(3)]
    for lease in again:
        lease.unknown(0)
    assert (await world.stats(limiter)).in_flight == 2


async def test_an_earlier_run_is_replayed(world: World) -> None:
    """What an earlier process left in the window is kept free; of more than the limit, the youngest."""
    limiter = await world.limiter(Limits(max_calls=10))
    await limiter.replay([0.5 * limiter.limits.window] * 4)
    await take(limiter, 2)
    assert (await world.stats(limiter)).in_use == 6
    assert len(limiter.footprint()) >= 2
    await limiter.replay([0.9 * limiter.limits.window] * 50)
    assert (await world.stats(limiter)).in_use == 10
    one_more = asyncio.create_task(limiter.acquire())
    assert await is_waiting(one_more)
    (await one_more).unsent()


async def test_limits_that_are_off_do_not_limit(world: World) -> None:
    """Limits.off() counts no calls and paces nothing; 100 may be out at once."""
    limiter = await world.limiter(Limits.off())
    await take(limiter, 30)
    out = [await limiter.acquire("bulk") for _ in range(100)]
    assert limiter.headroom() == 0
    for lease in out:
        lease.unknown(0)
    stats = await world.stats(limiter)
    assert (stats.limit, stats.in_use, stats.in_flight, stats.cooling) == (None, 0, 0, 0)


async def test_a_closed_limiter_turns_callers_away(world: World) -> None:
    """aclose() ends the waiting with ClientStateError, refuses later callers, and lets what is out end in peace."""
    limiter = await world.limiter(Limits(max_calls=2, max_concurrency=2))
    first, second = await limiter.acquire(), await limiter.acquire()
    callers = [asyncio.create_task(limiter.acquire(lane)) for lane in ("bulk", "interactive") for _ in range(2)]
    await world.sleep(1)
    await limiter.aclose()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ClientStateError] * 4
    with pytest.raises(ClientStateError, match="closed"):
        await limiter.acquire()
    first.answered()
    second.unsent()
    await limiter.aclose()

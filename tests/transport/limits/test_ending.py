"""How a call ends, and what becomes free when."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from marketo_async.transport.limits import Limiter, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.transport.limits import Lease

pytestmark = pytest.mark.virtual_time

TIGHT = Limits(max_calls=4, window=20.0, window_margin=0.25, max_concurrency=4, pacing="off")


async def waits(limiter: Limiter) -> float:
    """Return how long one more interactive call waits."""
    lease = await limiter.acquire()
    lease.unsent()
    return lease.waited


async def fill(limiter: Limiter, calls: int) -> list[Lease]:
    """Take slots and places."""
    return [await limiter.acquire() for _ in range(calls)]


async def test_a_slot_cools_from_the_answer() -> None:
    """An answered call frees its place at once and its slot window + margin after the answer, not after the start."""
    limiter = Limiter(TIGHT)
    leases = await fill(limiter, 4)
    await asyncio.sleep(7)
    leases[0].answered()
    assert limiter.stats().in_flight == 3
    assert await waits(limiter) == pytest.approx(20.25, abs=0.01)


async def test_a_refused_call_keeps_its_slot_and_is_counted() -> None:
    """606 and 615 are told apart in the statistics; Marketo counts such calls, so their slots cool like others."""
    limiter = Limiter(TIGHT)
    for lease, code in zip(await fill(limiter, 4), ("606", "615", "606", "1003"), strict=True):
        lease.answered(code)
    assert limiter.stats().refusals == {"606": 2, "615": 1}
    assert limiter.stats().cooling == 4
    assert await waits(limiter) == pytest.approx(20.25, abs=0.01)


async def test_an_unsent_call_costs_nothing() -> None:
    """Where nothing left the machine, slot and place are free at once, and the day's count is as before."""
    limiter = Limiter(TIGHT)
    leases = await fill(limiter, 4)
    assert limiter.stats().calls_today == 4
    leases[2].unsent()
    assert await waits(limiter) == 0
    assert (limiter.stats().in_use, limiter.stats().in_flight, limiter.stats().calls_today) == (3, 3, 3)


async def test_an_unknown_outcome_keeps_its_place_until_no_work_can_be_left() -> None:
    """After a time-out the place stays taken until sending + hold, and only then does the slot begin to cool (P12)."""
    limiter = Limiter(TIGHT)
    lease, *others = await fill(limiter, 4)
    await asyncio.sleep(10)
    lease.unknown(hold=30.0)
    for other in others:
        other.answered()
    assert (limiter.stats().held, limiter.stats().in_flight) == (1, 1)
    await asyncio.sleep(19.9)
    assert limiter.stats().held == 1
    await asyncio.sleep(0.2)
    assert (limiter.stats().held, limiter.stats().in_flight) == (0, 0)
    await asyncio.sleep(20.25 - 0.2)
    assert limiter.stats().in_use == 1
    await asyncio.sleep(0.2)
    assert limiter.stats().in_use == 0


async def test_the_hold_counts_from_sending() -> None:
    """Time spent between the grant and the sending, on a token say, does not shorten the hold."""
    limiter = Limiter(TIGHT)
    lease = await limiter.acquire()
    await asyncio.sleep(25)
    lease.sending()
    assert lease.sent_at - lease.granted_at == pytest.approx(25, abs=0.01)
    lease.unknown(hold=30.0)
    await asyncio.sleep(29.9)
    assert limiter.stats().held == 1
    await asyncio.sleep(0.2)
    assert limiter.stats().held == 0


@pytest.mark.parametrize("hold", [0.0, 5.0])
async def test_a_server_that_is_done_frees_the_place_at_once(hold: float) -> None:
    """A closed connection, or a hold that is over already, frees the place at once; the slot cools from now."""
    limiter = Limiter(TIGHT)
    lease = await limiter.acquire()
    await asyncio.sleep(6)
    lease.unknown(hold)
    assert (limiter.stats().in_flight, limiter.stats().cooling) == (0, 1)
    await asyncio.sleep(20.2)
    assert limiter.stats().in_use == 1
    await asyncio.sleep(0.1)
    assert limiter.stats().in_use == 0


async def test_at_most_half_of_the_places_are_held() -> None:
    """A server that hangs takes half of the places at most: the oldest is let go, and its slot cools from then."""
    limiter = Limiter(Limits(max_calls=100, max_concurrency=5))
    leases = await fill(limiter, 5)
    for lease in leases:
        await asyncio.sleep(1)
        lease.unknown(hold=300.0)
    assert (limiter.stats().held, limiter.stats().in_flight, limiter.stats().cooling) == (2, 2, 3)
    assert len(await fill(limiter, 3)) == 3
    await asyncio.sleep(300)
    assert limiter.stats().held == 0


async def test_a_lone_place_is_never_held() -> None:
    """Half of one place is none: a limiter of one call at a time goes on after a time-out."""
    limiter = Limiter(Limits(max_concurrency=1))
    (await limiter.acquire()).unknown(hold=300.0)
    assert await waits(limiter) == 0


async def test_a_waiter_gets_the_place_that_a_hold_gives_back() -> None:
    """A caller that waits for a held place is woken when the hold ends, without anything else happening."""
    limiter = Limiter(Limits(max_concurrency=2, concurrency_reserve=0))
    first, second = await fill(limiter, 2)
    first.unknown(hold=30.0)
    assert await waits(limiter) == pytest.approx(30, abs=0.01)
    second.answered()


@pytest.mark.parametrize(
    "again", [lambda lease: lease.answered(), lambda lease: lease.unsent(), lambda lease: lease.unknown(0)]
)
@pytest.mark.parametrize(
    "once", [lambda lease: lease.answered(), lambda lease: lease.unsent(), lambda lease: lease.unknown(30)]
)
async def test_a_lease_ends_once(once: Callable[[Lease], None], again: Callable[[Lease], None]) -> None:
    """A second ending would free somebody else's place: it raises, and changes nothing (P7)."""
    limiter = Limiter(TIGHT)
    lease = await limiter.acquire("bulk")
    assert "open" in repr(lease)
    once(lease)
    before = limiter.stats()
    with pytest.raises(RuntimeError, match="exactly once"):
        again(lease)
    assert limiter.stats() == before
    assert "ended" in repr(lease)


async def test_a_lease_says_what_it_cost() -> None:
    """A lease tells its lane, when it was granted and how long that took."""
    limiter = Limiter(Limits(max_calls=1, max_concurrency=1))
    (await limiter.acquire()).answered()
    lease = await limiter.acquire("bulk")
    assert lease.lane == "bulk"
    assert lease.waited == pytest.approx(20.25, abs=0.01)
    assert lease.granted_at == asyncio.get_running_loop().time()

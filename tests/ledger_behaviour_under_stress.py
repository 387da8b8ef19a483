"""What a limiter does, whichever ledger lies under it: refusals, the day, callers that go away."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import TYPE_CHECKING

import attrs
import pytest
from simulated_marketo import Delays, SimulatedMarketo

from marketo_async.errors import DailyBudgetError, DailyQuotaError
from marketo_async.sandbox.admission import Admission
from marketo_async.transport.limits import Adaptive, Lane, Limiter, Limits

if TYPE_CHECKING:
    from ledger_worlds import World

LANES: tuple[Lane, ...] = ("interactive", "bulk")
QUICK = Adaptive(increase=1000.0, concurrency_step=1.0)


async def refused(limiter: Limiter, calls: int, *codes: str) -> None:
    """Make calls that take no time, the last of which are refused."""
    for code in (*[None] * (calls - len(codes)), *codes):
        (await limiter.acquire()).answered(code)


# ---------------------------------------------------------------- giving way


@pytest.mark.parametrize("code", ["606", "429"])
async def test_a_refusal_leaves_nine_tenths_of_what_is_ours(world: World, code: str) -> None:
    """After a refusal for the rate the limit is a little less than what we have, the places stay; later it is whole."""
    limiter = await world.limiter(Limits(adaptive=QUICK))
    await refused(limiter, 20, code)
    stats = await world.stats(limiter)
    assert (stats.places, stats.refusals) == (10, {code: 1})
    assert stats.limit is not None
    # It grows at once, and how much of that is seen is a question of milliseconds.
    assert 18 <= stats.limit <= 100
    await world.sleep(4)
    assert (await world.stats(limiter)).limit == 100


async def test_cuts_that_follow_one_another_go_deeper(world: World) -> None:
    """A cut after one in vain, for others grew by six slots, leaves 0.9 ** 2 of what is ours, else 0.9; never < 5."""
    for fewer, left in ((8, 17), (4, 23)):
        limits = Limits(window=600.0, max_concurrency=40, adaptive=Adaptive(increase=0.001))
        limiter = await world.limiter(limits)
        leases = [await limiter.acquire() for _ in range(29)]
        leases.pop().answered("606")
        assert (await world.stats(limiter)).limit == 26
        for _ in range(fewer):
            leases.pop().unsent()
        await world.sleep(1)
        await refused(limiter, 1, "606")  # of 22 that are ours, or of 26
        assert (await world.stats(limiter)).limit == left
        for lease in leases:
            lease.unsent()
    patient = await world.limiter(Limits(max_calls=30, adaptive=Adaptive(increase=0.001)))
    await refused(patient, 2, "606", "606")
    assert (await world.stats(patient)).limit == 5


async def test_a_call_that_was_under_way_does_not_cut_again(world: World) -> None:
    """Calls that are refused together cut once."""
    limiter = await world.limiter(Limits(adaptive=Adaptive(increase=0.001)))
    await refused(limiter, 12)  # few, so that the first is still in its short window at the last
    leases = [await limiter.acquire() for _ in range(8)]
    await world.sleep(0.3)
    for lease in leases:
        lease.answered("606")
    assert (await world.stats(limiter)).limit == 18


async def test_a_place_that_was_refused_is_given_up(world: World) -> None:
    """After a 615 there are fewer places, the limit of the rate stays, and the places come back."""
    limiter = await world.limiter(Limits(adaptive=QUICK))
    leases = [await limiter.acquire() for _ in range(6)]
    leases[5].answered("615")
    stats = await world.stats(limiter)
    assert stats.limit == 100
    assert 4 <= stats.places < 8
    for lease in leases[:5]:
        lease.answered()
    await world.sleep(8)
    assert (await world.stats(limiter)).places == 10


async def test_a_waiting_caller_is_woken_by_the_growth(world: World) -> None:
    """Who waits for a place gets it the moment the limit grows, though nothing else becomes free."""
    limiter = await world.limiter(Limits(adaptive=QUICK))
    leases = [await limiter.acquire() for _ in range(5)]
    leases.pop().answered("615")  # 3.6 places are left, four are taken
    (await asyncio.wait_for(limiter.acquire(), 10)).answered()
    for lease in leases:
        lease.answered()


async def test_switched_off_limits_change_nothing(world: World) -> None:
    """Only 606, 429 and 615 cut, and nothing does where `adaptive` is None."""
    limiter = await world.limiter(Limits(adaptive=None))
    await refused(limiter, 6, "608", "601", "606", "615")
    stats = await world.stats(limiter)
    assert (stats.limit, stats.places) == (100, 10)


# ---------------------------------------------------------------- the day


async def test_beyond_the_budget_nothing_is_sent(world: World) -> None:
    """A4, A5: listings stop at the reserve, single calls at the budget; what was not sent goes back."""
    limiter = await world.limiter(Limits(daily_budget=6, budget_reserve=2))
    for _ in range(4):
        (await limiter.acquire("bulk")).answered()
    for lane, opening in (("bulk", False), ("interactive", True)):
        with pytest.raises(DailyBudgetError, match="the last 2 calls are kept for interactive ones") as caught:
            await limiter.acquire(lane, opening=opening)  # type: ignore[arg-type]
        assert caught.value.resets_at is not None
    await refused(limiter, 1)
    (await limiter.acquire()).unsent()
    await world.stats(limiter)
    await refused(limiter, 1)
    with pytest.raises(DailyBudgetError, match=r"daily_budget=6 is used up\. Nothing"):
        await limiter.acquire()
    stats = await world.stats(limiter)
    assert (stats.calls_today, stats.budget_left, stats.in_flight) == (6, 0, 0)


async def test_what_marketo_does_not_count_is_not_counted(world: World) -> None:
    """A5: a dead token or a passing failure costs nothing of the budget, as it costs nothing of Marketo's quota."""
    limiter = await world.limiter(Limits(daily_budget=3))
    for code in ("601", "602", "604", "608", "611", None, "1003", "606"):
        (await limiter.acquire()).answered(code)
    stats = await world.stats(limiter)
    assert (stats.calls_today, stats.budget_left, stats.in_use) == (3, 0, 8)


@pytest.mark.parametrize("reserve", [0, 1])
async def test_a_spent_budget_is_told_to_those_who_wait(world: World, reserve: int) -> None:
    """A4: a listing that waits for a place hears that its last call is granted at once, not when its turn comes."""
    limits = Limits(max_concurrency=1, concurrency_reserve=0, daily_budget=2 + reserve, budget_reserve=reserve)
    limiter = await world.limiter(limits)
    first = await limiter.acquire()
    visitor, listing = (asyncio.create_task(limiter.acquire(lane)) for lane in LANES)
    await world.sleep(1)
    first.answered()
    last = await visitor
    with pytest.raises(DailyBudgetError):
        await asyncio.wait_for(listing, 4)  # in Redis everybody looks again after five seconds: that is not enough
    last.answered()
    await refused(limiter, reserve)
    assert (await world.stats(limiter)).budget_left == 0


async def test_a_closed_door_is_not_polled(world: World) -> None:
    """A6: after a 607 every caller gets DailyQuotaError, in both lanes, without a call, until the day ends."""
    limiter = await world.limiter()
    await refused(limiter, 1, "607")
    await world.stats(limiter)
    for lane in ("bulk", "interactive"):
        with pytest.raises(DailyQuotaError) as caught:
            await limiter.acquire(lane)
        assert caught.value.code == "607"
        assert caught.value.resets_at is not None
    assert (await world.stats(limiter)).calls_today == 1


# ---------------------------------------------------------------- callers that go away


async def test_any_crowd_is_never_refused_and_loses_nothing(world: World) -> None:
    """Whoever comes, goes, times out or sends nothing, in whichever lane: no refusal, and nothing is lost (P7, P12)."""
    await asyncio.gather(*(crowd(world, seed) for seed in (1, 2, 3)))


async def crowd(world: World, seed: int) -> None:
    """Let a crowd come to an instance of its own."""
    rng = random.Random(seed)
    limits = Limits(max_calls=30, max_concurrency=6, bulk_burst=4, pacing=("auto", "on", "off")[seed - 1])
    limiter = await world.limiter(limits)
    window = limiter.limits.window
    admission = Admission(rate=30, window=window, concurrency=6, daily=None)
    marketo = SimulatedMarketo(
        Delays(lambda rng: rng.uniform(0, 0.02 * window), lambda rng: rng.uniform(0, 0.1 * window)),
        admission=admission,
        seed=seed,
    )
    attempts: list[asyncio.Task[None]] = []

    async def caller(comes: float, goes: float | None) -> None:
        await asyncio.sleep(comes)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(goes):
                lease = await limiter.acquire(rng.choice(["interactive", "bulk"]), opening=rng.random() < 0.2)
            attempts.append(asyncio.create_task(attempt(lease.unsent if rng.random() < 0.2 else None, lease.answered)))

    async def attempt(unsent: object, answered: object) -> None:
        if callable(unsent):
            unsent()
        elif callable(answered):
            answered(await marketo.call())

    times = [(rng.uniform(0, window), rng.choice([None, rng.uniform(0, 0.3 * window)])) for _ in range(70)]
    await asyncio.gather(*(caller(*time) for time in times))
    await asyncio.gather(*attempts)
    assert admission.refused.total() == 0
    assert (admission.most_at_once <= 6, admission.most_in_window <= 30) == (True, True)
    await world.sleep(1.1 * 20.25)
    stats = await world.stats(limiter)
    assert (stats.in_use, stats.in_flight, stats.waiting) == (0, 0, {"interactive": 0, "bulk": 0})


@pytest.mark.parametrize("lane", ["interactive", "bulk"])
async def test_cancelled_at_every_await(world: World, lane: str) -> None:
    """A caller that is cancelled after any number of steps of the loop gives back whatever it had (P12)."""
    limiter = await world.limiter(attrs.evolve(Limits(max_calls=50), pacing="off"))
    for steps in range(40):
        task = asyncio.create_task(limiter.acquire(lane))  # type: ignore[arg-type]
        for _ in range(steps):
            await asyncio.sleep(0.0002 if steps > 20 else 0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            (await task).unsent()
    stats = await world.stats(limiter)
    for _ in range(50):  # what was under way is undone when it is known
        if not stats.in_use:
            break
        await asyncio.sleep(0.01)
        stats = await world.stats(limiter)
    assert (stats.in_use, stats.in_flight, stats.calls_today) == (0, 0, 0)
    assert stats.waiting == {"interactive": 0, "bulk": 0}

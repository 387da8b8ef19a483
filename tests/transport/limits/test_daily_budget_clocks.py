"""The calls of a day by clocks that are wrong, over midnight, and in files that cannot be written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import pytest

from marketo_async.errors import DailyBudgetError, DailyQuotaError
from marketo_async.transport.limits import DayCalls, FileBudgetStore, Limiter, Limits

if TYPE_CHECKING:
    from pathlib import Path

    from marketo_async.transport.limits import Lane

pytestmark = pytest.mark.virtual_time

MIDNIGHT = datetime(2026, 7, 16, 5, tzinfo=UTC)
BUDGET = Limits(max_calls=None, interactive_reserve=0, pacing="off", daily_budget=5, budget_reserve=0)


@attrs.define
class Wall:
    """A wall clock that stands still unless it is set."""

    now: datetime = MIDNIGHT - timedelta(hours=2)

    def __call__(self) -> float:
        return self.now.timestamp()


async def take(limiter: Limiter, calls: int) -> None:
    """Make that many calls."""
    for _ in range(calls):
        (await limiter.acquire()).answered()


async def test_a_clock_that_was_a_year_ahead_does_not_close_the_budget_for_a_year() -> None:
    """A4: once the clock is right, the budget is the present day's, and whole again at each midnight."""
    wall = Wall(MIDNIGHT + timedelta(days=365))
    ours = Limiter(BUDGET, wall_clock=wall)
    await take(ours, 5)
    wall.now = MIDNIGHT - timedelta(hours=2)
    await take(ours, 5)
    with pytest.raises(DailyBudgetError) as caught:
        await ours.acquire()
    assert caught.value.resets_at == MIDNIGHT
    wall.now = MIDNIGHT
    await take(ours, 5)


async def test_a_clock_set_back_over_midnight_gives_no_second_budget() -> None:
    """A4: calls of the evening stay counted when the clock passes midnight and is set back by a second."""
    wall = Wall(MIDNIGHT - timedelta(seconds=0.5))
    ours = Limiter(BUDGET, wall_clock=wall)
    await take(ours, 5)
    wall.now = MIDNIGHT + timedelta(seconds=0.5)
    await take(ours, 1)
    wall.now = MIDNIGHT - timedelta(seconds=0.5)
    with pytest.raises(DailyBudgetError):
        await ours.acquire()
    wall.now = MIDNIGHT
    await take(ours, 4)
    with pytest.raises(DailyBudgetError):
        await ours.acquire()


async def test_a_call_of_yesterday_that_was_not_sent_makes_today_no_longer() -> None:
    """A4: what was granted before midnight and given back after it is no call more for the new day."""
    wall = Wall(MIDNIGHT - timedelta(seconds=1))
    ours = Limiter(BUDGET, wall_clock=wall)
    late = [await ours.acquire() for _ in range(3)]
    wall.now = MIDNIGHT
    await take(ours, 4)
    for lease in late:
        lease.unsent()
    assert (ours.stats().calls_today, ours.stats().budget_left) == (4, 1)


async def test_who_waits_over_midnight_is_counted_on_the_day_that_it_is_sent() -> None:
    """A4: a caller who queued before midnight takes from the budget of the day in which its turn comes."""
    wall = Wall(MIDNIGHT - timedelta(seconds=1))
    ours = Limiter(attrs.evolve(BUDGET, max_concurrency=1, concurrency_reserve=0), wall_clock=wall)
    out = await ours.acquire()
    waiting = asyncio.create_task(ours.acquire())
    await asyncio.sleep(1)
    wall.now = MIDNIGHT
    out.answered()
    (await waiting).answered()
    assert ours.stats().calls_today == 1


async def test_a_date_that_cannot_be_right_closes_the_door_until_midnight_here() -> None:
    """A6: a 607 whose Date is years off, either way, closes the door for the rest of this day, and no longer."""
    for years in (-1, 70):
        wall = Wall()
        ours = Limiter(BUDGET, wall_clock=wall)
        (await ours.acquire()).answered("607", resets_at=MIDNIGHT + timedelta(days=365 * years))
        with pytest.raises(DailyQuotaError) as caught:
            await ours.acquire()
        assert caught.value.resets_at == MIDNIGHT
        wall.now = MIDNIGHT
        await take(ours, 1)


@pytest.mark.parametrize("lane", ["interactive", "bulk"])
async def test_whoever_waits_learns_at_once_that_the_door_is_closed(lane: Lane) -> None:
    """A6: callers in the queue of a full window hear of a 607 as it comes, and not when a slot is free."""
    ours = Limiter(Limits(max_calls=3), wall_clock=Wall())
    out = await ours.acquire()
    await take(ours, 2)
    callers = [asyncio.create_task(ours.acquire(lane)) for _ in range(5)]
    await asyncio.sleep(1)
    began = asyncio.get_running_loop().time()
    out.answered("607")
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [DailyQuotaError] * 5
    assert asyncio.get_running_loop().time() - began < 0.01
    assert (ours.stats().in_flight, ours.stats().in_use) == (0, 3)


async def test_a_file_that_cannot_be_written_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A day has 50,000 calls: the log says that they cannot be stored when that begins, and not for each of them."""
    folder = tmp_path / "later"
    ours = Limiter(BUDGET, wall_clock=Wall(), budget_store=FileBudgetStore(folder / "calls.json"))
    await take(ours, 3)
    assert caplog.text.count("cannot be stored") == 1
    folder.mkdir()
    await take(ours, 1)
    assert FileBudgetStore(folder / "calls.json").load() == DayCalls((MIDNIGHT - timedelta(days=1)).date(), 4)


async def test_a_store_read_by_a_clock_that_is_not_set_yet_keeps_its_day(tmp_path: Path) -> None:
    """A4: a machine that boots in 1970 has its calls of the day again when its clock is right."""
    store, wall = FileBudgetStore(tmp_path / "calls.json"), Wall()
    await take(Limiter(BUDGET, wall_clock=wall, budget_store=store), 4)
    right, wall.now = wall.now, datetime(1970, 1, 2, tzinfo=UTC)
    later = Limiter(BUDGET, wall_clock=wall, budget_store=store)
    await take(later, 1)
    wall.now = right
    assert later.stats().budget_left == 1


async def test_a_number_that_no_day_can_have_is_simply_used_up(tmp_path: Path) -> None:
    """A file that claims a million million calls leaves none today, and all of them tomorrow."""
    store, wall = FileBudgetStore(tmp_path / "calls.json"), Wall()
    store.save(DayCalls((MIDNIGHT - timedelta(days=1)).date(), 10**300))
    ours = Limiter(BUDGET, wall_clock=wall, budget_store=store)
    with pytest.raises(DailyBudgetError):
        await ours.acquire()
    wall.now = MIDNIGHT
    await take(ours, 5)

"""The calls of a day: a budget of one's own, its reserve, its store, and Marketo's closed door."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketo_async.errors import ArgumentError, DailyBudgetError, DailyQuotaError
from marketo_async.transport.limits import Answered, DayCalls, FileBudgetStore, Limiter, Limits

if TYPE_CHECKING:
    from pathlib import Path

    from marketo_async.transport.limits import Lane

pytestmark = pytest.mark.virtual_time

NOON = datetime(2026, 7, 15, 17, tzinfo=UTC)
MIDNIGHT = datetime(2026, 7, 16, 5, tzinfo=UTC)


class Wall:
    """A wall clock that stands still unless it is set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now.timestamp()


def limiter(budget: int | None, reserve: int = 0, *, wall: Wall | None = None, path: Path | None = None) -> Limiter:
    """Return a limiter that waits for nothing but the budget."""
    limits = Limits(max_calls=None, interactive_reserve=0, pacing="off", daily_budget=budget, budget_reserve=reserve)
    store = None if path is None else FileBudgetStore(path)
    return Limiter(limits, budget_store=store, wall_clock=wall or Wall())


async def take(limiter: Limiter, calls: int, lane: Lane = "interactive") -> None:
    """Make that many calls."""
    for _ in range(calls):
        (await limiter.acquire(lane)).answered()


async def test_beyond_the_budget_nothing_is_sent() -> None:
    """A4: the call after the day's last one is a DailyBudgetError that says when the day ends; nothing is taken."""
    ours = limiter(3)
    await take(ours, 3)
    with pytest.raises(DailyBudgetError, match="daily_budget=3 is used up") as caught:
        await ours.acquire()
    assert caught.value.resets_at == MIDNIGHT
    assert (caught.value.code, caught.value.attempts, caught.value.retryable) == (None, 0, False)
    assert isinstance(caught.value, DailyQuotaError)
    stats = ours.stats()
    assert (stats.calls_today, stats.budget_left, stats.in_use, stats.in_flight) == (3, 0, 0, 0)


@pytest.mark.parametrize(
    "midnight",
    ["2026-01-16T06:00:00+00:00", "2026-03-09T05:00:00+00:00", "2026-11-02T06:00:00+00:00"],
)
async def test_a_budget_is_one_of_the_us_central_day(midnight: str) -> None:
    """The budget is whole again at midnight in Chicago, also after days of 23 and 25 hours."""
    ends = datetime.fromisoformat(midnight)
    wall = Wall(ends - timedelta(hours=22.9))
    ours = limiter(2, wall=wall)
    await take(ours, 2)
    wall.now = ends - timedelta(seconds=1)
    with pytest.raises(DailyBudgetError) as caught:
        await ours.acquire()
    assert caught.value.resets_at == ends
    wall.now = ends
    await take(ours, 2)


async def test_listings_leave_a_share_to_interactive_calls() -> None:
    """A5: bulk calls, and the page that opens a listing, stop at the reserve; interactive calls use it up."""
    ours = limiter(10, reserve=4)
    await take(ours, 6, "bulk")
    with pytest.raises(DailyBudgetError, match="the last 4 calls are kept for interactive ones"):
        await ours.acquire("bulk")
    with pytest.raises(DailyBudgetError):
        await ours.acquire(opening=True)
    await take(ours, 4)
    with pytest.raises(DailyBudgetError):
        await ours.acquire()


async def test_callers_in_a_queue_do_not_overdraw() -> None:
    """Any number of callers at once: exactly the budget is granted, the others are refused, nobody hangs."""
    ours = limiter(25)

    async def call(lane: Lane) -> bool:
        try:
            lease = await ours.acquire(lane)
        except DailyBudgetError:
            return False
        await asyncio.sleep(0.1)
        lease.answered()
        return True

    granted = await asyncio.gather(*(call(lane) for _ in range(40) for lane in ("bulk", "interactive")))
    assert sum(granted) == 25
    assert ours.stats().waiting == {"interactive": 0, "bulk": 0}


async def test_nobody_waits_for_a_slot_that_the_day_has_no_call_for() -> None:
    """Where the budget is used up the error comes at once, though the window is full for another 20 s."""
    ours = Limiter(Limits(max_calls=1, daily_budget=1), wall_clock=Wall())
    await take(ours, 1)
    began = asyncio.get_running_loop().time()
    with pytest.raises(DailyBudgetError):
        await ours.acquire()
    assert asyncio.get_running_loop().time() - began < 0.01


async def test_a_call_that_was_not_sent_is_not_counted() -> None:
    """What never left this machine goes back to the budget."""
    ours = limiter(1)
    (await ours.acquire()).unsent()
    assert ours.stats().budget_left == 1
    (await ours.acquire()).unknown(0)
    assert ours.stats().budget_left == 0


async def test_a_closed_door_is_not_polled() -> None:
    """A6: after a 607 every caller gets DailyQuotaError, in both lanes, without a call, until Marketo's day ends."""
    wall = Wall()
    ours = limiter(None, wall=wall)
    resets_at = MIDNIGHT - timedelta(hours=1)  # by Marketo's clock, which is right
    (await ours.acquire()).answered("607", resets_at=resets_at)
    for lane in ("bulk", "interactive"):
        with pytest.raises(DailyQuotaError) as caught:
            await ours.acquire(lane)
        assert (caught.value.resets_at, caught.value.code) == (resets_at, "607")
        assert not isinstance(caught.value, DailyBudgetError)
    wall.now = resets_at - timedelta(seconds=1)
    with pytest.raises(DailyQuotaError):
        await ours.acquire()
    assert ours.stats().calls_today == 1
    wall.now = resets_at
    await take(ours, 1)


async def test_without_a_date_the_door_is_closed_until_midnight_here() -> None:
    """A 607 whose answer does not say when closes the door until this machine's next US Central midnight."""
    ours = limiter(None)
    (await ours.acquire()).answered("607")
    with pytest.raises(DailyQuotaError) as caught:
        await ours.acquire()
    assert caught.value.resets_at == MIDNIGHT


async def test_a_limiter_that_does_not_limit_keeps_the_door_open() -> None:
    """Limits.off(), for tests that script a 607, sends the next call as if nothing had been said."""
    ours = Limiter(Limits.off(), wall_clock=Wall())
    (await ours.acquire()).answered("607")
    await take(ours, 1)


async def test_yesterdays_refusal_closes_nothing_today() -> None:
    """A call sent before midnight and refused after it says nothing about the new day."""
    wall = Wall(MIDNIGHT - timedelta(seconds=1))
    ours = limiter(None, wall=wall)
    lease = await ours.acquire()
    await asyncio.sleep(2)
    wall.now += timedelta(seconds=2)
    lease.answered("607", resets_at=MIDNIGHT + timedelta(days=1))
    await take(ours, 1)


async def test_those_who_wait_learn_that_the_door_is_closed() -> None:
    """Callers in the queue at the time of a 607 are turned away as their turn comes, and nothing stays taken."""
    ours = Limiter(Limits(max_concurrency=1), wall_clock=Wall())
    out = await ours.acquire()
    callers = [asyncio.create_task(ours.acquire(lane)) for lane in ("bulk", "interactive") for _ in range(3)]
    await asyncio.sleep(1)
    out.answered("607")
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [DailyQuotaError] * 6
    assert (ours.stats().in_flight, ours.stats().in_use) == (0, 1)


# ---------------------------------------------------------------- through restarts


def files_in(folder: Path) -> list[str]:
    """Return the names of the files in a folder."""
    return [file.name for file in folder.iterdir()]


async def test_a_store_carries_the_count_over_a_restart(tmp_path: Path) -> None:
    """What an earlier process spent today is spent; what it spent yesterday is not."""
    wall, path = Wall(), tmp_path / "calls.json"
    await take(limiter(5, wall=wall, path=path), 3)
    later = limiter(5, wall=wall, path=path)
    assert (later.stats().calls_today, later.stats().budget_left) == (3, 2)
    await take(later, 2)
    with pytest.raises(DailyBudgetError):
        await limiter(5, wall=wall, path=path).acquire()
    wall.now = MIDNIGHT
    assert limiter(5, wall=wall, path=path).stats().calls_today == 0
    assert files_in(tmp_path) == ["calls.json"]


@settings(max_examples=60, deadline=None)
@given(
    garbage=st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.integers() | st.text(), lambda kept: st.lists(kept) | st.dictionaries(st.text(), kept)
        ).map(lambda value: json.dumps(value).encode()),
        st.fixed_dictionaries(
            {
                "day": st.sampled_from(["2026-07-15", "yesterday", "", 5, None]),
                "calls": st.sampled_from([-1, True, "3", 1.5]),
            }
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_garbage_in_the_store_is_nothing(tmp_path_factory: pytest.TempPathFactory, garbage: bytes) -> None:
    """A file that makes no sense counts as no calls and is replaced by one that does."""
    store = FileBudgetStore(tmp_path_factory.mktemp("budget") / "calls.json")
    store._path.write_bytes(garbage)
    assert store.load() is None
    store.save(DayCalls(date(2026, 7, 15), 7))
    assert store.load() == DayCalls(date(2026, 7, 15), 7)


async def test_a_file_of_something_else_is_replaced_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Who names a file that holds something else is told once, by its name; a file that is not there yet is no news."""
    await take(limiter(2, path=tmp_path / "new.json"), 1)
    assert not caplog.records
    (tmp_path / "settings.json").write_text('{"colour": "blue"}', "utf-8")
    await take(limiter(2, path=tmp_path / "settings.json"), 2)
    assert [record.message for record in caplog.records] == [
        f"{tmp_path / 'settings.json'} has no calls of a day: they are counted from nought, and it is replaced"
    ]


async def test_a_store_that_fails_stops_no_call(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where the file cannot be read or written the calls are counted in memory, and the log says so."""
    ours = limiter(2, path=tmp_path)  # a folder can be neither read nor replaced
    await take(ours, 2)
    with pytest.raises(DailyBudgetError):
        await ours.acquire()
    assert "cannot be read" in caplog.text
    assert "cannot be stored" in caplog.text


# ---------------------------------------------------------------- others


async def test_the_calls_of_others_count_against_the_budget() -> None:
    """A5: what the instance has had beyond our own calls is taken off; our own are not counted twice."""
    ours = limiter(100)
    await take(ours, 10)
    ours.learn_total(40, NOON.date())
    assert (ours.stats().calls_today, ours.stats().budget_left) == (10, 60)
    await take(ours, 5)
    ours.learn_total(38, NOON.date())  # numbers that lag behind give nothing back
    assert ours.stats().budget_left == 55
    ours.learn_total(500, NOON.date() - timedelta(days=1))
    assert ours.stats().budget_left == 55
    ours.learn_total(5000, NOON.date())
    with pytest.raises(DailyBudgetError):
        await ours.acquire()


async def test_the_calls_of_others_end_with_the_day() -> None:
    """At midnight the others begin anew as well."""
    wall = Wall()
    ours = limiter(100, wall=wall)
    ours.learn_total(90, NOON.date())
    wall.now = MIDNIGHT
    assert ours.stats().budget_left == 100


# ---------------------------------------------------------------- the numbers


def test_the_reserve_is_a_twentieth_unless_given() -> None:
    """A budget needs no second number; without a budget nothing is reserved and nothing is left to tell."""
    assert Limits(daily_budget=10_000).budget_reserve == 500
    assert (Limits().daily_budget, Limits().budget_reserve, Limiter().stats().budget_left) == (None, 0, None)


@pytest.mark.parametrize(
    ("argument", "wrong"),
    [
        ("daily_budget", {"daily_budget": 0}),
        ("daily_budget", {"daily_budget": True}),
        ("daily_budget", {"daily_budget": "many"}),
        ("budget_reserve", {"daily_budget": 10, "budget_reserve": 10}),
        ("budget_reserve", {"budget_reserve": -1}),
        ("budget_reserve", {"budget_reserve": 1_000}),
    ],
)
def test_an_impossible_number_is_refused_by_name(argument: str, wrong: dict[str, object]) -> None:
    """A budget that lets nothing through is an ArgumentError that names it."""
    with pytest.raises(ArgumentError, match=argument):
        Limits(**wrong)  # type: ignore[arg-type]


def test_an_answer_carries_the_reset_to_the_ledger() -> None:
    """A ledger of another kind learns when the quota begins anew, too."""
    assert Answered("607", 1.0, MIDNIGHT).resets_at == MIDNIGHT

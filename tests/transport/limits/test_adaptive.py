"""Limits that give way: the policy, and what a limiter does with it."""

from __future__ import annotations

import asyncio

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketo_async.errors import ArgumentError
from marketo_async.transport.limits import Adaptive, Limiter, Limits
from marketo_async.transport.limits.adaptive import (
    GivingWay,
    Regrowth,
    places_after,
    places_at_first,
    rate_after,
    rate_at_first,
)
from marketo_async.transport.limits.shares import reserved_slots

ADAPTIVE = Adaptive()


def cut(rate: GivingWay, *, sent_at: float, own: int, now: float, adaptive: Adaptive = ADAPTIVE) -> GivingWay:
    """Refuse one call for the rate."""
    return rate_after(rate, adaptive, sent_at=sent_at, in_use=own, now=now, window=20.0)


def fresh(max_calls: int = 100) -> GivingWay:
    """Return a limit that was never cut."""
    return rate_at_first(ADAPTIVE, max_calls=max_calls, window=20.0)


def test_a_refusal_leaves_nine_tenths_of_what_is_ours() -> None:
    """The new limit follows what we measurably have, not what was set."""
    assert cut(fresh(), sent_at=9.7, own=60, now=10).at(10) == 54


def test_refusals_of_one_event_cut_once() -> None:
    """A call that was sent before the last cut says nothing new when it is refused; one sent later does."""
    once = cut(fresh(), sent_at=9.0, own=60, now=10)
    assert cut(once, sent_at=9.9, own=60, now=10.2) is once
    assert cut(once, sent_at=10.1, own=50, now=10.4).at(10.4) < once.at(10.4)


def test_cuts_that_follow_one_another_go_deeper() -> None:
    """Cuts that failed to help for others grew by six slots each leave 0.9 ** k, k up to 3; a window later 0.9."""
    rate, seen = fresh(), []
    for now, own in ((10.0, 60), (12.0, 54), (14.0, 48), (16.0, 42)):
        rate = cut(rate, sent_at=now - 0.1, own=own, now=now)
        seen.append(rate.after_cut)
    assert seen == pytest.approx([0.9 * 60, 0.9**2 * 54, 0.9**3 * 48, 0.9**3 * 42])
    assert cut(rate, sent_at=37, own=20, now=37).after_cut == pytest.approx(0.9 * 20)


def test_a_share_that_wanders_is_not_cut_deeper() -> None:
    """Cuts within a window over which our share changed by five slots at most are news of the same small excess."""
    rate, seen = fresh(), []
    for now, own in ((10.0, 20), (14.0, 18), (17.0, 15), (22.0, 17)):
        rate = cut(rate, sent_at=now - 0.1, own=own, now=now)
        seen.append(rate.after_cut)
    assert seen[:3] == pytest.approx([18, 16.2, 13.5])
    assert seen[3] == pytest.approx(13.5 + 0.9 * 5 / 20)  # no cut is a gain: it had grown to this only


def test_a_cut_is_never_a_gain_and_leaves_something() -> None:
    """A refusal while more slots are in use than the limit allows raises nothing; five calls are always left."""
    low = cut(fresh(), sent_at=1, own=10, now=1)
    assert cut(low, sent_at=2, own=90, now=2).at(2) == 9
    assert cut(fresh(), sent_at=1, own=2, now=1).at(1) == 5
    assert cut(fresh(3), sent_at=1, own=3, now=1).at(1) == 3


def test_the_limit_comes_back_slowly_and_then_quickly() -> None:
    """0.9 slots per window, threefold with each window after the third quiet one, never beyond what was set."""
    rate = cut(fresh(), sent_at=100, own=50, now=100)
    assert [rate.at(100 + 20 * windows) for windows in range(9)] == [45, 45, 46, 47, 50, 58, 82, 100, 100]


def test_places_give_way_and_come_back() -> None:
    """615 leaves nine tenths of the other places that we had, at least one; one comes back every 15 s."""
    places = places_at_first(ADAPTIVE, max_concurrency=10)
    after = places_after(places, ADAPTIVE, sent_at=1, in_flight=7, now=2)
    assert [after.at(2 + seconds) for seconds in (0, 8, 23, 1000)] == [5, 5, 6, 10]
    assert places_after(after, ADAPTIVE, sent_at=1.5, in_flight=3, now=2.1) is after
    assert places_after(places, ADAPTIVE, sent_at=1, in_flight=1, now=2).at(2) == 1


@settings(deadline=None)
@given(
    growth=st.builds(
        Regrowth,
        amount=st.floats(0.1, 10),
        step=st.floats(0.5, 60),
        quiet=st.none() | st.integers(0, 6),
        acceleration=st.floats(1, 5),
    ),
    left=st.floats(1, 100),
    most=st.integers(1, 100),
    now=st.floats(0, 1e6),
)
def test_a_limit_knows_when_it_grows(growth: Regrowth, left: float, most: int, now: float) -> None:
    """Just before `next_growth` the limit is what it was, at that time it is more: nobody need poll it."""
    limit = GivingWay(most=most, regrowth=growth).cut(left, now=now, remember=1)
    seen = limit.at(now)
    assert seen <= left + 1e-6
    while (at := limit.next_growth(now)) is not None:
        assert limit.at(at - (at - now) * 0.001 - 0.001) == seen
        assert limit.at(at) > seen
        seen, now = limit.at(at), at
    assert seen == most


@pytest.mark.parametrize(
    ("argument", "wrong"),
    [
        ("decrease", 0.0),
        ("decrease", 1),
        ("decrease", "0.9"),
        ("escalate", 0),
        ("increase", 0),
        ("increase", float("nan")),
        ("increase", float("inf")),
        ("quiet_windows", -1),
        ("acceleration", 0.9),
        ("min_calls", 0),
        ("concurrency_step", 0.0),
    ],
)
def test_an_impossible_number_is_refused_by_name(argument: str, wrong: object) -> None:
    """A policy that cannot work is an ArgumentError that names the number."""
    with pytest.raises(ArgumentError, match=argument):
        Adaptive(**{argument: wrong})  # type: ignore[arg-type]


def test_limits_give_way_unless_told_not_to() -> None:
    """Marketo's limits, batch() and shared() give way; off() does not, and None switches it off."""
    assert [limits.adaptive for limits in (Limits(), Limits.batch(), Limits.shared(), Limits.off())] == [
        Adaptive(),
        Adaptive(),
        Adaptive(),
        None,
    ]
    assert Limits(adaptive=None).adaptive is None
    with pytest.raises(ArgumentError, match="adaptive"):
        Limits(adaptive=True)  # type: ignore[arg-type]


# ---------------------------------------------------------------- in a limiter


@pytest.mark.virtual_time
@pytest.mark.parametrize("code", ["606", "429"])
async def test_stats_show_how_far_the_limit_gave_way(code: str) -> None:
    """After a refusal for the rate stats() has the lower limit, later the one that was set; places stay."""
    limiter = Limiter()
    for _ in range(39):
        (await limiter.acquire()).answered()
    (await limiter.acquire()).answered(code)
    stats = limiter.stats()
    assert (stats.limit, stats.places, stats.refusals) == (36, 10, {code: 1})
    await asyncio.sleep(200)
    assert limiter.stats().limit == 100


@pytest.mark.virtual_time
async def test_stats_show_how_many_places_were_given_up() -> None:
    """After a 615 stats() has fewer places, and the limit of the rate stays."""
    limiter = Limiter()
    leases = [await limiter.acquire() for _ in range(6)]
    leases[5].answered("615")
    assert (limiter.stats().limit, limiter.stats().places) == (100, 4)
    assert limiter.headroom() == 0
    for lease in leases[:5]:
        lease.answered()
    await asyncio.sleep(100)
    assert limiter.stats().places == 10


@pytest.mark.virtual_time
async def test_a_call_that_was_under_way_does_not_cut_again() -> None:
    """Ten calls that are refused together cut once, in a limiter as in the policy."""
    limiter = Limiter()
    for _ in range(70):
        (await limiter.acquire()).answered()
    leases = [await limiter.acquire() for _ in range(10)]
    await asyncio.sleep(0.3)
    for lease in leases:
        lease.answered("606")
    assert limiter.stats().limit == 72


@pytest.mark.virtual_time
async def test_other_answers_and_switched_off_limits_change_nothing() -> None:
    """Only 606, 429 and 615 cut, and nothing does where `adaptive` is None or calls are not counted."""
    limiter = Limiter()
    for code in ("608", "610", "601", None):
        (await limiter.acquire()).answered(code)
    assert (limiter.stats().limit, limiter.stats().places) == (100, 10)
    for limits in (Limits(adaptive=None), Limits.off(), attrs.evolve(Limits(), max_calls=None, interactive_reserve=0)):
        still = Limiter(limits)
        (await still.acquire()).answered("606")
        assert still.stats().limit == limits.max_calls
    still = Limiter(Limits(adaptive=None))
    (await still.acquire()).answered("615")
    assert still.stats().places == 10


@pytest.mark.virtual_time
async def test_a_waiting_caller_is_woken_by_the_growth() -> None:
    """Who waits for a slot or a place gets it the moment the limit grows, though nothing else becomes free."""
    adaptive = Adaptive(increase=10, concurrency_step=3.0)
    limiter = Limiter(Limits(max_calls=20, interactive_reserve=0, adaptive=adaptive))
    for _ in range(9):
        (await limiter.acquire()).answered()
    (await limiter.acquire()).answered("606")
    began = asyncio.get_running_loop().time()
    await limiter.acquire()
    assert asyncio.get_running_loop().time() - began == pytest.approx(2 * 20 / 10, abs=0.01)  # from 9 to 11

    limiter = Limiter(Limits(adaptive=adaptive))
    leases = [await limiter.acquire() for _ in range(5)]
    began = asyncio.get_running_loop().time()
    leases.pop().answered("615")  # 3.6 places are left, four are taken
    await limiter.acquire()
    assert asyncio.get_running_loop().time() - began == pytest.approx(1.4 * 3, abs=0.01)


@settings(deadline=None)
@given(reserve=st.integers(0, 99), limit=st.integers(1, 100))
def test_the_reserve_of_a_lowered_limit(reserve: int, limit: int) -> None:
    """Bulk calls leave as large a part as was set, and three slots up to a fifth; one call is always theirs."""
    kept = reserved_slots(reserve, limit, 100)
    assert 0 <= kept < limit
    assert kept <= reserve
    if limit > 1:
        assert kept >= min(reserve * limit / 100, limit - 1)
        assert kept >= min(reserve, 3, limit // 5)
    assert kept <= max(min(3, limit // 5), reserve * limit / 100 + 1)
    assert reserved_slots(reserve, 100, 100) == reserve


@pytest.mark.virtual_time
async def test_the_reserves_shrink_with_the_limits() -> None:
    """Bulk calls leave three slots of a limit of 37, two of one of 11, and always have one slot and one place."""
    for own, expected in ((40, (37, 34)), (11, (11, 9))):
        limiter = Limiter(Limits(pacing="on", bulk_burst=1000))
        for _ in range(own):
            (await limiter.acquire()).answered()
        (await limiter.acquire()).answered("606")
        await asyncio.sleep(20.3)
        limit = limiter.stats().limit or 0
        granted = 0
        while limiter.headroom():
            (await limiter.acquire("bulk")).answered()
            granted += 1
        assert (limit, granted) == expected

    tiny = Limiter(attrs.evolve(Limits(pacing="on"), adaptive=Adaptive(min_calls=1, increase=0.1)))
    (await tiny.acquire()).answered("606")
    await asyncio.sleep(20.3)
    assert (tiny.stats().limit, tiny.headroom()) == (1, 1)
    narrow = Limiter(Limits(pacing="on"))
    (await narrow.acquire()).answered("615")
    assert (narrow.stats().places, narrow.headroom()) == (1, 1)


@pytest.mark.virtual_time
async def test_bulk_calls_are_paced_while_the_limit_gives_way() -> None:
    """A listing that is alone in its program, but not on the instance, is spread over the window at its share."""
    limiter = Limiter()
    for _ in range(40):
        (await limiter.acquire("bulk")).answered()
    assert not limiter.stats().paced
    (await limiter.acquire("bulk")).answered("606")
    assert limiter.stats().paced
    await asyncio.sleep(20.3)
    began = asyncio.get_running_loop().time()
    for _ in range(30):
        (await limiter.acquire("bulk")).answered()
    assert asyncio.get_running_loop().time() - began == pytest.approx(20.25 / 37 * (30 - 37 / 10), rel=0.05)
    await asyncio.sleep(200)
    assert not limiter.stats().paced


@pytest.mark.virtual_time
async def test_a_job_that_asked_for_no_pace_gets_none() -> None:
    """pacing="off" is kept while the limit gives way."""
    limiter = Limiter(Limits.batch())
    (await limiter.acquire("bulk")).answered("606")
    assert limiter.stats().limit != 100
    assert not limiter.stats().paced

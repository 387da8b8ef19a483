from __future__ import annotations

from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketo_async.sandbox.admission import Admission


def test_the_hundred_and_first_call_of_a_window_is_606() -> None:
    """A call is refused with Marketo's words while 100 counted calls lie in the last 20 s, both ends included."""
    admission = Admission()
    for number in range(100):
        assert admission.arrive(number * 0.1) is None
        admission.leave(number * 0.1)
    assert admission.arrive(20.0) == ("606", "Max rate limit '100' exceeded with in '20' secs")
    assert admission.refused == {"606": 1}


def test_the_window_is_closed() -> None:
    """The call at exactly `window` seconds still meets the old ones; a moment later they are gone."""
    admission = Admission(rate=1, counts_refused=False)
    assert admission.arrive(0.0) is None
    assert admission.arrive(20.0) is not None
    assert admission.arrive(20.0001) is None


def test_refused_calls_prolong_the_refusal() -> None:
    """Refused calls count, so hammering a closed door keeps it closed for ever."""
    admission = Admission(rate=2)
    assert admission.arrive(0.0) is None
    assert admission.arrive(0.0) is None
    assert all(admission.arrive(float(second)) is not None for second in range(1, 200))
    assert admission.arrive(218.0) is not None
    assert admission.arrive(240.0) is None


def test_refused_calls_may_be_free() -> None:
    """With `counts_refused=False` only admitted calls fill the window."""
    admission = Admission(rate=1, counts_refused=False)
    assert admission.arrive(0.0) is None
    assert [admission.arrive(float(second)) is None for second in (1, 10, 19, 21)] == [False, False, False, True]
    assert admission.counted_today == 2


def test_ten_at_once() -> None:
    """The eleventh call in flight is 615 until one of the ten has left."""
    admission = Admission()
    assert all(admission.arrive(0.0) is None for _ in range(10))
    assert admission.arrive(0.0) == ("615", "Concurrent access limit '10' reached")
    admission.leave(1.0)
    assert admission.arrive(1.0) is None
    assert (admission.in_flight, admission.most_at_once, admission.admitted) == (10, 10, 11)


def test_the_daily_quota_starts_anew_with_the_day() -> None:
    """Beyond the quota every call of that day is 607; the next day begins at zero."""
    admission = Admission(daily=2)
    first, second = date(2026, 3, 1), date(2026, 3, 2)
    assert admission.arrive(0.0, first) is None
    assert admission.arrive(100.0, first) is None
    assert admission.arrive(200.0, first) == ("607", "Daily quota reached")
    assert admission.arrive(300.0, second) is None


def test_counted_at_completion() -> None:
    """Counting answers instead of arrivals, the window fills when calls leave."""
    admission = Admission(rate=1, counting="completion")
    assert admission.arrive(0.0) is None
    assert admission.in_window(0.0) == 0
    admission.leave(15.0)
    assert admission.arrive(35.0) is not None
    assert admission.arrive(55.1) is None


@pytest.mark.parametrize("counting", ["arrival", "completion"])
def test_a_free_answer_gives_back_slot_and_quota(counting: Literal["arrival", "completion"]) -> None:
    """A call whose answer costs nothing leaves neither a trace in the window nor in the quota."""
    admission = Admission(rate=1, daily=1, counting=counting)
    assert admission.arrive(0.0) is None
    admission.leave(2.0, forgive=0.0)
    assert admission.arrive(3.0) is None


def test_a_free_answer_after_midnight_does_not_eat_into_the_new_day() -> None:
    """A call of yesterday that proves free does not make today's count smaller."""
    admission = Admission()
    assert admission.arrive(0.0, date(2026, 3, 1)) is None
    assert admission.arrive(50.0, date(2026, 3, 2)) is None
    admission.leave(60.0, forgive=0.0)
    assert admission.counted_today == 1


def test_no_limit_is_no_limit() -> None:
    """None enforces nothing, and the statistics are kept all the same."""
    admission = Admission(rate=None, concurrency=None, daily=None)
    assert all(admission.arrive(0.0) is None for _ in range(1000))
    assert (admission.most_in_window, admission.most_at_once, admission.refused) == (1000, 1000, {})


def test_leaving_twice_is_an_error() -> None:
    """A lease that is ended twice is a mistake of the caller, not a free place."""
    admission = Admission()
    admission.arrive(0.0)
    admission.leave(0.0)
    with pytest.raises(RuntimeError, match="never let in"):
        admission.leave(0.0)


def test_a_refusal_on_demand_counts_like_a_real_one() -> None:
    """`refuse` says Marketo's words and fills the window, though no limit was reached."""
    admission = Admission(rate=1)
    assert admission.refuse(0.0, "615") == ("615", "Concurrent access limit '10' reached")
    assert admission.arrive(1.0) is not None


@given(
    gaps=st.lists(st.floats(min_value=0.0, max_value=8.0), max_size=60),
    rate=st.integers(min_value=1, max_value=8),
    counts_refused=st.booleans(),
)
def test_what_is_let_in_never_exceeds_the_rate(gaps: list[float], rate: int, counts_refused: bool) -> None:
    """Whatever the arrivals, no closed window holds more admitted calls than the rate."""
    admission = Admission(rate=rate, concurrency=None, counts_refused=counts_refused)
    now = 0.0
    let_in: list[float] = []
    for gap in gaps:
        now += gap
        if admission.arrive(now) is None:
            let_in.append(now)
            admission.leave(now)
    assert all(sum(0 <= end - start <= 20.0 for start in let_in) <= rate for end in let_in)
    if not counts_refused:
        assert admission.most_in_window <= rate

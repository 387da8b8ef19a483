"""The calls of Marketo's day."""

from __future__ import annotations

from datetime import datetime

import pytest

from marketo_async.transport.limits.day import DayCount


@pytest.mark.parametrize(
    "midnight",
    [
        "2026-01-16T06:00:00+00:00",
        "2026-07-16T05:00:00+00:00",
        # summer time begins and ends at 2 o'clock: the days before these midnights have 23 and 25 hours
        "2026-03-09T05:00:00+00:00",
        "2026-11-02T06:00:00+00:00",
    ],
)
def test_the_count_starts_at_nought_at_midnight_in_chicago(midnight: str) -> None:
    """Calls are counted per US Central day, in winter, in summer and on the days between."""
    ends = datetime.fromisoformat(midnight).timestamp()
    now = ends - 22.9 * 3600
    day = DayCount(lambda: now)
    day.add(3, day.day)
    day.add(-1, day.day)
    now = ends - 0.001
    assert day.today == 2
    now = ends
    assert day.today == 0


def test_a_call_of_yesterday_is_no_debt_today() -> None:
    """A call that turns out not to have been sent, after midnight, does not take from the new day's count."""
    now = 1_700_000_000.0
    day = DayCount(lambda: now)
    assert day.add(1, day.day) == 1
    now += 86_400
    assert day.add(-1, day.day) == 0
    assert day.add(1, day.day) == 1
    assert day.today == 1


def test_a_clock_that_is_set_back_over_midnight_finds_its_day_again() -> None:
    """A clock that runs ahead and is set right counts on where that day stood, be it by a second or by a year."""
    right = datetime.fromisoformat("2026-07-16T04:59:59+00:00").timestamp()
    for ahead in (2.0, 365 * 86_400.0):
        now = right
        day = DayCount(lambda: now)  # noqa: B023 - called in this turn only
        day.add(5, day.day)
        now = right + ahead
        assert day.today == 0
        day.add(2, day.day)
        now = right
        assert (day.today, day.add(1, day.day)) == (5, 6)
        now = right + 86_400
        assert day.today == (2 if ahead < 86_400 else 0)

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from marketo_async.sandbox.clock import Clock, central_day, central_midnight, next_central_midnight


def test_both_readings_are_put_forward_together() -> None:
    """Putting the clock forward moves the date and the seconds by the same amount."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    clock = Clock(monotonic=lambda: 5.0, start=start)
    assert (clock.now(), clock.monotonic()) == (start, 5.0)
    clock.advance(90)
    assert (clock.now(), clock.monotonic()) == (start + timedelta(seconds=90), 95.0)


def test_a_clock_runs_with_another_one() -> None:
    """The clock follows the one it is given, as the virtual clock of a test."""
    times = iter([100.0, 107.5])
    clock = Clock(monotonic=lambda: next(times), start=datetime(2026, 3, 1, tzinfo=UTC))
    assert clock.now() == datetime(2026, 3, 1, 0, 0, 7, 500_000, tzinfo=UTC)


def test_a_clock_starts_at_the_machines_time() -> None:
    """Without a start the clock shows the real time, in UTC."""
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_clock_cannot_go_back() -> None:
    """A negative advance and a start without time zone are refused."""
    with pytest.raises(ValueError, match="cannot go back"):
        Clock().advance(-1)
    with pytest.raises(ValueError, match="needs a time zone"):
        Clock(start=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    ("moment", "day", "midnight"),
    [
        (datetime(2026, 1, 10, 5, 59, tzinfo=UTC), date(2026, 1, 9), datetime(2026, 1, 10, 6, tzinfo=UTC)),
        (datetime(2026, 1, 10, 6, 0, tzinfo=UTC), date(2026, 1, 10), datetime(2026, 1, 11, 6, tzinfo=UTC)),
        (datetime(2026, 7, 10, 5, 0, tzinfo=UTC), date(2026, 7, 10), datetime(2026, 7, 11, 5, tzinfo=UTC)),
        (datetime(2026, 3, 8, 6, 0, tzinfo=UTC), date(2026, 3, 8), datetime(2026, 3, 9, 5, tzinfo=UTC)),
    ],
)
def test_days_begin_in_us_central_time(moment: datetime, day: date, midnight: datetime) -> None:
    """Quotas start anew at midnight in Chicago, daylight saving included."""
    assert central_day(moment) == day
    assert next_central_midnight(moment) == midnight
    assert central_midnight(day) <= moment < midnight

"""The sandbox's clock, and the days of US Central time after which Marketo counts."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

CENTRAL = ZoneInfo("America/Chicago")
"""Where Marketo's days begin, whatever the time zone of the instance."""


class Clock:
    """A clock that runs with another one and can be put forward.

    Both readings move together: `advance(20)` empties the window of the rate limit, `advance(3600)` lets a token die.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, start: datetime | None = None) -> None:
        """Start the clock.

        Args:
            monotonic: Seconds that never go back; tests pass `loop.time` of a loop with virtual time.
            start: What the clock shows now, aware; the machine's time where it is None.

        Raises:
            ValueError: `start` has no time zone.
        """
        if start is not None and start.tzinfo is None:
            raise ValueError(f"start={start!r} needs a time zone")
        self._monotonic = monotonic
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self._began = monotonic()
        self._advanced = 0.0

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return self._monotonic() + self._advanced

    def now(self) -> datetime:
        """Return the date and time, in UTC."""
        return self._start + timedelta(seconds=self.monotonic() - self._began)

    def advance(self, seconds: float) -> None:
        """Put the clock forward.

        Args:
            seconds: How far, 0 or more.

        Raises:
            ValueError: `seconds` is negative.
        """
        if seconds < 0:
            raise ValueError(f"A clock cannot go back: seconds={seconds}")
        self._advanced += seconds


def central_day(moment: datetime) -> date:
    """Return the day that it is in US Central time at an aware moment."""
    return moment.astimezone(CENTRAL).date()


def central_midnight(day: date) -> datetime:
    """Return the moment, in UTC, at which a day begins in US Central time."""
    return datetime.combine(day, time_of_day(), tzinfo=CENTRAL).astimezone(UTC)


def next_central_midnight(moment: datetime) -> datetime:
    """Return the moment, in UTC, at which quotas start anew after an aware moment."""
    return central_midnight(central_day(moment) + timedelta(days=1))

"""How many calls a day has seen: Marketo's day, from midnight to midnight in US Central time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from marketo_async.wire.central import central_day, next_central_midnight

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_KEPT = 2
"""Days that are kept: a clock that is set back over midnight finds the day that it comes back to as it was."""


class DayCount:
    """Counts what happens in Marketo's day, and starts at nought in the next.

    Args:
        clock: Returns seconds since 1970, as `time.time` does. It may be set, back over midnight too.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counts: dict[date, int] = {}

    @property
    def day(self) -> date:
        """The present day."""
        return central_day(datetime.fromtimestamp(self._clock(), UTC))

    @property
    def today(self) -> int:
        """What was counted of the present day."""
        return self._counts.get(self.day, 0)

    @property
    def ends(self) -> datetime:
        """When the present day ends, in UTC."""
        return next_central_midnight(datetime.fromtimestamp(self._clock(), UTC))

    def add(self, calls: int, day: date) -> int:
        """Count `calls` more of a day, or fewer where it is negative, and return how many that makes; never below 0."""
        count = self._counts[day] = max(0, self._counts.pop(day, 0) + calls)
        for old in [*self._counts][:-_KEPT]:  # the day that was counted last stands last
            del self._counts[old]
        return count

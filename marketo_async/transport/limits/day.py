"""How many calls a day has seen: Marketo's day, from midnight to midnight in US Central time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from marketo_async.wire.central import next_central_midnight

if TYPE_CHECKING:
    from collections.abc import Callable


class DayCount:
    """Counts what happens in Marketo's day and starts at nought in the next.

    Args:
        clock: Returns seconds since 1970, as `time.time` does.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._count = 0
        self._ends = 0.0

    @property
    def today(self) -> int:
        """What was counted since the last midnight."""
        now = self._clock()
        if now >= self._ends:
            self._count = 0
            self._ends = next_central_midnight(datetime.fromtimestamp(now, UTC)).timestamp()
        return self._count

    @property
    def ends(self) -> datetime:
        """When the present day ends, in UTC."""
        return next_central_midnight(datetime.fromtimestamp(self._clock(), UTC))

    def add(self, calls: int) -> None:
        """Count `calls` more, or fewer where it is negative; never below 0."""
        self._count = max(0, self.today + calls)

"""Redis' clock, as a worker knows it: no wall clock of a worker enters once the two have met."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from marketo_async.transport.limits.redis_word import MICROSECONDS
from marketo_async.wire.central import next_central_midnight


class RedisClock:
    """What Redis' clock says, by what it said last and the time since."""

    def __init__(self) -> None:
        self._said: tuple[float, float] | None = None
        self._nights: tuple[int, ...] = (0, 0, 0)

    @property
    def is_known(self) -> bool:
        """Whether Redis was met."""
        return self._said is not None

    def heard(self, now: int, *, at: float) -> None:
        """Learn what it said, in microseconds, and the loop time at which that arrived."""
        self._said = (now / MICROSECONDS, at)

    def time(self) -> float:
        """Return seconds since 1970; by this machine's clock before the two have met."""
        if self._said is None:
            return datetime.now(UTC).timestamp()
        now, at = self._said
        try:
            return now + asyncio.get_running_loop().time() - at
        except RuntimeError:  # outside a loop time stands still
            return now

    def midnights(self) -> tuple[int, ...]:
        """Return when Marketo's day began, when it ends, and when the next one ends, in microseconds."""
        if not self._nights[0] <= self.time() * MICROSECONDS < self._nights[1]:
            ends = next_central_midnight(datetime.fromtimestamp(self.time(), UTC))
            # No day has more than 25 hours.
            began = next_central_midnight(ends - timedelta(hours=26))
            nights = (began, ends, next_central_midnight(ends))
            self._nights = tuple(round(night.timestamp()) * MICROSECONDS for night in nights)
        return self._nights

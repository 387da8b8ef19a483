"""How much of an instance each lane may have at this moment, as the ledger of one process sees it.

Both limits give way to other integrations as `adaptive.py` says, and the reserves with them. Bulk calls leave the
reserves to interactive ones, unless none was seen for three windows.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketo_async.transport.limits.adaptive import (
    PLACE_REFUSALS,
    RATE_REFUSALS,
    places_after,
    places_at_first,
    rate_after,
    rate_at_first,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from marketo_async.transport.limits.ledger import Answered, Lane
    from marketo_async.transport.limits.limits import Limits
    from marketo_async.transport.limits.slots import Slots

QUIET_WINDOWS = 3
"""Windows without an interactive call after which bulk calls count as alone."""

_RESERVED, _RESERVED_PART = 3, 5
"""Slots of the reserve that stay until they are a fifth of a lowered limit."""


class Shares:
    """The limits of this moment, and what of them each lane may use.

    Args:
        limits: The numbers that were set.
        now: Returns the time in seconds.
    """

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self._limits = limits
        self._now = now
        self._rate = rate_at_first(limits.adaptive, max_calls=limits.max_calls or 0, window=limits.window)
        self._at_once = places_at_first(limits.adaptive, max_concurrency=limits.max_concurrency)
        self._in_sight = 0
        self._seen_at: float | None = None

    @property
    def limit(self) -> int | None:
        """Slots per window; None where calls are not counted."""
        return None if self._limits.max_calls is None else self._rate.at(self._now())

    @property
    def places(self) -> int:
        """Calls at once."""
        return self._at_once.at(self._now())

    @property
    def bulk_alone(self) -> bool:
        """Whether no interactive call waits, or was seen in the last three windows."""
        if self._in_sight:
            return False
        return self._seen_at is None or self._now() - self._seen_at > QUIET_WINDOWS * self._limits.window

    def slots_of(self, lane: Lane) -> int | None:
        """Return how many slots per window that lane may use; None where calls are not counted."""
        limit, set_limit = self.limit, self._limits.max_calls
        if limit is None or set_limit is None or not self._keeps_reserves(lane):
            return limit
        return limit - reserved_slots(self._limits.interactive_reserve, limit, set_limit)

    def places_of(self, lane: Lane) -> int:
        """Return how many places that lane may use."""
        places = self.places
        if not self._keeps_reserves(lane):
            return places
        return places - reserved_places(self._limits.concurrency_reserve, places, self._limits.max_concurrency)

    @contextmanager
    def interactive_in_sight(self) -> Generator[None]:
        """Have an interactive call in sight meanwhile, and remember when it was seen last."""
        self._in_sight += 1
        try:
            yield
        finally:
            self._in_sight -= 1
            self._seen_at = self._now()

    def learn(self, answer: Answered, slots: Slots) -> None:
        """Give way where Marketo refused a call, whose slot and place are still taken."""
        adaptive, now = self._limits.adaptive, self._now()
        if adaptive is None:
            return
        sent_at = now if answer.sent_at is None else answer.sent_at
        if answer.code in RATE_REFUSALS:
            slots.let_time_pass(now)
            in_use, window = slots.in_use, self._limits.window
            self._rate = rate_after(self._rate, adaptive, sent_at=sent_at, in_use=in_use, now=now, window=window)
        elif answer.code in PLACE_REFUSALS:
            slots.let_time_pass(now)
            in_flight = slots.entered
            self._at_once = places_after(self._at_once, adaptive, sent_at=sent_at, in_flight=in_flight, now=now)

    def next_growth(self) -> float | None:
        """Return when either limit will be more than it is; None where both are as high as they get."""
        now = self._now()
        growths = (self._rate.next_growth(now), self._at_once.next_growth(now))
        return min((growth for growth in growths if growth is not None), default=None)

    def _keeps_reserves(self, lane: Lane) -> bool:
        return lane == "bulk" and not (self._limits.pacing == "auto" and self.bulk_alone)


def reserved_slots(reserve: int, limit: int, set_limit: int) -> int:
    """Return what bulk calls leave free of a limit: as large a part as was set, but three slots or a fifth, if it was.

    Args:
        reserve: What they leave free of `set_limit`.
        limit: Slots per window now.
        set_limit: Slots per window that were set.
    """
    stay = min(reserve, _RESERVED, limit // _RESERVED_PART)
    return min(max(_in_proportion(reserve, limit, set_limit), stay), limit - 1)


def reserved_places(reserve: int, places: int, set_places: int) -> int:
    """Return what bulk calls leave free of the places: as large a part as of those that were set, but not all."""
    return min(_in_proportion(reserve, places, set_places), places - 1)


def _in_proportion(reserve: int, limit: int, set_limit: int) -> int:
    return math.ceil(reserve * limit / set_limit)

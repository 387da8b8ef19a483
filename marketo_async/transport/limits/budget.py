"""The calls of a day: the budget that you set, and the quota that Marketo keeps.

Marketo counts the calls of all integrations from midnight to midnight US Central and answers 607 once they are used
up; a refused call is counted as well, so nothing polls a closed door. A budget of your own, lower than the quota, keeps
one job from eating everybody's day: beyond it nothing is sent.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from marketo_async.errors import DailyBudgetError, DailyQuotaError
from marketo_async.transport.limits.budget_store import DayCalls
from marketo_async.transport.limits.day import DayCount
from marketo_async.wire.central import central_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from marketo_async.transport.limits.budget_store import BudgetStore
    from marketo_async.transport.limits.ledger import Lane
    from marketo_async.transport.limits.limits import Limits

logger = logging.getLogger("marketo_async")

_LONGEST_DAY = timedelta(hours=26)
"""The day in autumn has 25 hours, and two clocks may differ: a later end comes from a clock that is wrong."""


def closed_door(resets_at: datetime) -> DailyQuotaError:
    """Return the error of a call that is not sent because Marketo has said that there are no more."""
    error = DailyQuotaError("Daily quota reached, as Marketo said before. Nothing was sent", code="607")
    error.resets_at = resets_at
    return error


def spent_budget(limits: Limits, lane: Lane, resets_at: datetime) -> DailyBudgetError:
    """Return the error of a call of that lane for which the budget has nothing left."""
    kept = f"; the last {limits.budget_reserve} calls are kept for interactive ones"
    error = DailyBudgetError(
        f"daily_budget={limits.daily_budget} is used up{kept if lane == 'bulk' and limits.budget_reserve else ''}. "
        "Nothing was sent"
    )
    error.resets_at = resets_at
    return error


class DailyBudget:
    """Counts the calls of the present day and says when there are no more.

    Args:
        limits: The numbers: `daily_budget` and `budget_reserve`.
        clock: Returns seconds since 1970.
        store: Where the count outlives the process.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float], store: BudgetStore | None) -> None:
        self._limits = limits
        self._clock = clock
        self._store = store
        self._count = DayCount(clock)
        self._others = 0
        self._others_on: date | None = None
        self._closed_until: datetime | None = None
        self._loaded = False
        self._stored = True

    @property
    def day(self) -> date:
        """The present day."""
        return self._count.day

    @property
    def today(self) -> int:
        """Calls of the present day, as far as this limiter, and those before it on the same store, saw them."""
        self._load()
        return self._count.today

    @property
    def left(self) -> int | None:
        """Calls that the budget still has today, 0 or more; None where no budget is set."""
        if self._limits.daily_budget is None:
            return None
        others = self._others if self._others_on == self.day else 0
        return max(0, self._limits.daily_budget - self.today - others)

    def check(self, lane: Lane) -> None:
        """Refuse a call that may not be sent today.

        Raises:
            DailyQuotaError: Marketo has said that the quota is used up.
            DailyBudgetError: the budget is used up, or what is left of it is kept for interactive calls.
        """
        now = datetime.fromtimestamp(self._clock(), UTC)
        if self._closed_until is not None and now < self._closed_until:
            raise closed_door(self._closed_until)
        if self._is_spent(lane):
            raise spent_budget(self._limits, lane, self._count.ends)

    def spend(self, lane: Lane) -> None:
        """Count a call that is about to be sent, or refuse it as `check` does."""
        self.check(lane)
        self._add(1, self.day)

    def give_back(self) -> None:
        """Uncount a call of the present day that was not sent after all, or that Marketo does not count."""
        self._add(-1, self.day)

    def close(self, resets_at: datetime | None, *, seconds_ago: float) -> None:
        """Learn that Marketo's quota is used up.

        Args:
            resets_at: Until then; None, or what cannot be the end of a day by this clock: until midnight by this clock.
            seconds_ago: How long ago the refused call was sent. A refusal of yesterday's closes no door today.
        """
        if central_day(datetime.fromtimestamp(self._clock() - seconds_ago, UTC)) != self.day:
            return
        now = datetime.fromtimestamp(self._clock(), UTC)
        sane = resets_at is not None and now < resets_at <= now + _LONGEST_DAY
        self._closed_until = resets_at if sane else self._count.ends

    def learn_total(self, calls: int, day: date) -> None:
        """Learn how many calls the whole instance has had; what is not ours counts against the budget, too.

        Marketo's numbers lag behind, so what others were seen to have made does not become less within a day.
        """
        if day != self.day:
            return
        before = self._others if self._others_on == day else 0
        self._others, self._others_on = max(before, calls - self.today), day

    def _reserve(self, lane: Lane) -> int:
        """Return how many calls of the budget that lane leaves to others."""
        return self._limits.budget_reserve if lane == "bulk" else 0

    def _is_spent(self, lane: Lane) -> bool:
        left = self.left
        return left is not None and left <= self._reserve(lane)

    def _add(self, calls: int, day: date) -> None:
        self._load()
        count = self._count.add(calls, day)
        if self._store is None:
            return
        try:
            self._store.save(DayCalls(day, count))
        except OSError as error:
            if self._stored:  # once, and not for each of a day's calls
                logger.warning("the calls of this day cannot be stored, they are counted in memory only: %s", error)
            self._stored = False
        else:
            self._stored = True

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        try:
            known = None if self._store is None else self._store.load()
        except OSError as error:
            logger.warning("the calls of this day cannot be read, they are counted from nought: %s", error)
        else:
            if known is not None:
                self._count.add(known.calls, known.day)

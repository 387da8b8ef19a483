"""The calls of a day, counted where the fleet can see them: the book counts and refuses, this only tells of it.

While a worker has to do without the book, it spends its own part of what was left, and keeps a closed door closed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from marketo_async.transport.limits.budget import DailyBudget, closed_door, spent_budget
from marketo_async.transport.limits.redis_word import MICROSECONDS
from marketo_async.wire.central import next_central_midnight

if TYPE_CHECKING:
    from datetime import date

    from marketo_async.transport.limits.ledger import Lane
    from marketo_async.transport.limits.limits import Limits
    from marketo_async.transport.limits.redis_ledger import RedisLedger


class FleetBudget(DailyBudget):
    """The day of a fleet, as its ledger last heard of it.

    Args:
        limits: The numbers.
        ledger: Who talks with the book.
    """

    def __init__(self, limits: Limits, ledger: RedisLedger) -> None:
        super().__init__(limits, ledger.time, None)
        self._ledger = ledger
        self._told: tuple[date | None, int] = (None, 0)

    @property
    def today(self) -> int:
        """Calls of the present day, of all workers."""
        return self._known("calls_today") + self._ledger.calls_alone

    @property
    def left(self) -> int | None:
        """Calls that the budget still has today, for all workers."""
        if self._limits.daily_budget is None:
            return None
        others = max(self._known("others_today"), self._told[1] if self._told[0] == self.day else 0)
        return max(0, self._limits.daily_budget - self.today - others)

    def check(self, lane: Lane) -> None:
        """Refuse a call that may not be sent today, where the book cannot, or has not heard yet what others did."""
        self._check(lane, self._ledger.calls_alone)
        if self._told[0] == self.day and self._is_spent(lane):
            raise spent_budget(self._limits, lane, self._day_ends())

    def _check(self, lane: Lane, made: int) -> None:
        if not self._ledger.is_alone:
            return
        until = max(self._known("closed_until"), self._ledger.closed_until) / MICROSECONDS
        if self._ledger.time() < until:
            raise closed_door(datetime.fromtimestamp(until, UTC))
        if self.left is None:
            return
        ours = self.left + self._ledger.calls_alone
        if (ours - self._reserve(lane)) // self._ledger.workers <= made:
            raise spent_budget(self._limits, lane, self._day_ends())

    def spend(self, lane: Lane) -> None:
        """Refuse a call that may not be sent today any more; the ledger has counted it."""
        self._check(lane, self._ledger.calls_alone - 1)

    def give_back(self) -> None:
        """Nothing: the ledger tells the book, or uncounts it."""

    def close(self, resets_at: datetime | None, *, seconds_ago: float) -> None:
        """Keep the door closed, where the book cannot; it learns of it from the ledger."""
        now = self._ledger.time()
        sent_at = datetime.fromtimestamp(now - seconds_ago, UTC)
        ends = next_central_midnight(datetime.fromtimestamp(now, UTC))
        if next_central_midnight(sent_at) == ends:
            self._ledger.closed_until = round((resets_at or ends).timestamp() * MICROSECONDS)

    def learn_total(self, calls: int, day: date) -> None:
        """Tell the book how many calls the whole instance has had."""
        self._told = (day, max(0, calls - self.today))
        noon = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        self._ledger.learn_total(calls, round(next_central_midnight(noon).timestamp()) * MICROSECONDS)

    def _day_ends(self) -> datetime:
        return next_central_midnight(datetime.fromtimestamp(self._ledger.time(), UTC))

    def _known(self, name: str) -> int:
        word = self._ledger.word
        if word is None or (name != "closed_until" and self._ledger.time() * MICROSECONDS >= word.day_ends):
            return 0
        known: int = getattr(word, name)
        return known

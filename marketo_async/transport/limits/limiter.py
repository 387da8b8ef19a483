"""The front end: two lanes, a gate each, and the pacer of the bulk lane, over a ledger.

A caller queues at the gate of its lane, first come, first served. The one at the head of the bulk lane waits for the
pacer, then, as the head of the interactive lane does from the start, for a slot, then for a place. One head per lane
keeps the order, keeps freed slots paced, and lets a ledger over a network be asked once per call, not once per waiter.

The pacer is a token bucket that is drained by the window's share per call, so that its rate follows `limit_now`
(`pace.py`). It guarantees nothing, the slots do (`slots.py`): it spreads a listing over the window. Without it a
listing burns its slots in four seconds and everybody waits sixteen, for ever.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import TYPE_CHECKING

from marketo_async.errors import ArgumentError, ClientStateError
from marketo_async.transport.limits.budget import DailyBudget
from marketo_async.transport.limits.heads import Heads
from marketo_async.transport.limits.lease import Lease
from marketo_async.transport.limits.ledger import Answered, Unsent, costs_nothing
from marketo_async.transport.limits.limits import Limits, checked_limits
from marketo_async.transport.limits.local import LocalLedger
from marketo_async.transport.limits.pace import Pace
from marketo_async.transport.limits.stats import LimiterStats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from marketo_async.transport.limits.budget_store import BudgetStore
    from marketo_async.transport.limits.ledger import Booking, Ending, Lane, Ledger

REFUSALS = frozenset({"429", "606", "607", "615"})
"""Answers that mean that too much was asked for."""


class Limiter:
    """Grants calls so that Marketo refuses none, and as many as it would take.

    May be made anywhere, at import time too; it belongs to the event loop that first acquires. Share one between
    clients of the same instance.

    Args:
        limits: The numbers; `Limits()` unless given.
        ledger: Where slots and places are booked; this process's memory unless given.
        budget_store: Where the calls of a day are kept over restarts, such as `FileBudgetStore`.
        wall_clock: Returns seconds since 1970; only for the calls of a day.

    Attributes:
        limits: The numbers.
        instance: The name of the one instance that it is for; None where it was not told.

    Raises:
        ArgumentError: an argument cannot be right.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        ledger: Ledger | None = None,
        budget_store: BudgetStore | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.limits = checked_limits(limits)
        self.instance: str | None = None
        if budget_store is not None and not (hasattr(budget_store, "load") and hasattr(budget_store, "save")):
            raise ArgumentError("budget_store", budget_store, "a BudgetStore, such as FileBudgetStore(path)")
        self._ledger: Ledger = LocalLedger(self.limits) if ledger is None else ledger
        self._pace = Pace(self.limits, self._ledger)
        self._heads = Heads()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._gates: dict[Lane, asyncio.Lock] = {"interactive": asyncio.Lock(), "bulk": asyncio.Lock()}
        self._waiting: dict[Lane, int] = {"interactive": 0, "bulk": 0}
        self._granted: dict[Lane, int] = {"interactive": 0, "bulk": 0}
        self._refusals: Counter[str] = Counter()
        self._budget = DailyBudget(self.limits, wall_clock, budget_store)
        self._lanes_spent = 0

    async def acquire(self, lane: Lane = "interactive", *, opening: bool = False) -> Lease:
        """Wait until one call may be sent.

        Cancelling the wait costs nothing: whatever was taken by then is given back.

        Args:
            lane: "interactive" for a call that somebody waits for, "bulk" for a page of a listing.
            opening: The first page of a listing: rides the interactive lane, but is no sign of interactive traffic.

        Returns:
            The lease of one attempt; the caller ends it exactly once.

        Raises:
            ArgumentError: no such lane.
            ClientStateError: on another event loop than the first time, or closed. Nothing was taken.
            DailyBudgetError: today's `daily_budget` is used up, or what is left of it is kept for interactive calls.
            DailyQuotaError: Marketo said 607 today. Nothing is asked until the quota's next day.
        """
        if lane not in self._gates:
            raise ArgumentError("lane", lane, "'interactive' or 'bulk'")
        pays: Lane = "bulk" if opening else lane  # a listing that cannot go on should not begin
        if opening:
            lane = "interactive"
        loop = self._bind()
        asked_at = loop.time()
        self._count_waiting(lane, 1)
        try:
            async with self._gates[lane]:
                booking = await self._heads.wait(
                    lambda: self._budget.check(pays), lambda: self._take(lane, pays, opening=opening)
                )
        finally:
            self._count_waiting(lane, -1)
        self._granted[lane] += 1
        granted_at = loop.time()
        return Lease(
            lane,
            granted_at=granted_at,
            waited=granted_at - asked_at,
            end=self._ender(booking),
            lapsed=lambda: self._ledger.lapsed(booking),
        )

    def headroom(self) -> int:
        """Return how many further bulk calls could start right now, 0 or more: slots, places and pace allowing."""
        free = max(0, self._ledger.free("bulk") - self._waiting["bulk"])
        return self._pace.headroom(free, bound=self._loop is not None)

    def stats(self) -> LimiterStats:
        """Return what the limiter is doing at this moment."""
        usage = self._ledger.usage()
        return LimiterStats(
            limit=self._ledger.limit_now,
            places=self._ledger.places_now,
            in_use=usage.in_use,
            in_flight=usage.in_flight,
            held=usage.held,
            cooling=usage.cooling,
            waiting=dict(self._waiting),
            granted=dict(self._granted),
            refusals=dict(self._refusals),
            calls_today=self._budget.today,
            budget_left=self._budget.left,
            paced=self._pace.kept,
        )

    def learn_total(self, calls: int, day: date) -> None:
        """Learn how many calls the instance has had from everybody, so that others count against `daily_budget`.

        Args:
            calls: What `usage` says for that day, this program's own calls included.
            day: The US Central day; numbers of another day than the present one are not taken.
        """
        self._budget.learn_total(calls, day)
        self._mind_the_budget()

    def footprint(self) -> tuple[float, ...]:
        """Return the seconds for which each recent call still counts: what the next process should `replay`.

        Subtract the seconds that have passed in between.
        """
        return self._ledger.footprint()

    async def replay(self, remaining: Iterable[float]) -> None:
        """Take in calls that an earlier process made: its `footprint`, less the time that has passed.

        Args:
            remaining: Seconds for which each call still counts; those of 0 or less are over.

        Raises:
            ClientStateError: on another event loop than the first time.
        """
        self._bind()
        await self._ledger.replay(remaining)

    async def aclose(self) -> None:
        """Turn waiting and later callers away with `ClientStateError`; leases that are out may still end.

        A bulk caller that is waiting for its pace learns of it when its turn comes.
        """
        await self._ledger.aclose()

    def _bind(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise ClientStateError(
                "This limiter belongs to another event loop. Make one limiter per loop; over processes and loops, let "
                "each have a RedisLimiter, or a part of what there is: Limits(max_calls=..., max_concurrency=...)."
            )
        return loop

    async def _take(self, lane: Lane, pays: Lane, *, opening: bool) -> Booking:
        """Take what one call needs, as the head of its lane; where that fails, nothing is taken."""
        if lane == "bulk":
            await self._pace.wait()
        booking = await self._ledger.book(lane, opening=opening)
        try:
            await self._ledger.enter(booking)
            self._budget.spend(pays)
        except BaseException:
            self._ledger.release(booking, Unsent())
            raise
        self._mind_the_budget()
        if lane == "bulk":
            self._pace.went()
        return booking

    def _mind_the_budget(self) -> None:
        """Where nothing is left for a lane any more, let whoever waits in it know now, and not when its turn comes."""
        left = self._budget.left
        spent = 0 if left is None else (left <= 0) + (left <= self.limits.budget_reserve)
        if spent > self._lanes_spent:
            self._heads.look_again()
        self._lanes_spent = spent

    def _count_waiting(self, lane: Lane, callers: int) -> None:
        self._waiting[lane] += callers
        self._ledger.expect(lane, self._waiting[lane])

    def _ender(self, booking: Booking) -> Callable[[Ending], None]:
        counted_on = self._budget.day

        def end(ending: Ending) -> None:
            self._ledger.release(booking, ending)
            if costs_nothing(ending) and self._budget.day == counted_on:  # yesterday's makes today's no fewer
                self._budget.give_back()
            if isinstance(ending, Answered) and ending.code in REFUSALS:
                self._refusals[ending.code] += 1
                if ending.code == "607" and self.limits.quota_closes:
                    self._budget.close(ending.resets_at, seconds_ago=self._seconds_since(ending.sent_at))
                    self._heads.look_again()

        return end

    def _seconds_since(self, sent_at: float | None) -> float:
        return 0.0 if sent_at is None or self._loop is None else self._loop.time() - sent_at

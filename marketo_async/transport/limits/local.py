"""The ledger of one process: slots and places in memory, who may take them, and who waits.

Interactive calls go first. Nobody polls: a waiter is a future, and one timer stands at the next moment at which time
alone changes something. What a slot is, and why it keeps Marketo's limits, stands in `slots.py`; how many each lane may
have in `shares.py`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

import attrs

from marketo_async.errors import ClientStateError
from marketo_async.transport.limits.ledger import Answered, Booking, Unknown, Unsent, Usage
from marketo_async.transport.limits.shares import Shares
from marketo_async.transport.limits.slots import Slots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.transport.limits.ledger import Ending, Lane
    from marketo_async.transport.limits.limits import Limits

_Want = Literal["slot", "place"]


@attrs.define(eq=False)
class _Waiter:
    """The head of a lane, waiting for a slot or a place."""

    want: _Want
    lane: Lane
    woken: asyncio.Future[None]


class LocalLedger:
    """Slots and places in the memory of one process; used by one limiter, on one event loop.

    Args:
        limits: The numbers, the same as the limiter's.
    """

    paces_bulk = False

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._slots = Slots(limits)
        self._shares = Shares(limits, self._now)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._interactive_callers = 0
        self._waiters: list[_Waiter] = []
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    # ---------------------------------------------------------------- what there is

    @property
    def limit_now(self) -> int | None:
        """Slots per window at this moment; None where calls are not counted."""
        return self._shares.limit

    @property
    def places_now(self) -> int:
        """Calls at once at this moment."""
        return self._shares.places

    @property
    def bulk_alone(self) -> bool:
        """Whether no interactive call waits, or was seen in the last three windows."""
        return self._shares.bulk_alone

    def share(self, lane: Lane) -> int | None:
        """Return how many slots per window that lane may use now; None where calls are not counted."""
        return self._shares.slots_of(lane)

    def free(self, lane: Lane) -> int:
        """Return how many calls of that lane could be booked and entered now, 0 or more."""
        self._slots.let_time_pass(self._now())
        places = self._shares.places_of(lane) - self._slots.entered
        share = self.share(lane)
        return max(0, places if share is None else min(places, share - self._slots.in_use))

    def usage(self) -> Usage:
        """Return what is taken at this moment."""
        slots = self._slots
        slots.let_time_pass(self._now())
        return Usage(in_use=slots.in_use, in_flight=slots.entered, held=len(slots.held), cooling=slots.cooling)

    def footprint(self) -> tuple[float, ...]:
        """Return the seconds until each used slot is free, at best."""
        self._slots.let_time_pass(self._now())
        return self._slots.footprint(self._now())

    # ---------------------------------------------------------------- the four operations

    def expect(self, lane: Lane, callers: int) -> None:
        """Learn how many callers want something of that lane: bulk calls wait for interactive ones to pass."""
        if lane == "interactive":
            self._interactive_callers = callers
            self._wake()

    async def book(self, lane: Lane, *, opening: bool = False) -> Booking:
        """Wait for a slot and take it; an interactive call that is not `opening` is in sight meanwhile."""
        self._start()
        if lane == "interactive" and not opening:
            with self._shares.interactive_in_sight():
                await self._wait_for("slot", lane)
        else:
            await self._wait_for("slot", lane)
        self._slots.book()
        return Booking(lane)

    async def enter(self, booking: Booking) -> None:
        """Wait for a place and take it."""
        await self._wait_for("place", booking.lane)
        self._slots.enter(booking)

    def release(self, booking: Booking, ending: Ending) -> None:
        """End a booking; see `Answered`, `Unsent` and `Unknown` for what becomes free when."""
        now = self._now()
        if isinstance(ending, Answered):
            self._shares.learn(ending, self._slots)
        if isinstance(ending, Unknown) and ending.until > now:
            self._slots.hold(booking, until=ending.until, most=self.places_now // 2, now=now)
        else:
            self._slots.give_back(booking, cools_from=None if isinstance(ending, Unsent) else now)
        self._wake()

    def adopt(self, lane: Lane) -> Booking:
        """Take in a call that is under way already, whether or not there is room for it."""
        self._start()
        booking = Booking(lane)
        self._slots.book()
        self._slots.enter(booking)
        return booking

    async def replay(self, remaining: Iterable[float]) -> None:
        """Take in calls made elsewhere or before; of more than `max_calls`, the youngest."""
        self.suppose(remaining)

    def suppose(self, remaining: Iterable[float]) -> None:
        """Take in earlier calls, as `replay` does."""
        self._start()
        if self.limit_now is not None:
            self._slots.replay(remaining, most=self.limit_now, now=self._now())

    def lapsed(self, booking: Booking) -> bool:  # noqa: ARG002 - a ledger's, and this one forgets nothing
        """Tell whether a lease may be lost: never, here."""
        return False

    def pause(self) -> None:
        """Turn waiting and later callers away with `ClientStateError`, until `resume`."""
        self._closed = True
        self._wake()

    def resume(self) -> None:
        """Let callers in again."""
        self._closed = False

    async def aclose(self) -> None:
        """Turn waiting callers away with `ClientStateError`; what is out may still be released."""
        self.pause()

    def _start(self) -> None:
        if self._loop is not None:
            return
        self._loop = asyncio.get_running_loop()
        if self._limits.cold_start == "ramp" and self.limit_now is not None:
            self._slots.fill(self.limit_now, now=self._now())

    def _now(self) -> float:
        return 0.0 if self._loop is None else self._loop.time()

    # ---------------------------------------------------------------- waiting

    def _may_take(self, want: _Want, lane: Lane) -> bool:
        return (lane == "interactive" or not self._comes_after_interactive(want)) and self._has(want, lane)

    def _comes_after_interactive(self, want: _Want) -> bool:
        # A woken head stays a waiter until it has run, so a bulk call cannot slip in between.
        wanted = {waiter.want for waiter in self._waiters if waiter.lane == "interactive"}
        # Callers are at the gate, but none is here: the next one is on its way.
        return want in wanted or (not wanted and self._interactive_callers > 0)

    def _has(self, want: _Want, lane: Lane) -> bool:
        if want == "place":
            return self._slots.entered < self._shares.places_of(lane)
        share = self._shares.slots_of(lane)
        return share is None or self._slots.in_use < share

    async def _wait_for(self, want: _Want, lane: Lane) -> None:
        # Nothing is taken while waiting: a woken waiter looks again, so that a cancelled one has nothing to give back.
        self._slots.let_time_pass(self._now())
        self._check_open()
        while not self._may_take(want, lane):
            waiter = _Waiter(want, lane, asyncio.get_running_loop().create_future())
            self._waiters.append(waiter)
            self._wake()
            try:
                await waiter.woken
            finally:
                self._waiters.remove(waiter)
            self._check_open()

    def _check_open(self) -> None:
        if self._closed:
            raise ClientStateError("The limiter is closed.")

    def _wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._waiters or self._loop is None:
            return
        self._slots.let_time_pass(self._now())
        asleep = False
        for waiter in self._waiters:
            if not waiter.woken.done() and (self._closed or self._may_take(waiter.want, waiter.lane)):
                waiter.woken.set_result(None)
            asleep = asleep or not waiter.woken.done()
        if asleep:
            changes = (self._slots.next_change(), self._shares.next_growth())
            next_change = min((change for change in changes if change is not None), default=None)
            if next_change is not None:
                self._timer = self._loop.call_at(next_change, self._wake)

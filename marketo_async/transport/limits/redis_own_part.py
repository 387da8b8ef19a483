"""What a worker does while Redis is away: it goes on with its own part of the limits (`redis_alone.py`), or says so."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

from marketo_async.errors import ClientStateError, LimiterUnavailableError
from marketo_async.transport.limits.local import LocalLedger
from marketo_async.transport.limits.redis_alone import own_share
from marketo_async.transport.limits.redis_view import FleetView

if TYPE_CHECKING:
    from marketo_async.transport.limits.limits import Limits
    from marketo_async.transport.limits.redis_contact import Contact
    from marketo_async.transport.limits.redis_memory import FleetBooking, Memory


class OwnPart(FleetView):
    """The part of the ledger that does without Redis.

    Args:
        limits: The numbers.
        contact: The talk with Redis.
        memory: This worker's own calls.
        supposed_workers: Among how many workers to share where Redis was never met.
        goes_alone: Whether to go on with one's own part where Redis is away; else that is an error.
    """

    def __init__(
        self, limits: Limits, contact: Contact, memory: Memory, *, supposed_workers: int, goes_alone: bool
    ) -> None:
        super().__init__(limits, contact, memory, supposed_workers=supposed_workers)
        self._goes_alone = goes_alone
        member = contact.membership
        member.on_away, member.on_return, member.on_joined = self._go_alone, self._pause_alone, self._leave_alone

    async def _book_alone(self, booking: FleetBooking) -> bool:
        alone = self._share_alone()
        try:
            booking.alone = (alone, await alone.book(booking.lane, opening=booking.opening))
        except ClientStateError:
            self._check_open()
            return False  # Redis may be back
        return True

    async def _enter_alone(self, booking: FleetBooking) -> None:
        alone = self._share_alone()
        try:
            if booking.alone is None or booking.alone[0] is not alone:
                booking.alone = (alone, await alone.book(booking.lane, opening=booking.opening))
            await alone.enter(booking.alone[1])
        except ClientStateError:
            self._check_open()
            return
        # Whatever Redis was asked before, this is not its lease.
        booking.entered, booking.sure_at, booking.untold = True, math.inf, True
        self.contact.membership.alone += 1
        self._memory.granted(booking)

    def _share_alone(self) -> LocalLedger:
        self._check_open()
        if self._alone is None:
            raise LimiterUnavailableError(
                "Redis, over which the limits are shared, cannot be used. Nothing was sent"
            ) from self.contact.membership.why
        return self._alone

    def _go_alone(self) -> None:
        """Redis is away: go on with this worker's part of what the fleet had."""
        if not self._goes_alone or self.contact.closed:
            return
        if self._alone is not None:
            # It answered, but it could not be used: what was taken of the own part is taken still.
            self._alone.resume()
            return
        limits, free_at = own_share(self._limits, self.word, workers=self.workers, now=self._now())
        self._alone = LocalLedger(limits)
        self._alone.suppose(free_at)
        for booking in self._memory.out.values():
            booking.alone = (self._alone, self._alone.adopt(booking.lane))
        for lane, callers in self.contact.voice.callers.items():
            self._alone.expect(lane, callers)

    def _pause_alone(self) -> None:
        """Redis answers: nobody gets anything from the own part any more, before Redis is told what it gave."""
        if self._alone is not None:
            self._alone.pause()

    def _leave_alone(self) -> None:
        """Redis was told."""
        self._alone = None

    def _check_open(self) -> None:
        if self.contact.closed:
            raise ClientStateError("The limiter is closed.")

    def _now(self) -> float:
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:
            return 0.0

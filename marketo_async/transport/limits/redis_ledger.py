"""The ledger of a fleet: slots and places of one instance in Redis, for any number of workers.

The book is one script (`lua/`), which keeps all times on Redis' clock, so that no worker's clock enters: a slot is free
a window after the answer was told, and the chain of `slots.py` holds on one clock. It *books*: who has to wait is told
until when, sleeps, and enters. Who has to wait for somebody else's answer is woken by a message. So a call costs three
scripts however many workers there are, nobody polls, and the order of asking is the order of sending.

What is granted is a lease: it is lost `lease_ttl` after this worker's last word, and renewed long before. A worker that
was stopped for that long does not send on it. What can break, and what is done then:

*   *A worker dies*: its leases run out, its bookings are forgotten, its place in a queue goes to the next.
*   *A caller is cancelled* while the script runs: the script's effect is undone once it is known.
*   *Redis comes back empty*, or with an older book: the script supposes a full window, evenly old, has every worker
    replay its own calls, and grants nothing until they can have done so.
*   *Redis is away*: `redis_own_part.py`, or an error.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from marketo_async.transport.limits.budget import closed_door, spent_budget
from marketo_async.transport.limits.ledger import Unsent, costs_nothing
from marketo_async.transport.limits.redis_connection import AWAY, is_cancelled
from marketo_async.transport.limits.redis_memory import FleetBooking
from marketo_async.transport.limits.redis_own_part import OwnPart
from marketo_async.transport.limits.redis_word import MICROSECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.transport.limits.ledger import Booking, Ending, Lane
    from marketo_async.transport.limits.limits import Limits
    from marketo_async.transport.limits.redis_contact import Contact
    from marketo_async.transport.limits.redis_memory import Memory
    from marketo_async.transport.limits.redis_word import Word

_HAIR = 0.0005
"""Seconds that a sleeper sleeps longer than it was told, so as not to come too early by a rounding."""


class RedisLedger(OwnPart):
    """Slots and places of one instance, in Redis; used by one limiter, on one event loop.

    What it tells without waiting (`usage()`, `limit_now`, ...) is the whole fleet's, as of Redis' last word.

    Args:
        limits: The numbers, the same as the limiter's and all other workers'.
        contact: The talk with Redis.
        memory: This worker's own calls, the same as the contact's.
        lease_ttl: Seconds that a lease is good for without a word.
        supposed_workers: Among how many workers to share where Redis was never met.
        goes_alone: Whether to go on with one's own part where Redis is away; else that is an error.
    """

    def __init__(
        self,
        limits: Limits,
        contact: Contact,
        memory: Memory,
        *,
        lease_ttl: float,
        supposed_workers: int,
        goes_alone: bool,
    ) -> None:
        super().__init__(limits, contact, memory, supposed_workers=supposed_workers, goes_alone=goes_alone)
        self.closed_until = 0
        self._lease_ttl = lease_ttl
        self._waiting: dict[str, FleetBooking] = {}
        self._numbered = 0
        contact.membership.on_wake = self._wake

    # ---------------------------------------------------------------- the four operations

    def expect(self, lane: Lane, callers: int) -> None:
        """Learn how many callers of that lane wait."""
        self.contact.voice.callers[lane] = callers
        if self._alone is not None:
            self._alone.expect(lane, callers)

    async def book(self, lane: Lane, *, opening: bool = False) -> FleetBooking:
        """Wait for a slot and take it; where a place is free as well, that too."""
        booking = FleetBooking(lane=lane, id=self._next_id(), opening=opening)
        self.contact.calls += 1
        try:
            while not await self._has_booked(booking):
                pass
        except BaseException:
            self.release(booking, Unsent())
            raise
        return booking

    async def enter(self, booking: Booking) -> None:
        """Wait for a place and take it."""
        booking = _ours(booking)
        while not booking.entered:
            if await self.contact.ready():
                await self._ask(booking, "enter")
            else:
                await self._enter_alone(booking)

    def release(self, booking: Booking, ending: Ending) -> None:
        """End a booking; never waits: Redis is told as soon as it can be."""
        ours = _ours(booking)
        if ours.asking is not None and not ours.asking.done():
            # Its caller was cancelled while the script runs: undone when it is known what there is to undo.
            ours.asking.add_done_callback(lambda _: self._end(ours, ending))
        else:
            self._end(ours, ending)

    async def replay(self, remaining: Iterable[float]) -> None:
        """Take in calls made elsewhere or before; of more than the limit, the youngest."""
        if self._limits.max_calls is None:
            return
        calls = [(self._next_id(), seconds) for seconds in remaining]
        self._memory.earlier(calls, now=asyncio.get_running_loop().time())
        self.contact.doubt()
        await self.contact.ready()
        if self._alone is not None:
            await self._alone.replay(seconds for _, seconds in calls)

    def lapsed(self, booking: Booking) -> bool:
        """Tell whether a lease may be lost: this process was stopped, or could not renew it."""
        return self._now() - _ours(booking).sure_at > self._lease_ttl / 2

    async def aclose(self) -> None:
        """Turn waiting callers away with `ClientStateError`; what is out may still be released."""
        if self._alone is not None:
            await self._alone.aclose()
        await self.contact.aclose()

    def learn_total(self, calls: int, day_ends: int) -> None:
        """Tell Redis how many calls the whole instance has had on a day; never waits."""
        self.contact.spawn(self._tell_total(calls, day_ends))

    async def _tell_total(self, calls: int, day_ends: int) -> None:
        if await self.contact.ready():
            await self.contact.voice.say("total", calls=calls, day=day_ends)

    # ---------------------------------------------------------------- one call

    async def _has_booked(self, booking: FleetBooking) -> bool:
        self._check_open()
        if not await self.contact.ready():
            return await self._book_alone(booking)
        return await self._ask(booking, "book") in {"granted", "booked", "no place"}

    async def _ask(self, booking: FleetBooking, what: str) -> str | None:
        """Run one script for a booking, and wait as it says; return what was said, None where nothing was."""
        self._check_open()
        booking.woken.clear()
        call: dict[str, object] = {
            "id": booking.id,
            "lane": booking.lane,
            "pays": booking.pays,
            "sign": booking.lane == "interactive" and not booking.opening,
            "ticket": booking.ticket,
        }
        name, began = booking.id, self._now()
        self._waiting[name] = booking
        try:
            booking.asked = True
            booking.asking = asking = self.contact.spawn(self.contact.voice.say(what, call=call))
            try:
                word = await asyncio.shield(asking)
            except asyncio.CancelledError:
                # Where nobody has cancelled the caller, it was the talk with Redis that came to its end.
                if asking.cancelled() and not is_cancelled():
                    self._check_open()
                raise
            except AWAY:
                self.contact.doubt()
                return None
            if word.status in {"epoch", "numbers", "stale"}:
                self.contact.doubt()
                return None
            await self._follow(booking, word, began)
        finally:
            del self._waiting[name]
        return word.status

    async def _follow(self, booking: FleetBooking, word: Word, began: float) -> None:
        booking.ticket = word.ticket
        if word.status == "granted":
            booking.entered, booking.sure_at, booking.day = True, began, word.day_ends
            self._memory.granted(booking)
            self._check_open()
            if self.lapsed(booking):
                self._start_anew(booking)
        elif word.status == "closed":
            raise closed_door(_moment(word.closed_until))
        elif word.status == "spent":
            raise spent_budget(self._limits, booking.pays, _moment(word.day_ends))
        else:
            self._check_open()
            await self._sleep(booking, word.wait + _HAIR)

    async def _sleep(self, booking: FleetBooking, seconds: float) -> None:
        """Wait for a time, or for a word that comes before it."""
        if booking.lane == "interactive":
            self.contact.voice.head_waits = True
        try:
            async with asyncio.timeout(seconds):
                await booking.woken.wait()
        except TimeoutError:
            pass
        finally:
            if booking.lane == "interactive":
                self.contact.voice.head_waits = False

    def _start_anew(self, booking: FleetBooking) -> None:
        """Give a lease back that may be lost already, and go on under another name."""
        self.contact.calls += 1
        self._end(booking, Unsent())
        booking.id, booking.entered, booking.asked, booking.asking = self._next_id(), False, False, None

    def _end(self, booking: FleetBooking, ending: Ending) -> None:
        now = self._now()
        self._memory.ended(booking, ending, now=now)
        if self._alone is not None and booking.alone is not None and booking.alone[0] is self._alone:
            self._alone.release(booking.alone[1], ending)
        if booking.asked:
            self.contact.tell(booking, ending)
        if booking.untold and costs_nothing(ending):
            self.contact.membership.alone -= 1
        self.contact.ended()

    # ---------------------------------------------------------------- small things

    def _wake(self, name: str | None) -> None:
        """Let one waiting call look again, or all of them."""
        for booking in [*self._waiting.values()] if name is None else [self._waiting.get(name)]:
            if booking is not None:
                booking.woken.set()

    def _next_id(self) -> str:
        self._numbered += 1
        return f"{self.contact.voice.worker}:{self._numbered}"


def _ours(booking: Booking) -> FleetBooking:
    if not isinstance(booking, FleetBooking):
        raise TypeError(f"{booking!r} is a booking of another ledger")
    return booking


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / MICROSECONDS, UTC)

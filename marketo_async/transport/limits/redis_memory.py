"""What one worker remembers of its own calls, to tell a Redis that comes back empty. Pure: it never waits."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs

from marketo_async.transport.limits.ledger import Answered, Booking, Unknown, Unsent, costs_nothing
from marketo_async.transport.limits.redis_word import GRAIN, MICROSECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.transport.limits.ledger import Ending, Lane
    from marketo_async.transport.limits.limits import Limits
    from marketo_async.transport.limits.local import LocalLedger


@attrs.define(eq=False, kw_only=True)
class FleetBooking(Booking):
    """One call of this worker.

    Attributes:
        id: Its name in the book: the worker's and a number.
        opening: Whether it is no sign of interactive traffic.
        ticket: Its place in the queues; 0 before it has one.
        day: The day that it was counted in, by that day's end.
        sure_at: Loop time at which its lease was last known to be good; for ever where it needs none of the book's.
        asking: The script on its way for it.
        asked: Whether the book may know of it.
        alone: Where it was booked without the book: in this worker's own part, and as what.
        untold: Whether it is one of the calls made without the book that Redis must be told of.
        woken: Set when it should look again.
    """

    id: str
    opening: bool = False
    ticket: int = 0
    day: int = 0
    sure_at: float = 0.0
    asking: asyncio.Task[object] | None = None
    asked: bool = False
    alone: tuple[LocalLedger, Booking] | None = None
    untold: bool = False
    woken: asyncio.Event = attrs.field(factory=asyncio.Event)

    @property
    def pays(self) -> Lane:
        """The lane whose share of the day's budget it is taken from: a listing that cannot go on should not begin."""
        return "bulk" if self.opening else self.lane


@attrs.frozen
class _Ended:
    """A call that still counts: until when its place is held, if it is, and when its slot is free; loop time."""

    held_until: float | None
    free_at: float


class Memory:
    """The calls of this worker that Marketo may still count.

    Attributes:
        out: Calls that have entered and not ended.
    """

    def __init__(self, limits: Limits) -> None:
        self._cool_for = limits.window + limits.window_margin + GRAIN
        self.out: dict[str, FleetBooking] = {}
        self._ended: dict[str, _Ended] = {}
        self._earlier: dict[str, float] = {}

    def granted(self, booking: FleetBooking) -> None:
        """Remember a call that is about to be sent."""
        self.out[booking.id] = booking

    def ended(self, booking: FleetBooking, ending: Ending, *, now: float) -> None:
        """Remember how long it counts from now."""
        self._prune(now)
        if self.out.pop(booking.id, None) is None or isinstance(ending, Unsent):
            return
        until = ending.until if isinstance(ending, Unknown) and ending.until > now else None
        self._ended[booking.id] = _Ended(until, (now if until is None else until) + self._cool_for)

    def earlier(self, calls: Iterable[tuple[str, float]], *, now: float) -> None:
        """Remember calls of another process, by the seconds for which they still count."""
        self._earlier.update((name, now + seconds) for name, seconds in calls if seconds > 0)

    def replay(self, *, now: float) -> dict[str, object]:
        """Return it all as the book takes it in: times as microseconds from now."""
        self._prune(now)
        held = {name: call.held_until for name, call in self._ended.items() if call.held_until is not None}
        return {
            "out": list(self.out),
            "held": [(name, _us(until - now)) for name, until in held.items() if until > now],
            "cooling": [(name, _us(call.free_at - now)) for name, call in self._ended.items()],
            "earlier": [(name, _us(free_at - now)) for name, free_at in self._earlier.items()],
        }

    def footprint(self, *, now: float) -> tuple[float, ...]:
        """Return the seconds until each used slot is free, at best."""
        self._prune(now)
        free_at = [call.free_at - now for call in self._ended.values()]
        return tuple(sorted([*free_at, *(self._cool_for for _ in self.out)]))

    def _prune(self, now: float) -> None:
        self._ended = {name: call for name, call in self._ended.items() if call.free_at > now}
        self._earlier = {name: free_at for name, free_at in self._earlier.items() if free_at > now}


def as_request(booking: FleetBooking, ending: Ending, *, now: float) -> dict[str, object]:
    """Return how a call ended as the book takes it in."""
    told: dict[str, object] = {"id": booking.id, "lane": booking.lane, "day": booking.day}
    if isinstance(ending, Unsent):
        return {**told, "kind": "unsent"}
    if isinstance(ending, Answered):
        sent_at = now if ending.sent_at is None else ending.sent_at
        told |= {"kind": "answered", "age": _us(now - sent_at)}
        if ending.code in _NEWS:
            told["code"] = ending.code
        if costs_nothing(ending):
            told["free"] = True
        if ending.resets_at is not None:
            told["resets_at"] = round(ending.resets_at.timestamp() * MICROSECONDS)
        return told
    return {**told, "kind": "unknown", "age": 0, "left": _us(ending.until - now)}


_NEWS = frozenset({"429", "606", "607", "615"})


def _us(seconds: float) -> int:
    return round(seconds * MICROSECONDS)

"""What a ledger is: the book of slots and places, be it of one process or of a fleet.

The front end (`limiter.py`) sees to it that each lane has one caller at its head; only heads talk to the ledger. A call
passes through three operations, and a fourth restores what a ledger has forgotten:

    book      waits for a slot and takes it                  rate: calls per window
    enter     waits for a place and takes it                 concurrency: calls at once
    release   how the call ended: when slot and place are free again
    replay    calls that a ledger does not know of, but Marketo may still count

`book` and `enter` are coroutines because a ledger over a network has to ask; a local one answers without suspending
while there is room. `release` never waits, so that a call can end anywhere, in a `finally` or a callback: a ledger
over a network sends it from a task of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Lane = Literal["interactive", "bulk"]
"""Single calls, for which somebody waits, or the pages of a listing."""


@attrs.frozen
class Answered:
    """An answer came, whichever: the place is free at once, the slot cools from now.

    Attributes:
        code: Marketo's code where it said no, such as "606"; None for a success.
        sent_at: Loop time in seconds at which the call was sent; None: just now.
        resets_at: When calls are taken again, where Marketo said that the day's are used up.
    """

    code: str | None = None
    sent_at: float | None = None
    resets_at: datetime | None = None


@attrs.frozen
class Unsent:
    """Nothing left this machine: slot and place are free at once."""


@attrs.frozen
class Unknown:
    """No answer came, so the server may still be working: the place is free at `until`, the slot cools from then.

    Attributes:
        until: Loop time in seconds; in the past for a server that is known to have let go.
    """

    until: float


Ending = Answered | Unsent | Unknown

_FREE = frozenset({"600", "601", "602", "604", "605", "608", "611"})
"""Answers after which Marketo does not count the call in its day."""


def costs_nothing(ending: Ending) -> bool:
    """Tell whether a call that ended like this does not count in Marketo's day; its slot may cool all the same."""
    return isinstance(ending, Unsent) or (isinstance(ending, Answered) and ending.code in _FREE)


@attrs.define(eq=False)
class Booking:
    """One call in the ledger: a slot, and a place once it has entered.

    Attributes:
        lane: Whose share it came out of.
        entered: Whether it has a place.
    """

    lane: Lane
    entered: bool = False


@attrs.frozen
class Usage:
    """What is taken at this moment.

    Attributes:
        in_use: Slots not free: booked, in flight, held or cooling.
        in_flight: Places not free, those held for a call of unknown outcome included.
        held: Places held for a call of unknown outcome.
        cooling: Slots whose call has ended, but which Marketo may still count.
    """

    in_use: int = 0
    in_flight: int = 0
    held: int = 0
    cooling: int = 0


class Ledger(Protocol):
    """The book of slots and places under a `Limiter`."""

    @property
    def limit_now(self) -> int | None:
        """Slots per window at this moment; None where calls are not counted."""
        ...

    @property
    def places_now(self) -> int:
        """Calls at once at this moment."""
        ...

    @property
    def bulk_alone(self) -> bool:
        """Whether bulk calls have had the instance to themselves for three windows."""
        ...

    @property
    def paces_bulk(self) -> bool:
        """Whether the ledger paces bulk calls itself; where it does not, the front end does."""
        ...

    def share(self, lane: Lane) -> int | None:
        """Return how many slots per window that lane may use now; None where calls are not counted."""
        ...

    def free(self, lane: Lane) -> int:
        """Return how many calls of that lane could be booked and entered now, 0 or more."""
        ...

    def expect(self, lane: Lane, callers: int) -> None:
        """Learn how many callers of that lane wait, the head included; told at every change, never waits."""
        ...

    async def book(self, lane: Lane, *, opening: bool = False) -> Booking:
        """Wait for a slot and take it.

        Args:
            lane: Interactive calls go first; bulk calls leave the reserve.
            opening: An interactive call that is no sign of interactive traffic.
        """
        ...

    async def enter(self, booking: Booking) -> None:
        """Wait for a place and take it; the booking stays the caller's to release if this fails."""
        ...

    def release(self, booking: Booking, ending: Ending) -> None:
        """End a booking, entered or not, exactly once."""
        ...

    async def replay(self, remaining: Iterable[float]) -> None:
        """Take in calls that were made elsewhere or before.

        Args:
            remaining: Seconds until each one's slot is free; those of 0 or less are over.
        """
        ...

    def lapsed(self, booking: Booking) -> bool:
        """Tell whether an entered booking may be lost already, so that nothing may be sent on it any more."""
        ...

    def footprint(self) -> tuple[float, ...]:
        """Return the seconds until each used slot is free, at best: what `replay` takes in the next process."""
        ...

    def usage(self) -> Usage:
        """Return what is taken at this moment."""
        ...

    async def aclose(self) -> None:
        """Turn waiting callers away with `ClientStateError`; what is out may still be released."""
        ...

"""What a worker can tell of its fleet without asking: the last word, or its own part where it has to do without."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from marketo_async.transport.limits.ledger import Usage
from marketo_async.transport.limits.redis_word import MICROSECONDS
from marketo_async.transport.limits.shares import QUIET_WINDOWS

if TYPE_CHECKING:
    from marketo_async.transport.limits.ledger import Lane
    from marketo_async.transport.limits.limits import Limits
    from marketo_async.transport.limits.local import LocalLedger
    from marketo_async.transport.limits.redis_contact import Contact
    from marketo_async.transport.limits.redis_memory import Memory
    from marketo_async.transport.limits.redis_word import Word


class FleetView:
    """The part of the ledger that only looks.

    Args:
        limits: The numbers.
        contact: The talk with Redis.
        memory: This worker's own calls.
        supposed_workers: Among how many workers to share where Redis was never met.
    """

    paces_bulk = True

    def __init__(self, limits: Limits, contact: Contact, memory: Memory, *, supposed_workers: int) -> None:
        self.contact = contact
        self._limits = limits
        self._memory = memory
        self._supposed_workers = supposed_workers
        self._alone: LocalLedger | None = None

    @property
    def word(self) -> Word | None:
        """What Redis said last."""
        return self.contact.voice.word

    @property
    def is_alone(self) -> bool:
        """Whether this worker has to do without Redis, with its own part of the limits."""
        return self._alone is not None

    @property
    def workers(self) -> int:
        """Workers of the instance, this one included, the most of those that Redis has spoken of lately."""
        return self._supposed_workers if self.word is None else max(1, self.contact.voice.workers)

    @property
    def calls_alone(self) -> int:
        """Calls made without Redis, which it has not been told of yet."""
        return self.contact.membership.alone

    @property
    def limit_now(self) -> int | None:
        """Slots per window at this moment; None where calls are not counted."""
        if self._alone is not None:
            return self._alone.limit_now
        return self._limits.max_calls if self.word is None else self.word.limit

    @property
    def places_now(self) -> int:
        """Calls at once at this moment."""
        if self._alone is not None:
            return self._alone.places_now
        return self._limits.max_concurrency if self.word is None else self.word.places

    @property
    def bulk_alone(self) -> bool:
        """Whether bulk calls have had the instance to themselves for three windows, in the whole fleet."""
        if self._alone is not None:
            return self._alone.bulk_alone
        if self.word is None or not self.word.seen:
            return True
        return self.time() - self.word.seen / MICROSECONDS > QUIET_WINDOWS * self._limits.window

    def share(self, lane: Lane) -> int | None:
        """Return how many slots per window that lane may use now; None where calls are not counted."""
        if self._alone is not None:
            return self._alone.share(lane)
        return self.limit_now if lane == "interactive" or self.word is None else self.word.share

    def free(self, lane: Lane) -> int:
        """Return how many calls of that lane could start now, the pace of the bulk lane included, 0 or more."""
        if self._alone is not None:
            return self._alone.free(lane)
        return self._limits.max_concurrency if self.word is None else self.word.room[lane]

    def usage(self) -> Usage:
        """Return what is taken at this moment."""
        if self._alone is not None:
            return self._alone.usage()
        if self.word is None:
            return Usage()
        word = self.word
        return Usage(in_use=word.in_use, in_flight=word.in_flight, held=word.held, cooling=word.cooling)

    def footprint(self) -> tuple[float, ...]:
        """Return the seconds until each slot that this worker used is free, at best."""
        if self._limits.max_calls is None:
            return ()
        return self._memory.footprint(now=_now())

    def time(self) -> float:
        """Return seconds since 1970, by Redis' clock once it was met."""
        return self.contact.voice.clock.time()


def _now() -> float:
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:  # outside a loop nothing was used yet
        return 0.0

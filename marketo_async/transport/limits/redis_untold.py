"""What a worker has still to tell Redis: how its calls ended. Kept until Redis has it, for it may be told twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeAlias

from marketo_async.transport.limits.redis_memory import as_request

if TYPE_CHECKING:
    from marketo_async.transport.limits.ledger import Ending
    from marketo_async.transport.limits.redis_memory import FleetBooking

    Endings: TypeAlias = dict[str, tuple[FleetBooking, Ending]]


class Untold:
    """Endings that Redis may not know of.

    Attributes:
        none: Set while there are none.
    """

    def __init__(self) -> None:
        self._endings: Endings = {}
        self.none = asyncio.Event()
        self.none.set()

    def __bool__(self) -> bool:
        return bool(self._endings)

    def add(self, booking: FleetBooking, ending: Ending) -> None:
        """Keep how a call ended."""
        self._endings[booking.id] = (booking, ending)
        self.none.clear()

    def now(self) -> Endings:
        """Return what there is to tell at this moment."""
        return dict(self._endings)

    def told(self, endings: Endings) -> None:
        """Forget what was told, except what was told otherwise since."""
        for name, told in endings.items():
            if self._endings.get(name) is told:
                del self._endings[name]
        if not self._endings:
            self.none.set()


def as_requests(endings: Endings) -> list[dict[str, object]]:
    """Return endings as the book takes them in."""
    now = asyncio.get_running_loop().time()
    return [as_request(booking, ending, now=now) for booking, ending in endings.values()]

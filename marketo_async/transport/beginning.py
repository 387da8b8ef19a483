"""When a walk began, by the server's clock: what a last look asks from."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

_MARGIN = timedelta(seconds=3)
"""How much earlier than the walk a last look begins: one second that dates are cut by, two for clocks that differ."""

_UNKNOWN = timedelta(minutes=5)
"""How far this machine's clock may be off, where the server's says nothing."""


class Beginning:
    """Works out when the first call of a walk left, from the date of its answer and the time that it took.

    Attributes:
        moment: When that was, a little early; None before the first answer.
    """

    def __init__(self) -> None:
        self._asked_at: float | None = None
        self.moment: datetime | None = None

    def asked(self) -> None:
        """Note that a call leaves; only the first one counts."""
        if self._asked_at is None:
            self._asked_at = asyncio.get_running_loop().time()

    def answered(self, date: datetime | None) -> None:
        """Note that an answer came, with its `Date`; only the first one counts."""
        if self.moment is not None or self._asked_at is None:
            return
        taken = timedelta(seconds=asyncio.get_running_loop().time() - self._asked_at)
        server = date or datetime.now(UTC) - _UNKNOWN
        self.moment = server - taken - _MARGIN

"""What a long command has done so far."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketo_async.transport.limits.stats import LimiterStats
    from marketo_async.transport.page import Page


@attrs.define
class Tally:
    """Counts while pages come in.

    Attributes:
        items: Records written, those of earlier runs included.
        misfits: Records left out since they did not fit.
        before: Records that earlier runs wrote.
        expected: How many there will be, judging by an earlier export; None where nobody knows.
        next_position: What `--start` takes to go on after what was written; None at the end.
        began: When it began, on the monotonic clock.
    """

    items: int = 0
    misfits: int = 0
    before: int = 0
    expected: int | None = None
    next_position: object = None
    began: float = attrs.field(factory=time.monotonic)

    def add(self, page: Page[object], *, misfits: int | None = None) -> None:
        """Count a page that was written.

        Args:
            page: The page.
            misfits: How many of its misfits are new, if not all.
        """
        self.items += len(page.items)
        self.misfits += len(page.misfits) if misfits is None else misfits
        self.next_position = page.next_position

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    @property
    def rate(self) -> float:
        """Records per second in this run."""
        return (self.items - self.before) / max(self.seconds, 0.001)

    @property
    def seconds_left(self) -> float | None:
        """Seconds that are left at this rate; None where nobody knows."""
        if self.expected is None or self.items >= self.expected or self.items <= self.before:
            return None
        return (self.expected - self.items) / self.rate


def calls(stats: LimiterStats) -> int:
    """Return how many calls were let through."""
    return sum(stats.granted.values())


def refused(refusals: Mapping[str, int]) -> str:
    """Return `0 refused`, or how many and why: `3 refused (606: 3)`."""
    total = sum(refusals.values())
    why = ", ".join(f"{code}: {number}" for code, number in sorted(refusals.items()))
    return f"{total} refused ({why})" if total else "0 refused"

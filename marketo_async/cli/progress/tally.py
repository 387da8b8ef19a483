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
        items: Records written.
        misfits: Records left out since they did not fit.
        next_position: What `--start` takes to go on after what was written; None at the end.
        began: When it began, on the monotonic clock.
    """

    items: int = 0
    misfits: int = 0
    next_position: object = None
    began: float = attrs.field(factory=time.monotonic)

    def add(self, page: Page[object]) -> None:
        """Count a page that was written."""
        self.items += len(page.items)
        self.misfits += len(page.misfits)
        self.next_position = page.next_position

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    @property
    def rate(self) -> float:
        """Records per second so far."""
        return self.items / max(self.seconds, 0.001)


def calls(stats: LimiterStats) -> int:
    """Return how many calls were let through."""
    return sum(stats.granted.values())


def refused(refusals: Mapping[str, int]) -> str:
    """Return `0 refused`, or how many and why: `3 refused (606: 3)`."""
    total = sum(refusals.values())
    why = ", ".join(f"{code}: {number}" for code, number in sorted(refusals.items()))
    return f"{total} refused ({why})" if total else "0 refused"

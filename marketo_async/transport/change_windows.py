"""Which stretches of time a run reads: up to where the server's clock allows, in windows of a width that fits. Pure.

**The end of a run.** It is taken from the server's clock at the first call, less a margin: dates are cut to seconds,
and a second that is not over may still see a change that bears the same date. What is younger waits for the next run.

**Windows.** Inside one, `updatedAt` only ever grows: a record that changes while its window is read leaves it and turns
up in a later one, or in the next run. So a window can only shrink while it is read, which stitched pages survive, and
whoever has read all windows has met every record in the last state that it had before the end. Neighbours share a
second, for bounds are inclusive.

**Width.** The first window is all of the time there is. Before a window is read, one call asks for what comes after its
first `LARGE` pages. Where there is something, the window ends earlier, at the median date of that answer, and is asked
again; two seconds are the narrowest. After a narrowed window the next one is tried with twice its width.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LARGE = 50
"""Pages that a window should hold at most: 10,000 programs, 10 s at Marketo's limit."""

_MARGIN = timedelta(seconds=3)
"""How far behind the server's clock a run ends: one second that dates are cut by, two for clocks that differ."""

_SECOND = timedelta(seconds=1)


@attrs.frozen
class Bounds:
    """How far a run goes.

    Attributes:
        end: The last moment that it delivers.
        sure: The last moment whose second was over when the run began, so that its versions are final.
        settled: The moment before which no change shows up late any more: where the next run begins.
    """

    end: datetime
    sure: datetime
    settled: datetime


def bounds_of(
    server: datetime | None, newest: datetime | None, *, taken: timedelta, overlap: timedelta
) -> Bounds | None:
    """Return how far a run may go; None where nothing tells the time.

    This machine's clock has no say in it. Where an answer came without a date, the newest change that it shows is a
    time which the server's clock had reached; that change itself is delivered, but not yet final.

    Args:
        server: What the server's clock showed when it answered the first call; None where it did not say.
        newest: The newest `updatedAt` in that answer; None where there is none.
        taken: How long the first call took, or longer.
        overlap: How late a change may show up.
    """
    now = server or newest
    if now is None:
        return None
    try:
        sure = (now - taken if server is not None else now).replace(microsecond=0) - _MARGIN
        return Bounds(sure if server is not None else now, sure, sure - overlap)
    except OverflowError:  # a clock that stands in the year 1 tells no time
        return None


class Windows:
    """The windows of one run.

    Attributes:
        begin: Where the current one begins.

    Args:
        begin: Where the first one begins.
        end: Where the last one ends.
    """

    def __init__(self, begin: datetime, end: datetime) -> None:
        self.begin = begin
        self._end = end
        self._width: timedelta | None = None

    @property
    def left(self) -> bool:
        """Whether there is another window."""
        return self.begin < self._end

    @property
    def until(self) -> datetime:
        """Where the current window ends."""
        if self._width is None or self._width >= self._end - self.begin:
            return self._end
        return self.begin + self._width

    @property
    def narrowest(self) -> bool:
        """Whether the current window cannot be made any narrower."""
        return self.until - self.begin <= _SECOND

    def narrow(self, dates: Sequence[datetime]) -> None:
        """Let the current window end earlier: at the median of some of the dates in it."""
        median = sorted(dates)[len(dates) // 2].replace(microsecond=0)
        self._width = max(min(median, self.until - _SECOND) - self.begin, _SECOND)

    def finish(self) -> None:
        """Go on to the next window; the current one has been read."""
        self.begin = self.until
        if self._width is not None:
            self._width *= 2

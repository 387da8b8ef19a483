"""Walks through an `offset`/`maxReturn` listing: fetched ahead, delivered in order, and complete although it moves.

Such a listing knows no total. So pages are fetched ahead with a gentle ramp, 1, 2, 4 ... as full pages come back; never
more than keep the limit busy. One page costs one call; a long listing costs a few calls past its end, at most the pages
in flight minus one. Fetching happens only when the consumer asks, so a slow consumer stops it and memory stays bounded
by the pages in flight and the ids seen.

Neighbouring pages overlap by one record and must share one (`stitching.py` says why). Where they do not, the seam is
broken: something was deleted before it. Then the list is read again further back until it joins what was read, and on
from there; pages that were fetched ahead wait until they join (`seams.py`). Each broken seam doubles the overlap of the
pages to come, up to a quarter of a page.

After the end, a walk of more than one call takes a last look at what changed since it began (`last_looks.py`), which
finds what was renamed from ahead of the reading to behind it.

The promise: whatever is there from the first call to the last is delivered exactly once. Listings without a last look
keep it for whatever also keeps its name.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from marketo_async.errors import MarketoError
from marketo_async.transport.ahead import Ahead
from marketo_async.transport.beginning import Beginning
from marketo_async.transport.last_looks import LastLooks
from marketo_async.transport.pass_walk import PassWalk
from marketo_async.transport.seams import Seams
from marketo_async.transport.stitching import Once, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime

    from marketo_async.transport.page import Decode, Page, Resume
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.transport.transport import Transport
    from marketo_async.wire.call import Call

T = TypeVar("T")


class OffsetWalk(Generic[T]):
    """One walk.

    Args:
        transport: What sends the calls.
        call: The call, without `offset` and `maxReturn`.
        decode: Turns rows into records and misfits.
        seam: Returns a record's id and its sort key.
        page_size: Rows a call; 1 is read as 2, for two pages of one row cannot share one.
        start: The offset to begin at.
        options: How to walk.
        look: Makes the same call for what changed at or after a moment, or None where that can be nothing; None itself
            where Marketo has no such filter.
        once: What was delivered already, for a walk that is part of another one.

    Attributes:
        calls: How many answers it took so far.
    """

    def __init__(
        self,
        transport: Transport,
        call: Call,
        decode: Decode[T],
        seam: Callable[[T], tuple[Hashable, Hashable]],
        *,
        page_size: int,
        start: int,
        options: PagerOptions,
        look: Callable[[datetime], Call | None] | None = None,
        once: Once[T] | None = None,
    ) -> None:
        self._transport, self._call, self._decode, self._seam = transport, call, decode, seam
        self._rows, self._options, self._look_call = max(2, page_size), options, look
        self._once = once or Once(lambda record: seam(record)[0])
        self._ahead: Ahead[int] = Ahead(transport)
        self._seams: Seams[T] = Seams(start=start, rows=self._rows, operation=call.operation)
        self._ready: deque[Page[T]] = deque()
        self._plan, self._depth = start, 1
        self.calls = 0
        self._beginning = Beginning()
        self._then: LastLooks[T] | PassWalk[T] | None = None
        if options.resume is not None and once is None:
            self._go_on(options.resume)

    def _go_on(self, resume: Resume) -> None:
        """Take up an earlier walk: the next page must join what that one saw last."""
        self._beginning.moment = resume.began
        self._once.know(identity for identity, _ in resume.seen)
        if resume.seen:
            self.calls = 1  # it was more than one call
        if resume.seen and resume.position:  # from the beginning there is nothing to join
            self._seams.take_up(resume.seen)
            self._plan = max(0, resume.position - self._seams.overlap)
        self._seams.end = resume.position

    @property
    def began(self) -> datetime | None:
        """When the walk began, by the server's clock, a little early; None before its first answer."""
        return self._beginning.moment

    async def next_page(self) -> Page[T] | None:
        """Return the next page that has something new, or None after the last one.

        Raises:
            ListingUnstableError: the listing moves faster than it can be read.
        """
        try:
            while not self._ready:
                if self._then is not None or self._seams.finished:
                    return await self._after_the_end()
                await self._read()
        except MarketoError as error:
            error.position = self._seams.end
            raise
        return self._ready.popleft()

    def stop(self) -> None:
        """Stop fetching ahead."""
        self._ahead.drop()
        if self._then is not None:
            self._then.stop()

    # ---------------------------------------------------------------- reading

    def _fetch_ahead(self) -> None:
        self._beginning.asked()
        for _ in range(self._ahead.room(self._depth)):
            self._ask(self._plan)
            self._plan += self._rows - self._seams.overlap

    def _ask(self, offset: int, *, next_in_line: bool = False) -> None:
        call = self._call.query(maxReturn=self._rows, offset=offset)
        self._ahead.start(offset, call, next_in_line=next_in_line)

    async def _read(self) -> None:
        self._fetch_ahead()
        offset = self._ahead.head
        try:
            envelope = await self._ahead.take()
            records, misfits = self._decode(envelope.result)
        except MarketoError:
            self._ahead.drop()
            self._plan = offset  # the same page is tried again, whatever it was for
            raise
        self.calls += 1
        self._beginning.answered(envelope.date)
        stretch = Stretch(
            offset=offset,
            envelope=envelope,
            records=records,
            misfits=misfits,
            marks=[self._seam(record) for record in records],
            full=len(envelope.result) >= self._rows,
        )
        if stretch.full:
            self._depth = min(self._depth * 2, self._options.prefetch)
        self._place(stretch)
        if self._seams.finished:
            self.stop()
        elif self.calls > 1:  # whoever takes one page and leaves has paid for one page
            self._fetch_ahead()

    # ---------------------------------------------------------------- delivering

    def _place(self, stretch: Stretch[T]) -> None:
        """Deliver what a stretch joins, and ask for what lies between where it does not."""
        overlap = self._seams.overlap
        for joined in self._seams.place(stretch):
            self._deliver(joined)
        self._plan -= self._seams.overlap - overlap
        if not self._seams.orderly:
            self._read_in_passes()
        elif self._seams.finished:
            self._deliver_loose()
        elif (offset := self._seams.bridge()) is not None:
            self._ask(offset, next_in_line=True)

    def _deliver_loose(self) -> None:
        for left in self._seams.loose:
            self._deliver(left)
        self._seams.loose.clear()

    def _deliver(self, stretch: Stretch[T]) -> None:
        page = self._once.page(stretch, onwards=self._onwards(stretch))
        if page.items or page.misfits or self.calls == 1:
            self._ready.append(page)

    def _onwards(self, stretch: Stretch[T]) -> int | None:
        """Return where to go on after a stretch that was joined; in passes only the beginning misses nothing."""
        if isinstance(self._then, PassWalk):
            return 0
        return stretch.end if stretch.full or self._looks_back else None

    # ---------------------------------------------------------------- after the end

    def _read_in_passes(self) -> None:
        """Go over to reading in passes: two pages showed two records in different order."""
        self._ahead.drop()
        self._look_call = None
        self._then = PassWalk(
            self._transport,
            self._call,
            self._decode,
            self._once,
            page_size=self._rows,
            options=self._options,
            why="the order of this listing changes from call to call",
        )
        self._seams.end, self._seams.finished = 0, True
        self._deliver_loose()

    async def _after_the_end(self) -> Page[T] | None:
        """Go through what follows the walk itself: passes, or last looks."""
        if self._then is None:
            if not self._looks_back or self.began is None:
                return None
            self._then = LastLooks(self._look_since, self.began, self._call.operation)
        page = await self._then.next_page()
        if page is None:
            return None
        onwards = None if isinstance(self._then, PassWalk) and self._then.finished else self._seams.end
        return attrs.evolve(page, position=self._seams.end, next_position=onwards)

    @property
    def _looks_back(self) -> bool:
        """Whether a last look follows: not after one call, which is one instant."""
        return self._look_call is not None and self.calls > 1

    def _look_since(self, moment: datetime) -> OffsetWalk[T] | None:
        call = None if self._look_call is None else self._look_call(moment)
        if call is None:
            return None
        return OffsetWalk(
            self._transport,
            call,
            self._decode,
            self._seam,
            page_size=self._rows,
            start=0,
            options=self._options,
            once=self._once,
        )

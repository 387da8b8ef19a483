"""Walks through an `offset`/`maxReturn` listing: fetched ahead, delivered in order, and complete although it moves.

Such a listing knows no total. So pages are fetched ahead with a gentle ramp, 1, 2, 4 ... as full pages come back; never
more than keep the limit busy. One page costs one call; a long listing costs a few calls past its end, at most the pages
in flight minus one. Fetching happens only when the consumer asks, so a slow consumer stops it and memory stays bounded
by the pages in flight and the ids seen.

Neighbouring pages overlap by one record and must share one (`stitching.py` says why). Where they do not, the seam is
broken: something was deleted before it. Then the list is read again further back until it joins what was read, and on
from there; pages that were fetched ahead wait until they join. Each broken seam doubles the overlap of the pages to
come, up to a quarter of a page.

After the end, a walk of more than one call takes a last look at what changed since it began (`last_looks.py`), which
finds what was renamed from ahead of the reading to behind it.

The promise: whatever is there from the first call to the last is delivered exactly once. Listings without a last look
keep it for whatever also keeps its name.
"""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from marketo_async.errors import ListingUnstableError, MarketoError
from marketo_async.transport.ahead import Ahead
from marketo_async.transport.last_looks import LastLooks
from marketo_async.transport.page import Page
from marketo_async.transport.pass_walk import PassWalk
from marketo_async.transport.stitching import Chain, Once, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from marketo_async.transport.page import Decode, Resume
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.transport.transport import Transport
    from marketo_async.wire.call import Call

T = TypeVar("T")

_MARGIN = timedelta(seconds=3)
"""How much earlier than the walk a last look begins: one second that dates are cut by, two for clocks that differ."""

_BRIDGES = 40
"""Reads further back for one seam after which a listing counts as moving faster than it can be read."""


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
        self._transport = transport
        self._call = call
        self._decode = decode
        self._seam = seam
        self._rows = max(2, page_size)
        self._options = options
        self._look_call = look
        self._once = once or Once(lambda record: seam(record)[0])
        self._ahead: Ahead[int] = Ahead(transport)
        self._chain: Chain[T] = Chain()
        self._loose: list[Stretch[T]] = []
        self._ready: deque[Page[T]] = deque()
        self._plan = start
        self._resume_at = start
        self._overlap = 1
        self._quarter = max(1, self._rows // 4)
        self._back = self._quarter
        self._bridges = 0
        self._depth = 1
        self.calls = 0
        self._finished = False
        self._in_passes = False
        self._asked_at: float | None = None
        self._began: datetime | None = None
        self._looks = 0
        self._then: LastLooks[T] | PassWalk[T] | None = None
        if options.resume is not None and once is None:
            self._go_on(options.resume)

    def _go_on(self, resume: Resume) -> None:
        """Take up an earlier walk: the next page must join what that one saw last."""
        self._began = resume.began
        self._once.know(identity for identity, _ in resume.seen)
        if resume.seen:
            self.calls = 1  # it was more than one call
        if resume.seen and resume.position:  # from the beginning there is nothing to join
            self._chain.take_up(resume.seen[-2 * self._rows :])
            self._plan = max(0, resume.position - self._overlap)
        self._resume_at = resume.position

    @property
    def began(self) -> datetime | None:
        """When the walk began, by the server's clock, a little early; None before its first answer."""
        return self._began

    async def next_page(self) -> Page[T] | None:
        """Return the next page that has something new, or None after the last one.

        Raises:
            ListingUnstableError: the listing moves faster than it can be read.
        """
        try:
            while not self._ready:
                if self._then is not None or self._finished:
                    return await self._after_the_end()
                await self._read()
        except MarketoError as error:
            error.position = self._resume_at
            raise
        return self._ready.popleft()

    def stop(self) -> None:
        """Stop fetching ahead."""
        self._ahead.drop()
        if self._then is not None:
            self._then.stop()

    # ---------------------------------------------------------------- reading

    def _fetch_ahead(self) -> None:
        if self._asked_at is None:
            self._asked_at = asyncio.get_running_loop().time()
        for _ in range(self._ahead.room(self._depth)):
            self._ask(self._plan)
            self._plan += self._rows - self._overlap

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
        self._note_beginning(envelope.date)
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
        if self._finished:
            self.stop()
        elif self.calls > 1:  # whoever takes one page and leaves has paid for one page
            self._fetch_ahead()

    def _note_beginning(self, date: datetime | None) -> None:
        if self._began is not None or self._asked_at is None:
            return
        taken = timedelta(seconds=asyncio.get_running_loop().time() - self._asked_at)
        # Without a Date header this machine's clock has to do; it may be minutes off.
        server = date or datetime.now(UTC) - timedelta(minutes=5)
        self._began = server - taken - _MARGIN

    # ---------------------------------------------------------------- seams

    def _place(self, stretch: Stretch[T]) -> None:
        """Join a stretch to what was read, or keep it until it joins."""
        joined = not self._chain.begun or stretch.offset == 0 or self._chain.joins(stretch)
        if joined:
            self._join(stretch)
            while not self._finished and (next_one := self._joinable()) is not None:
                self._loose.remove(next_one)
                self._join(next_one)
        else:
            if not self._loose:
                self._widen()
            self._loose.append(stretch)
        if not self._chain.orderly:
            self._read_in_passes()
        elif self._finished:
            for left in self._loose:
                self._deliver(left)
            self._loose.clear()
        elif self._loose:
            self._bridge(forward=joined)
        else:
            self._bridges, self._back = 0, self._quarter

    def _joinable(self) -> Stretch[T] | None:
        return next((stretch for stretch in self._loose if self._chain.joins(stretch)), None)

    def _join(self, stretch: Stretch[T]) -> None:
        self._chain.add(stretch.marks)
        self._resume_at = stretch.end
        self._deliver(stretch)
        self._finished = not stretch.full

    def _widen(self) -> None:
        wider = min(self._overlap * 2, self._quarter)
        self._plan -= wider - self._overlap
        self._overlap = wider

    def _bridge(self, *, forward: bool) -> None:
        """Ask for what lies between the chain and the first loose stretch: forward from the chain, or further back."""
        self._bridges += 1
        if self._bridges > _BRIDGES:
            raise ListingUnstableError(
                f"no page joined what was read before after {_BRIDGES} reads further back",
                operation=self._call.operation,
            )
        if forward:
            offset = self._resume_at - self._overlap
        else:
            offset = self._loose[0].offset - self._back
            self._back *= 2
        self._ask(max(0, offset), next_in_line=True)

    def _deliver(self, stretch: Stretch[T]) -> None:
        items = self._once.new(stretch.records)
        misfits = self._once.new_misfits(stretch.misfits)
        if not items and not misfits and self.calls > 1:
            return
        self._ready.append(
            Page(
                items=tuple(items),
                position=stretch.offset,
                next_position=self._onwards(stretch),
                request_id=stretch.envelope.request_id,
                warnings=stretch.envelope.warnings,
                misfits=tuple(misfits),
            )
        )

    def _onwards(self, stretch: Stretch[T]) -> int | None:
        """Return where to go on after a stretch that was joined; in passes only the beginning misses nothing."""
        if self._in_passes:
            return 0
        return stretch.end if stretch.full or self._looks_back else None

    # ---------------------------------------------------------------- after the end

    def _read_in_passes(self) -> None:
        """Go over to reading in passes: two pages showed two records in different order."""
        self._ahead.drop()
        self._in_passes, self._resume_at = True, 0
        for left in self._loose:
            self._deliver(left)
        self._loose.clear()
        self._finished = True
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

    async def _after_the_end(self) -> Page[T] | None:
        """Go through what follows the walk itself: passes, or last looks."""
        if self._then is None:
            if not self._looks_back or self._began is None:
                return None
            self._then = LastLooks(self._look_since, self._began, self._call.operation)
        page = await self._then.next_page()
        if page is None:
            return None
        over = isinstance(self._then, PassWalk) and self._then.finished
        onwards = None if over else self._resume_at
        return attrs.evolve(page, position=self._resume_at, next_position=onwards)

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

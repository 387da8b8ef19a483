"""Walks through what changed since a watermark.

**One call where that is enough.** The first call asks for everything since the watermark, and its answer tells the
server's time. Where it fits into one page, one call is one instant, and the run is done. Where it does not, that page
is dropped, for only now the end of the run is known, and the time up to it is read in windows (`change_windows.py`).

**Before a first watermark** all there is is read as one listing, unfiltered, so that whatever is there from the first
call to the last is delivered however much it changes meanwhile; the watermark behind it lies at its start.

**The watermark** of a batch covers that batch and all before it, and nothing else; it moves on when a window has been
read to its end. Behind the server's clock it stays by the overlap: what is committed late shows up in the next run,
which reads the overlap again and leaves out the versions that the watermark remembers. A version is remembered once
the second of its date was over, for until then there may be another state of the same date.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from marketo_async.errors import MarketoError
from marketo_async.transport.change_windows import LARGE, Windows, bounds_of
from marketo_async.transport.offset_walk import OffsetWalk
from marketo_async.transport.watermark import Watermark

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from datetime import datetime

    from marketo_async.errors import DecodeError
    from marketo_async.transport.change_windows import Bounds
    from marketo_async.transport.page import Decode
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.transport.transport import Transport
    from marketo_async.transport.watermark import Version
    from marketo_async.wire.call import Call

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class ChangeBatch(Generic[T]):
    """Some of what changed, and how far one has come with it.

    Attributes:
        items: The records; there may be none, where only the watermark is news.
        watermark: Covers these items and everything before them: store it when they are processed.
        misfits: The records that did not fit, where the feed was told to skip them.
        warnings: Marketo's warnings since the batch before.
        request_id: Marketo's `requestId` of the call that brought the items; None where none did.
    """

    items: tuple[T, ...]
    watermark: Watermark
    misfits: tuple[DecodeError, ...] = ()
    warnings: tuple[str, ...] = ()
    request_id: str | None = None


@attrs.frozen
class Changing(Generic[T]):
    """A listing that can be asked for what changed.

    Attributes:
        call: Makes the call for what changed from one moment to another, both included; None bounds nothing.
        decode: Turns rows into records and misfits.
        seam: Returns a record's id and its sort key.
        version: Returns a record's id and when it was changed; None where Marketo did not say.
    """

    call: Callable[[datetime | None, datetime | None], Call]
    decode: Decode[T]
    seam: Callable[[T], tuple[Hashable, Hashable]]
    version: Callable[[T], Version | None]


class ChangeWalk(Generic[T]):
    """One run.

    Args:
        transport: What sends the calls.
        listing: What is read.
        since: Where to begin.
        overlap: How late a change may show up.
        page_size: Rows a call.
        options: How to walk.
    """

    def __init__(
        self,
        transport: Transport,
        listing: Changing[T],
        *,
        since: Watermark,
        overlap: timedelta,
        page_size: int,
        options: PagerOptions,
    ) -> None:
        self._transport = transport
        self._listing = listing
        self._overlap = overlap
        self._rows = page_size
        self._options = options
        self._watermark = since
        self._coming = since
        self._seen = set(since.delivered)
        self._warnings: list[str] = []
        self._bounds: Bounds | None = None
        self._windows: Windows | None = None
        self._walk: OffsetWalk[T] | None = None
        self._opened = False
        self._finished = False

    async def next_batch(self) -> ChangeBatch[T] | None:
        """Return the next batch, or None at the end of the run. After an error, the same page is tried again.

        Raises:
            MarketoError: with the last watermark in `position`.
        """
        batch: ChangeBatch[T] | None = None
        try:
            while batch is None and not self._finished:
                batch = await (self._read() if self._opened else self._open())
        except MarketoError as error:
            error.position = self._watermark
            raise
        return batch

    def stop(self) -> None:
        """Stop fetching ahead; may be called from any thread, at any time, more than once."""
        if self._walk is not None:
            self._walk.stop()

    # ---------------------------------------------------------------- the first call

    async def _open(self) -> ChangeBatch[T] | None:
        since = self._watermark.moment
        clock = asyncio.get_running_loop().time
        asked_at = clock()
        call = self._listing.call(since, None).query(maxReturn=self._rows, offset=0)
        envelope = await self._transport.send(call.in_lane("interactive", opening=True))
        taken = timedelta(seconds=clock() - asked_at)
        records, misfits = self._listing.decode(envelope.result)
        newest = max(self._dates(records), default=None)
        self._bounds = bounds = bounds_of(envelope.date, newest, taken=taken, overlap=self._overlap)
        self._opened = True
        if bounds is not None:
            # Before a first watermark nothing before the start is covered until everything was read.
            self._coming = self._watermark if since is not None else Watermark(bounds.settled)
        if len(envelope.result) >= self._rows:
            if since is None or bounds is None:
                self._walk = self._whole(since)
            else:
                self._windows = Windows(since, bounds.end)
            return None
        if since is not None and bounds is not None:
            records = [record for record in records if self._is_in_time(record, bounds.end)]
        items = self._take(records)
        self._advance(None if bounds is None else bounds.settled)
        self._finished = True
        self._warnings += envelope.warnings
        return self._batch(items, misfits, envelope.request_id)

    def _whole(self, since: datetime | None) -> OffsetWalk[T]:
        return self._walk_through(since, None, look=lambda moment: self._listing.call(moment, None))

    def _walk_through(
        self, since: datetime | None, until: datetime | None, look: Callable[[datetime], Call] | None = None
    ) -> OffsetWalk[T]:
        return OffsetWalk(
            self._transport,
            self._listing.call(since, until),
            self._listing.decode,
            self._listing.seam,
            page_size=self._rows,
            start=0,
            options=self._options,
            look=look,
        )

    # ---------------------------------------------------------------- page by page

    async def _read(self) -> ChangeBatch[T] | None:
        windows = self._windows
        if self._walk is None:
            if windows is None or not windows.left:
                self._finished = True
                return None
            while not windows.narrowest and (dates := await self._dates_beyond(windows)):
                windows.narrow(dates)
            # Whatever changes leaves the window, so that there is nothing to look for after its last page.
            self._walk = self._walk_through(windows.begin, windows.until)
        page = await self._walk.next_page()
        if page is None:
            return self._end()
        items = self._take(page.items)
        if windows is not None:
            self._watermark = self._coming
        self._warnings += page.warnings
        if not items and not page.misfits:
            return None
        return self._batch(items, page.misfits, page.request_id)

    async def _dates_beyond(self, windows: Windows) -> list[datetime]:
        """Return some of the dates that the current window has beyond what one should hold."""
        call = self._listing.call(windows.begin, windows.until)
        call = call.query(maxReturn=self._rows, offset=LARGE * self._rows)
        envelope = await self._transport.send(call.in_lane("bulk"))
        records, _ = self._listing.decode(envelope.result)
        return self._dates(records)

    def _end(self) -> ChangeBatch[T] | None:
        """Go on after the last page of a window, or of everything."""
        before, self._walk = self._watermark, None
        covered = None if self._bounds is None else self._bounds.settled
        if self._windows is None:
            self._finished = True
        else:
            self._windows.finish()
            covered = self._windows.begin if covered is None else min(covered, self._windows.begin)
        self._advance(covered)
        return self._batch() if self._watermark != before else None

    # ---------------------------------------------------------------- what was delivered

    def _take(self, records: Sequence[T]) -> list[T]:
        """Return the records whose version has not been delivered yet, and count them as delivered."""
        items: list[T] = []
        final: list[Version] = []
        for record in records:
            version = self._listing.version(record)
            if version is not None:
                if version in self._seen:
                    continue
                self._seen.add(version)
                if self._bounds is not None and version[1] <= self._bounds.sure:
                    final.append(version)
            items.append(record)
        self._coming = self._coming.after(final)
        return items

    def _advance(self, moment: datetime | None) -> None:
        self._watermark = self._coming = self._coming.after(moment=moment)
        reached = self._watermark.moment
        if reached is not None:
            self._seen = {version for version in self._seen if version[1] >= reached}

    def _batch(
        self,
        items: Sequence[T] = (),
        misfits: Sequence[DecodeError] = (),
        request_id: str | None = None,
    ) -> ChangeBatch[T]:
        warnings, self._warnings = self._warnings, []
        return ChangeBatch(
            items=tuple(items),
            watermark=self._watermark,
            misfits=tuple(misfits),
            warnings=tuple(warnings),
            request_id=request_id,
        )

    def _dates(self, records: Sequence[T]) -> list[datetime]:
        return [version[1] for record in records if (version := self._listing.version(record)) is not None]

    def _is_in_time(self, record: T, end: datetime) -> bool:
        version = self._listing.version(record)
        return version is None or version[1] <= end

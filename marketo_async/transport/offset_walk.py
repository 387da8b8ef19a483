"""Walks through an `offset`/`maxReturn` listing: fetched ahead, delivered in order.

Such a listing knows no total. So pages are fetched ahead with a gentle ramp, 1, 2, 4 ... as full pages come back; never
more than keep the limit busy. One page costs one call; a long listing costs a few calls past its end, at most the pages
in flight minus one. Fetching happens only when the consumer asks, so a slow consumer stops it and memory stays bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from marketo_async.errors import MarketoError
from marketo_async.transport.ahead import Ahead
from marketo_async.transport.page import Page

if TYPE_CHECKING:
    from marketo_async.transport.page import Decode
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.transport.transport import Transport
    from marketo_async.wire.call import Call

T = TypeVar("T")


class OffsetWalk(Generic[T]):
    """One walk from offset `start` on, `page_size` rows a call."""

    def __init__(
        self, transport: Transport, call: Call, decode: Decode[T], *, page_size: int, start: int, options: PagerOptions
    ) -> None:
        self._call = call
        self._decode = decode
        self._page_size = page_size
        self._next_offset = start
        self._prefetch = options.prefetch
        self._depth = 1
        self._delivered = 0
        self._finished = False
        self._ahead: Ahead[int] = Ahead(transport)

    async def next_page(self) -> Page[T] | None:
        """Return the next page, or None after the last one; an empty page is delivered only if it is the only one."""
        if self._finished:
            return None
        self._fetch_ahead()
        offset = self._ahead.head
        try:
            envelope = await self._ahead.take()
            items, misfits = self._decode(envelope.result)
        except MarketoError as error:
            error.position = offset
            self._go_back_to(offset)
            raise
        full = len(envelope.result) >= self._page_size
        if not full:
            self._finished = True
            self.stop()
        else:
            self._depth = min(self._depth * 2, self._prefetch)
            if self._delivered:  # whoever takes one page and leaves has paid for one page
                self._fetch_ahead()
        self._delivered += 1
        if not envelope.result and self._delivered > 1:
            return None
        return Page(
            items=tuple(items),
            position=offset,
            next_position=offset + self._page_size if full else None,
            request_id=envelope.request_id,
            warnings=envelope.warnings,
            misfits=tuple(misfits),
        )

    def stop(self) -> None:
        """Stop fetching ahead."""
        self._ahead.drop()

    def _fetch_ahead(self) -> None:
        for _ in range(max(self._ahead.room(self._depth), 0 if len(self._ahead) else 1)):
            offset = self._next_offset
            self._ahead.start(offset, self._call.query(maxReturn=self._page_size, offset=offset))
            self._next_offset += self._page_size

    def _go_back_to(self, offset: int) -> None:
        self._ahead.drop()
        self._next_offset = offset

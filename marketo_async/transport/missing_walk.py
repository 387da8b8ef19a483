"""Walks through what is no longer there: the ids that somebody knows and a whole listing does not have.

Only the ids that are still missing are kept. The listing is read to its end before the first one is yielded, for an id
may turn up on the last page.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from marketo_async.errors import MarketoError, NotFoundError, UnknownResourceError
from marketo_async.transport.ahead import Ahead
from marketo_async.transport.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from marketo_async.transport.page import Walk
    from marketo_async.transport.transport import Transport
    from marketo_async.wire.call import Call

T = TypeVar("T")


class MissingWalk(Generic[T]):
    """One walk, in pages of ids, ascending.

    Args:
        transport: What sends the calls.
        listing: The whole listing.
        identity: Returns a record's id.
        known: The ids that are looked for.
        look_up: Makes the call that shows one record, to confirm that it is gone; None takes the listing's word.
        page_size: Ids a page, where none is looked up.
        prefetch: Look-ups in flight, at most.
    """

    def __init__(
        self,
        transport: Transport,
        listing: Walk[T],
        identity: Callable[[T], int],
        known: Iterable[int],
        look_up: Callable[[int], Call] | None,
        *,
        page_size: int,
        prefetch: int,
    ) -> None:
        self._listing = listing
        self._identity = identity
        self._missing = set(known)
        self._look_up = look_up
        self._page_size = page_size
        self._prefetch = prefetch
        self._left: deque[int] | None = None
        self._ahead: Ahead[int] = Ahead(transport)

    async def next_page(self) -> Page[int] | None:
        """Return the next ids that are gone, or None; after an error, it goes on where it was."""
        if self._left is None:
            self._left = await self._read_listing()
        if self._look_up is None:
            gone = [self._left.popleft() for _ in range(min(self._page_size, len(self._left)))]
            return Page(items=tuple(gone), position=None) if gone else None
        while self._left or len(self._ahead):
            page = await self._confirm(self._left, self._look_up)
            if page is not None:
                return page
        return None

    @property
    def began(self) -> datetime | None:
        """When the listing began, by the server's clock, a little early; None before its first answer."""
        return self._listing.began

    def stop(self) -> None:
        """Stop fetching ahead."""
        self._listing.stop()
        self._ahead.drop()

    async def _read_listing(self) -> deque[int]:
        try:
            while self._missing and (page := await self._listing.next_page()) is not None:
                self._missing.difference_update(map(self._identity, page.items))
        except MarketoError as error:
            error.position = None  # a place in the middle of the listing is none of this walk's
            raise
        self._listing.stop()
        return deque(sorted(self._missing))

    async def _confirm(self, left: deque[int], look_up: Callable[[int], Call]) -> Page[int] | None:
        """Look at one that seems to be gone."""
        for _ in range(self._ahead.room(self._prefetch)):
            if left:
                self._ahead.start(left[0], look_up(left.popleft()))
        one = self._ahead.head
        try:
            envelope = await self._ahead.take()
        except UnknownResourceError:  # Marketo does not know the address, which says nothing about the record
            self._put_back(left, one)
            raise
        except NotFoundError as error:
            return Page(items=(one,), position=None, request_id=error.request_id)
        except MarketoError:
            self._put_back(left, one)
            raise
        if envelope.result:
            return None
        return Page(items=(one,), position=None, request_id=envelope.request_id)

    def _put_back(self, left: deque[int], one: int) -> None:
        left.extendleft(reversed([one, *self._ahead.keys()]))
        self._ahead.drop()

"""Walks through a listing that has no order: the whole of it again and again, until a pass brings nothing new.

Each call shows the list in an order of its own, so a pass misses some records and shows others twice; every pass finds
part of what is left. The end is told by two things: a pass that brought nothing new, and either as many records seen as
the pass counted, or passes enough that one missing record would have shown with 99 % certainty. It is bounded, and says
at the end how sure it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from marketo_async.errors import MarketoError
from marketo_async.transport.ahead import Ahead
from marketo_async.transport.page import Page

if TYPE_CHECKING:
    from marketo_async.transport.page import Decode
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.transport.stitching import Once
    from marketo_async.transport.transport import Transport
    from marketo_async.wire.call import Call

T = TypeVar("T")

_PASSES = 50
"""Passes after which reading ends, whatever was found."""

_DOUBT = 0.01
"""The chance of having missed a record that may remain."""


class PassWalk(Generic[T]):
    """One walk, of as many passes as it takes.

    Args:
        transport: What sends the calls.
        call: The call, without `offset` and `maxReturn`.
        decode: Turns rows into records and misfits.
        once: Lets every record pass once.
        page_size: Rows a call.
        options: How to walk.
        why: What the warning at the end begins with.
    """

    def __init__(
        self,
        transport: Transport,
        call: Call,
        decode: Decode[T],
        once: Once[T],
        *,
        page_size: int,
        options: PagerOptions,
        why: str,
    ) -> None:
        self._call = call
        self._decode = decode
        self._once = once
        self._page_size = page_size
        self._prefetch = options.prefetch
        self._why = why
        self._ahead: Ahead[int] = Ahead(transport)
        self._depth = 1
        self._plan = 0
        self._counted: int | None = None
        self._passes = 0
        self._pages_of_pass = 0
        self._quiet = True
        self._doubt = 1.0
        self._answers = 0
        self._finished = False

    async def next_page(self) -> Page[T] | None:
        """Return the next page that has something new, or None; the last one says in a warning how sure it is."""
        while not self._finished:
            self._fetch_ahead()
            offset = self._ahead.head
            try:
                envelope = await self._ahead.take()
                records, misfits = self._decode(envelope.result)
            except MarketoError:
                self._ahead.drop()
                self._plan = offset
                raise
            self._answers += 1
            self._pages_of_pass += 1
            items = self._once.new(records)
            fresh_misfits = self._once.new_misfits(misfits)
            self._quiet = self._quiet and not items
            warnings = list(envelope.warnings) if self._answers == 1 else []
            if len(envelope.result) < self._page_size:
                warnings += self._end_pass(offset + len(envelope.result))
            else:
                self._depth = min(self._depth * 2, self._prefetch)
            if items or fresh_misfits or warnings or self._answers == 1:
                return Page(
                    items=tuple(items),
                    position=None,
                    request_id=envelope.request_id,
                    warnings=tuple(warnings),
                    misfits=tuple(fresh_misfits),
                )
        return None

    @property
    def finished(self) -> bool:
        """Whether the last pass has been delivered."""
        return self._finished

    @property
    def began(self) -> None:
        """Nobody asked: this listing is not taken up by time."""
        return

    def stop(self) -> None:
        """Stop fetching ahead."""
        self._ahead.drop()

    def _fetch_ahead(self) -> None:
        for _ in range(self._ahead.room(self._depth)):
            if len(self._ahead) and self._counted is not None and self._plan > self._counted:
                return  # the pass before this one counted less
            self._ahead.start(self._plan, self._call.query(maxReturn=self._page_size, offset=self._plan))
            self._plan += self._page_size

    def _end_pass(self, counted: int) -> list[str]:
        """Take stock after a pass; return the warning with which the walk ends, if it does."""
        self._ahead.drop()
        self._passes += 1
        if self._answers == 1:  # one call is one instant
            self._finished = True
            return []
        if self._quiet and counted:
            self._doubt *= (1 - min(1.0, self._page_size / counted)) ** self._pages_of_pass
        complete = self._quiet and len(self._once) >= counted
        self._finished = complete or self._doubt <= _DOUBT or self._passes == _PASSES
        self._counted, self._plan, self._pages_of_pass, self._quiet = counted, 0, 0, True
        if not self._finished:
            return []
        if complete:
            sure = "as many as it counts"
        else:
            sure = f"it counts {counted}; the chance that one of them was missed is {max(self._doubt, 0.0001):.2%}"
        return [f"{self._why}: read in {self._passes} passes, {len(self._once)} records found, {sure}"]

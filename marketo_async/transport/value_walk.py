"""Walks through what any number of filter values find: cut into calls, asked concurrently, delivered in input order.

Marketo takes 300 values a call, answers at most 300 rows a page, and refuses a filter that matches more than 1,000
rows. So the values travel in chunks; each chunk's pages follow each other by token; a refused chunk is halved.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from marketo_async.errors import MarketoError, ValidationError
from marketo_async.transport.ahead import Ahead
from marketo_async.transport.page import Page
from marketo_async.transport.token_walk import following_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from marketo_async.transport.page import Decode
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.transport.transport import Transport
    from marketo_async.wire.call import Call

T = TypeVar("T")


@attrs.frozen
class FindPosition:
    """Where a search by many values stands.

    Attributes:
        first: How many different values come before the ones of this call.
        count: How many values this call has; 0 where the next call is not cut yet.
        next_page_token: Marketo's token of the page; None for the first page of these values.
    """

    first: int
    count: int = 0
    next_page_token: str | None = None


@attrs.frozen
class _Chunk:
    first: int
    values: tuple[str, ...]
    token: str | None = None

    @property
    def position(self) -> FindPosition:
        return FindPosition(self.first, len(self.values), self.token)

    def halves(self) -> tuple[_Chunk, _Chunk]:
        middle = len(self.values) // 2
        return _Chunk(self.first, self.values[:middle]), _Chunk(self.first + middle, self.values[middle:])


class ValueWalk(Generic[T]):
    """One walk.

    Args:
        transport: What sends the calls.
        call_for: Makes the call for some values.
        values: The values, each one once.
        size: Returns the bytes that a value takes in a request.
        decode: Turns rows into records and misfits.
        start: Where to begin.
        options: How to walk.
        most_values: Values a call, at most.
        most_bytes: Bytes of values a call, at most.
    """

    def __init__(
        self,
        transport: Transport,
        call_for: Callable[[tuple[str, ...]], Call],
        values: Iterator[str],
        size: Callable[[str], int],
        decode: Decode[T],
        *,
        start: FindPosition,
        options: PagerOptions,
        most_values: int,
        most_bytes: int,
    ) -> None:
        self._call_for = call_for
        self._decode = decode
        self._depth = 1
        self._prefetch = options.prefetch
        self._chunks = _chunks(values, size, start, most_values, most_bytes)
        self._waiting: list[_Chunk] = []
        self._ahead: Ahead[_Chunk] = Ahead(transport)

    async def next_page(self) -> Page[T] | None:
        """Return the next page that has rows, or None after the last one."""
        while True:
            self._fetch_ahead()
            if not len(self._ahead):
                return None
            chunk = self._ahead.head
            call = self._call_for(chunk.values)
            try:
                envelope = await self._ahead.take()
                following = following_token(envelope, chunk.token, call.operation)
                items, misfits = self._decode(envelope.result)
            except MarketoError as error:
                if _too_many(error) and len(chunk.values) > 1 and chunk.token is None:
                    for half in reversed(chunk.halves()):
                        self._start(half, next_in_line=True)
                    continue
                error.position = chunk.position
                self._wait_again(chunk)
                raise
            self._depth = self._prefetch
            after = FindPosition(chunk.first + len(chunk.values))
            if following is not None:
                chunk_after = attrs.evolve(chunk, token=following)
                after = chunk_after.position
                self._start(chunk_after, next_in_line=True)
            if not envelope.result and not misfits and (following is not None or self._more()):
                continue
            return Page(
                items=tuple(items),
                position=chunk.position,
                next_position=after if following is not None or self._more() else None,
                request_id=envelope.request_id,
                warnings=envelope.warnings,
                misfits=tuple(misfits),
            )

    @property
    def began(self) -> None:
        """Nobody asked: this listing is not taken up by time."""
        return

    def stop(self) -> None:
        """Stop fetching ahead."""
        self._ahead.drop()

    def _more(self) -> bool:
        """Tell whether another chunk comes."""
        if len(self._ahead) or self._waiting:
            return True
        self._waiting = list(islice(self._chunks, 1))
        return bool(self._waiting)

    def _fetch_ahead(self) -> None:
        for _ in range(self._ahead.room(self._depth)):
            chunk = self._waiting.pop(0) if self._waiting else next(self._chunks, None)
            if chunk is None:
                return
            self._start(chunk)

    def _start(self, chunk: _Chunk, *, next_in_line: bool = False) -> None:
        call = self._call_for(chunk.values).query(nextPageToken=chunk.token)
        self._ahead.start(chunk, call, next_in_line=next_in_line)

    def _wait_again(self, chunk: _Chunk) -> None:
        """Put a failed chunk and all behind it back, so that the next call begins with it."""
        self._waiting = [chunk, *self._ahead.keys(), *self._waiting]
        self._ahead.drop()


def _chunks(
    values: Iterator[str], size: Callable[[str], int], start: FindPosition, most_values: int, most_bytes: int
) -> Iterator[_Chunk]:
    first = start.first
    for _ in islice(values, first):
        pass
    if start.count:
        known = tuple(islice(values, start.count))
        yield _Chunk(first, known, start.next_page_token)
        first += len(known)
    chunk: list[str] = []
    length = 0
    for value in values:
        bytes_more = size(value)
        if chunk and (len(chunk) >= most_values or length + bytes_more > most_bytes):
            yield _Chunk(first, tuple(chunk))
            first += len(chunk)
            chunk, length = [], 0
        chunk.append(value)
        length += bytes_more
    if chunk:
        yield _Chunk(first, tuple(chunk))


def _too_many(error: MarketoError) -> bool:
    words = error.message.lower() if isinstance(error, ValidationError) and error.code == "1003" else ""
    return "too many" in words or "matching membership size" in words  # leads, and members of programs

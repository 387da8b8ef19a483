"""What every group can do: one record, a record or nothing, several records, an id, a listing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from marketo_async.api._checks import check_count, check_range, check_text
from marketo_async.errors import ArgumentError, NotFoundError
from marketo_async.records import IdResult, Record, read_all, read_tolerant
from marketo_async.transport.offset_walk import OffsetWalk
from marketo_async.transport.paging import Pager
from marketo_async.transport.pass_walk import PassWalk
from marketo_async.transport.stitching import Once
from marketo_async.transport.token_walk import TokenWalk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Sequence
    from datetime import datetime

    from marketo_async.errors import DecodeError
    from marketo_async.transport.day_cache import Key
    from marketo_async.transport.page import Decode
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.transport.transport import Transport
    from marketo_async.wire.call import Call

K = TypeVar("K")
T = TypeVar("T", bound=Record)

ASSET_PAGE = 200
"""Rows that an Asset API listing gives a call at most."""


class Group:
    """A group of operations over one transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def _many(self, kind: type[T], call: Call) -> list[T]:
        """Return the records of one answer; empty where Marketo found nothing."""
        envelope = await self._transport.send(call)
        return read_all(kind, envelope.result)

    async def _find(self, kind: type[T], call: Call) -> T | None:
        """Return the first record of one answer, or None where Marketo found nothing."""
        envelope = await self._transport.send(call)
        found = read_all(kind, envelope.result[:1])
        return found[0] if found else None

    async def _one(self, kind: type[T], call: Call) -> T:
        """Return the record of one answer.

        Raises:
            NotFoundError: Marketo found nothing.
        """
        envelope = await self._transport.send(call)
        found = read_all(kind, envelope.result[:1])
        if not found:
            words = "; ".join(envelope.warnings) or "nothing found"
            raise NotFoundError(words, request_id=envelope.request_id, operation=call.operation)
        return found[0]

    async def _id(self, call: Call) -> int:
        """Return the id that an answer consists of.

        Raises:
            NotFoundError: Marketo found nothing.
        """
        return (await self._one(IdResult, call)).id

    async def _kept(self, key: Key[K], fetch: Callable[[], Awaitable[K]], *, refresh: bool) -> K:
        """Return an answer that the client keeps for a day; any number of callers share one call."""
        kept = self._transport.attempts.kept
        return await kept.get(key, fetch, refresh=refresh, deadline=self._transport.deadline)

    def _offset_pages(
        self,
        kind: type[T],
        call: Call,
        seam: Callable[[T], tuple[Hashable, Hashable]],
        *,
        page_size: int,
        start: int,
        look: Callable[[datetime], Call | None] | None = None,
    ) -> Pager[T]:
        """Return the listing that a call with `offset` and `maxReturn` pages through.

        Args:
            kind: What the rows are.
            call: The call, without `offset` and `maxReturn`.
            seam: Returns a record's id and its sort key.
            page_size: Rows a call.
            start: The offset to begin at.
            look: Makes the same call for what changed at or after a moment, or None where that can be nothing; None
                itself where Marketo has no such filter.
        """
        check_range("page_size", page_size, 1, ASSET_PAGE)
        check_count("start", start)

        def walk(options: PagerOptions) -> OffsetWalk[T]:
            return OffsetWalk(
                self._transport,
                call,
                decoder(kind, options),
                seam,
                page_size=page_size,
                start=start,
                options=options,
                look=look,
            )

        return Pager(walk)

    def _unordered_pages(
        self, kind: type[T], call: Call, identity: Callable[[T], Hashable], *, page_size: int
    ) -> Pager[T]:
        """Return an offset listing whose order differs from call to call: read in passes, each record once."""
        check_range("page_size", page_size, 1, ASSET_PAGE)

        def walk(options: PagerOptions) -> PassWalk[T]:
            refuse_resume(options)
            return PassWalk(
                self._transport,
                call,
                decoder(kind, options),
                Once(identity),
                page_size=page_size,
                options=options,
                why="this listing has no order",
            )

        return Pager(walk)

    def _token_pages(
        self, kind: type[T], call: Call, *, page_size: int, most: int = 300, start: str | None
    ) -> Pager[T]:
        """Return the listing that a call with `batchSize` and `nextPageToken` pages through."""
        check_range("page_size", page_size, 1, most)
        check_text("start", start, optional=True)
        sized = call.query(batchSize=page_size)

        def walk(options: PagerOptions) -> TokenWalk[T]:
            refuse_resume(options)
            return TokenWalk(self._transport, sized, decoder(kind, options), start=start, options=options)

        return Pager(walk)


def refuse_resume(options: PagerOptions) -> None:
    """Refuse to take up a listing that is paged by tokens or has no order: there is nothing to join on to."""
    if options.resume is not None:
        raise ArgumentError(
            "resume", options.resume, "an offset listing with an order; others take `start=`, or nothing"
        )


def decoder(kind: type[T], options: PagerOptions) -> Decode[T]:
    """Return what turns rows into records, as the listing was told to treat misfits."""
    if options.on_misfit == "skip":
        return partial(read_tolerant, kind)

    def strict(rows: Sequence[object], /) -> tuple[list[T], list[DecodeError]]:
        return read_all(kind, rows), []

    return strict


def each_once(decode: Decode[T], identity: Callable[[T], Hashable]) -> Decode[T]:
    """Return a decoder for one walk that leaves out the records which that walk has had already."""
    once: Once[T] = Once(identity)

    def new(rows: Sequence[object], /) -> tuple[list[T], list[DecodeError]]:
        records, misfits = decode(rows)
        return once.new(records), misfits

    return new

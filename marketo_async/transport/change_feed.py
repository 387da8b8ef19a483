"""Changes as values: `feed.batches()` for whoever stores watermarks, `async for record in feed` for whoever does not.

A feed holds no connection, no task and no place; each iteration starts afresh where the feed was told to begin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from marketo_async.errors import MarketoError
from marketo_async.transport.paging import PagerOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from marketo_async.transport.change_walk import ChangeBatch, ChangeWalk
    from marketo_async.transport.paging import OnMisfit
    from marketo_async.transport.watermark import Watermark

T = TypeVar("T")


class ChangeFeed(Generic[T]):
    """What was made or changed since a watermark, for a copy of it elsewhere.

    **What is delivered:** every change that shows in `updatedAt`, at least once; of several between two readings the
    last one. Each version, that is the same id with the same `updatedAt`, comes once as far as the watermark's memory
    reaches: up to 1,000 versions, each remembered from three seconds after its date on. Deletions show in no listing.

    **What a watermark is worth:** it covers what was delivered with it and before, and nothing else. Whoever processes
    a batch, then stores its watermark, and goes on from the stored one after a crash at any moment, ends with the same
    last state of every record as whoever was never interrupted. What was delivered after the stored watermark comes
    again, so processing means: insert or replace by id.
    """

    def __init__(
        self, walk: Callable[[PagerOptions], ChangeWalk[T]], since: Watermark, options: PagerOptions | None = None
    ) -> None:
        self._make_walk = walk
        self._options = options or PagerOptions()
        self._since = since
        self._items: ChangeItems[T] | None = None

    def with_options(self, *, prefetch: int | None = None, on_misfit: OnMisfit | None = None) -> ChangeFeed[T]:
        """Return the same feed, read in another way; what is None stays as it is.

        Args:
            prefetch: Pages in flight at most, 1 to 8; 1 reads one page after the other.
            on_misfit: `"skip"` leaves out records that do not fit and keeps their errors in `batch.misfits`.
        """
        options = attrs.evolve(
            self._options,
            prefetch=self._options.prefetch if prefetch is None else prefetch,
            on_misfit=self._options.on_misfit if on_misfit is None else on_misfit,
        )
        return ChangeFeed(self._make_walk, self._since, options)

    def batches(self) -> ChangeBatches[T]:
        """Read in batches of up to a page, each with the watermark to store when it is processed."""
        return ChangeBatches(self._make_walk(self._options))

    def __aiter__(self) -> ChangeItems[T]:
        """Read record by record; `watermark` says how far one has come."""
        self._items = ChangeItems(self.batches(), self._since)
        return self._items

    @property
    def watermark(self) -> Watermark:
        """How far the last `async for` over this feed has come: what it has asked to go on from, batch by batch.

        Inside the loop the record at hand is not covered yet; after the loop all are. Before the first loop it is
        where the feed begins. `batches()` does not move it.
        """
        return self._since if self._items is None else self._items.watermark

    async def collect(self) -> list[T]:
        """Read all of it into a list; `watermark` is the one to store then.

        Raises:
            MarketoError: with the records read so far in `partial`, and in `position` the watermark to go on from; it
                covers some of them at most.
        """
        everything: list[T] = []
        items = aiter(self)
        try:
            async for item in items:
                everything.append(item)  # noqa: PERF401 - what was read before an error is needed
        except MarketoError as error:
            error.partial = everything
            raise
        finally:
            await items.aclose()  # the feed remembers them, for their watermark
        return everything


class ChangeBatches(Generic[T]):
    """One run, batch by batch."""

    def __init__(self, walk: ChangeWalk[T]) -> None:
        self._walk = walk

    def __aiter__(self) -> ChangeBatches[T]:
        return self

    async def __anext__(self) -> ChangeBatch[T]:
        try:
            batch = await self._walk.next_batch()
            if batch is None:
                raise StopAsyncIteration
            return batch
        finally:
            del self  # who keeps an exception, as a cancelled task does, keeps its frames, but not the walk

    async def aclose(self) -> None:
        """Stop fetching ahead now; leaving the loop does the same."""
        self._walk.stop()

    def __del__(self) -> None:
        self._walk.stop()


class ChangeItems(Generic[T]):
    """One run, record by record."""

    def __init__(self, batches: ChangeBatches[T], since: Watermark) -> None:
        self._batches = batches
        self._left: Iterator[T] = iter(())
        self._begun = self.watermark = since

    def __aiter__(self) -> ChangeItems[T]:
        return self

    async def __anext__(self) -> T:
        try:
            while True:
                for item in self._left:
                    return item
                self.watermark = self._begun  # whoever asks for more is done with what came before
                batch = await self._batches.__anext__()
                self._left, self._begun = iter(batch.items), batch.watermark
        finally:
            del self  # as above

    async def aclose(self) -> None:
        """Stop fetching ahead now; leaving the loop does the same."""
        await self._batches.aclose()

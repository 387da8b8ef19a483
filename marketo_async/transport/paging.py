"""Listings as values: `async for record in pager`, `pager.pages()`, `await pager.collect()`.

A pager holds no connection, no task and no place; each walk starts afresh. Nothing is held across a `yield` either:
pages are fetched ahead by tasks that belong to the client, and a walk that is left early, by `break` or by an
exception, stops them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

import attrs

from marketo_async.errors import ArgumentError, MarketoError
from marketo_async.transport.page import Page, Progress, Resume

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from marketo_async.transport.page import Walk

T = TypeVar("T")

OnMisfit = Literal["raise", "skip"]


@attrs.frozen(kw_only=True)
class PagerOptions:
    """How a listing is walked.

    Attributes:
        prefetch: Pages in flight at most, 1 to 8.
        on_misfit: Whether a record that does not fit ends the walk or is skipped and counted.
        progress: Called after each page, on the loop; None for nothing.
        resume: Where an earlier walk stopped; None begins afresh.
    """

    prefetch: int = 8
    on_misfit: OnMisfit = "raise"
    progress: Callable[[Progress], object] | None = None
    resume: Resume | None = None

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.prefetch <= 8:  # noqa: PLR2004 - the documented range
            raise ArgumentError("prefetch", self.prefetch, "1 to 8 pages")
        if self.on_misfit not in {"raise", "skip"}:
            raise ArgumentError("on_misfit", self.on_misfit, '"raise" or "skip"')


class Pager(Generic[T]):
    """A listing: iterate it for its records, as often as you like; it is a value and never awaited itself."""

    def __init__(self, walk: Callable[[PagerOptions], Walk[T]], options: PagerOptions | None = None) -> None:
        self._walk = walk
        self._options = options or PagerOptions()

    def with_options(
        self,
        *,
        prefetch: int | None = None,
        on_misfit: OnMisfit | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> Pager[T]:
        """Return the same listing, walked in another way; what is None stays as it is.

        Args:
            prefetch: Pages in flight at most, 1 to 8; 1 reads one page after the other.
            on_misfit: `"skip"` leaves out records that do not fit and keeps their errors in `page.misfits`.
            progress: Called after each page with a `Progress`.
        """
        before = self._options
        return Pager(
            self._walk,
            PagerOptions(
                prefetch=before.prefetch if prefetch is None else prefetch,
                on_misfit=before.on_misfit if on_misfit is None else on_misfit,
                progress=before.progress if progress is None else progress,
                resume=before.resume,
            ),
        )

    def resume(self, resume: Resume) -> Pager[T]:
        """Return the same listing, walked on from where an earlier walk stopped, in another process too.

        Both walks together keep the promise of one: whatever is there from the first call of the first to the last of
        this one is delivered exactly once, and not again what `resume.seen` has. For offset listings with an order.

        Raises:
            ArgumentError: when it is walked, if the listing is paged by tokens or has no order.
        """
        return Pager(self._walk, attrs.evolve(self._options, resume=resume))

    def __aiter__(self) -> Items[T]:
        """Walk through the records."""
        return Items(self.pages())

    def pages(self) -> Pages[T]:
        """Walk through the pages, each with its position, request id and warnings."""
        return Pages(self._walk(self._options), self._options.progress)

    async def collect(self) -> list[T]:
        """Read the whole listing into a list.

        Raises:
            MarketoError: with the records read so far in `partial` and the place to go on from in `position`.
        """
        everything: list[T] = []
        try:
            async for page in self.pages():
                everything.extend(page.items)
        except MarketoError as error:
            error.partial = everything
            raise
        return everything

    async def first(self) -> T | None:
        """Return the first record, or None where there is none; costs one call."""
        async for item in self:
            return item
        return None


class Pages(Generic[T]):
    """One walk, page by page. Several tasks may share it: each page goes to one of them."""

    def __init__(self, walk: Walk[T], progress: Callable[[Progress], object] | None) -> None:
        self._walk = walk
        self._report = progress
        self._progress = Progress()
        self._turn = asyncio.Lock()
        self._closed = False

    def __aiter__(self) -> Pages[T]:
        return self

    async def __anext__(self) -> Page[T]:
        try:
            async with self._turn:
                # A walk that was closed has forgotten what it had asked for: going on would leave it out.
                page = None if self._closed else await self._walk.next_page()
                if self._report is not None and not self._closed:
                    before, self._progress = self._progress, self._progress.after(page)
                    if self._progress != before:
                        self._report(self._progress)
            if page is None:
                raise StopAsyncIteration
            return page
        finally:
            del self  # who keeps an exception, as a cancelled task does, keeps its frames, but not the walk

    @property
    def began(self) -> datetime | None:
        """When the walk began, by Marketo's clock, a little early; None before its first page."""
        return self._walk.began

    async def aclose(self) -> None:
        """End the walk now; leaving the loop does the same.

        A task that waits for its next page gets a `ClientStateError`; who asks later gets none, as from a generator.
        """
        self._closed = True
        self._walk.stop()

    def __del__(self) -> None:
        self._walk.stop()


class Items(Generic[T]):
    """One walk, record by record. Several tasks may share it: each record goes to one of them."""

    def __init__(self, pages: Pages[T]) -> None:
        self._pages = pages
        self._left: Iterator[T] = iter(())
        self._turn = asyncio.Lock()

    def __aiter__(self) -> Items[T]:
        return self

    async def __anext__(self) -> T:
        try:
            for item in self._left:
                return item
            async with self._turn:
                while True:
                    for item in self._left:
                        return item
                    self._left = iter((await self._pages.__anext__()).items)
        finally:
            del self  # as above

    async def aclose(self) -> None:
        """End the walk now, as `Pages.aclose` does; leaving the loop does the same."""
        self._left = iter(())
        await self._pages.aclose()

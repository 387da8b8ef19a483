"""A walk that begins with a question: what it needs to know is asked for when its first page is wanted, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from marketo_async.errors import MarketoError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from marketo_async.transport.page import Page, Walk

T = TypeVar("T")


class PreparedWalk(Generic[T]):
    """One walk.

    Args:
        prepare: Makes the walk proper; asked again where it failed.
        explain: Told of each error before it is raised, to say more about it.
    """

    def __init__(
        self, prepare: Callable[[], Awaitable[Walk[T]]], explain: Callable[[MarketoError], Awaitable[None]]
    ) -> None:
        self._prepare = prepare
        self._explain = explain
        self._walk: Walk[T] | None = None

    async def next_page(self) -> Page[T] | None:
        """Return the next page, or None after the last one."""
        try:
            if self._walk is None:
                self._walk = await self._prepare()
            return await self._walk.next_page()
        except MarketoError as error:
            await self._explain(error)
            raise

    @property
    def began(self) -> datetime | None:
        """When the walk began; None before its first page."""
        return None if self._walk is None else self._walk.began

    def stop(self) -> None:
        """Stop fetching ahead."""
        if self._walk is not None:
            self._walk.stop()

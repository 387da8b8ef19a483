"""Last looks: what was renamed from ahead of a walk to behind it is in no page of it, but its `updatedAt` tells.

After its end a walk asks for what changed since it began. A look that takes one call is one instant, and so the end. A
longer one moves, too: the next look asks for what changed since that one began, until one fits into one call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from marketo_async.errors import ListingUnstableError
from marketo_async.transport.page import Walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from marketo_async.transport.page import Page

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_LOOKS = 10
"""Looks after which a listing counts as moving faster than it can be read."""


class Look(Walk[T_co], Protocol[T_co]):
    """One look: a walk that counts its calls."""

    @property
    def calls(self) -> int:
        """How many answers it took so far."""
        ...


class LastLooks(Generic[T]):
    """All last looks of one walk.

    Args:
        look_since: Begins a look at what changed at or after a moment, leaving out what was delivered already; None
            where nothing that changed since then can be in the listing.
        began: When the walk itself began.
        operation: What errors call the listing.
    """

    def __init__(self, look_since: Callable[[datetime], Look[T] | None], began: datetime, operation: str) -> None:
        self._look_since = look_since
        self._operation = operation
        self._look = look_since(began)
        self._number = 1

    async def next_page(self) -> Page[T] | None:
        """Return the next page with something new, or None after a look that was one instant.

        Raises:
            ListingUnstableError: each of ten looks took more than one call.
        """
        while self._look is not None:
            page = await self._look.next_page()
            if page is not None and (page.items or page.misfits):
                return page
            if page is None:
                if self._look.calls <= 1 or self._look.began is None:
                    return None
                if self._number == _LOOKS:
                    raise ListingUnstableError(
                        f"more than a page of it changed during each of {_LOOKS} last looks", operation=self._operation
                    )
                self._number += 1
                self._look = self._look_since(self._look.began)
        return None

    def stop(self) -> None:
        """Stop fetching ahead."""
        if self._look is not None:
            self._look.stop()

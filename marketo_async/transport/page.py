"""One page of a listing, and what a walk through a listing is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from datetime import datetime

    from marketo_async.errors import DecodeError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@attrs.frozen(kw_only=True)
class Page(Generic[T_co]):
    """One page of a listing.

    Attributes:
        items: The records, in Marketo's order.
        position: Where this page begins: what `start=` takes to read this page again.
        next_position: What `start=` takes to go on after this page; None where nothing can follow.
        request_id: Marketo's `requestId` of the call that brought it; None where it sent none.
        warnings: Marketo's warnings.
        misfits: The records that did not fit, where the listing was told to skip them.
    """

    items: tuple[T_co, ...]
    position: Any
    next_position: Any = None
    request_id: str | None = None
    warnings: tuple[str, ...] = ()
    misfits: tuple[DecodeError, ...] = ()

    @property
    def offset(self) -> int | None:
        """The offset of the first item, in offset listings; None in others."""
        return self.position if isinstance(self.position, int) else None

    @property
    def next_page_token(self) -> str | None:
        """Marketo's token of the next page; None on the last page, and in offset listings."""
        token: object = getattr(self.next_position, "next_page_token", self.next_position)
        return token if isinstance(token, str) else None


@attrs.frozen(kw_only=True)
class Resume:
    """What a walk through an offset listing needs to go on where an earlier one stopped, in another process too.

    Attributes:
        position: How far it came: `page.next_position`, `error.position` or `progress.position`.
        began: When the first walk began, by Marketo's clock: `pages.began`.
        seen: Id and name of every record that it delivered, in order. The last ones are what the next page must join;
            all of them are left out.
    """

    position: int
    began: datetime
    seen: tuple[tuple[Hashable, Hashable], ...] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Progress:
    """How far a walk is.

    Attributes:
        items: Records delivered so far.
        pages: Pages delivered so far.
        misfits: Records skipped since they did not fit.
        position: What `start=` takes to go on from here; None when the walk is done.
    """

    items: int = 0
    pages: int = 0
    misfits: int = 0
    position: Any = None

    def after(self, page: Page[T] | None) -> Progress:
        """Return the progress after one more page, or after the end of the walk."""
        if page is None:
            return attrs.evolve(self, position=None)
        return Progress(
            items=self.items + len(page.items),
            pages=self.pages + 1,
            misfits=self.misfits + len(page.misfits),
            position=page.next_position,
        )


class Decode(Protocol[T]):
    """Turns the rows of one answer into records and, where a listing skips them, the errors of those that misfit."""

    def __call__(self, rows: Sequence[object], /) -> tuple[list[T], list[DecodeError]]:
        """Return the records and the misfits."""
        ...


class Walk(Protocol[T_co]):
    """One walk through a listing; a pager makes a new one each time it is iterated."""

    async def next_page(self) -> Page[T_co] | None:
        """Return the next page, or None after the last one. After an error, the same page is tried again."""
        ...

    @property
    def began(self) -> datetime | None:
        """When the walk began, by the server's clock, a little early; None before its first answer."""
        ...

    def stop(self) -> None:
        """Stop fetching ahead; may be called from any thread, at any time, more than once."""
        ...

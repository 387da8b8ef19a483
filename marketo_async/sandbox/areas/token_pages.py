"""Listings of the lead database: a page at a time, and a token that says where the next one begins."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import attrs

from marketo_async.sandbox.areas.arguments import given
from marketo_async.sandbox.areas.leads.batch import batch_size
from marketo_async.sandbox.areas.leads.cursor import page_token, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from marketo_async.sandbox.exchange import Request

T = TypeVar("T")


@attrs.frozen
class TokenPage:
    """The page of a listing, in the order of ids, that a request asks for.

    Attributes:
        search: What is listed; a token is good for nothing else.
        size: Rows of the page, 1 to 300.
        after: The id after which it begins; 0 for the first page.
    """

    search: str
    size: int
    after: int

    @classmethod
    def asked(cls, request: Request, *search: object) -> TokenPage:
        """Read `batchSize` (default 300) and `nextPageToken`.

        Args:
            request: The request.
            search: What tells its listing from others.

        Raises:
            Refusal: 1001 or 1003 where one of them is wrong.
        """
        text = "\n".join(map(str, search))
        token = given(request.query, "nextPageToken")
        return cls(text, batch_size(request), 0 if token is None else place_of(token, text))

    def of(self, rows: Iterable[T], number: Callable[[T], int]) -> tuple[list[T], str | None]:
        """Return the rows of the page, and the token of the next one; None on the last.

        Args:
            rows: What comes after `after`; no more of it is taken than the page needs.
            number: Tells the id of a row.
        """
        page = list(islice(rows, self.size + 1))
        if len(page) <= self.size:
            return page, None
        del page[-1]
        return page, page_token(self.search, number(page[-1]))

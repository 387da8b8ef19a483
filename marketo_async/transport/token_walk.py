"""Walks through a listing that Marketo pages by `nextPageToken`: each page names the next one.

One stop rule (facts of the lead database and of the activities together): a listing ends where `moreResult` is false,
where there is no token, or, without `moreResult`, at an empty page. An empty page with `moreResult: true` is not the
end. What can only be a broken answer is an error, never a silent end: `moreResult: true` without a token, and a token
that names its own page again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from marketo_async.errors import MarketoError, ProtocolError
from marketo_async.transport.ahead import Ahead
from marketo_async.transport.page import Page

if TYPE_CHECKING:
    from marketo_async.transport.page import Decode
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.transport.transport import Transport
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope

T = TypeVar("T")


def following_token(envelope: Envelope, token: str | None, operation: str) -> str | None:
    """Return the token of the page after the one that `token` named, or None at the end.

    Raises:
        ProtocolError: the answer says that there is more, but not where.
    """
    following = envelope.next_page_token
    if envelope.more_result is False or (envelope.more_result is None and not envelope.result):
        return None
    if following is None and not envelope.more_result:
        return None
    if following is None or following == token:
        said = "`moreResult` without `nextPageToken`" if following is None else "`nextPageToken` names its own page"
        raise ProtocolError(said, request_id=envelope.request_id, operation=operation)
    return following


class TokenWalk(Generic[T]):
    """One walk from the page that `start` names on; the page after the one being used is fetched ahead."""

    def __init__(
        self, transport: Transport, call: Call, decode: Decode[T], *, start: str | None, options: PagerOptions
    ) -> None:
        self._call = call
        self._decode = decode
        self._token = start
        self._prefetch = options.prefetch > 1
        self._delivered = 0
        self._finished = False
        self._ahead: Ahead[str | None] = Ahead(transport)

    async def next_page(self) -> Page[T] | None:
        """Return the next page, or None after the last one."""
        if self._finished:
            return None
        token = self._token
        if not len(self._ahead):
            self._start(token)
        try:
            envelope = await self._ahead.take()
            following = following_token(envelope, token, self._call.operation)
            items, misfits = self._decode(envelope.result)
        except MarketoError as error:
            error.position = token
            self._ahead.drop()
            raise
        self._delivered += 1
        self._token = following
        self._finished = following is None
        if following is not None and self._prefetch and self._delivered > 1:
            self._start(following)
        return Page(
            items=tuple(items),
            position=token,
            next_position=following,
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

    def _start(self, token: str | None) -> None:
        self._ahead.start(token, self._call.query(nextPageToken=token))

"""Leads in answers, read as the caller wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from marketo_async.api._base import refuse_resume
from marketo_async.api._checks import check_range, check_text
from marketo_async.api.lead_database._lead_schema import LeadSchemas
from marketo_async.api.lead_database._object_rows import FieldChoice, ObjectRows, Wanted, wanted
from marketo_async.errors import MarketoError, NotFoundError
from marketo_async.transport.paging import Pager
from marketo_async.transport.prepared_walk import PreparedWalk
from marketo_async.transport.token_walk import TokenWalk

if TYPE_CHECKING:
    from marketo_async.transport.page import Walk
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.wire.call import Call

__all__ = ["LEAD_PAGE", "FieldChoice", "LeadRows", "Wanted", "wanted"]

T = TypeVar("T")

LEAD_PAGE = 300
"""Leads that a call gives at most."""


class LeadRows(LeadSchemas, ObjectRows):
    """What every group can do whose answers are leads."""

    async def _one_lead(self, call: Call, want: Wanted[T]) -> T:
        """Return the lead of one answer.

        Raises:
            NotFoundError: Marketo found none.
        """
        try:
            reader = await self._reader(want)
            envelope = await self._transport.send(call.query(fields=reader.names))
        except MarketoError as error:
            await self._explain(error)
            raise
        if not envelope.result:
            words = "; ".join(envelope.warnings) or "nothing found"
            raise NotFoundError(words, request_id=envelope.request_id, operation=call.operation)
        return reader.read(envelope.result[0], "$.result[0]")

    def _lead_pages(self, call: Call, want: Wanted[T], *, page_size: int, start: str | None) -> Pager[T]:
        """Return the leads that a call with `fields`, `batchSize` and `nextPageToken` pages through."""
        check_range("page_size", page_size, 1, LEAD_PAGE)
        check_text("start", start, optional=True)

        def walk(options: PagerOptions) -> Walk[T]:
            refuse_resume(options)

            async def prepare() -> Walk[T]:
                reader = await self._reader(want)
                sized = call.query(fields=reader.names, batchSize=page_size)
                return TokenWalk(self._transport, sized, reader.decoder(options), start=start, options=options)

            return PreparedWalk(prepare, self._explain)

        return Pager(walk)

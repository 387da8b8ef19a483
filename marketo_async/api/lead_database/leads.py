"""Leads: reading them by id and by filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.api._base import Group, decoder, each_once, refuse_resume
from marketo_async.api._checks import check_id, check_name, check_range, is_integer, items_of, names_argument
from marketo_async.errors import ArgumentError
from marketo_async.records import Lead
from marketo_async.transport.paging import Pager
from marketo_async.transport.value_walk import FindPosition, ValueWalk
from marketo_async.wire.call import GET
from marketo_async.wire.request import BODY_LIMIT, encoded_length

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.transport.paging import PagerOptions
    from marketo_async.wire.call import Call

LEAD_PAGE = 300
"""Rows, and values, that a search for leads takes a call at most."""

_VALUE_BYTES = BODY_LIMIT - 65_536
"""Bytes of values in one call: the body's limit less room for the names of fields and the page token."""

_COMMA = len("%2C")
_CASELESS = frozenset({"email"})


class Leads(Group):
    """Leads: the people that a Marketo instance knows."""

    async def get(self, lead_id: int, fields: Iterable[str] | None = None) -> Lead:
        """Return one lead.

        Args:
            lead_id: Its id.
            fields: The names of the fields to read, as this instance spells them; the id always comes along. None reads
                `firstName`, `lastName`, `email`, `updatedAt` and `createdAt`.

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: no lead has that id (1004).
            UnknownFieldError: no field has such a name (1006).

        Source: getLeadByIdUsingGET
        """
        check_id("lead_id", lead_id)
        names = names_argument("fields", fields)
        return await self._one(Lead, GET("/rest/v1/lead/{leadId}.json", leadId=lead_id).query(fields=names))

    def find(
        self,
        filter_type: str,
        values: Iterable[str | int],
        *,
        fields: Iterable[str] | None = None,
        page_size: int = LEAD_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[Lead]:
        """List the leads for which a field has one of any number of values, each lead once.

        The values travel 300 a call, fewer where they are long, several calls at once; the leads come in the order of
        these calls, and within one in Marketo's. Values for which there is no lead are no error. Values that match more
        than 1,000 leads in one call are asked for in smaller portions; a single value that does so ends the walk with a
        `ValidationError` (1003).

        Args:
            filter_type: The field to search by: `id`, `email`, `cookies`, `leadPartitionId` ... or a custom field of
                type string, email or integer.
            values: Texts without commas, or integers. Each counts once, e-mail addresses whatever their case; order is
                kept.
            fields: As for `get`.
            page_size: Leads a call, 1 to 300.
            start: Where to go on: a `page.position`, or the `position` of an error. The values must be the same, in
                the same order.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: getLeadsByFilterUsingGET
        """
        check_name("filter_type", filter_type)
        distinct = _distinct(values, caseless=filter_type in _CASELESS)
        names = names_argument("fields", fields)
        check_range("page_size", page_size, 1, LEAD_PAGE)
        position = FindPosition(0) if start is None else _checked(start, len(distinct))

        def call_for(chunk: tuple[str, ...]) -> Call:
            call = GET("/rest/v1/leads.json").slow(read_timeout=70.0, server_limit=60.0)
            return call.query(filterType=filter_type, filterValues=chunk, fields=names, batchSize=page_size)

        def walk(options: PagerOptions) -> ValueWalk[Lead]:
            refuse_resume(options)
            return ValueWalk(
                self._transport,
                call_for,
                iter(distinct),
                _bytes_of,
                each_once(decoder(Lead, options), lambda lead: lead.id),
                start=position,
                options=options,
                most_values=LEAD_PAGE,
                most_bytes=_VALUE_BYTES,
            )

        return Pager(walk)


def _distinct(values: object, *, caseless: bool) -> tuple[str, ...]:
    """Return each value once, as text; a pager walks more than once, so the values are taken out of any iterator."""
    found: dict[str, str] = {}
    for index, value in enumerate(items_of("values", values, "texts or integers")):
        text = _value_text(f"values[{index}]", value)
        found.setdefault(text.lower() if caseless else text, text)
    return tuple(found.values())


def _value_text(argument: str, value: object) -> str:
    if is_integer(value):
        return str(value)
    if not isinstance(value, str):
        raise ArgumentError(argument, value, f"a text or an integer (this is a {type(value).__name__})")
    if not value.strip():
        raise ArgumentError(argument, value, "a value that is not blank")
    if "," in value:
        raise ArgumentError(argument, value, "a value without a comma: Marketo's filters cannot express one")
    return value


def _checked(start: object, values: int) -> FindPosition:
    if not isinstance(start, FindPosition):
        raise ArgumentError("start", start, "a FindPosition, such as a page.position")
    if start.first > values:
        raise ArgumentError("start", start, f"a position within these values, of which there are {values}")
    return start


def _bytes_of(value: str) -> int:
    return encoded_length(value) + _COMMA

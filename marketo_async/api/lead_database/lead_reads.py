"""Leads: the operations that read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from marketo_async.api._base import refuse_resume
from marketo_async.api._checks import check_id, check_name, check_range
from marketo_async.api.lead_database._lead_rows import LEAD_PAGE, FieldChoice, LeadRows, Wanted, wanted
from marketo_async.api.lead_database._values import distinct_values, room_beside, start_within, value_bytes
from marketo_async.records import Lead, ProgramLead
from marketo_async.transport.paging import Pager
from marketo_async.transport.prepared_walk import PreparedWalk
from marketo_async.transport.value_walk import ValueWalk
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.transport.page import Walk
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.transport.value_walk import FindPosition
    from marketo_async.wire.call import Call

T = TypeVar("T")

_CASELESS = frozenset({"email"})


class LeadReads(LeadRows):
    """Reading leads."""

    @overload
    async def get(self, lead_id: int, fields: FieldChoice = None, *, typed: bool = False) -> Lead: ...
    @overload
    async def get(self, lead_id: int, fields: FieldChoice = None, *, record: type[T]) -> T: ...
    async def get(
        self, lead_id: int, fields: FieldChoice = None, *, record: type[Any] = Lead, typed: bool = False
    ) -> Any:  # the overloads say what comes back
        """Return one lead.

        Args:
            lead_id: Its id.
            fields: The names of the fields to read, as this instance spells them; the id always comes along. `"all"`
                reads every field that `describe()` lists, and asks for that list once a day. None reads `firstName`,
                `lastName`, `email`, `updatedAt` and `createdAt`, or the fields of `record`.
            record: A class of your own, an attrs class or a dataclass, that the lead is read into; `marketo_field` says
                which field of Marketo's a field of it is.
            typed: Whether values are read by the data types that `describe()` lists: days as `date`, moments as aware
                `datetime`, numbers and booleans as such; a value that is none of its type is a `DecodeError`. Else they
                are as Marketo sent them, dates as text.

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: no lead has that id (1004).
            UnknownFieldError: no field has such a name (1006).
            DecodeError: a value does not fit your class, or is not of the type that Marketo describes.

        Source: getLeadByIdUsingGET, describeUsingGET_6
        """
        check_id("lead_id", lead_id)
        want = wanted(record, fields, typed=typed)
        return await self._one_lead(GET("/rest/v1/lead/{leadId}.json", leadId=lead_id), want)

    @overload
    def find(
        self,
        filter_type: str,
        values: Iterable[str | int],
        *,
        fields: FieldChoice = None,
        typed: bool = False,
        page_size: int = LEAD_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[Lead]: ...
    @overload
    def find(
        self,
        filter_type: str,
        values: Iterable[str | int],
        *,
        record: type[T],
        fields: FieldChoice = None,
        page_size: int = LEAD_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[T]: ...
    def find(
        self,
        filter_type: str,
        values: Iterable[str | int],
        *,
        fields: FieldChoice = None,
        record: type[Any] = Lead,
        typed: bool = False,
        page_size: int = LEAD_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[Any]:
        """List the leads for which a field has one of any number of values, each lead once.

        The values travel 300 a call, fewer where they are long, several calls at once; the leads come in the order of
        these calls, and within one in Marketo's. Values for which there is no lead are no error. Values that match more
        than 1,000 leads in one call are asked for in smaller portions; a single value that does so ends the walk with a
        `ValidationError` (1003).

        Args:
            filter_type: The field to search by: `id`, `email`, `cookies`, `leadPartitionId` ... or a custom field of
                type string, email or integer; `describe().filter_types` has them all.
            values: Texts without commas, or integers. Each counts once, e-mail addresses whatever their case; order is
                kept.
            fields: As for `get`.
            record: As for `get`.
            typed: As for `get`.
            page_size: Leads a call, 1 to 300.
            start: Where to go on: a `page.position`, or the `position` of an error. The values must be the same, in
                the same order.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent. While iterating, where the
                schema of leads was read before and knows better: it names the nearest field.

        Source: getLeadsByFilterUsingGET, describeUsingGET_6
        """
        check_name("filter_type", filter_type)
        distinct = distinct_values(values, caseless=filter_type in _CASELESS)
        want = wanted(record, fields, typed=typed)
        check_range("page_size", page_size, 1, LEAD_PAGE)
        return self._found(filter_type, distinct, want, page_size, start_within(start, len(distinct)))

    def _found(
        self, filter_type: str, values: tuple[str, ...], want: Wanted[T], page_size: int, position: FindPosition
    ) -> Pager[T]:
        def walk(options: PagerOptions) -> Walk[T]:
            refuse_resume(options)

            async def prepare() -> Walk[T]:
                reader = await self._reader(want, lambda schema: schema.check_filter(filter_type, values))
                bare = GET("/rest/v1/leads.json").slow(read_timeout=70.0, server_limit=60.0)

                def call_for(chunk: tuple[str, ...]) -> Call:
                    return bare.query(
                        filterType=filter_type, filterValues=chunk, fields=reader.names, batchSize=page_size
                    )

                return ValueWalk(
                    self._transport,
                    call_for,
                    iter(values),
                    value_bytes,
                    reader.each_once(options),
                    start=position,
                    options=options,
                    most_values=LEAD_PAGE,
                    most_bytes=room_beside(reader.names),
                )

            return PreparedWalk(prepare, self._explain)

        return Pager(walk)

    @overload
    def find_by_program(
        self,
        program_id: int,
        *,
        fields: FieldChoice = None,
        typed: bool = False,
        page_size: int = LEAD_PAGE,
        start: str | None = None,
    ) -> Pager[ProgramLead]: ...
    @overload
    def find_by_program(
        self,
        program_id: int,
        *,
        record: type[T],
        fields: FieldChoice = None,
        page_size: int = LEAD_PAGE,
        start: str | None = None,
    ) -> Pager[T]: ...
    def find_by_program(
        self,
        program_id: int,
        *,
        fields: FieldChoice = None,
        record: type[Any] = ProgramLead,
        typed: bool = False,
        page_size: int = LEAD_PAGE,
        start: str | None = None,
    ) -> Pager[Any]:
        """List the leads that are members of a program, each with its membership; no limit to how many they are.

        Args:
            program_id: The id of the program.
            fields: As for `get`.
            record: As for `get`; a field `membership: ProgramMembership` of it takes the membership.
            typed: As for `get`.
            page_size: Leads a call, 1 to 300.
            start: Where to go on: a `page.next_page_token`, or the `position` of an error.

        Raises:
            ArgumentError: an argument cannot be right; as for `find`.
            NotFoundError: while iterating, where no program has that id.

        Source: getLeadsByProgramIdUsingGET, describeUsingGET_6
        """
        check_id("program_id", program_id)
        want = wanted(record, fields, typed=typed)
        call = GET("/rest/v1/leads/programs/{programId}.json", programId=program_id)
        return self._lead_pages(call, want, page_size=page_size, start=start)

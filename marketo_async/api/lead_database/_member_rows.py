"""Members of programs in answers, found by whatever they are searched by, and read as the caller wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import attrs

from marketo_async.api._base import refuse_resume
from marketo_async.api._checks import check_id, check_range
from marketo_async.api.lead_database._member_schema import MemberSchemas
from marketo_async.api.lead_database._object_rows import ObjectRows, Wanted
from marketo_async.api.lead_database._values import VALUE_PAGE, room_beside, start_within, value_bytes
from marketo_async.errors import MarketoError, ValidationError
from marketo_async.transport.paging import Pager
from marketo_async.transport.prepared_walk import PreparedWalk
from marketo_async.transport.value_walk import FindPosition, ValueWalk
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.api.lead_database._stretch import Stretch
    from marketo_async.api.lead_database.schema_help import SchemaHelp
    from marketo_async.transport.page import Walk
    from marketo_async.transport.paging import PagerOptions
    from marketo_async.wire.call import Call

T = TypeVar("T")

_LEAD_ID = "leadId"

_TOO_LARGE = (
    "Marketo filters the members of a program only up to 100,000 of them, unless it filters by `leadId`. "
    "`leads.find_by_program(...)` reads the members of larger programs, and so does a bulk extract of program members."
)


@attrs.frozen
class Search:
    """What is searched for.

    Attributes:
        program_id: The id of the program.
        filter_type: The field that is searched by.
        values: What is asked for, in order.
        most: How many of it a call takes.
        with_values: Adds some of it to the call.
        check: Lets a schema object.
    """

    program_id: int
    filter_type: str
    values: tuple[str, ...] | Stretch
    most: int
    with_values: Callable[[Call, tuple[str, ...]], Call]
    check: Callable[[SchemaHelp], None] | None = None


class MemberRows(MemberSchemas, ObjectRows):
    """What a group can do whose answers are members of programs."""

    def _members(self, search: Search, want: Wanted[T], *, page_size: int, start: FindPosition | None) -> Pager[T]:
        check_range("page_size", page_size, 1, VALUE_PAGE)
        check_id("program_id", search.program_id)
        position = start_within(start, len(search.values))

        def walk(options: PagerOptions) -> Walk[T]:
            refuse_resume(options)

            async def prepare() -> Walk[T]:
                reader = await self._reader(want, search.check)
                names = reader.names
                if names is not None and _LEAD_ID not in names:
                    names = (_LEAD_ID, *names)
                call = GET("/rest/v1/programs/{programId}/members.json", programId=search.program_id)
                sized = call.query(filterType=search.filter_type, fields=names, batchSize=page_size)
                return ValueWalk(
                    self._transport,
                    lambda values: search.with_values(sized, values),
                    iter(search.values),
                    value_bytes,
                    reader.each_once(options),
                    start=position,
                    options=options,
                    most_values=search.most,
                    most_bytes=room_beside(names),
                )

            return PreparedWalk(prepare, self._explain)

        return Pager(walk)

    async def _explain(self, error: MarketoError) -> None:
        if isinstance(error, ValidationError) and "membership size" in error.message.lower():
            if _TOO_LARGE not in getattr(error, "__notes__", ()):
                error.add_note(_TOO_LARGE)
            return
        await super()._explain(error)

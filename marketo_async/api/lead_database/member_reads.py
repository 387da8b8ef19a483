"""Members of programs, read: by any filter, by when they changed, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from marketo_async.api._checks import check_moment, check_name, check_window
from marketo_async.api.lead_database._member_rows import MemberRows, Search
from marketo_async.api.lead_database._object_rows import FieldChoice, wanted
from marketo_async.api.lead_database._stretch import SLICES, Stretch
from marketo_async.api.lead_database._values import VALUE_PAGE, distinct_values
from marketo_async.errors import ArgumentError
from marketo_async.records import ProgramMember

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from marketo_async.transport.paging import Pager
    from marketo_async.transport.value_walk import FindPosition

T = TypeVar("T")

_UPDATED_AT = "updatedAt"


class MemberReads(MemberRows):
    """Reading members of programs."""

    @overload
    def find(
        self,
        program_id: int,
        filter_type: str,
        values: Iterable[str | int | bool],
        *,
        fields: FieldChoice = None,
        typed: bool = False,
        page_size: int = VALUE_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[ProgramMember]: ...
    @overload
    def find(
        self,
        program_id: int,
        filter_type: str,
        values: Iterable[str | int | bool],
        *,
        record: type[T],
        fields: FieldChoice = None,
        page_size: int = VALUE_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[T]: ...
    def find(
        self,
        program_id: int,
        filter_type: str,
        values: Iterable[str | int | bool],
        *,
        fields: FieldChoice = None,
        record: type[Any] = ProgramMember,
        typed: bool = False,
        page_size: int = VALUE_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[Any]:
        """List the members of a program for whom a field has one of any number of values, each member once.

        The values travel 300 a call, fewer where they are long, several calls at once; the members come in the order of
        these calls, and within one in Marketo's.

        Args:
            program_id: The id of the program.
            filter_type: The field to search by: `leadId`, `statusName`, `reachedSuccess`, or a custom field of type
                string or integer; `describe().filter_types` has them all. In a program of more than 100,000 members,
                only `leadId`.
            values: Texts without commas, integers, or booleans. Each counts once; order is kept.
            fields: The names of the fields to read, as this instance spells them; `leadId` always comes along. `"all"`
                reads every field that `describe()` lists. None reads `leadId`, `programId`, `reachedSuccess`,
                `acquiredBy` and `membershipDate`, or the fields of `record`.
            record: A class of your own, an attrs class or a dataclass, that members are read into; `marketo_field` says
                which field of Marketo's a field of it is.
            typed: Whether values are read by the data types that `describe()` lists: days as `date`, moments as aware
                `datetime`, numbers and booleans as such. Else they are as Marketo sent them, dates as text.
            page_size: Members a call, 1 to 300.
            start: Where to go on: a `page.position`, or the `position` of an error. The values must be the same, in
                the same order.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent. While iterating, where the
                schema of program members was read before and knows better: it names the nearest field.
            ValidationError: while iterating, where the program has too many members for that filter (1003).
            UnknownFieldError: while iterating, where no field has such a name (1006).
            DecodeError: while iterating, where a value does not fit your class, or the type that Marketo describes.

        Source: getProgramMembersUsingGET, describeProgramMemberUsingGET2
        """
        check_name("filter_type", filter_type)
        if filter_type == _UPDATED_AT:
            raise ArgumentError("filter_type", filter_type, "a field with values: `find_updated` searches by time")
        found = Search(
            program_id,
            filter_type,
            distinct := distinct_values(values, flags=True),
            VALUE_PAGE,
            lambda call, chunk: call.query(filterValues=chunk),
            lambda schema: schema.check_filter(filter_type, distinct),
        )
        want = wanted(record, fields, typed=typed, base=ProgramMember)
        return self._members(found, want, page_size=page_size, start=start)

    @overload
    def find_updated(
        self,
        program_id: int,
        updated_from: datetime,
        updated_until: datetime,
        *,
        fields: FieldChoice = None,
        typed: bool = False,
        page_size: int = VALUE_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[ProgramMember]: ...
    @overload
    def find_updated(
        self,
        program_id: int,
        updated_from: datetime,
        updated_until: datetime,
        *,
        record: type[T],
        fields: FieldChoice = None,
        page_size: int = VALUE_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[T]: ...
    def find_updated(
        self,
        program_id: int,
        updated_from: datetime,
        updated_until: datetime,
        *,
        fields: FieldChoice = None,
        record: type[Any] = ProgramMember,
        typed: bool = False,
        page_size: int = VALUE_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[Any]:
        """List the members of a program whose membership changed last between two moments, each member once.

        Marketo takes 7 days a call; any longer time is cut into windows, several of which are read at once, and shorter
        ones where a window matches too many members. Members come in the order of the windows. One that changes while
        the listing is read may be missing from it: it changed after `updated_until`, and the next run finds it.

        Args:
            program_id: The id of the program.
            updated_from: The first moment, with a time zone; whole seconds, rounded down.
            updated_until: The last moment, with a time zone; whole seconds, rounded up.
            fields: As for `find`.
            record: As for `find`.
            typed: As for `find`.
            page_size: Members a call, 1 to 300.
            start: Where to go on: a `page.position`, or the `position` of an error. The moments must be the same.

        Raises:
            ArgumentError: an argument cannot be right; as for `find`.
            ValidationError: while iterating, where the program has too many members for a filter (1003).
            UnknownFieldError: while iterating, where no field has such a name (1006).

        Source: getProgramMembersUsingGET, describeProgramMemberUsingGET2
        """
        _check_given("updated_from", updated_from)
        _check_given("updated_until", updated_until)
        check_window("updated_from", updated_from, "updated_until", updated_until)
        stretch = Stretch.of(updated_from, updated_until)
        found = Search(program_id, _UPDATED_AT, stretch, SLICES, stretch.within)
        want = wanted(record, fields, typed=typed, base=ProgramMember)
        return self._members(found, want, page_size=page_size, start=start)

    @overload
    def browse(
        self,
        program_id: int,
        *,
        fields: FieldChoice = None,
        typed: bool = False,
        page_size: int = VALUE_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[ProgramMember]: ...
    @overload
    def browse(
        self,
        program_id: int,
        *,
        record: type[T],
        fields: FieldChoice = None,
        page_size: int = VALUE_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[T]: ...
    def browse(
        self,
        program_id: int,
        *,
        fields: FieldChoice = None,
        record: type[Any] = ProgramMember,
        typed: bool = False,
        page_size: int = VALUE_PAGE,
        start: FindPosition | None = None,
    ) -> Pager[Any]:
        """List all members of a program, of at most 100,000: those who reached success and those who did not.

        Args:
            program_id: The id of the program.
            fields: As for `find`.
            record: As for `find`.
            typed: As for `find`.
            page_size: Members a call, 1 to 300.
            start: Where to go on: a `page.position`, or the `position` of an error.

        Raises:
            ArgumentError: an argument cannot be right; as for `find`.
            ValidationError: while iterating, where the program has more than 100,000 members (1003); its notes say
                what reads them.
            UnknownFieldError: while iterating, where no field has such a name (1006).

        Source: getProgramMembersUsingGET, describeProgramMemberUsingGET2
        """
        everybody = Search(
            program_id,
            "reachedSuccess",
            ("true", "false"),
            VALUE_PAGE,
            lambda call, chunk: call.query(filterValues=chunk),
        )
        want = wanted(record, fields, typed=typed, base=ProgramMember)
        return self._members(everybody, want, page_size=page_size, start=start)


def _check_given(argument: str, moment: object) -> None:
    check_moment(argument, moment)
    if moment is None:
        raise ArgumentError(argument, None, "a datetime with a time zone")

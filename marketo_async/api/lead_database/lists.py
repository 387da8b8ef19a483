"""Static lists, as the lead database knows them: which there are, and who is on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, overload

from marketo_async.api._base import decoder, refuse_resume
from marketo_async.api._checks import check_choice, check_id, names_argument
from marketo_async.api.lead_database._lead_rows import FieldChoice, LeadRows, wanted
from marketo_async.api.lead_database._values import distinct_ids, start_within
from marketo_async.api.lead_database.list_writes import ListWrites
from marketo_async.errors import ArgumentError
from marketo_async.records import Lead, ListMemberStatus, StaticList
from marketo_async.transport.paging import Pager
from marketo_async.transport.value_walk import ValueWalk
from marketo_async.wire.call import GET
from marketo_async.wire.request import BODY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.transport.paging import PagerOptions
    from marketo_async.transport.value_walk import FindPosition
    from marketo_async.wire.call import Call

T = TypeVar("T")

ListSpelling = Literal["lists", "list"]
"""The two paths under which Marketo gives the leads of a list; both do the same."""

LIST_PAGE = 300
"""Rows, and ids, that a call takes at most."""

_LEADS = {"lists": "/rest/v1/lists/{listId}/leads.json", "list": "/rest/v1/list/{listId}/leads.json"}


class Lists(LeadRows, ListWrites):
    """Static lists: named sets of leads."""

    async def get(self, list_id: int) -> StaticList:
        """Return one static list.

        Args:
            list_id: Its id.

        Raises:
            ArgumentError: the id cannot be one.
            NotFoundError: no static list has that id (1013).

        Source: getListByIdUsingGET
        """
        check_id("list_id", list_id)
        return await self._one(StaticList, GET("/rest/v1/lists/{listId}.json", listId=list_id))

    def browse(
        self,
        *,
        ids: Iterable[int] | None = None,
        names: Iterable[str] | None = None,
        program_names: Iterable[str] | None = None,
        workspace_names: Iterable[str] | None = None,
        page_size: int = LIST_PAGE,
        start: str | None = None,
    ) -> Pager[StaticList]:
        """List static lists: all of them, or those that the filters leave.

        Args:
            ids: Only these.
            names: Only those of exactly these names; lists in different programs may have the same.
            program_names: Only those in programs of these names.
            workspace_names: Only those in these workspaces.
            page_size: Lists a call, 1 to 300.
            start: Where to go on: a `page.next_page_token`, or the `position` of an error.

        Raises:
            ArgumentError: an argument cannot be right; names cannot have commas.

        Source: getListsUsingGET
        """
        call = GET("/rest/v1/lists.json").query(
            id=_ids_argument(ids),
            name=names_argument("names", names),
            programName=names_argument("program_names", program_names),
            workspaceName=names_argument("workspace_names", workspace_names),
        )
        return self._token_pages(StaticList, call, page_size=page_size, most=LIST_PAGE, start=start)

    @overload
    def leads(
        self,
        list_id: int,
        *,
        fields: FieldChoice = None,
        typed: bool = False,
        page_size: int = LIST_PAGE,
        start: str | None = None,
        spelling: ListSpelling = "lists",
    ) -> Pager[Lead]: ...
    @overload
    def leads(
        self,
        list_id: int,
        *,
        record: type[T],
        fields: FieldChoice = None,
        page_size: int = LIST_PAGE,
        start: str | None = None,
        spelling: ListSpelling = "lists",
    ) -> Pager[T]: ...
    def leads(
        self,
        list_id: int,
        *,
        fields: FieldChoice = None,
        record: type[Any] = Lead,
        typed: bool = False,
        page_size: int = LIST_PAGE,
        start: str | None = None,
        spelling: ListSpelling = "lists",
    ) -> Pager[Any]:
        """List the leads on a static list; none, where it is empty. There is no limit to how many they are.

        Args:
            list_id: The id of the list.
            fields: The names of the fields to read, as this instance spells them; the id always comes along. `"all"`
                reads every field that `leads.describe()` lists. None reads `firstName`, `lastName`, `email`,
                `updatedAt` and `createdAt`, or the fields of `record`.
            record: A class of your own, an attrs class or a dataclass, that the leads are read into; `marketo_field`
                says which field of Marketo's a field of it is.
            typed: Whether values are read by the data types that `leads.describe()` lists. Else they are as Marketo
                sent them, dates as text.
            page_size: Leads a call, 1 to 300.
            start: Where to go on: a `page.next_page_token`, or the `position` of an error.
            spelling: Which of Marketo's two paths to take, `/lists/` or `/list/`; both give the same.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent. While iterating, where the
                schema of leads was read before and knows better: it names the nearest field.
            NotFoundError: while iterating, where no static list has that id (1013).
            UnknownFieldError: while iterating, where no field has such a name (1006).
            DecodeError: while iterating, where a value does not fit your class, or the type that Marketo describes.

        Source: getLeadsByListIdUsingGET_1, getLeadsByListIdUsingGET, describeUsingGET_6
        """
        check_id("list_id", list_id)
        check_choice("spelling", spelling, get_args(ListSpelling))
        want = wanted(record, fields, typed=typed)
        call = GET(_LEADS[spelling], listId=list_id).slow(read_timeout=70.0, server_limit=60.0)
        return self._lead_pages(call, want, page_size=page_size, start=start)

    def are_members(
        self, list_id: int, lead_ids: Iterable[int], *, start: FindPosition | None = None
    ) -> Pager[ListMemberStatus]:
        """Tell of any number of leads whether they are on a static list, in the order of their ids, each id once.

        The ids travel 300 a call, several calls at once. An id that no lead has is no error: its status is `skipped`.

        Args:
            list_id: The id of the list.
            lead_ids: The ids of the leads.
            start: Where to go on: a `page.position`, or the `position` of an error. The ids must be the same, in the
                same order.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.
            NotFoundError: while iterating, where no static list has that id (1013).

        Source: areLeadsMemberOfListUsingGET
        """
        check_id("list_id", list_id)
        ids = tuple(map(str, distinct_ids("lead_ids", lead_ids)))
        position = start_within(start, len(ids))

        def call_for(chunk: tuple[str, ...]) -> Call:
            call = GET("/rest/v1/lists/{listId}/leads/ismember.json", listId=list_id)
            for number in chunk:  # repeated, as recorded: `id=1&id=2`
                call = call.query(id=number)
            return call

        def walk(options: PagerOptions) -> ValueWalk[ListMemberStatus]:
            refuse_resume(options)
            return ValueWalk(
                self._transport,
                call_for,
                iter(ids),
                len,
                decoder(ListMemberStatus, options),
                start=position,
                options=options,
                most_values=LIST_PAGE,
                most_bytes=BODY_LIMIT,
            )

        return Pager(walk)


def _ids_argument(ids: Iterable[int] | None) -> tuple[int, ...] | None:
    if ids is None:
        return None
    if distinct := distinct_ids("ids", ids):
        return distinct
    raise ArgumentError("ids", ids, "at least one id, or None for all lists")

"""Members of static lists, added and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from marketo_async.api._base import Group
from marketo_async.api._checks import check_id
from marketo_async.api._writing import WRITE_PAGE, writing_of_leads
from marketo_async.wire.call import DELETE, POST

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable

    from marketo_async.transport.writing.writing import Writing

R = TypeVar("R")

_LEADS = "/rest/v1/lists/{listId}/leads.json"


class ListWrites(Group):
    """The operations that change who is on a static list."""

    def add(self, list_id: int, leads: Iterable[R] | AsyncIterable[R], *, batch_size: int = WRITE_PAGE) -> Writing[R]:
        """Put any number of leads on a static list.

        Repeated when its outcome is unknown: a lead that is on the list already is `"added"` once more.

        Args:
            list_id: The id of the list.
            leads: Ids, `Lead` or `ProgramMember` records, mappings with an `id`, or instances of a class of your own
                that has one.
            batch_size: Leads a call, 1 to 300.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: addLeadsToListUsingPOST
        """
        check_id("list_id", list_id)
        return writing_of_leads(
            self._transport,
            POST(_LEADS, listId=list_id).repeatable(),
            leads,
            "id",
            batch_size=batch_size,
        )

    def remove(
        self, list_id: int, leads: Iterable[R] | AsyncIterable[R], *, batch_size: int = WRITE_PAGE
    ) -> Writing[R]:
        """Take any number of leads off a static list.

        Repeated when its outcome is unknown: one that the first attempt took off is skipped by the second with 1015
        "not in list", and has `maybe_done`.

        Args:
            list_id: The id of the list.
            leads: Ids, `Lead` or `ProgramMember` records, mappings with an `id`, or instances of a class of your own
                that has one.
            batch_size: Leads a call, 1 to 300.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: removeLeadsFromListUsingDELETE
        """
        check_id("list_id", list_id)
        return writing_of_leads(
            self._transport,
            DELETE(_LEADS, listId=list_id).repeatable(),
            leads,
            "id",
            query_name="id",  # as recorded: what stands between may drop the body of a DELETE
            echoes=("1015",),
            batch_size=batch_size,
        )

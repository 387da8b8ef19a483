"""Members of programs, written: their status, their data, and their leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from marketo_async.api._checks import check_id, check_text
from marketo_async.api._writing import WRITE_PAGE, writing_of_leads
from marketo_async.api.lead_database._member_schema import MemberSchemas
from marketo_async.api.lead_database._written_objects import WrittenObjects
from marketo_async.wire.call import POST

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable

    from marketo_async.transport.writing.writing import Writing

R = TypeVar("R")

_LEAD_ID = "leadId"


class MemberWrites(WrittenObjects, MemberSchemas):
    """The operations that change who is a member of a program, and as what."""

    def sync_status(
        self,
        program_id: int,
        leads: Iterable[R] | AsyncIterable[R],
        *,
        status_name: str,
        batch_size: int = WRITE_PAGE,
    ) -> Writing[R]:
        """Give any number of leads a status in a program; who is no member becomes one (`"created"`).

        A lead that has the status, or is past it, is skipped with 1037. Repeated when its outcome is unknown: one to
        whom the first attempt gave the status is skipped so by the second, and has `maybe_done`.

        Args:
            program_id: The id of the program.
            leads: Ids, `Lead` or `ProgramMember` records, mappings with a `leadId` or an `id`, or instances of a class
                of your own that has one.
            status_name: The name of a status of the program's channel.
            batch_size: Leads a call, 1 to 300.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: syncProgramMemberStatusUsingPOST
        """
        check_id("program_id", program_id)
        check_text("status_name", status_name)
        return writing_of_leads(
            self._transport,
            POST("/rest/v1/programs/{programId}/members/status.json", programId=program_id).repeatable(),
            leads,
            _LEAD_ID,
            members={"statusName": status_name},
            echoes=("1037",),
            batch_size=batch_size,
        )

    def sync_data(
        self, program_id: int, records: Iterable[R] | AsyncIterable[R], *, batch_size: int = WRITE_PAGE
    ) -> Writing[R]:
        """Set fields of any number of members of a program.

        Repeated when its outcome is unknown: the same values are set again. Who is no member is skipped with 1013.

        Args:
            program_id: The id of the program.
            records: Mappings with a `leadId` and the fields to be set, under their REST names; `ProgramMember` records;
                or instances of a class of your own that has such fields. A mapping is sent as it is, and None clears a
                field. The others are written without what Marketo makes itself: the status and what follows from it,
                the dates, the program; a `ProgramMember` also without the fields that are described as read-only, once
                `describe` was called.
            batch_size: Records a call, 1 to 300.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: syncProgramMemberDataUsingPOST
        """
        check_id("program_id", program_id)

        return self._write_objects(
            POST("/rest/v1/programs/{programId}/members.json", programId=program_id).repeatable(),
            records,
            _LEAD_ID,
            names_lead=True,
            must_name=True,
            batch_size=batch_size,
        )

    def delete(
        self, program_id: int, leads: Iterable[R] | AsyncIterable[R], *, batch_size: int = WRITE_PAGE
    ) -> Writing[R]:
        """Take any number of leads out of a program.

        Repeated when its outcome is unknown: one that the first attempt took out is skipped by the second with 1037
        "not in program", and has `maybe_done`.

        Args:
            program_id: The id of the program.
            leads: Ids, `Lead` or `ProgramMember` records, mappings with a `leadId` or an `id`, or instances of a class
                of your own that has one.
            batch_size: Leads a call, 1 to 300.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: deleteProgramMemberUsingPOST
        """
        check_id("program_id", program_id)
        return writing_of_leads(
            self._transport,
            POST("/rest/v1/programs/{programId}/members/delete.json", programId=program_id).repeatable(),
            leads,
            _LEAD_ID,
            echoes=("1037",),
            batch_size=batch_size,
        )

"""Leads, written: any number of them by one engine, batch by batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from marketo_async.api._checks import check_choice, check_flag, check_id, check_name, check_text
from marketo_async.api._writing import WRITE_PAGE, lead_id_of, writing, writing_of_leads
from marketo_async.api.lead_database._lead_schema import LeadSchemas
from marketo_async.api.lead_database._written_objects import WrittenObjects
from marketo_async.errors import ArgumentError
from marketo_async.wire.call import POST

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable

    from marketo_async.transport.writing.writing import Writing

R = TypeVar("R")

SyncAction = Literal["createOrUpdate", "createOnly", "updateOnly", "createDuplicate"]

_SAFE = frozenset({"createOnly", "updateOnly"})
"""Actions that do nothing more when they are done twice: an existing lead is not created, and a value is set again."""

_LEADS = "/rest/v1/leads.json"


class LeadWrites(WrittenObjects, LeadSchemas):
    """The operations that write leads."""

    def sync(
        self,
        records: Iterable[R] | AsyncIterable[R],
        *,
        action: SyncAction | None = None,
        lookup_field: str | None = None,
        partition_name: str | None = None,
        async_processing: bool | None = None,
        batch_size: int = WRITE_PAGE,
    ) -> Writing[R]:
        """Create and update any number of leads; the result of each comes beside it, in input order.

        Each record has the lookup field and the fields to be set, under their REST names; None clears a field. A call
        whose outcome is unknown is repeated for `createOnly`, for `updateOnly` and where leads are looked up by id; in
        other cases it is not, since Marketo would create leads a second time, and its records come as `"unknown"`.
        With `createOnly`, a repeated call may meet the leads that its first attempt created: those are skipped with
        1005 and have `maybe_done`.

        Args:
            records: Mappings, `Lead` records, or instances of a class of your own. A mapping is sent as it is. A `Lead`
                is written without what Marketo makes itself: `createdAt`, `updatedAt` and, unless leads are looked up
                by it, the id; nor with fields that are described as read-only, once `describe` was called.
            action: What is done; `"createOrUpdate"` by default. `"createDuplicate"` creates a lead whoever is there.
            lookup_field: What tells whether a lead is there already; by default `"email"`. `"id"` goes with
                `"updateOnly"`.
            partition_name: The partition to create leads in.
            async_processing: Whether Marketo answers before it is done: then there are no ids, and `"accepted"` is all
                that is known.
            batch_size: Records a call, 1 to 300.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: syncLeadUsingPOST
        """
        check_choice("action", action, get_args(SyncAction), optional=True)
        check_name("lookup_field", lookup_field, optional=True)
        check_text("partition_name", partition_name, optional=True)
        check_flag("async_processing", async_processing)
        key = lookup_field or "email"
        call = POST(_LEADS).slow(read_timeout=95.0, server_limit=90.0)
        if action in _SAFE or (key == "id" and action != "createDuplicate"):
            call = call.repeatable(settles=action == "createOnly")  # two at once may both find nobody there
        return self._write_objects(
            call,
            records,
            key,
            members={
                "action": action,
                "lookupField": lookup_field,
                "partitionName": partition_name,
                "asyncProcessing": async_processing,
            },
            looked_up=action != "createDuplicate",
            names_lead=key == "id",
            echoes=("1005",) if action == "createOnly" else (),
            batch_size=batch_size,
            says_rows=not async_processing,
        )

    def push(
        self,
        records: Iterable[R] | AsyncIterable[R],
        *,
        program_name: str,
        program_status: str | None = None,
        lookup_field: str | None = None,
        partition_name: str | None = None,
        source: str | None = None,
        reason: str | None = None,
        batch_size: int = WRITE_PAGE,
    ) -> Writing[R]:
        """Create and update leads as `sync` does, make them members of a program, and log that they were pushed.

        Never repeated when its outcome is unknown: leads, members and the activities that start campaigns would be made
        again.

        Args:
            records: As for `sync`. With `lookup_field="mktToken"` each has the token of an e-mail's link. A lead with
                `cookies` begins without its earlier activities; to keep them leave those out and call `associate`.
            program_name: The name of the program; of several with one name the newest.
            program_status: The status that they get in the program.
            lookup_field: As for `sync`.
            partition_name: The partition to create leads in.
            source: What campaigns can ask for: where the leads come from.
            reason: What campaigns can ask for: why they were pushed.
            batch_size: Records a call, 1 to 300.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: pushToMarketoUsingPOST
        """
        check_name("program_name", program_name)
        check_text("program_status", program_status, optional=True)
        check_name("lookup_field", lookup_field, optional=True)
        check_text("partition_name", partition_name, optional=True)
        check_text("source", source, optional=True)
        check_text("reason", reason, optional=True)
        return self._write_objects(
            POST("/rest/v1/leads/push.json").slow(read_timeout=95.0, server_limit=90.0),
            records,
            lookup_field or "email",
            members={
                "programName": program_name,
                "programStatus": program_status,
                "lookupField": lookup_field,
                "partitionName": partition_name,
                "source": source,
                "reason": reason,
            },
            batch_size=batch_size,
        )

    def delete(self, leads: Iterable[R] | AsyncIterable[R], *, batch_size: int = WRITE_PAGE) -> Writing[R]:
        """Delete any number of leads. There is no way back.

        A call whose outcome is unknown is repeated, since a lead is not deleted twice: one that the first attempt
        deleted is skipped by the second with 1004, and has `maybe_done`.

        Args:
            leads: Ids, `Lead` or `ProgramMember` records, mappings with an `id`, or instances of a class of your own
                that has one.
            batch_size: Leads a call, 1 to 300.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: deleteLeadsUsingPOST
        """
        return writing_of_leads(
            self._transport,
            POST("/rest/v1/leads/delete.json").repeatable(),
            leads,
            "id",
            echoes=("1004",),
            batch_size=batch_size,
        )

    def update_partitions(
        self,
        leads: Iterable[R] | AsyncIterable[R],
        *,
        partition_name: str | None = None,
        batch_size: int = WRITE_PAGE,
    ) -> Writing[R]:
        """Move any number of leads to other partitions. Repeated when its outcome is unknown: it moves them once.

        Args:
            leads: Mappings with an `id` and a `partitionName`; with `partition_name` also ids and `Lead` records.
            partition_name: The partition of those that do not say one.
            batch_size: Leads a call, 1 to 300.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: updatePartitionsUsingPOST
        """
        check_text("partition_name", partition_name, optional=True)

        def values(record: R, argument: str) -> Mapping[str, object]:
            own = record.get("partitionName") if isinstance(record, Mapping) else None
            name = partition_name if own is None else own
            if name is None:
                raise ArgumentError(f"{argument}['partitionName']", None, "a text, here or as `partition_name=`")
            check_text(f"{argument}['partitionName']", name)
            return {"id": lead_id_of(record, argument), "partitionName": name}

        return writing(
            self._transport,
            POST("/rest/v1/leads/partitions.json").slow(read_timeout=95.0, server_limit=60.0).repeatable(),
            leads,
            values,
            key_field="id",
            names_lead=True,
            argument="leads",
            batch_size=batch_size,
        )

    def change_program_status(
        self,
        program_id: int,
        leads: Iterable[R] | AsyncIterable[R],
        *,
        status: str,
        batch_size: int = WRITE_PAGE,
    ) -> Writing[R]:
        """Change the status of leads in a program, by the operation that `program_members.sync_status` supersedes.

        Repeated when its outcome is unknown: a lead that has the status already is skipped with 1037, and has
        `maybe_done`.

        Args:
            program_id: The id of the program.
            leads: Ids, `Lead` or `ProgramMember` records, mappings with an `id`, or instances of a class of your own
                that has one.
            status: The name of a status of the program's channel.
            batch_size: Leads a call, 1 to 300.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.

        Source: changeLeadProgramStatusUsingPOST
        """
        check_id("program_id", program_id)
        check_text("status", status)
        return writing_of_leads(
            self._transport,
            POST("/rest/v1/leads/programs/{programId}/status.json", programId=program_id).repeatable(),
            leads,
            "id",
            members={"status": status},
            echoes=("1037",),
            batch_size=batch_size,
        )

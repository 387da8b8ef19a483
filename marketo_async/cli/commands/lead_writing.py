"""`marketo-async leads sync` and `leads delete`: writing the leads of a file."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from marketo_async.cli.commands._writing import File, carried_out
from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.options import WHAT, Connection, Speech
from marketo_async.cli.writes.operation import Operation
from marketo_async.cli.writes.options import WriteOptions
from marketo_async.cli.writes.rows import Shape

# Written out here as well: the file of the operation loads the network, which `--help` does without.
SyncAction = Literal["createOrUpdate", "createOnly", "updateOnly", "createDuplicate"]


async def sync(
    file: File,
    /,
    *,
    action: Annotated[SyncAction, Parameter(group=WHAT)] = "createOrUpdate",
    lookup_field: Annotated[str, Parameter(group=WHAT)] = "email",
    partition_name: Annotated[str | None, Parameter(group=WHAT)] = None,
    options: WriteOptions | None = None,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Create and update the leads of a CSV or JSONL file, any number of them.

    The columns, or members, are REST names of fields; `leads describe` lists them. Everything in a CSV is sent as text,
    which Marketo reads by the type of the field; an empty cell says nothing about its field, unless --empty clear. In
    JSONL null clears a field. Records travel 300 a call, several calls at once; those that share the lookup field never
    do, and keep their order.

    Each record has its result in a file beside the input, in the same order: index, line, status (created, updated,
    skipped, or unknown where no answer came), id, code and message of why it was skipped, and the record itself.

    The run may end at any moment. After Ctrl-C it waits for the answers to what is out. --resume then goes on, and no
    record with a result is sent again. After kill -9 or a power cut some records may have been on their way: they are
    sent again, marked again, since the same leads get the same values, and not before Marketo can be done with the
    first time; with --action createDuplicate, which would make other leads of them, they are reported as unknown.

    Args:
        file: The file; - is standard input, whose results go to standard output unless --results says otherwise.
        action: What is done; createDuplicate creates a lead whoever is there.
        lookup_field: The field that tells whether a lead is there already. id goes with updateOnly.
        partition_name: The partition to create leads in.
        options: How.
        connection: Which Marketo.
        speech: What is said.
    """
    if lookup_field == "id" and action != "updateOnly":
        raise UsageError("--lookup-field id goes with --action updateOnly: Marketo gives ids itself")
    duplicate = action == "createDuplicate"
    options = options or WriteOptions()
    operation = Operation(
        command="leads sync",
        options={"action": action, "lookup-field": lookup_field, "partition-name": partition_name},
        start=lambda groups, records, size: groups.leads.sync(
            records,
            action=action,
            lookup_field=None if duplicate else lookup_field,
            partition_name=partition_name,
            batch_size=size,
        ),
        shape=Shape(id_member="id" if lookup_field == "id" else None, empty=options.empty),
        key=None if duplicate else lookup_field,
        look=lambda groups: groups.leads.describe(),
        same_twice=action == "createOrUpdate",
        values=not duplicate,
    )
    return await carried_out(operation, file, options, connection, speech)


async def delete(
    file: File,
    /,
    *,
    options: WriteOptions | None = None,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Delete the leads whose ids stand in a CSV or JSONL file. There is no way back; --dry-run shows what would be.

    The column, or member, `id` counts (or `leadId`), and nothing else; a line of JSONL may be an id alone. Results and
    --resume are as for sync; what was on its way at kill -9 is sent again, and a lead that is gone by then is skipped
    with 1004, and marked again and maybeDone.

    Args:
        file: The file; - is standard input.
        options: How.
        connection: Which Marketo.
        speech: What is said.
    """
    operation = Operation(
        command="leads delete",
        options={},
        start=lambda groups, records, size: groups.leads.delete(records, batch_size=size),
        shape=Shape(id_member="id", id_alone=True),
    )
    return await carried_out(operation, file, options, connection, speech)

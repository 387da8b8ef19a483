"""`marketo-async members status|set|remove`: writing the members of a program."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from marketo_async.cli.commands._writing import File, carried_out
from marketo_async.cli.commands.members import ProgramId  # noqa: TC001 - cyclopts looks the annotations up
from marketo_async.cli.options import WHAT, Connection, Speech
from marketo_async.cli.writes.operation import Operation
from marketo_async.cli.writes.options import WriteOptions
from marketo_async.cli.writes.rows import Shape

_ALONE = Shape(id_member="leadId", id_alone=True)


async def status(
    program_id: ProgramId,
    file: File,
    /,
    *,
    status_name: Annotated[str, Parameter(name=["--status", "-s"], group=WHAT)],
    options: WriteOptions | None = None,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Give the leads whose ids stand in a CSV or JSONL file a status in a program; who is no member becomes one.

    The column, or member, `leadId` counts (or `id`), and nothing else; a line of JSONL may be an id alone. A lead that
    has the status, or is past it, is skipped with 1037. Results and --resume are as for leads sync; what was on its way
    at kill -9 is sent again.

    Args:
        program_id: The id of the program.
        file: The file; - is standard input.
        status_name: The name of a status of the program's channel.
        options: How.
        connection: Which Marketo.
        speech: What is said.
    """
    operation = Operation(
        command="members status",
        options={"program": program_id, "status": status_name},
        start=lambda groups, records, size: groups.program_members.sync_status(
            program_id, records, status_name=status_name, batch_size=size
        ),
        shape=_ALONE,
    )
    return await carried_out(operation, file, options, connection, speech)


async def set_(
    program_id: ProgramId,
    file: File,
    /,
    *,
    options: WriteOptions | None = None,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Set fields of the members of a program.

    The column, or member, `leadId` (or `id`) says whose; the others are REST names of fields, which `members describe`
    lists. Results and --resume are as for leads sync; what was on its way at kill -9 is sent again, and not before
    Marketo can be done with the first time.

    Args:
        program_id: The id of the program.
        file: The file; - is standard input.
        options: How.
        connection: Which Marketo.
        speech: What is said.
    """
    operation = Operation(
        command="members set",
        options={"program": program_id},
        start=lambda groups, records, size: groups.program_members.sync_data(program_id, records, batch_size=size),
        shape=Shape(id_member="leadId", empty=(options or WriteOptions()).empty),
        look=lambda groups: groups.program_members.describe(),
        values=True,
    )
    return await carried_out(operation, file, options, connection, speech)


async def remove(
    program_id: ProgramId,
    file: File,
    /,
    *,
    options: WriteOptions | None = None,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Take the leads whose ids stand in a CSV or JSONL file out of a program.

    As for members status; a lead that is no member is skipped with 1037.

    Args:
        program_id: The id of the program.
        file: The file; - is standard input.
        options: How.
        connection: Which Marketo.
        speech: What is said.
    """
    operation = Operation(
        command="members remove",
        options={"program": program_id},
        start=lambda groups, records, size: groups.program_members.delete(program_id, records, batch_size=size),
        shape=_ALONE,
    )
    return await carried_out(operation, file, options, connection, speech)

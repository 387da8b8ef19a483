"""`marketo-async lists ...`: static lists, and the leads on them."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from marketo_async.cli.commands._writing import File, carried_out
from marketo_async.cli.connecting import connected
from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.options import Connection, Speech, Switch
from marketo_async.cli.output import screen
from marketo_async.cli.output.rows import rows_out
from marketo_async.cli.saying import count, note
from marketo_async.cli.words import fields_of, given_ids
from marketo_async.cli.writes.operation import Operation
from marketo_async.cli.writes.options import WriteOptions  # noqa: TC001 - cyclopts looks the annotations up
from marketo_async.cli.writes.rows import Shape

_ON_A_TERMINAL = 50
_ALONE = Shape(id_member="id", id_alone=True)

ListId = Annotated[int, Parameter(name="LIST-ID")]
Several = Annotated[tuple[str, ...], Parameter(negative=(), show_default=False)]


async def list_(
    *,
    name: Several = (),
    program_name: Several = (),
    workspace_name: Several = (),
    limit: Annotated[int | None, Parameter(name=["--limit", "-n"])] = None,
    json: Annotated[bool, Switch] = False,
    csv: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """List static lists: a table on a terminal, JSONL elsewhere.

    Args:
        name: Only those of exactly this name; may be given several times, as may the next two.
        program_name: Only those in the program of this name.
        workspace_name: Only those in this workspace.
        limit: How many at most; 0 for all. Unless given: 50 on a terminal, all elsewhere.
        json: JSONL on a terminal, too.
        csv: CSV.
        connection: Which Marketo.
        speech: What is said.
    """
    speech = speech or Speech()
    more = False
    with rows_out(json=json, as_csv=csv) as rows:
        most = (_ON_A_TERMINAL if rows.for_people else 0) if limit is None else limit
        if most < 0:
            raise UsageError("--limit is 0 or more")
        async with connected(connection or Connection()) as marketo:
            async for found in marketo.lists.browse(
                names=name or None, program_names=program_name or None, workspace_names=workspace_name or None
            ):
                more = bool(most) and rows.count >= most
                if more:
                    break
                rows.add(
                    {
                        "id": found.id,
                        "name": found.name,
                        "description": found.description,
                        "programName": found.program_name,
                        "workspaceName": found.workspace_name,
                        "createdAt": found.created_at,
                        "updatedAt": found.updated_at,
                    }
                )
    if not speech.quiet:
        if not rows.count:
            note("No static list found.")
        elif more:
            note(f"The first {most}; there are more. --limit 0 lists all.")
    return ExitCode.DONE


async def get(
    list_id: ListId,
    /,
    *,
    json: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Show one static list, as JSON, under Marketo's names.

    Args:
        list_id: Its id: the digits in the address of its page, such as 1107 in #ST1107A1.
        json: Write it on one line even to a terminal, as is done everywhere else.
        connection: Which Marketo.
        speech: What is said.
    """
    del speech
    async with connected(connection or Connection()) as marketo:
        found = await marketo.lists.get(list_id)
    screen.show_record(found, json_wanted=json)
    return ExitCode.DONE


async def leads(
    list_id: ListId,
    /,
    *,
    fields: Several = (),
    typed: Annotated[bool, Switch] = False,
    json: Annotated[bool, Switch] = False,
    csv: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """List the leads on a static list: a table on a terminal, JSONL elsewhere.

    Args:
        list_id: The id of the list.
        fields: The fields to read, as for leads find.
        typed: Values by the types of their fields, as for leads find.
        json: JSONL on a terminal, too.
        csv: CSV, with a column for each field.
        connection: Which Marketo.
        speech: What is said.
    """
    with rows_out(json=json, as_csv=csv) as rows:
        async with connected(connection or Connection()) as marketo:
            async for lead in marketo.lists.leads(list_id, fields=fields_of(fields), typed=typed):
                rows.add(lead if typed else lead.to_dict())
    if not (speech or Speech()).quiet and (rows.for_people or not rows.count):
        note(f"{count(rows.count, 'lead')} on list {list_id}.")
    return ExitCode.DONE


async def ismember(
    list_id: ListId,
    /,
    *lead_ids: Annotated[str, Parameter(name="ID", allow_leading_hyphen=True)],
    json: Annotated[bool, Switch] = False,
    csv: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Tell of leads whether they are on a static list: memberof, notmemberof, or skipped where there is no such lead.

    Args:
        list_id: The id of the list.
        lead_ids: The ids of the leads; - reads them from standard input and @FILE from a file, one a line.
        json: JSONL on a terminal, too.
        csv: CSV.
        connection: Which Marketo.
        speech: What is said.
    """
    wanted = given_ids(lead_ids, "ID")
    members = 0
    with rows_out(json=json, as_csv=csv) as rows:
        async with connected(connection or Connection()) as marketo:
            async for one in marketo.lists.are_members(list_id, wanted):
                members += one.is_member
                rows.add({"id": one.lead_id, "status": one.status})
    if not (speech or Speech()).quiet and rows.for_people:
        note(f"{members:,} of {count(rows.count, 'lead')} on list {list_id}.")
    return ExitCode.DONE


async def add(
    list_id: ListId,
    file: File,
    /,
    *,
    options: WriteOptions | None = None,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Put the leads whose ids stand in a CSV or JSONL file on a static list.

    The column, or member, `id` counts (or `leadId`), and nothing else; a line of JSONL may be an id alone. Results and
    --resume are as for leads sync; what was on its way at kill -9 is sent again: a lead is on the list once.

    Args:
        list_id: The id of the list.
        file: The file; - is standard input.
        options: How.
        connection: Which Marketo.
        speech: What is said.
    """
    operation = Operation(
        command="lists add",
        options={"list": list_id},
        start=lambda groups, records, size: groups.lists.add(list_id, records, batch_size=size),
        shape=_ALONE,
    )
    return await carried_out(operation, file, options, connection, speech)


async def remove(
    list_id: ListId,
    file: File,
    /,
    *,
    options: WriteOptions | None = None,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Take the leads whose ids stand in a CSV or JSONL file off a static list.

    As for lists add; a lead that is not on the list is skipped with 1015.

    Args:
        list_id: The id of the list.
        file: The file; - is standard input.
        options: How.
        connection: Which Marketo.
        speech: What is said.
    """
    operation = Operation(
        command="lists remove",
        options={"list": list_id},
        start=lambda groups, records, size: groups.lists.remove(list_id, records, batch_size=size),
        shape=_ALONE,
    )
    return await carried_out(operation, file, options, connection, speech)

"""`marketo-async members describe|find`: looking at the members of programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from marketo_async.cli.commands._describing import show_fields
from marketo_async.cli.connecting import connected
from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.moments import moment
from marketo_async.cli.options import Connection, Speech, Switch
from marketo_async.cli.output.rows import rows_out
from marketo_async.cli.saying import count, note
from marketo_async.cli.words import fields_of, given_values

if TYPE_CHECKING:
    from marketo_async.client import MarketoClient
    from marketo_async.records import ProgramMember
    from marketo_async.transport.paging import Pager

ProgramId = Annotated[int, Parameter(name="PROGRAM-ID")]


async def describe(
    pattern: str = "",
    /,
    *,
    json: Annotated[bool, Switch] = False,
    csv: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """List the fields of program members: a table on a terminal, JSONL elsewhere.

    Args:
        pattern: Only those whose name contains this, as for leads describe.
        json: JSONL on a terminal, too.
        csv: CSV.
        connection: Which Marketo.
        speech: What is said.
    """
    async with connected(connection or Connection()) as marketo:
        description = await marketo.program_members.describe()
    return show_fields(description, pattern, json=json, as_csv=csv, speech=speech)


async def find(
    program_id: ProgramId,
    filter_type: str = "",
    /,
    *values: Annotated[str, Parameter(allow_leading_hyphen=True)],
    updated_from: str | None = None,
    updated_until: str | None = None,
    fields: Annotated[tuple[str, ...], Parameter(negative=(), show_default=False)] = (),
    typed: Annotated[bool, Switch] = False,
    json: Annotated[bool, Switch] = False,
    csv: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """List the members of a program: a table on a terminal, JSONL elsewhere.

    All of them, or those for whom a field has one of some values, or those whose membership changed in a time.

    Args:
        program_id: The id of the program.
        filter_type: The field: leadId, statusName, reachedSuccess, or a custom field of type string or integer.
        values: The values; - reads them from standard input and @FILE from a file, one a line.
        updated_from: Only those changed at or after this moment, such as 2026-01-31 or 2026-01-31T08:00; UTC unless it
            says otherwise. Excludes FILTER-TYPE.
        updated_until: Only those changed at or before this moment; now unless given.
        fields: The fields to read, separated by commas; all reads all that there are. Unless given: leadId, programId,
            reachedSuccess, acquiredBy and membershipDate.
        typed: Values by the types of their fields: numbers, and dates in ISO 8601. Else they are as Marketo sent them.
        json: JSONL on a terminal, too.
        csv: CSV, with a column for each field.
        connection: Which Marketo.
        speech: What is said.
    """
    if filter_type and (updated_from or updated_until):
        raise UsageError("FILTER-TYPE and --updated-from: choose one of the two")
    if updated_until and not updated_from:
        raise UsageError("--updated-until needs --updated-from")
    begin = moment("--updated-from", updated_from, edge="from") if updated_from else None
    end = moment("--updated-until", updated_until, edge="until") if updated_until else datetime.now(UTC)
    wanted = given_values(values) if filter_type else []

    def listing(marketo: MarketoClient) -> Pager[ProgramMember]:
        members, names = marketo.program_members, fields_of(fields)
        if begin is not None:
            return members.find_updated(program_id, begin, end, fields=names, typed=typed)
        if filter_type:
            return members.find(program_id, filter_type, wanted, fields=names, typed=typed)
        return members.browse(program_id, fields=names, typed=typed)

    with rows_out(json=json, as_csv=csv) as rows:
        async with connected(connection or Connection()) as marketo:
            async for member in listing(marketo):
                rows.add(member if typed else member.to_dict())
    if not (speech or Speech()).quiet and (rows.for_people or not rows.count):
        note(f"{count(rows.count, 'member')} of program {program_id}.")
    return ExitCode.DONE

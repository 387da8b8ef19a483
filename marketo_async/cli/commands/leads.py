"""`marketo-async leads ...`: looking at leads."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from marketo_async.cli.commands._describing import show_fields
from marketo_async.cli.connecting import connected
from marketo_async.cli.exit_codes import ExitCode
from marketo_async.cli.options import Connection, Speech, Switch
from marketo_async.cli.output.rows import rows_out
from marketo_async.cli.saying import count, note
from marketo_async.cli.words import fields_of, given_ids, given_values
from marketo_async.errors import NotFoundError


async def find(
    filter_type: str,
    /,
    *values: Annotated[str, Parameter(allow_leading_hyphen=True)],
    fields: Annotated[tuple[str, ...], Parameter(negative=(), show_default=False)] = (),
    typed: Annotated[bool, Switch] = False,
    json: Annotated[bool, Switch] = False,
    csv: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Find the leads for which a field has one of any number of values: a table on a terminal, JSONL elsewhere.

    Values travel 300 a call. Values for which there is no lead are no error.

    Args:
        filter_type: The field: id, email, cookies, or a custom field of type string, email or integer.
        values: The values; - reads them from standard input and @FILE from a file, one a line.
        fields: The fields to read, separated by commas; all reads all that there are. Unless given: id, firstName,
            lastName, email, updatedAt and createdAt.
        typed: Values by the types of their fields: numbers, and dates in ISO 8601. Else they are as Marketo sent them.
        json: JSONL on a terminal, too.
        csv: CSV, with a column for each field.
        connection: Which Marketo.
        speech: What is said.
    """
    connection, speech = connection or Connection(), speech or Speech()
    wanted = given_values(values)
    with rows_out(json=json, as_csv=csv) as rows:
        async with connected(connection) as marketo:
            async for lead in marketo.leads.find(filter_type, wanted, fields=fields_of(fields), typed=typed):
                rows.add(lead if typed else lead.to_dict())
    if not speech.quiet and (rows.for_people or not rows.count):
        note(f"{count(rows.count, 'lead')} for {count(len(wanted), 'value')}.")
    return ExitCode.DONE


async def get(
    *lead_ids: Annotated[str, Parameter(name="ID", allow_leading_hyphen=True)],
    fields: Annotated[tuple[str, ...], Parameter(negative=(), show_default=False)] = (),
    typed: Annotated[bool, Switch] = False,
    json: Annotated[bool, Switch] = False,
    csv: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Show leads by their ids: a table on a terminal, JSONL elsewhere. The exit code is 4 if one is not there.

    Args:
        lead_ids: Their ids; - reads them from standard input and @FILE from a file, one a line.
        fields: As for find.
        typed: As for find.
        json: JSONL on a terminal, too.
        csv: CSV, with a column for each field.
        connection: Which Marketo.
        speech: What is said.
    """
    del speech
    wanted = dict.fromkeys(given_ids(lead_ids, "ID"))
    with rows_out(json=json, as_csv=csv) as rows:
        async with connected(connection or Connection()) as marketo:
            async for lead in marketo.leads.find("id", wanted, fields=fields_of(fields), typed=typed):
                wanted.pop(lead.id, None)
                rows.add(lead if typed else lead.to_dict())
    if wanted:
        raise NotFoundError(f"no lead has the id {', '.join(map(str, wanted))}")
    return ExitCode.DONE


async def describe(
    pattern: str = "",
    /,
    *,
    json: Annotated[bool, Switch] = False,
    csv: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """List the fields of leads: a table on a terminal, JSONL elsewhere.

    Args:
        pattern: Only those whose name, or whose name in the user interface, contains this; with * and ? it has to match
            as a whole.
        json: JSONL on a terminal, too.
        csv: CSV.
        connection: Which Marketo.
        speech: What is said.
    """
    async with connected(connection or Connection()) as marketo:
        description = await marketo.leads.describe()
    return show_fields(description, pattern, json=json, as_csv=csv, speech=speech)

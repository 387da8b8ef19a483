"""`marketo-async programs ...`: looking at programs."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from marketo_async.cli.connecting import connected
from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.filters import LARGEST_PAGE, ProgramFilters
from marketo_async.cli.options import Connection, Speech, Switch
from marketo_async.cli.output import screen
from marketo_async.cli.saying import note
from marketo_async.errors import NotFoundError

_ON_A_TERMINAL = 50
_HEADINGS = ("id", "name", "type", "channel", "status", "folder", "updated (UTC)")


async def get(
    program_id: Annotated[int, Parameter(name="ID")],
    /,
    *,
    json: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Show one program, with its tags and costs: as JSON, under Marketo's names.

    Args:
        program_id: Its id: the digits in the address of its page, such as 1107 in #PG1107A1.
        json: Write it on one line even to a terminal, as is done everywhere else.
        connection: Which Marketo.
        speech: What is said.
    """
    del speech
    async with connected(connection or Connection()) as marketo:
        try:
            program = await marketo.programs.get(program_id)
        except NotFoundError as error:
            error.add_note(f"there is no program {program_id}")
            raise
    screen.show_record(program, json_wanted=json)
    return ExitCode.DONE


async def list_(
    *,
    limit: Annotated[int | None, Parameter(name=["--limit", "-n"])] = None,
    json: Annotated[bool, Switch] = False,
    filters: ProgramFilters | None = None,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """List programs, by name: a table on a terminal, JSONL elsewhere. To write them all to a file, use export.

    Args:
        limit: How many at most; 0 for all. Unless given: 50 on a terminal, all elsewhere.
        json: JSONL on a terminal, too.
        filters: Which programs.
        connection: Which Marketo.
        speech: What is said.
    """
    filters, connection, speech = filters or ProgramFilters(), connection or Connection(), speech or Speech()
    people = screen.for_people(json_wanted=json)
    most = (_ON_A_TERMINAL if people else 0) if limit is None else limit
    if most < 0:
        raise UsageError("--limit is 0 or more")
    rows: list[tuple[object, ...]] = []
    found = 0
    async with connected(connection) as marketo:
        # One more than wanted tells whether there are more, and is no call more.
        page_size = min(most + 1, filters.page_size, LARGEST_PAGE) if most else None
        async for program in filters.listing(marketo, page_size=page_size):
            found += 1
            if most and found > most:
                break
            if people:
                place = program.folder.folder_name if program.folder else None
                rows.append(
                    (program.id, program.name, program.type, program.channel, program.status, place, program.updated_at)
                )
            else:
                screen.write_line(program.to_dict())
    if people and rows:
        screen.show_table(_HEADINGS, rows)
    if not speech.quiet:
        if not found:
            note("No program found.")
        elif most and found > most:
            note(f"The first {most}; there are more. --limit 0 lists all, export writes them to a file.")
    return ExitCode.DONE

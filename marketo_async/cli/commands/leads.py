"""`marketo-async leads ...`: looking at leads."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from marketo_async.cli.connecting import connected
from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.options import Connection, Speech, Switch
from marketo_async.cli.output import screen
from marketo_async.cli.saying import count, note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from marketo_async.records import Lead


async def find(
    filter_type: str,
    /,
    *values: Annotated[str, Parameter(allow_leading_hyphen=True)],
    fields: Annotated[tuple[str, ...], Parameter(negative=(), show_default=False)] = (),
    json: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Find the leads for which a field has one of any number of values: a table on a terminal, JSONL elsewhere.

    Values travel 300 a call. Values for which there is no lead are no error.

    Args:
        filter_type: The field: id, email, cookies, or a custom field of type string, email or integer.
        values: The values; - reads them from standard input and @FILE from a file, one a line.
        fields: The fields to read, separated by commas. Unless given: id, firstName, lastName, email, updatedAt and
            createdAt.
        json: JSONL on a terminal, too.
        connection: Which Marketo.
        speech: What is said.
    """
    connection, speech = connection or Connection(), speech or Speech()
    wanted = list(_given(values))
    if not wanted:
        raise UsageError("VALUES: give at least one, - for standard input, or @FILE")
    names = [name.strip() for given in fields for name in given.split(",") if name.strip()]
    people = screen.for_people(json_wanted=json)
    leads: list[Lead] = []
    found = 0
    async with connected(connection) as marketo:
        async for lead in marketo.leads.find(filter_type, wanted, fields=names or None):
            found += 1
            if people:
                leads.append(lead)
            else:
                screen.write_line(lead.to_dict())
    if leads:
        headings = list(leads[0])
        screen.show_table(headings, ([lead.get(name) for name in headings] for lead in leads))
    if not speech.quiet and (people or not found):
        note(f"{count(found, 'lead')} for {count(len(wanted), 'value')}.")
    return ExitCode.DONE


def _given(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        if value == "-":
            yield from _lines(sys.stdin.read())
        elif value.startswith("@"):
            try:
                # With a byte order mark or without: spreadsheets write one.
                yield from _lines(Path(value[1:]).read_text(encoding="utf-8-sig"))
            except OSError as error:
                raise UsageError(f"{value}: {error.strerror}") from None
            except UnicodeDecodeError:
                raise UsageError(f"{value}: the file is not UTF-8 text") from None
        elif value.startswith("-") and not value[1:].isdigit():
            raise UsageError(f"there is no option {value}; a value that begins with a hyphen goes into a file: @FILE")
        else:
            yield value


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.split("\n") if line.strip())

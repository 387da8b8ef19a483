"""`marketo-async export ...`: everything there is of one kind, into a file."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated, Literal

from anyio import to_thread
from cyclopts import Parameter

from marketo_async.cli.connecting import connected, latency_of
from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.filters import ProgramFilters
from marketo_async.cli.options import Connection, Speech
from marketo_async.cli.output.formats import WRITERS, Format, format_of
from marketo_async.cli.output.target import STANDARD_OUTPUT, opened
from marketo_async.cli.progress.meters import meter_for, shown
from marketo_async.cli.progress.tally import Tally, calls, refused
from marketo_async.cli.saying import count, note, size, span, words

if TYPE_CHECKING:
    from marketo_async.cli.output.formats import Writer
    from marketo_async.cli.output.target import Target
    from marketo_async.cli.progress.meters import Meter
    from marketo_async.client import MarketoClient
    from marketo_async.records import Program
    from marketo_async.transport.paging import Pager

_MISFITS_NAMED = 3
_EMPTY = "No assets found"  # no news where something was: the last look at what changed meanwhile found nothing


async def programs(
    *,
    out: Annotated[str, Parameter(name=["--out", "-o"], allow_leading_hyphen=True)] = STANDARD_OUTPUT,
    format_: Annotated[Format | None, Parameter(name=["--format", "-f"])] = None,
    on_misfit: Literal["raise", "skip"] = "raise",
    filters: ProgramFilters | None = None,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Write every program of an instance, as fast as Marketo's limits allow.

    The file appears when it is complete, and not before: after an error or Ctrl-C there is the file of before, or none.
    How many programs were read, and where to go on, is said on standard error.

    JSONL has one program a line, under Marketo's names and with its dates as they came. CSV has the columns id, name,
    description, type, channel, status, workspace, folderType, folderId, folderName, url, createdAt, updatedAt,
    startDate, endDate, headStart, sfdcId, sfdcName, tags, costs, extra; dates are ISO 8601 in UTC; tags, costs and
    extra (what Marketo sent beyond these) are JSON text. Listings of Marketo's have neither tags nor costs.

    Args:
        out: The file to write; - is standard output.
        format_: jsonl or csv. Unless given, the name of the file says it, else jsonl.
        on_misfit: Whether a program that does not have the documented shape ends the export or is left out and counted.
        filters: Which programs.
        connection: Which Marketo.
        speech: What is said.
    """
    filters, connection, speech = filters or ProgramFilters(), connection or Connection(), speech or Speech()
    if out.startswith("-") and out != STANDARD_OUTPUT:
        raise UsageError(f"--out {out}: name a file, or - for standard output")
    on_terminal = out == STANDARD_OUTPUT and sys.stdout.isatty()
    with opened(out) as target:
        writer = WRITERS[format_of(out, format_)](target)
        async with connected(connection) as marketo:
            listing = filters.listing(marketo).with_options(on_misfit=on_misfit)
            if connection.sandbox and not speech.quiet:
                note(f"The sandbox: made-up programs, {latency_of(connection):g} s a call, limits like Marketo's.")
            meter = meter_for("program", quiet=speech.quiet, output_is_terminal=on_terminal)
            tally = Tally(next_position=filters.start)
            try:
                said = await _pour(listing, writer, tally, meter, marketo)
            except BaseException as error:
                _say_how_far(tally, target, error)
                raise
            stats = marketo.limiter.stats()
    if not speech.quiet:
        for line in said:
            note(line)
        where = f" · {target.name}, {size(target.written)}" if target.appears_whole else ""
        note(
            f"{count(tally.items, 'program')} in {span(tally.seconds)}, {tally.rate:,.0f}/s · "
            f"{count(calls(stats), 'call')}, {refused(stats.refusals)}{where}"
        )
    return ExitCode.DONE


async def _pour(
    listing: Pager[Program], writer: Writer, tally: Tally, meter: Meter, marketo: MarketoClient
) -> list[str]:
    """Write all pages; return what is worth saying about them."""
    said: list[str] = []
    async with shown(meter, tally, marketo.limiter.stats):
        async for page in listing.pages():
            # In a thread: a slow disk or a reader that has stopped must not stop the calls that are out.
            await to_thread.run_sync(writer.write, page.items)
            if tally.misfits < _MISFITS_NAMED:
                said += [f"left out: {words(misfit)}" for misfit in page.misfits[: _MISFITS_NAMED - tally.misfits]]
            tally.add(page)
            said += [f"Marketo says: {text}" for text in page.warnings if not (tally.items and text.startswith(_EMPTY))]
    if tally.misfits:
        said.append(f"{count(tally.misfits, 'program')} left out that did not have the documented shape")
    return list(dict.fromkeys(said))


def _say_how_far(tally: Tally, target: Target, error: BaseException) -> None:
    """Say what was read before the end came too early, and how to go on."""
    if isinstance(error, (asyncio.CancelledError, KeyboardInterrupt)):
        note("Stopped.")
    if not tally.items or isinstance(error, BrokenPipeError):
        return
    kept = f"{target.name} was not touched" if target.appears_whole else f"they went to {target.name}"
    start = "" if tally.next_position is None else f" To go on from there: --start {tally.next_position}"
    note(f"{count(tally.items, 'program')} read; {kept}.{start}")

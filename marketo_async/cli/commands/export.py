"""`marketo-async export ...`: everything there is of one kind, into a file."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import attrs
from cyclopts import Parameter

from marketo_async.cli.connecting import check_options, connected, latency_of
from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.exports.names import Names
from marketo_async.cli.exports.selection import instance_of, selection
from marketo_async.cli.exports.since import as_option, since_moment
from marketo_async.cli.filters import ProgramFilters
from marketo_async.cli.options import Connection, Speech, Switch
from marketo_async.cli.output.formats import Format, compressed_by_name, format_of, written_as
from marketo_async.cli.output.target import STANDARD_OUTPUT, opened, regular_file
from marketo_async.cli.progress.meters import meter_for
from marketo_async.cli.progress.tally import Tally, calls, refused
from marketo_async.cli.saying import count, note, size, span

if TYPE_CHECKING:
    from marketo_async.cli.exports.opening import How
    from marketo_async.cli.exports.stage import Stage
    from marketo_async.client import MarketoClient
    from marketo_async.records import Program
    from marketo_async.transport.page import Page
    from marketo_async.transport.paging import Pager, Pages

OnMisfit = Literal["raise", "skip"]


@attrs.frozen(kw_only=True)
class _Wish:
    """One export, as it was asked for."""

    out: str
    format_: Format
    compressed: bool
    on_misfit: OnMisfit
    how: How
    filters: ProgramFilters
    connection: Connection
    speech: Speech

    def listing(self, marketo: MarketoClient) -> Pager[Program]:
        return self.filters.listing(marketo).with_options(on_misfit=self.on_misfit)

    def introduce(self) -> None:
        if self.connection.sandbox and not self.speech.quiet:
            latency = latency_of(self.connection)
            note(f"The sandbox: made-up programs, {latency:g} s a call, limits like Marketo's.")


async def programs(
    *,
    out: Annotated[str, Parameter(name=["--out", "-o"], allow_leading_hyphen=True)] = STANDARD_OUTPUT,
    format_: Annotated[Format | None, Parameter(name=["--format", "-f"])] = None,
    on_misfit: OnMisfit = "raise",
    resume: Annotated[bool, Switch] = False,
    fresh: Annotated[bool, Switch] = False,
    since: str | None = None,
    filters: ProgramFilters | None = None,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Write every program of an instance, as fast as Marketo's limits allow.

    The file appears when it is complete, and not before: until then there is the file of before, or none. An export
    that ends early, by an error, Ctrl-C or kill -9, keeps what it has read in FILE.partial, with its journal, and the
    same command with --resume goes on from there. The finished file has a manifest beside it, FILE.manifest.json:
    records, calls, SHA-256 and more; `export verify` compares the two.

    JSONL has one program a line, under Marketo's names and with its dates as they came. CSV has the columns id, name,
    description, type, channel, status, workspace, folderType, folderId, folderName, url, createdAt, updatedAt,
    startDate, endDate, headStart, sfdcId, sfdcName, tags, costs, extra; dates are ISO 8601 in UTC; tags, costs and
    extra (what Marketo sent beyond these) are JSON text. Parquet has the same columns, typed: id and folderId are
    int64, moments timestamp[us, UTC], headStart is bool, tags and costs are lists of structs, the rest is text; it
    needs the extra `arrow`. Listings of Marketo's have neither tags nor costs.

    Args:
        out: The file to write; - is standard output. A name in .gz is compressed with gzip.
        format_: jsonl, csv or parquet. Unless given, the name of the file says it, else jsonl.
        on_misfit: Whether a program that does not have the documented shape ends the export or is left out and counted.
        resume: Go on with an unfinished export to the same file, if there is one.
        fresh: Begin anew, and give up an unfinished export to the same file.
        since: Only what changed since an earlier export, named by its manifest or its file; five minutes of overlap
            make sure of what shows late. Or since a moment, as for --updated-from. What was deleted does not show.
        filters: Which programs.
        connection: Which Marketo.
        speech: What is said.
    """
    filters, connection, speech = filters or ProgramFilters(), connection or Connection(), speech or Speech()
    if out.startswith("-") and out != STANDARD_OUTPUT:
        raise UsageError(f"--out {out}: name a file, or - for standard output")
    if resume and fresh:
        raise UsageError("--resume goes on with what --fresh gives up: choose one of the two")
    check_options(connection)
    chosen = format_of(out, format_)
    wish = _Wish(
        out=out,
        format_=chosen,
        compressed=compressed_by_name(out, chosen),
        on_misfit=on_misfit,
        how="resume" if resume else "fresh" if fresh else "new",
        filters=filters if since is None else _changed_since(since, filters, connection),
        connection=connection,
        speech=speech,
    )
    path = regular_file(out)
    if path is None:
        if resume:
            raise UsageError(f"--resume needs a file, and --out {out} is none")
        await _streamed(wish)
    else:
        await _kept(wish, Names.of(path, out))
    return ExitCode.DONE


def _changed_since(since: str, filters: ProgramFilters, connection: Connection) -> ProgramFilters:
    if filters.updated_from is not None:
        raise UsageError("--since and --updated-from say the same: choose one of the two")
    return attrs.evolve(filters, updated_from=as_option(since_moment(since, instance=instance_of(connection))))


async def _streamed(wish: _Wish) -> None:
    """Write to what is no regular file, as the pages come."""
    from anyio import to_thread  # noqa: PLC0415 - `--help` need not load it

    from marketo_async.cli.exports.pouring import pour  # noqa: PLC0415 - `--help` need not load the records

    speech, tally = wish.speech, Tally(next_position=wish.filters.start)
    on_terminal = wish.out == STANDARD_OUTPUT and sys.stdout.isatty()
    with opened(wish.out) as target:
        try:
            with written_as(wish.format_, target, compressed=wish.compressed) as (writer, _):

                async def keep(page: Page[Program], _: Pages[Program]) -> int:
                    # Whoever is stopped while the reader of a pipe has stopped does not wait for that.
                    await to_thread.run_sync(writer.write, page.items)
                    return len(page.misfits)

                async with connected(wish.connection) as marketo:
                    listing = wish.listing(marketo)
                    wish.introduce()
                    meter = meter_for("program", quiet=speech.quiet, output_is_terminal=on_terminal)
                    said = await pour(listing, keep, tally, meter, marketo.limiter.stats)
                    stats = marketo.limiter.stats()
        except BaseException as error:
            if _worth_saying(error, tally.items):
                start = "" if tally.next_position is None else f" To go on from there: --start {tally.next_position}"
                note(f"{count(tally.items, 'program')} read; they went to {target.name}.{start}")
            raise
    if not speech.quiet:
        for line in said:
            note(line)
        note(_summary(tally, calls(stats), refused(stats.refusals), ""))


async def _kept(wish: _Wish, names: Names) -> None:
    """Keep what is read beside the file, and write that at the end."""
    from marketo_async.cli.exports.finishing import finish  # noqa: PLC0415 - `--help` need not load the records
    from marketo_async.cli.exports.manifest import earlier_manifest  # noqa: PLC0415 - as above
    from marketo_async.cli.exports.opening import staged  # noqa: PLC0415 - as above

    options = selection(wish.connection, wish.filters, format_=wish.format_, compressed=wish.compressed)
    if wish.format_ == "parquet":
        from marketo_async.cli.output.parquet import schema  # noqa: PLC0415 - slow

        schema()  # before anything is read, it says so if the extra is missing
    earlier = earlier_manifest(names)
    with staged(names, options, wish.how) as stage:
        before = stage.mark.rows
        tally = Tally(
            items=before,
            misfits=stage.misfits,
            before=before,
            expected=earlier.records if earlier is not None and earlier.options == options else None,
            next_position=stage.mark.position,
        )
        try:
            said = await _read(wish, stage, tally)
            manifest = await finish(
                stage,
                options,
                format_=wish.format_,
                compressed=wish.compressed,
                read_until=wish.filters.last_moment,
                from_start=wish.filters.start == 0,
            )
        except BaseException as error:
            if _worth_saying(error, stage.mark.rows):
                note(
                    f"{count(stage.mark.rows, 'program')} read, and kept in {names.partial_shown}; {names.shown} was "
                    "not touched. To go on from there: the same command with --resume"
                )
            raise
    if not wish.speech.quiet:
        for line in said:
            note(line)
        where = f" · {wish.out}, {size(manifest.size)}"
        note(_summary(tally, manifest.calls, refused(manifest.refusals), where))


async def _read(wish: _Wish, stage: Stage, tally: Tally) -> list[str]:
    """Read what is not read yet into the stage; return what is worth saying."""
    from marketo_async.cli.exports.pouring import read_into  # noqa: PLC0415 - as above

    mark, quiet = stage.mark, wish.speech.quiet
    if mark.rows and not quiet:
        what = "were all read" if mark.whole else "were read before; going on after them"
        note(f"{count(mark.rows, 'program')} {what}.")
    if mark.whole:
        return []
    async with connected(wish.connection) as marketo:
        listing = wish.listing(marketo)
        wish.introduce()
        meter = meter_for("program", quiet=quiet, output_is_terminal=False)
        return await read_into(stage, listing, tally, meter, marketo.limiter.stats)


def _worth_saying(error: BaseException, rows: int) -> bool:
    """Say that it was stopped, if it was; return whether there is more to say."""
    if isinstance(error, (asyncio.CancelledError, KeyboardInterrupt)):
        note("Stopped.")
    return bool(rows) and not isinstance(error, BrokenPipeError)


def _summary(tally: Tally, made: int, refusals: str, where: str) -> str:
    before = f", {tally.before:,} of them before," if tally.before else ""
    return (
        f"{count(tally.items, 'program')}{before} in {span(tally.seconds)}, {tally.rate:,.0f}/s · "
        f"{count(made, 'call')}, {refusals}{where}"
    )

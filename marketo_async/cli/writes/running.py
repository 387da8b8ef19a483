"""Carrying one operation out: every record once, its result beside it, and nothing in doubt that need not be."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import attrs

from marketo_async.cli.connecting import check_options, connected
from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.exports.threads import to_the_end
from marketo_async.cli.options import Connection, Speech
from marketo_async.cli.output.target import STANDARD_OUTPUT
from marketo_async.cli.progress.meters import meter_for, shown
from marketo_async.cli.progress.tally import Tally, calls, refused
from marketo_async.cli.saying import count, note, span
from marketo_async.cli.writes import journal
from marketo_async.cli.writes.checking import check_columns, look
from marketo_async.cli.writes.naming import fingerprint, identity_of, results_of
from marketo_async.cli.writes.opening import opened_book, passing_book
from marketo_async.cli.writes.outcomes import fields_of
from marketo_async.cli.writes.planned import plan_of
from marketo_async.cli.writes.rehearsal import rehearse
from marketo_async.cli.writes.sheet import CsvSheet, JsonSheet
from marketo_async.cli.writes.source import STANDARD_INPUT, input_format, opened_source
from marketo_async.records.write_result import SKIPPED, UNKNOWN

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import AsyncGenerator, Generator

    from marketo_async.cli.writes.book import Book
    from marketo_async.cli.writes.naming import Fingerprint
    from marketo_async.cli.writes.operation import Operation
    from marketo_async.cli.writes.options import WriteOptions
    from marketo_async.cli.writes.rows import InputRow
    from marketo_async.cli.writes.source import Source
    from marketo_async.client import MarketoClient
    from marketo_async.transport.writing.writing import Writing


async def carry_out(
    operation: Operation, given: str, options: WriteOptions, connection: Connection | None, speech: Speech | None
) -> int:
    """Write the records of a file, or say what that would be.

    Args:
        operation: What is done to them.
        given: The file, or `-` for standard input.
        options: How.
        connection: Which Marketo.
        speech: What is said.

    Returns:
        The exit code: whether every record was written.
    """
    connection, speech = connection or Connection(), speech or Speech()
    options.check()
    check_options(connection)
    if options.resume and given == STANDARD_INPUT:
        raise UsageError("--resume reads the input from its beginning once more, and standard input has none")
    with opened_source(given, options.format_, operation.shape) as source:
        if options.dry_run:
            return await rehearse(operation, source, options, connection, speech)
        return await _Run(
            operation=operation,
            given=given,
            source=source,
            options=options,
            connection=connection,
            quiet=speech.quiet,
        ).run()


@attrs.define(kw_only=True)
class _Run:
    """One run of an operation."""

    operation: Operation
    given: str
    source: Source
    options: WriteOptions
    connection: Connection
    quiet: bool
    out: str = ""

    async def run(self) -> int:
        seen = await to_the_end(fingerprint, self.given)
        await self.source.begin()
        with self._book(seen) as book:
            tally = Tally(items=book.rows, before=book.before, expected=_expected(seen, self.source))
            if book.done:
                self._say(f"{count(book.rows, 'record')}, all of them before · results in {self.out}")
                return _code(book.statuses)
            if book.before:
                were = "was" if book.before == 1 else "were"
                self._say(f"{count(book.before, 'record')} {were} written before; going on after that.")
            async with connected(self.connection) as marketo:
                try:
                    await self._write(marketo, book, tally)
                except BaseException as error:
                    self._tell_how_to_go_on(book, error)
                    raise
                stats = marketo.limiter.stats()
            where = "" if self.out == STANDARD_OUTPUT else f" · results in {self.out}"
            self._say(f"{_summary(book, tally)} · {count(calls(stats), 'call')}, {refused(stats.refusals)}{where}")
            return _code(book.statuses)

    @contextmanager
    def _book(self, seen: Fingerprint | None) -> Generator[Book, None, None]:
        names, self.out, format_ = results_of(self.given, self.operation, self.options)
        sheet = CsvSheet(self.source.columns) if format_ == "csv" else JsonSheet(self.source.columns)
        if names is None:
            if self.options.resume:
                raise UsageError(f"--resume needs a file of results, and --results {self.out} is none")
            with passing_book(self.out, sheet) as book:
                yield book
            return
        theirs = input_format(self.given, self.options.format_)
        identity = identity_of(self.operation, self.options, self.connection, theirs, seen)
        with opened_book(names, identity, self.options.how, sheet) as book:
            yield book

    async def _write(self, marketo: MarketoClient, book: Book, tally: Tally) -> None:
        if not self.options.offline:
            await look(self.operation, marketo)
        writing = self.operation.start(marketo, self._records(book), self.options.batch_size)
        plan = plan_of(writing)
        check_columns(self.operation, self.source, plan)
        book.begin(repeatable=plan.call.idempotent or self.operation.same_twice)
        if self.operation.values:
            await self._let_settle(book, plan.call.server_limit)
        if self.connection.sandbox:
            self._say("The sandbox: made-up data, gone when this command ends.")
        meter = meter_for("record", quiet=self.quiet, output_is_terminal=self.out == STANDARD_OUTPUT)
        async with shown(meter, tally, marketo.limiter.stats):
            walked = writing.with_options(on_misfit="skip", departs=book.depart)
            await self._walk(walked, book, tally, echoes=plan.echoes)

    async def _walk(self, writing: Writing[InputRow], book: Book, tally: Tally, *, echoes: frozenset[str]) -> None:
        try:
            async for result in writing:
                book.put(result.input, fields_of(result, book.again, echoes))
                tally.items = book.rows
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError):
                self._say("Stopped: nothing more is sent; waiting for the answers to what is out.")
            # Whoever is cancelled once more does not get past this line: then there is doubt, and the journal has it.
            rest = await writing.settle()
            with suppress(Exception):  # why it ended is what is told
                for result in rest:
                    book.put(result.input, fields_of(result, book.again, echoes))
                await book.set_down(whole=False, unsettled=bool(writing.progress.unknown))
            raise
        await book.set_down(whole=True)
        tally.items = book.rows

    async def _records(self, book: Book) -> AsyncGenerator[InputRow, None]:
        """Yield the records that are to be sent."""
        async for row in self.source.stream():
            if row.index < book.before:
                continue
            known = book.result_of(row.index)
            if known is None:
                yield row
            else:
                book.put(row, known)

    async def _let_settle(self, book: Book, server_limit: float) -> None:
        """Wait until Marketo can no longer be at work on what an earlier run sent."""
        since = book.settling_since
        left = 0.0 if since is None else server_limit - max(0.0, (journal.now() - since).total_seconds())
        if left > 0:
            self._say(
                f"When the last run ended, records were on their way: Marketo may be at work on them for {span(left)} "
                "more. Waiting for that."
            )
            await asyncio.sleep(left)

    def _tell_how_to_go_on(self, book: Book, error: BaseException) -> None:
        if isinstance(error, BrokenPipeError) or book.empty:
            return
        go_on = " To go on: the same command with --resume" if book.can_be_gone_on_with else ""
        note(f"The results of {count(book.rows, 'record')} are in {book.name}.{go_on}")

    def _say(self, text: str) -> None:
        if not self.quiet:
            note(text)


def _expected(seen: Fingerprint | None, source: Source) -> int | None:
    """Return about how many records there are: a line each, but for a heading."""
    return None if seen is None else max(0, seen.lines - (source.columns is not None))


def _summary(book: Book, tally: Tally) -> str:
    before = f", {book.before:,} of them before," if book.before else ""
    became = ", ".join(f"{number:,} {status}" for status, number in sorted(book.statuses.items()))
    said = f": {became}" if became else ""
    return f"{count(book.rows, 'record')}{before} in {span(tally.seconds)}, {tally.rate:,.0f}/s{said}"


def _code(statuses: Counter[str]) -> ExitCode:
    if statuses[UNKNOWN]:
        return ExitCode.UNKNOWN
    return ExitCode.SKIPPED if statuses[SKIPPED] else ExitCode.DONE

"""`--dry-run`: everything that can be known about a write without making it."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from marketo_async.cli.connecting import connected
from marketo_async.cli.exit_codes import ExitCode
from marketo_async.cli.output import screen
from marketo_async.cli.saying import count, note
from marketo_async.cli.writes.checking import check_columns, look
from marketo_async.cli.writes.outcomes import problem_of
from marketo_async.cli.writes.planned import plan_of
from marketo_async.errors import ArgumentError
from marketo_async.transport.writing.cutter import Cutter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from marketo_async.api.groups import Groups
    from marketo_async.cli.options import Connection, Speech
    from marketo_async.cli.writes.operation import Operation
    from marketo_async.cli.writes.options import WriteOptions
    from marketo_async.cli.writes.rows import InputRow
    from marketo_async.cli.writes.source import Source
    from marketo_async.transport.writing.plan import WritePlan

_SHOWN = 20
"""Problems that a person is shown; a file gets them all."""


async def rehearse(
    operation: Operation, source: Source, options: WriteOptions, connection: Connection, speech: Speech
) -> int:
    """Read the whole input, and say what would be sent and what is wrong with it; send no write.

    Returns:
        The exit code: whether every record would be sent.
    """
    await source.begin()
    async with _groups(connection, offline=options.offline) as groups:
        if not options.offline:
            await look(operation, groups)
        plan = plan_of(operation.start(groups, (), options.batch_size))
        check_columns(operation, source, plan)
        counted = _Counted(plan)
        async for row in source.stream():
            problem = counted.add(row)
            if problem is not None:
                _show(row, problem, counted.problems)
        counted.flush()
    if not speech.quiet:
        note(counted.said())
    return ExitCode.SKIPPED if counted.problems else ExitCode.DONE


class _Counted:
    """What would be sent, counted as the engine would cut it if every call were answered at once."""

    def __init__(self, plan: WritePlan[InputRow]) -> None:
        self.records = 0
        self.problems = 0
        self._calls = 0
        self._plan = plan
        self._cutter: Cutter[InputRow] = Cutter(plan.batch_size, plan.most_bytes)

    def add(self, row: InputRow) -> str | None:
        self.records += 1
        try:
            item = self._plan.item(row.index, row)
        except ArgumentError as error:
            item = error
        if isinstance(item, ArgumentError):
            self.problems += 1
            return problem_of(item, row.index)
        self._cutter.add(item)
        self._send(flush=False)
        return None

    def flush(self) -> None:
        while len(self._cutter):
            self._send(flush=True)

    def said(self) -> str:
        sent = self.records - self.problems
        some = "" if not self.problems else f", {self.problems:,} would be skipped"
        in_calls = f"{sent:,} would be sent in {count(self._calls, 'call')}"
        return f"Dry run: of {count(self.records, 'record')}, {in_calls}{some}. Nothing was sent."

    def _send(self, *, flush: bool) -> None:
        while (batch := self._cutter.take(flush=flush)) is not None:
            self._calls += 1
            self._cutter.release(batch)


def _show(row: InputRow, problem: str, number: int) -> None:
    if not sys.stdout.isatty():
        reasons = [{"code": "", "message": problem}]
        screen.write_line({"index": row.index, "line": row.line, "status": "skipped", "reasons": reasons})
    elif number <= _SHOWN:
        said = f"line {row.line}: {problem}" if number < _SHOWN else "... and so on: `> FILE` has them all"
        sys.stdout.write(f"{said}\n")


@asynccontextmanager
async def _groups(connection: Connection, *, offline: bool) -> AsyncGenerator[Groups, None]:
    if not offline:
        async with connected(connection) as marketo:
            yield marketo
        return
    from marketo_async.client import MarketoClient  # noqa: PLC0415 - `--help` need not load the network

    yield MarketoClient("http://localhost", "nobody", "nothing")  # it is never opened, and so can send nothing

"""For tests of writing from the command line: runs in this process that are killed or stopped at any moment."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast

import attrs
import pytest

from marketo_async import Limits, MarketoClient
from marketo_async.cli.exports import lock
from marketo_async.cli.options import Connection, Speech
from marketo_async.cli.writes import journal, opening, running
from marketo_async.sandbox import Clock, Latency, Sandbox
from marketo_async.sandbox.latency import Spread
from marketo_async.transport.http import in_process_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence

    from starlette.types import Message, Receive, Scope, Send

    from marketo_async.cli.options import Connection as Where

START = datetime(2026, 5, 1, tzinfo=UTC)
SLOW = Latency(work=Spread(0.1, 3.0, spikes=0.1, longest=60.0))


@attrs.frozen
class End:
    """How a run ends early.

    Attributes:
        moment: At which moment: they are counted, each write to a file twice, each call when it comes and when it is
            answered.
        kill: Whether it is killed then, or stopped as by Ctrl-C.
        torn: Which share of a write that it is killed in reaches the file.
    """

    moment: int
    kill: bool = True
    torn: float = 0.5


class Desk:
    """One sandbox, and runs against it on a virtual clock."""

    def __init__(self, *, latency: Latency = SLOW, limits: Limits | None = None) -> None:
        self._loop = loop = asyncio.get_running_loop()
        self.sandbox = Sandbox(0, 0, limits=None, latency=latency, clock=Clock(monotonic=loop.time, start=START))
        self.moments = 0
        self.rows: list[dict[str, str]] = []
        self._limits = limits or Limits.off()
        self._end: End | None = None
        self._dead = _Death()
        self._main: asyncio.Task[int] | None = None

    async def run(self, command: Callable[..., Coroutine[object, object, int]], *words: object, **more: object) -> int:
        """Run a command to its end, and return its exit code."""
        code = await self.run_until(None, command, *words, **more)
        assert code is not None
        return code

    async def run_until(
        self, end: End | None, command: Callable[..., Coroutine[object, object, int]], *words: object, **more: object
    ) -> int | None:
        """Run a command; return its exit code, or None where it ended early."""
        self._end, self._dead, self.moments = end, _Death(), 0
        loop = self._loop
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(running, "connected", self._connected)
            patch.setattr(opening, "open_to_grow", self._open)
            patch.setattr(journal, "now", lambda: START + timedelta(seconds=loop.time()))
            work = command(*words, connection=Connection(sandbox=True), speech=Speech(quiet=True), **more)
            self._main = loop.create_task(work)
            try:
                return await self._main
            except asyncio.CancelledError:
                return None
            finally:
                self._dead.come(self._loop)

    def moment(self) -> bool:
        """Count a moment; return whether the process is dead now."""
        self.moments += 1
        if self._end is not None and self.moments == self._end.moment:
            self.end(kill=self._end.kill)
        return self.dead

    def end(self, *, kill: bool) -> None:
        """Kill the process, or stop it as Ctrl-C does."""
        if self._main is not None:
            self._loop.call_soon_threadsafe(self._main.cancel)
        if kill:
            self._dead.come(self._loop)

    @property
    def dead(self) -> bool:
        """Whether the process was killed: nothing more is written or sent."""
        return self._dead.has_come()

    @property
    def torn(self) -> float:
        return 0.0 if self._end is None else self._end.torn

    @asynccontextmanager
    async def _connected(self, _: Where) -> AsyncIterator[MarketoClient]:
        async with (
            in_process_client(self._application) as http_client,
            MarketoClient(
                "http://localhost",
                self.sandbox.client_id,
                self.sandbox.client_secret,
                limits=self._limits,
                http_client=http_client,
            ) as marketo,
        ):
            yield marketo

    async def _application(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a dead process hear nothing, and a living Marketo finish what it has begun."""
        dead = self._dead
        said: list[Message] = []
        if dead.has_come() or self.moment():
            raise ConnectionResetError

        async def keep(message: Message) -> None:
            said.append(message)

        request = [await receive()]
        while request[-1].get("more_body"):
            request.append(await receive())
        whole = iter(request)

        async def again() -> Message:
            return next(whole)

        answer = asyncio.ensure_future(cast("Awaitable[None]", self.sandbox.app(scope, again, keep)))
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())  # a dead process does not look
        death = asyncio.ensure_future(dead.heard.wait())
        await asyncio.wait((answer, death), return_when=asyncio.FIRST_COMPLETED)
        death.cancel()
        if dead.has_come() or self.moment():
            raise ConnectionResetError
        await answer
        for message in said:
            await send(message)

    def _open(self, path: Path) -> BinaryIO:
        return cast("BinaryIO", _MortalFile(lock.open_to_grow(path), self))


class _Death:
    """A moment after which nothing happens; it may come in any thread."""

    def __init__(self) -> None:
        self._there = False
        self.heard = asyncio.Event()

    def has_come(self) -> bool:
        return self._there

    def come(self, loop: asyncio.AbstractEventLoop) -> None:
        self._there = True
        loop.call_soon_threadsafe(self.heard.set)


class _MortalFile:
    """A file that gets nothing more once its process is dead."""

    def __init__(self, file: BinaryIO, desk: Desk) -> None:
        self._file = file
        self._desk = desk

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        if self._desk.dead:
            return len(data)
        if self._desk.moment():
            data = data[: int(len(data) * self._desk.torn)]
        self._file.write(data)
        self._file.flush()
        if not self._desk.dead:
            self._desk.moment()
        return len(data)

    def truncate(self, size: int | None = None) -> int:
        return 0 if self._desk.dead else self._file.truncate(size)


def write_csv(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    """Write a CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)
    return path


def write_jsonl(path: Path, rows: Sequence[object]) -> Path:
    """Write JSONL."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def results(path: Path) -> list[dict[str, str]]:
    """Read a results file back, everything in it as text."""
    content = path.read_bytes().decode()
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(content, newline="")))
    rows = [json.loads(line) for line in content.splitlines()]
    return [{name: str(value) for name, value in row.items() if value is not None} for row in rows]

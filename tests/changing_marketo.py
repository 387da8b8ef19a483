"""A sandbox that changes between any two calls, and a copy of its programs that is kept in step with it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import attrs
from moving_marketo import BROWSE, Change, MovingPrograms

from marketo_async import Limits, MarketoClient, RetryPolicy, Watermark
from marketo_async.sandbox import Latency, Sandbox
from marketo_async.transport.http import in_process_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping

    from marketo_async import Program
    from marketo_async.sandbox import Clock

    Message = MutableMapping[str, object]

State = tuple[str, datetime | None]


@attrs.frozen
class Late:
    """A program that shows up with a date of some seconds ago: it was committed late."""

    name: str
    seconds: float


class ChangingPrograms(MovingPrograms):
    """Programs that change between calls.

    Attributes:
        queries: The queries of the listing calls, in order.
    """

    def __init__(self, sandbox: Sandbox, ages: Iterable[tuple[str, float]]) -> None:
        """Make programs that were changed so many seconds ago."""
        super().__init__(sandbox, ())
        self.queries: list[dict[str, str]] = []
        for name, age in ages:
            self.make(Late(name, age))
        self.throughout = set(self.ids)

    def make(self, change: Change | Late) -> None:
        """Make one change."""
        if isinstance(change, Change):
            super().make(change)
            return
        at = self.sandbox.instance.now() - timedelta(seconds=change.seconds)  # kept finer than it is shown
        self.ids.append(self.programs.add(change.name, created_at=at).id)

    def now(self) -> dict[int, State]:
        """Return the last state of every program there is, as Marketo shows it."""
        return {program.id: (program.name, program.updated_at.replace(microsecond=0)) for program in self.programs}


@asynccontextmanager
async def changing(
    ages: Iterable[tuple[str, float]],
    *,
    clock: Clock,
    happens: Callable[[], Iterable[Change | Late]] = tuple,
    latency: Latency = Latency.none(),  # noqa: B008 - frozen
    dated: bool = True,
) -> AsyncIterator[tuple[MarketoClient, ChangingPrograms]]:
    """Open a client of an instance to which `happens()` happens whenever a listing call arrives.

    With `dated=False` its answers have no `Date` header.
    """
    sandbox = Sandbox(0, limits=None, latency=latency, clock=clock)
    programs = ChangingPrograms(sandbox, ages)

    async def app(
        scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        async def send_undated(message: Message) -> None:
            headers = message.get("headers")
            if isinstance(headers, list):
                message["headers"] = [header for header in headers if header[0] != b"date"]
            await send(message)

        if scope["path"] == BROWSE:
            query = scope["query_string"]
            assert isinstance(query, bytes)
            programs.queries.append({name: values[0] for name, values in parse_qs(query.decode()).items()})
            for change in happens():
                programs.make(change)
        await sandbox.app(scope, receive, send if dated else send_undated)

    async with (
        in_process_client(app) as http_client,
        MarketoClient(
            "http://localhost",
            sandbox.client_id,
            sandbox.client_secret,
            limits=Limits.off(),
            retries=RetryPolicy(first_wait=0.0, longest_wait=0.0),
            http_client=http_client,
        ) as marketo,
    ):
        yield marketo, programs


class CrashError(Exception):
    """The worker died."""


class Copy:
    """A copy of the programs somewhere else, and the watermark stored beside it.

    Attributes:
        states: The last state of each program, by id.
        versions: Every version that was processed, in order.
        stored: The text of the watermark that was stored last; None before the first.
    """

    def __init__(self) -> None:
        self.states: dict[int, State] = {}
        self.versions: list[tuple[int, datetime | None]] = []
        self.stored: str | None = None

    def process(self, program: Program) -> None:
        """Insert or replace a program."""
        self.states[program.id] = (program.name, program.updated_at)
        self.versions.append((program.id, program.updated_at))

    async def sync(
        self,
        marketo: MarketoClient,
        *,
        page_size: int = 200,
        prefetch: int = 8,
        overlap: timedelta = timedelta(minutes=5),
        dies_after: int | None = None,
    ) -> int:
        """Run once and return the batches; after so many programs processed and watermarks stored, die."""
        since = None if self.stored is None else Watermark.parse(self.stored)
        feed = marketo.programs.changes(since, overlap=overlap, page_size=page_size).with_options(prefetch=prefetch)
        done = batches = 0
        async for batch in feed.batches():
            for program in batch.items:
                if done == dies_after:
                    raise CrashError
                self.process(program)
                done += 1
            if done == dies_after:
                raise CrashError
            self.stored = str(batch.watermark)
            done, batches = done + 1, batches + 1
        return batches

"""Fleets of real processes, and what came of them."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import uuid
from multiprocessing import forkserver
from typing import TYPE_CHECKING, Any, Self

import fleet_worker

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess
    from types import TracebackType

    from counting_marketo import CountingMarketo

_PROCESSES = multiprocessing.get_context("forkserver")
# One process imports everything, and each worker is forked from it: that takes milliseconds.
_PROCESSES.set_forkserver_preload(["fleet_worker"])


def _start_the_one_that_forks() -> None:
    # It looks for what it imports on the path of a fresh interpreter only.
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


class Fleet:
    """Worker processes of one instance, which share a limiter over Redis.

    Attributes:
        instance: Its name, of this fleet's own.
    """

    def __init__(self, redis: str, marketo: CountingMarketo, limits: dict[str, Any], **task: object) -> None:
        self.instance = f"fleet-{uuid.uuid4().hex[:12]}"
        self._task = {"redis": redis, "marketo": marketo.address, "instance": self.instance, "limits": limits, **task}
        self._workers: list[tuple[ForkServerProcess, Connection]] = []
        self._begun = 0

    async def start(self, workers: int, **task: object) -> None:
        """Start that many more, and let them begin together once all are ready."""
        await self.prepare(workers, **task)
        self.go()

    async def prepare(self, workers: int, **task: object) -> None:
        """Start that many more, and wait until they are about to begin."""
        started = [self._start({"name": str(len(self._workers) + at), **task}) for at in range(workers)]
        self._workers += started
        for _, pipe in started:
            assert await asyncio.to_thread(pipe.recv) == "ready"

    def _start(self, task: dict[str, object]) -> tuple[ForkServerProcess, Connection]:
        _start_the_one_that_forks()
        ours, theirs = _PROCESSES.Pipe()
        worker = _PROCESSES.Process(target=fleet_worker.work, args=({**self._task, **task}, theirs), daemon=True)
        worker.start()
        theirs.close()
        return worker, ours

    def go(self) -> None:
        """Let all begin that have not."""
        for _, pipe in self._workers[self._begun :]:
            pipe.send("go")
        self._begun = len(self._workers)

    def signal(self, number: int, what: signal.Signals) -> None:
        """Send a signal to one of them."""
        os.kill(self._workers[number][0].pid or 0, what)

    async def results(self) -> list[dict[str, Any]]:
        """Wait for all, and return what those say that have lived until then."""
        said = await asyncio.gather(*(asyncio.to_thread(_last_word, pipe) for _, pipe in self._workers))
        return [result for result in said if result is not None]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for worker, pipe in self._workers:
            worker.kill()
            worker.join()
            pipe.close()


def _last_word(pipe: Connection) -> dict[str, Any] | None:
    try:
        result: dict[str, Any] = pipe.recv()
    except EOFError:
        return None
    return result

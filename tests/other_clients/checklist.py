"""What the checks of clients that are not ours share: a sandbox behind a socket, and a table of what passes."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
import traceback
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Literal

from marketo_async.sandbox.server import served

if TYPE_CHECKING:
    from collections.abc import Generator

    from marketo_async.sandbox import Sandbox

Outcome = Literal["passes", "not in the sandbox", "FAILS"]

NO_SUCH_PATH = re.compile(r"\b610\b")
"""Marketo's code where a path names no operation: here, an operation that the sandbox has not got."""


@contextmanager
def serving(sandbox: Sandbox) -> Generator[str]:
    """Serve a sandbox from a thread of its own, since these clients block theirs; yield its base URL."""
    begun: SimpleQueue[tuple[str, asyncio.AbstractEventLoop] | BaseException] = SimpleQueue()
    leaving = asyncio.Event()

    async def serve() -> None:
        try:
            async with served(sandbox) as url:
                begun.put((url, asyncio.get_running_loop()))
                await leaving.wait()
        except BaseException as error:  # another thread waits for it
            begun.put(error)
            raise

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="sandbox")
    thread.start()
    outcome = begun.get()
    if isinstance(outcome, BaseException):
        thread.join()
        raise outcome
    url, loop = outcome
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(leaving.set)
        thread.join()


class Checklist:
    """The checks of one client, in the order in which they were made.

    Attributes:
        client: The client's name and version.
    """

    def __init__(self, client: str) -> None:
        self.client = client
        self._rows: list[tuple[str, Outcome, str]] = []

    @contextmanager
    def check(self, name: str, *, lacking: str = "") -> Generator[None]:
        """Make one check; whatever is raised inside ends that check only.

        Args:
            name: What is checked.
            lacking: What of Marketo the sandbox may be without: then being refused as an unknown path is no failure.
        """
        try:
            yield
        except Exception as error:  # noqa: BLE001 - each client has errors of its own
            if lacking and NO_SUCH_PATH.search(str(error)):
                self._rows.append((name, "not in the sandbox", lacking))
                return
            self._fail(name, error)
        else:
            self._rows.append((name, "passes", ""))

    @contextmanager
    def area(self, name: str) -> Generator[None]:
        """Make the checks of an area; where what they stand on cannot be laid, that is a failure, and the end of it."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - each client has errors of its own
            self._fail(f"{name}: what its checks need", error)

    def _fail(self, name: str, error: Exception) -> None:
        traceback.print_exc()
        said = str(error).partition("\n")[0]
        self._rows.append((name, "FAILS", f"{type(error).__name__}: {said}"))

    def finish(self) -> int:
        """Print the table; return the exit code: 1 where a check failed or none was made."""
        width = max((len(name) for name, _, _ in self._rows), default=0)
        lines = [f"{self.client} against the sandbox", ""]
        lines += [f"  {name:{width}}  {outcome}{f': {why}' if why else ''}" for name, outcome, why in self._rows]
        outcomes = [outcome for _, outcome, _ in self._rows]
        counts = {outcome: outcomes.count(outcome) for outcome in dict.fromkeys(outcomes)}
        lines += ["", "  " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items())]
        sys.stdout.write("\n".join(lines) + "\n")
        return int(not outcomes or "FAILS" in outcomes)

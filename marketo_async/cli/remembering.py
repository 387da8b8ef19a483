"""The last window's calls, remembered from one process to the next: a job that runs twice in a row is not refused.

Marketo counts 100 calls in 20 seconds for the whole instance, and does not care that they came from two processes. So a
file in the user's cache folder, one for each instance, says for how long the latest calls still count. It holds neither
a secret nor a name: it is called after a digest of the address.

It is written as often as something happens, for a process may be killed; then each place may have started one more call
that it does not know of, and the next process supposes that it did. Nothing here can fail a command: without the file,
with garbage in it, or when the clock was put on or back, the worst is a wait of one window or a call that is refused
and repeated.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from marketo_async.cli.exports.fields import read_object, seconds

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from marketo_async.transport.limits import Limiter

_EVERY = 0.25
"""Seconds between two writings; less than a call of Marketo's takes."""

_MOST = 1_000
"""Calls that are read back; more than that are no window of Marketo's."""


@asynccontextmanager
async def remembered(
    limiter: Limiter, instance: str, *, folder: Path | None = None, wall_clock: Callable[[], float] = time.time
) -> AsyncGenerator[None, None]:
    """Let a limiter begin where the last process of this instance ended, and remember its calls for the next one.

    Args:
        limiter: The limiter, before its first call.
        instance: The address of the instance.
        folder: Where to remember; the user's cache folder unless given.
        wall_clock: Returns seconds since 1970.
    """
    memory = Memory(_path(instance, folder), limiter, wall_clock)
    await limiter.replay(memory.recall())
    keeping = asyncio.create_task(memory.keep())
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        memory.write(ended=True)


class Memory:
    """The file of one instance.

    Args:
        path: Where it is; None where there is no folder for it.
        limiter: Whose calls are remembered.
        wall_clock: Returns seconds since 1970.
    """

    def __init__(self, path: Path | None, limiter: Limiter, wall_clock: Callable[[], float]) -> None:
        self._path = path
        self._limiter = limiter
        self._wall_clock = wall_clock
        self._state = (0, 0)
        limits = limiter.limits
        self._longest = limits.window + limits.window_margin

    def recall(self) -> list[float]:
        """Return for how many seconds each call of an earlier process still counts."""
        if self._path is None:
            return []
        try:
            fields = read_object(self._path.read_bytes())
            written_at = seconds(fields, "written_at")
            known = _numbers(fields.get("remaining"))
        except (OSError, ValueError, OverflowError):
            return []
        # Put back, the clock says that it was written in the future: then nothing has passed, for all that is known.
        passed = max(0.0, self._wall_clock() - written_at)
        if fields.get("ended") is not True:
            known += [self._longest + _EVERY] * self._limiter.limits.max_concurrency
        return [min(each, self._longest + _EVERY) - passed for each in known]

    async def keep(self) -> None:
        """Write whenever calls were made."""
        while True:
            await asyncio.sleep(_EVERY)
            self.write(ended=False)

    def write(self, *, ended: bool) -> None:
        """Write for how many seconds each call still counts.

        Args:
            ended: Whether no further call can follow.
        """
        stats, before = self._limiter.stats(), self._state
        self._state = (sum(stats.granted.values()), stats.in_flight)
        if self._path is None or stats.limit is None or self._state == (0, 0):
            return
        if self._state == before and not stats.in_flight and not ended:
            return
        content = {
            "written_at": self._wall_clock(),
            "ended": ended,
            "remaining": [round(each, 3) for each in self._limiter.footprint()],
        }
        unfinished = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(json.dumps(content), encoding="ascii")
            unfinished.replace(self._path)


def _numbers(listed: object) -> list[float]:
    if not isinstance(listed, list):
        raise ValueError("no list")  # noqa: TRY004 - one kind of error for all that is wrong with a file
    return [float(each) for each in listed[:_MOST] if isinstance(each, int | float)]


def _path(instance: str, folder: Path | None) -> Path | None:
    if folder is None:
        from platformdirs import user_cache_path  # noqa: PLC0415 - only where there is something to remember

        folder = user_cache_path("marketo-async", appauthor=False)
    if not folder.is_absolute():  # nobody's home, such as in a container without users
        return None
    return folder / "last-window" / f"{hashlib.sha256(instance.encode()).hexdigest()[:32]}.json"

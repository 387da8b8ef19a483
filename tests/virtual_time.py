"""An event loop whose clock jumps: ten minutes of limits in the time that their bookkeeping takes.

`loop.time()` stands still while callbacks run. When nothing is ready, it jumps to the next timer. Where something real
is under way, work in a thread or an open socket, it does not jump but follows the real clock until that is over.

A test opts in with `@pytest.mark.virtual_time` (`conftest.py` gives it this loop); anything else calls `run`.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import threading
import time
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Executor

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_TICK = 1e-6
"""Seconds per turn of the loop: who computes "wait another 1e-17 s" (aiolimiter does) would otherwise spin for ever."""

_STUCK = 1.0
"""Real seconds without timer, work or I/O after which the loop gives up: nothing can ever happen again."""


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A selector loop on a clock of its own, which starts at 0."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._in_threads = 0
        self._jumping = _JumpingSelector(self)
        super().__init__(self._jumping)
        self._own_sockets = len(self._jumping.get_map())

    def time(self) -> float:
        """Return the virtual seconds since the loop was made."""
        return self._seconds

    def set_debug(self, enabled: bool) -> None:
        """Keep asyncio's debug mode off unless it is asked for: a simulation has a million callbacks."""
        super().set_debug(enabled and "PYTHONASYNCIODEBUG" in os.environ)

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        self._seconds += max(seconds, _TICK)

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Count the work, so that the clock does not jump past it."""
        future = super().run_in_executor(executor, func, *args)
        self._in_threads += 1
        future.add_done_callback(self._thread_is_back)
        return future

    async def shutdown_default_executor(self, *args: float | None) -> None:
        """Wait in real time: from Python 3.12 on this has a time-out, which must not be jumped to."""
        self._in_threads += 1
        try:
            await super().shutdown_default_executor(*args)
        finally:
            self._in_threads -= 1

    def _thread_is_back(self, _: object) -> None:
        self._in_threads -= 1

    def something_real_is_under_way(self) -> bool:
        """Tell whether a thread works for this loop, or a socket is open on it."""
        sockets = len(self._jumping.get_map()) > self._own_sockets
        return bool(self._in_threads) or sockets or _anyio_thread_works_for(self)


def _anyio_thread_works_for(loop: asyncio.AbstractEventLoop) -> bool:
    # anyio runs its worker threads past `run_in_executor`; a busy one is not among its idle ones.
    return any(
        getattr(thread, "loop", None) is loop and thread not in getattr(thread, "idle_workers", ())
        for thread in threading.enumerate()
        if type(thread).__name__ == "WorkerThread"
    )


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._of = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            self._of.advance(_TICK)
        elif self._of.something_real_is_under_way():
            began = time.monotonic()
            ready = super().select(timeout)
            self._of.advance(time.monotonic() - began)
        elif timeout is not None:
            self._of.advance(timeout)
        else:
            ready = super().select(_STUCK)
            if not ready:
                raise RuntimeError("Every task waits for something that can never happen")
        return ready


def run(main: Coroutine[object, object, T], *, debug: bool | None = None) -> T:
    """Run `main` on a virtual clock that starts at 0, as `asyncio.run` would."""
    with asyncio.Runner(debug=debug, loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)

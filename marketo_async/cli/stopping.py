"""Ctrl-C and its relatives: what runs is cancelled, cleans up, and the process ends with 128 + the signal's number."""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

_T = TypeVar("_T")

_DEADLY = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

_POLITE = 2
"""Signals that only cancel: the first ends the work, the second also what the work waits for before it ends."""


class Stopped(KeyboardInterrupt):
    """A signal ended the command.

    Attributes:
        number: The signal's number.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def carried_out(work: Coroutine[object, object, _T]) -> _T:
    """Run a coroutine on an event loop of its own.

    Raises:
        Stopped: Ctrl-C, or another signal that ends programs, after the coroutine has cleaned up; a second one cancels
            the cleaning up as well, a third one waits for nothing.
    """
    with asyncio.Runner() as runner:
        return runner.run(_stoppable(work))


async def _stoppable(work: Coroutine[object, object, _T]) -> _T:
    came: list[int] = []
    with _cancelled_by_signals(came):
        try:
            return await work
        except asyncio.CancelledError:
            if came:
                raise Stopped(came[0]) from None
            raise


@contextmanager
def _cancelled_by_signals(came: list[int]) -> Generator[None, None, None]:
    """Let signals cancel the task that runs; one that is ignored (nohup) stays ignored.

    Ctrl-C, too, and not by asyncio's own way: there the second one raises wherever the loop is, and a task whose
    turn it was is never woken again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def leave(number: int, _: object) -> None:
        came.append(number)
        if len(came) > _POLITE:
            raise Stopped(number)
        if task is not None:
            loop.call_soon_threadsafe(task.cancel)

    before = {
        number: signal.signal(number, leave) for number in _DEADLY if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

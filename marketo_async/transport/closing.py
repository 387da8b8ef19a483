"""How a client ends: once, whoever asks and however often, and to the end, even where who asks is cancelled.

Nobody closes a second time, so a closing that is cancelled loses its patience with what is out, and nothing else: it
goes on, in a task of its own, and is cancelled when the connections are closed. httpx would leave them open for good.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from anyio import CancelScope

from marketo_async.transport.bounds import expire

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine


class Closing:
    """The closing of one client.

    Args:
        seconds: How long it waits for what is out.

    Attributes:
        waiting: The bounds of calls that wait for a place, or to be repeated: those are turned away.
    """

    def __init__(self, seconds: float) -> None:
        self.waiting: set[asyncio.Timeout] = set()
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None
        self._patience: asyncio.Timeout | None = None
        self._hurries = False

    @property
    def begun(self) -> bool:
        """Whether the client closes, or is closed."""
        return self._task is not None

    async def once(self, close: Callable[[], Coroutine[object, object, None]]) -> None:
        """Close, or wait for the closing that is under way."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(close())
        try:
            await asyncio.wait((self._task,))
        except asyncio.CancelledError:
            self._hurry()
            await outlast(self._task)
            raise
        self._task.result()

    def turn_away(self) -> None:
        """End every wait of a call for something other than its answer."""
        expire(self.waiting)

    async def wait_for(self, tasks: Collection[asyncio.Task[object]]) -> None:
        """Wait for tasks, no longer than there is patience."""
        if not tasks:
            return
        try:
            async with asyncio.timeout(0 if self._hurries else self._seconds) as self._patience:
                await asyncio.wait(tasks)
        except TimeoutError:
            pass
        finally:
            self._patience = None

    def _hurry(self) -> None:
        self._hurries = True
        if self._patience is not None:
            expire((self._patience,))


async def outlast(task: asyncio.Task[None]) -> None:
    """Wait until a task has ended, however often this is cancelled meanwhile; the cancellation is raised then."""
    cancelled: asyncio.CancelledError | None = None
    with CancelScope(shield=True):  # anyio cancels again with every turn of the loop
        while not task.done():
            try:
                await asyncio.wait((task,))
            except asyncio.CancelledError as error:
                cancelled = error
    if cancelled is not None:
        raise cancelled

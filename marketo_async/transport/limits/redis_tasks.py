"""The tasks of a worker's talk with Redis: its own, so that no caller takes one along when it is cancelled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from marketo_async.transport.owned_tasks import start

if TYPE_CHECKING:
    from collections.abc import Coroutine

_T = TypeVar("_T")


class OwnTasks:
    """Tasks that are kept for as long as they run."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[object]] = set()

    def spawn(self, coroutine: Coroutine[object, object, _T]) -> asyncio.Task[_T]:
        """Start one; its error is nobody's unless it is awaited."""
        return start(coroutine, self._running)

    async def end_others(self, *, within: float) -> None:
        """Cancel all but the one that asks, and wait some seconds until they have ended."""
        others = self._running - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=within)

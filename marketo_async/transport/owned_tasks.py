"""Tasks that somebody owns: held until they end, and looked at even where nobody waits for them any more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

_T = TypeVar("_T")


def start(coroutine: Coroutine[object, object, _T], tasks: set[asyncio.Task[object]]) -> asyncio.Task[_T]:
    """Start a task that is among `tasks` until it ends."""
    task = asyncio.get_running_loop().create_task(coroutine)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    task.add_done_callback(_retrieve)
    return task


def _retrieve(task: asyncio.Task[object]) -> None:
    """Look at the outcome of a task whose caller may have walked away, so that asyncio does not complain."""
    if not task.cancelled():
        task.exception()

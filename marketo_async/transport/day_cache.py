"""Answers that change so seldom that one a day is enough: schemas, partitions, types.

Each is fetched once for any number of callers at a time and kept for a day, by the client: every group that it makes,
whatever its options, shares them. A failure is kept for nobody.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import attrs

from marketo_async.errors import ClientStateError, DeadlineError, MarketoError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

T = TypeVar("T")

DAY = 86_400.0
"""Seconds for which an answer is kept: Adobe's advice."""


@attrs.frozen(eq=False)
class Key(Generic[T]):
    """What an answer is kept under; it knows the answer's type.

    Attributes:
        name: What it is, in the words of the error of somebody who waits too long for it.
    """

    name: str


@attrs.frozen
class _Kept:
    value: object
    asked_at: float


class DayCache:
    """The answers that one client keeps.

    Args:
        spawn: Starts a task that the client owns, so that a caller who is cancelled takes nobody with it.
    """

    def __init__(self, spawn: Callable[[Coroutine[object, object, object]], asyncio.Task[object]]) -> None:
        self._spawn = spawn
        self._kept: dict[Key[Any], _Kept] = {}
        self._fetching: dict[Key[Any], asyncio.Task[object]] = {}
        self._asked = 0
        self._newest: dict[Key[Any], int] = {}

    def peek(self, key: Key[T], *, younger_than: float = DAY) -> T | None:
        """Return what is kept, without asking; None where there is nothing, or it is too old.

        Args:
            key: What to look for.
            younger_than: Seconds since it was asked for.
        """
        kept = self._kept.get(key)
        if kept is None or asyncio.get_running_loop().time() - kept.asked_at >= younger_than:
            return None
        return cast("T", kept.value)

    def forget(self, key: Key[T]) -> None:
        """Forget an answer, and one that is on its way: something has changed."""
        self._kept.pop(key, None)
        self._fetching.pop(key, None)
        self._newest[key] = self._asked

    async def get(
        self,
        key: Key[T],
        fetch: Callable[[], Awaitable[T]],
        *,
        refresh: bool = False,
        deadline: float | None = None,
    ) -> T:
        """Return what is kept, or fetch it.

        Args:
            key: What to get.
            fetch: Asks Marketo.
            refresh: Whether to ask anew, whatever is kept or on its way.
            deadline: Seconds to wait at most for a fetch that somebody else began; None waits as long as it takes.

        Raises:
            MarketoError: it could not be fetched.
        """
        while True:
            known = None if refresh else self.peek(key)
            if known is not None:
                return known
            task = None if refresh else self._fetching.get(key)
            mine = task is None
            if task is None:
                task = self._start(key, fetch)
            # Unlike `await`, this neither cancels the task with its waiter nor hands its error to all of them.
            await asyncio.wait((task,), timeout=None if mine else deadline)
            if not task.done():
                raise DeadlineError(f"{key.name} not there within {deadline:g} s")
            if task.cancelled():
                raise ClientStateError(f"the client was closed while it fetched {key.name}")
            error = task.exception()
            if error is None:
                return cast("T", task.result())
            if isinstance(error, DeadlineError) and not mine:
                continue  # that deadline was somebody else's
            if isinstance(error, MarketoError):
                raise error.fresh() from error
            raise error

    def _start(self, key: Key[T], fetch: Callable[[], Awaitable[T]]) -> asyncio.Task[object]:
        fetching = self._fetch(key, fetch)
        task = self._spawn(fetching)
        self._fetching[key] = task

        def ended(_: asyncio.Task[object]) -> None:
            if self._fetching.get(key) is task:
                del self._fetching[key]
            if not task.cancelled():
                task.exception()  # whoever waits for it has it; nobody need be left

        task.add_done_callback(ended)
        return task

    async def _fetch(self, key: Key[T], fetch: Callable[[], Awaitable[T]]) -> T:
        self._asked += 1
        number, asked_at = self._asked, asyncio.get_running_loop().time()
        value = await fetch()
        if number > self._newest.get(key, 0):  # an answer to a later question may have come first
            self._newest[key] = number
            self._kept[key] = _Kept(value, asked_at)
        return value

"""Lets something happen at one suspension of a coroutine, so that a test can go through all of them."""

from __future__ import annotations

import asyncio
import types
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator


class Stepped:
    """A coroutine, and something that happens at its n-th suspension.

    Args:
        coroutine: What to run.
        at: The number of the suspension, from 1; with 0 nothing happens.
        happens: What happens; None: the task that runs it is cancelled.
        late: Whether it happens when what the coroutine waits for has come, but it has not run yet; else at once.

    Attributes:
        stations: Where it was suspended: the names of the coroutines that were awaiting each other.
    """

    def __init__(
        self,
        coroutine: Coroutine[object, object, object],
        at: int,
        happens: Callable[[], object] | None = None,
        *,
        late: bool,
    ) -> None:
        self._coroutine, self._at, self._happens, self._late = coroutine, at, happens, late
        self.stations: list[list[str]] = []

    async def run(self) -> object:
        """Run the coroutine and return what it returns."""
        return await self._run()

    @types.coroutine
    def _run(self) -> Generator[object, object, object]:
        sent: object = None
        failed: BaseException | None = None
        try:
            while True:
                awaited = self._coroutine.send(sent) if failed is None else self._coroutine.throw(failed)
                self.stations.append(_awaiting(self._coroutine))
                if len(self.stations) == self._at:
                    self._make_it_happen(awaited)
                sent, failed = None, None
                try:
                    sent = yield awaited
                except BaseException as error:  # noqa: BLE001 - whatever it is, it is the coroutine's
                    failed = error
        except StopIteration as finished:
            return finished.value

    def _make_it_happen(self, awaited: object) -> None:
        task = asyncio.current_task()
        assert task is not None
        happens = self._happens or task.cancel
        if self._late and isinstance(awaited, asyncio.Future):
            awaited.add_done_callback(lambda _: happens())  # before its task hears of it
        else:
            asyncio.get_running_loop().call_soon(happens)


def _awaiting(coroutine: object) -> list[str]:
    names = []
    while isinstance(coroutine, types.CoroutineType):
        names.append(coroutine.__qualname__)
        coroutine = coroutine.cr_await
    return names

"""The batches that are out: how many there may be, which lane they take, and what is called when one has ended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from marketo_async.transport.transport import Journey
from marketo_async.transport.writing.carrying import Ending, carry

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from marketo_async.transport.transport import Transport
    from marketo_async.transport.writing.options import WriteOptions
    from marketo_async.transport.writing.plan import Item, WritePlan

R = TypeVar("R")

_BUSY_DEPTH = 2
"""Calls in flight that keep the rate limit busy once it is the bottleneck."""


class InFlight(Generic[R]):
    """The batches of one write that are out.

    Args:
        transport: What sends them.
        plan: The operation.
        options: How many may be out, and who is told of each before it is sent.
        landed: Told of each that has ended: its records, its journey, and how it ended.
    """

    def __init__(
        self,
        transport: Transport,
        plan: WritePlan[R],
        options: WriteOptions,
        landed: Callable[[list[Item[R]], Journey, Ending], None],
    ) -> None:
        self._transport = transport
        self._plan = plan
        self._most = options.in_flight
        self._departs = options.departs
        self._landed = landed
        self._out: dict[asyncio.Task[Ending], tuple[list[Item[R]], Journey]] = {}
        self._opened = False

    def __len__(self) -> int:
        return len(self._out)

    def has_room(self, started: int) -> bool:
        """Tell whether one more batch is of use: while calls can start at once, then two to keep the rate busy.

        Args:
            started: How many were started just now, whose tasks have not run: the limiter does not know of them yet.
        """
        out = len(self._out)
        if out < min(_BUSY_DEPTH, self._most):
            return True
        return out < self._most and self._transport.limiter.headroom() > started

    def start(self, batch: list[Item[R]], *, alone: bool) -> None:
        """Send a batch; one that is `alone` is all there is to write, and no different from any single call."""
        call = self._plan.call_for(batch)
        if self._opened:
            call = call.in_lane("bulk")
        elif not alone:
            call = call.in_lane("interactive", opening=True)  # somebody waits for it, and more calls follow
        self._opened = True
        journey = Journey()
        departs = None if self._departs is None else partial(self._departs, [item.record for item in batch])
        task = self._transport.attempts.walk(carry(self._transport, call, journey, departs))
        self._out[task] = (batch, journey)
        task.add_done_callback(self._land)

    def stop(self, *, unsent_only: bool) -> None:
        """Send nothing more; what is out is heard out. With `unsent_only` what was sent once may be repeated still."""
        for task, (_, journey) in self._out.items():
            if not (unsent_only and journey.attempts):
                task.cancel()

    def _land(self, task: asyncio.Task[Ending]) -> None:
        batch, journey = self._out.pop(task)
        ending = Ending() if task.cancelled() else task.result()  # cancelled before it began
        self._landed(batch, journey, ending)

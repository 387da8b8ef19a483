"""Fetches that run ahead of the consumer: a queue of tasks in order, which can be dropped from anywhere."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from marketo_async.errors import ClientStateError

if TYPE_CHECKING:
    from marketo_async.transport.transport import Transport
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope

K = TypeVar("K")

_BUSY_DEPTH = 2
"""Calls in flight that keep the rate limit busy once it is the bottleneck."""


class Ahead(Generic[K]):
    """Calls in the order in which their answers are wanted, each with the key that it was started for.

    The first call of a walk has somebody waiting for it: it rides the interactive lane; all others are bulk.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._queue: deque[tuple[K, asyncio.Task[Envelope]]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opened = False

    def __len__(self) -> int:
        return len(self._queue)

    def room(self, wanted: int) -> int:
        """Return how many more calls may be started, where `wanted` may be out at most: one at least where none is out.

        While calls can start at once, that is all of them; once the rate is the bottleneck, two at a time keep it busy.
        """
        out = sum(not task.done() for _, task in self._queue)
        useful = max(_BUSY_DEPTH, out + self._transport.limiter.headroom())
        return min(wanted, useful) - len(self._queue)

    def start(self, key: K, call: Call, *, next_in_line: bool = False) -> None:
        """Start a call at the end of the queue, or at its front."""
        self._loop = asyncio.get_running_loop()
        call = call.in_lane("bulk") if self._opened else call.in_lane("interactive", opening=True)
        self._opened = True
        # The task knows the transport only: a walk that nobody holds any more can be collected while it runs.
        entry = (key, self._transport.attempts.walk(self._transport.send(call)))
        if next_in_line:
            self._queue.appendleft(entry)
        else:
            self._queue.append(entry)

    @property
    def head(self) -> K:
        """The key of the answer that comes next."""
        return self._queue[0][0]

    def keys(self) -> list[K]:
        """Return the keys of all calls, in order."""
        return [key for key, _ in self._queue]

    async def take(self) -> Envelope:
        """Wait for the first answer; its call leaves the queue when it is there, whatever it is.

        A consumer that is cancelled meanwhile loses nothing: the call goes on, and the next one waits for it again.
        """
        task = self._queue[0][1]
        await asyncio.wait((task,))
        if not self._queue or self._queue[0][1] is not task:
            raise ClientStateError("the walk was closed while its next page was awaited")
        self._queue.popleft()
        if task.cancelled():
            raise ClientStateError("the client was closed while the listing was read")
        return task.result()

    def drop(self) -> None:
        """Forget all calls: those that still wait for a place leave the limiter's queue. Safe from any thread."""
        tasks = [task for _, task in self._queue if not task.done()]
        self._queue.clear()
        if not tasks or self._loop is None or self._loop.is_closed():
            return
        try:
            here = asyncio.get_running_loop() is self._loop
        except RuntimeError:
            here = False
        for task in tasks:
            if here:
                task.cancel()
            else:
                self._loop.call_soon_threadsafe(task.cancel)

"""A program that never rests: a listing of twenty tasks, and single calls for which somebody waits."""

from __future__ import annotations

import asyncio
import math
import random
from typing import TYPE_CHECKING

from simulated_marketo import DELAYS, SimulatedMarketo

if TYPE_CHECKING:
    from collections.abc import Callable

    from limits.clients import Client, Send
    from marketo_async.sandbox.admission import Admission
    from marketo_async.transport.limits import Lane

TASKS, WINDOW = 20, 20.0


class Program:
    """One process that uses Marketo, with a client of its own.

    Args:
        client: Makes its client.
        admission: The door of the instance.
        start: Seconds from which on calls are counted.
        end: Seconds at which it ends; what is out then is dropped.
        seed: Of its delays and its jitter.
        every: Mean seconds from one single call to the next.

    Attributes:
        done: Calls that succeeded.
        weighed: The same, but those of the first and of the last window count less the closer they are to the edge:
            where calls come in a burst in each window, a plain span of time would cut one.
        refused: Calls that were refused.
        given_up: Calls that the client did not repeat any more.
        waits: Seconds from wanting each single call to sending the attempt that succeeded; infinite where it was given
            up, and for those that still wait at the end the seconds until then.
    """

    def __init__(
        self,
        client: Callable[[Send, random.Random], Client],
        admission: Admission,
        *,
        start: float,
        end: float,
        seed: int,
        every: float,
    ) -> None:
        self.done = self.refused = self.given_up = 0
        self.weighed = 0.0
        self.waits: list[float] = []
        self._marketo = SimulatedMarketo(DELAYS["spiky"], admission=admission, seed=seed)
        self._rng = random.Random(seed)
        self._client = client(self._send, random.Random(seed))
        self._start, self._end, self._every = start, end, every
        self._wanted: dict[asyncio.Task[None], float] = {}

    async def run(self) -> None:
        """Make calls until the end."""
        tasks = [asyncio.create_task(self._work()) for _ in range(TASKS)]
        tasks.append(asyncio.create_task(self._single_calls()))
        await asyncio.sleep(self._end - self._now())
        self.waits += [self._end - wanted for wanted in self._wanted.values() if wanted > self._start]
        tasks += self._wanted
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    async def _work(self) -> None:
        while True:
            await self._call("bulk")

    async def _single_calls(self) -> None:
        while True:
            await asyncio.sleep(self._rng.expovariate(1 / self._every))
            task = asyncio.create_task(self._single_call())
            self._wanted[task] = self._now()
            task.add_done_callback(self._wanted.pop)

    async def _single_call(self) -> None:
        wanted = self._now()
        sent_at = await self._call("interactive")
        if wanted > self._start:
            self.waits.append(math.inf if sent_at is None else sent_at - wanted)

    async def _call(self, lane: Lane) -> float | None:
        sent_at = await self._client.call(lane)
        if self._now() > self._start:
            self.done += sent_at is not None
            self.given_up += sent_at is None
            from_the_edge = min(self._now() - self._start, self._end - self._now())
            self.weighed += min(1.0, from_the_edge / WINDOW) if sent_at is not None else 0.0
        return sent_at

    async def _send(self) -> str | None:
        code = await self._marketo.call()
        if code is not None and self._now() > self._start:
            self.refused += 1
        return code

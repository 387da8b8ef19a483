"""Another integration of the same instance: it calls when it likes, keeps no limit and tells nobody."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from marketo_async.sandbox.admission import Admission

Kind = Literal["steady", "burst", "on/off"]
"""Evenly over every 20 s; all at once every 20 s; evenly for two minutes of every five."""

WINDOW, ON, ROUND = 20.0, 120.0, 300.0


class Neighbour:
    """Drives the door of an instance.

    Attributes:
        calls: Calls made so far.
        refused: Of these, the ones that were refused.
    """

    def __init__(self, admission: Admission, kind: Kind, per_window: int, *, seed: int = 1) -> None:
        self.calls = 0
        self.refused = 0
        self._admission = admission
        self._kind = kind
        self._per_window = per_window
        self._rng = random.Random(seed)

    @property
    def leaves(self) -> float:
        """Calls per second that it leaves to others, on average."""
        share = ON / ROUND if self._kind == "on/off" else 1.0
        return (100 - share * self._per_window) / WINDOW

    async def run(self, seconds: float) -> None:
        """Make calls for that long."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        if self._kind == "burst":
            await asyncio.sleep(self._rng.uniform(0, WINDOW))
        while (passed := loop.time() - began) < seconds:
            if self._kind == "burst":
                for _ in range(self._per_window):
                    self._call(0.0)
                await asyncio.sleep(WINDOW)
                continue
            if self._kind == "on/off" and passed % ROUND >= ON:
                await asyncio.sleep(ROUND - passed % ROUND)
            self._call(0.25)
            await asyncio.sleep(WINDOW / self._per_window * self._rng.uniform(0.5, 1.5))

    async def hold_places(self, places: int, seconds: float) -> None:
        """Keep that many long calls in progress for that long, whenever a place can be had."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds

        async def hold() -> None:
            while loop.time() < end:
                let_in = self._call(9.0)
                await asyncio.sleep(self._rng.uniform(9.0, 9.2) if let_in else self._rng.uniform(0.5, 1.5))

        await asyncio.gather(*(hold() for _ in range(places)))

    def _call(self, work: float) -> bool:
        loop = asyncio.get_running_loop()
        self.calls += 1
        if self._admission.arrive(loop.time()) is not None:
            self.refused += 1
            return False
        if work:
            loop.call_later(work, lambda: self._admission.leave(loop.time()))
        else:
            self._admission.leave(loop.time())
        return True

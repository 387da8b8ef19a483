"""Marketo as a limiter meets it: delays on the way, a door that counts, and nothing else.

The door is the sandbox's own `Admission`; the delays are drawn from a seeded generator. No HTTP: an hour of calls
takes seconds on the virtual clock.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from marketo_async.sandbox.admission import Admission

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from marketo_async.transport.limits import Lane, Limiter


class Delays:
    """How long a call takes: there, being worked on, and back; seconds."""

    def __init__(self, way: Callable[[random.Random], float], work: Callable[[random.Random], float]) -> None:
        self.way = way
        self.work = work


def _spiky(rng: random.Random) -> float:
    return rng.uniform(0.08, 0.5) if rng.random() < 0.02 else rng.uniform(0.005, 0.08)


def _lossy(rng: random.Random) -> float:
    return _spiky(rng) + (rng.uniform(0.2, 3.0) if rng.random() < 0.005 else 0.0)


def _around(seconds: float) -> Callable[[random.Random], float]:
    return lambda rng: rng.uniform(0.5 * seconds, 1.5 * seconds)


DELAYS = {
    "normal": Delays(lambda rng: rng.uniform(0.01, 0.03), _around(0.25)),
    "spiky": Delays(_spiky, _around(0.2)),
    "lossy": Delays(_lossy, _around(0.2)),
    "slow": Delays(_spiky, _around(1.5)),
    "absurd": Delays(lambda rng: rng.uniform(0.0, 3.0), _around(0.2)),
}
"""By name; the mean of the first three lies between 0.29 and 0.32 s."""


class SimulatedMarketo:
    """An instance of Marketo, seen from outside.

    Attributes:
        admission: The door.
        arrivals: When each call reached the door, in loop time.
    """

    def __init__(self, delays: Delays, *, seed: int = 1, admission: Admission | None = None) -> None:
        self.admission = Admission(daily=None) if admission is None else admission
        self.arrivals: list[float] = []
        self._delays = delays
        self._rng = random.Random(seed)

    async def call(self, *, work: float | None = None) -> str | None:
        """Make one call; return the code of the refusal, or None."""
        time = asyncio.get_running_loop().time
        await asyncio.sleep(self._delays.way(self._rng))
        self.arrivals.append(time())
        refusal = self.admission.arrive(time())
        if refusal is None:
            await asyncio.sleep(self._delays.work(self._rng) if work is None else work)
            self.admission.leave(time())
        await asyncio.sleep(self._delays.way(self._rng))
        return None if refusal is None else refusal[0]

    @property
    def refused(self) -> int:
        """Calls refused so far."""
        return self.admission.refused.total()

    def utilisation(self, *, rate: int = 100, window: float = 20.0) -> float:
        """Return the share of the limit that was used from the second window on, by whole rounds of `rate` calls.

        From the middle call of the second round to the middle one of the last: where calls come in bursts, a span of
        time would cut one, and the first call of each burst gains on the others.
        """
        rounds = (len(self.arrivals) - rate // 2 - 1) // rate
        took = self.arrivals[rounds * rate + rate // 2] - self.arrivals[rate + rate // 2]
        return (rounds - 1) * window / took


async def limited_call(limiter: Limiter, marketo: SimulatedMarketo, lane: Lane = "bulk") -> float:
    """Make one call through a limiter; return the seconds it waited."""
    lease = await limiter.acquire(lane)
    lease.answered(await marketo.call())
    return lease.waited


async def saturate(call: Callable[[], Awaitable[object]], *, seconds: float, workers: int = 40) -> None:
    """Let each worker call again and again until `seconds` from now; what is out then, ends."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds

    async def worker() -> None:
        while loop.time() < end:
            await call()

    await asyncio.gather(*(worker() for _ in range(workers)))

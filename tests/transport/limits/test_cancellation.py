"""Callers that go away while they wait (P12), at every point at which they can."""

from __future__ import annotations

import asyncio
import contextlib
import types
from typing import TYPE_CHECKING, Literal

import attrs
import virtual_time
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_marketo import Delays, SimulatedMarketo

from marketo_async.sandbox.admission import Admission
from marketo_async.transport.limits import Lease, Limiter, Limits

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

    from marketo_async.transport.limits import Lane

SMALL = Limits(
    max_calls=4, window=5.0, window_margin=0.0, max_concurrency=3, concurrency_reserve=0, bulk_burst=1, pacing="on"
)


class Interrupted:
    """Runs a coroutine and cancels it at its n-th suspension.

    Early: while it waits. Late: when what it waits for has come, but it has not run yet.

    Attributes:
        stations: Where it was suspended: the names of the coroutines that were awaiting each other.
    """

    def __init__(self, coroutine: Coroutine[object, object, Lease], at: int, *, late: bool) -> None:
        self._coroutine, self._at, self._late = coroutine, at, late
        self.stations: list[list[str]] = []

    @types.coroutine
    def run(self) -> Generator[object, object, Lease]:
        try:
            awaited = self._coroutine.send(None)
            while True:
                self.stations.append(_awaiting(self._coroutine))
                cancelled = len(self.stations) == self._at
                if cancelled and not self._late and isinstance(awaited, asyncio.Future):
                    awaited.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    yield awaited
                awaited = self._coroutine.throw(asyncio.CancelledError()) if cancelled else self._coroutine.send(None)
        except StopIteration as finished:
            lease: Lease = finished.value
            return lease


def _awaiting(coroutine: object) -> list[str]:
    names = []
    while isinstance(coroutine, types.CoroutineType):
        names.append(coroutine.__qualname__)
        coroutine = coroutine.cr_await
    return names


async def one_caller_is_cancelled(at: int, *, late: bool) -> list[list[str]]:
    """Let a bulk caller wait at its gate, for its pace, for a slot and for a place, and cancel it at the n-th wait."""
    limiter = Limiter(SMALL)
    (await limiter.acquire("bulk")).answered()  # slot: free at 5.0; pace: next at 1.25
    ahead = asyncio.create_task(limiter.acquire("bulk"))
    await asyncio.sleep(0)
    victim = Interrupted(limiter.acquire("bulk"), at, late=late)
    task = asyncio.create_task(_run(victim))
    await asyncio.sleep(1.5)
    out = [await ahead, await limiter.acquire(), await limiter.acquire()]  # all slots, all places
    await asyncio.sleep(5)
    for lease in out:
        lease.answered()
    with contextlib.suppress(asyncio.CancelledError):
        (await task).answered()
    await nothing_is_lost(limiter)
    return victim.stations


async def _run(victim: Interrupted) -> Lease:
    return await victim.run()


async def nothing_is_lost(limiter: Limiter) -> None:
    """A while after the last call nothing is in use, nobody waits, and the whole window can be taken at once."""
    await asyncio.sleep(60)
    stats = limiter.stats()
    assert (stats.in_use, stats.in_flight, stats.waiting) == (0, 0, {"interactive": 0, "bulk": 0})
    began = asyncio.get_running_loop().time()
    (await limiter.acquire("bulk")).answered()
    for _ in range((stats.limit or 0) - 1):
        (await limiter.acquire()).answered()
    assert asyncio.get_running_loop().time() - began < 0.1
    assert limiter.stats().in_use == stats.limit


def test_cancelled_at_every_await() -> None:
    """A caller cancelled at any of its waits, be it just as it is granted, gives back whatever it had (P12)."""
    stations = virtual_time.run(one_caller_is_cancelled(0, late=False))
    seen = {name for names in stations for name in names}
    assert {"Lock.acquire", "Pace.wait", "LocalLedger.book", "LocalLedger.enter"} <= seen
    for at in range(1, len(stations) + 1):
        for late in (False, True):
            assert len(virtual_time.run(one_caller_is_cancelled(at, late=late))) == at


@attrs.frozen
class Caller:
    """One caller of a random scenario; times in seconds."""

    lane: Lane
    opening: bool
    comes: float
    work: float
    ending: Literal["answered", "unsent", "timed out"]
    goes: float | None  # it is cancelled this long after it came, if it has no lease by then


@st.composite
def callers(draw: st.DrawFn) -> list[Caller]:
    """Up to 40 callers; at most 2 of them time out, which is as many as may be held of 4 places."""
    timing_out = draw(st.sets(st.integers(0, 39), max_size=2))
    times = st.floats(0, 8, allow_nan=False)
    return [
        Caller(
            lane=draw(st.sampled_from(["interactive", "bulk"])),
            opening=draw(st.booleans()),
            comes=draw(times),
            work=draw(st.floats(0, 3)),
            ending="timed out" if number in timing_out else draw(st.sampled_from(["answered", "answered", "unsent"])),
            goes=draw(st.none() | st.floats(0, 4)),
        )
        for number in range(draw(st.integers(1, 40)))
    ]


@settings(max_examples=50, deadline=None)
@given(
    who=callers(),
    pacing=st.sampled_from(["auto", "on", "off"]),
    counting=st.sampled_from(["arrival", "completion"]),
    way=st.floats(0, 1),
    margin=st.sampled_from([0.0, 0.25]),
)
def test_any_crowd_is_never_refused_and_loses_nothing(
    who: list[Caller],
    pacing: Literal["auto", "on", "off"],
    counting: Literal["arrival", "completion"],
    way: float,
    margin: float,
) -> None:
    """Whoever comes, goes, times out or sends nothing, in whichever lane: no refusal, and nothing is lost (P7, P12)."""
    limits = Limits(max_calls=12, window=3.0, window_margin=margin, max_concurrency=4, bulk_burst=2, pacing=pacing)
    admission = Admission(rate=12, window=3.0, concurrency=4, daily=None, counting=counting)

    async def scenario() -> None:
        marketo = SimulatedMarketo(Delays(lambda rng: rng.uniform(0, way), lambda _: 0), admission=admission)
        limiter = Limiter(limits)
        attempts: list[asyncio.Task[None]] = []
        await asyncio.gather(*(come_and_go(limiter, marketo, caller, attempts) for caller in who))
        await asyncio.gather(*attempts)
        assert limiter.stats().waiting == {"interactive": 0, "bulk": 0}
        await nothing_is_lost(limiter)

    virtual_time.run(scenario())
    assert admission.refused.total() == 0
    assert admission.most_at_once <= 4


async def come_and_go(
    limiter: Limiter, marketo: SimulatedMarketo, caller: Caller, attempts: list[asyncio.Task[None]]
) -> None:
    """Acquire, unless cancelled before; what is sent is a task of its own, as in the transport."""
    await asyncio.sleep(caller.comes)
    try:
        async with asyncio.timeout(caller.goes):
            lease = await limiter.acquire(caller.lane, opening=caller.opening)
    except TimeoutError:
        return
    attempts.append(asyncio.create_task(attempt(lease, marketo, caller)))


async def attempt(lease: Lease, marketo: SimulatedMarketo, caller: Caller) -> None:
    """Send it, or do not, and end the lease as it should."""
    if caller.ending == "unsent":
        await asyncio.sleep(caller.work)
        lease.unsent()
    elif caller.ending == "answered":
        lease.answered(await marketo.call(work=caller.work))
    else:
        answer = asyncio.create_task(marketo.call(work=caller.work))
        await asyncio.sleep(caller.work / 2)
        lease.unknown(hold=6.0)  # a way of 1 s each way and work of 3 s: by then nothing can be left
        await answer

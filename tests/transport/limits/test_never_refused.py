"""The promises: never refused, close to the limit, nobody waits behind a listing. On the server's own count.

Minutes of simulated traffic per case. `Admission` refuses at 100 calls in a closed window of 20 s and at 10 calls at
once, and counts what it refuses, so a single mistake shows.
"""

from __future__ import annotations

import asyncio
import random

import attrs
import pytest
from simulated_marketo import DELAYS, SimulatedMarketo, limited_call, saturate

from marketo_async.sandbox.admission import Admission
from marketo_async.transport.limits import Booking, Lane, Limiter, Limits, LocalLedger

pytestmark = [pytest.mark.virtual_time, pytest.mark.hours]

MINUTES = 60.0


@pytest.mark.parametrize("counting", ["arrival", "completion"])
@pytest.mark.parametrize("delays", ["normal", "spiky", "lossy"])
@pytest.mark.parametrize(
    ("limits", "at_least"),
    [(Limits.batch(), 0.98), (Limits(), 0.91), (Limits(pacing="on"), 0.91)],
    ids=["batch", "default", "paced"],
)
async def test_a_saturating_job_is_never_refused_and_close_to_the_limit(
    limits: Limits, at_least: float, delays: str, counting: str
) -> None:
    """40 tasks that never rest: no refusal, 98 % of the limit with batch(), 91 % with the defaults (P7)."""
    admission = Admission(daily=None, counting=counting)  # type: ignore[arg-type]
    marketo, limiter = SimulatedMarketo(DELAYS[delays], admission=admission), Limiter(limits)
    await saturate(lambda: limited_call(limiter, marketo), seconds=6 * MINUTES)
    assert marketo.refused == 0
    assert admission.most_in_window <= 100
    assert admission.most_at_once <= 10
    assert marketo.utilisation() >= at_least
    await everything_comes_back(limiter)


@pytest.mark.parametrize("counting", ["arrival", "completion"])
@pytest.mark.parametrize("limits", [Limits.batch(), Limits()], ids=["batch", "default"])
async def test_delays_of_any_size_do_no_harm(limits: Limits, counting: str) -> None:
    """One-way delays anywhere from 0 to 3 s, with nothing but the slots in the way: no refusal."""
    admission = Admission(daily=None, concurrency=None, counting=counting)  # type: ignore[arg-type]
    marketo = SimulatedMarketo(DELAYS["absurd"], admission=admission)
    limiter = Limiter(attrs.evolve(limits, max_concurrency=1000))
    await saturate(lambda: limited_call(limiter, marketo), seconds=6 * MINUTES, workers=200)
    assert marketo.refused == 0
    assert admission.most_in_window > 90


async def test_slow_answers_bind_at_the_places() -> None:
    """Calls of 3 s fill the ten places, never an eleventh, and use nine tenths of them (P7)."""
    marketo, limiter = SimulatedMarketo(DELAYS["slow"]), Limiter(Limits.batch())
    began = asyncio.get_running_loop().time()

    async def call() -> None:
        lease = await limiter.acquire("bulk")
        lease.answered(await marketo.call(work=2.9))

    await saturate(call, seconds=10 * MINUTES)
    took = asyncio.get_running_loop().time() - began
    assert marketo.refused == 0
    assert marketo.admission.most_at_once == 10
    assert len(marketo.arrivals) * 3.0 / took > 9.0


@pytest.mark.parametrize(("delays", "alone_for"), [("spiky", 0.0), ("lossy", 130.0)])
async def test_nobody_waits_behind_a_listing(delays: str, alone_for: float) -> None:
    """Beside a saturating listing interactive calls wait less than 0.1 s at the 99th percentile, none is refused."""
    marketo, limiter = SimulatedMarketo(DELAYS[delays]), Limiter(Limits())
    waits = await beside_a_listing(limiter, marketo, alone_for=alone_for)
    assert len(waits) > 250
    assert sorted(waits)[int(len(waits) * 0.99)] < 0.1
    assert marketo.refused == 0
    assert marketo.utilisation() >= 0.91


async def beside_a_listing(limiter: Limiter, marketo: SimulatedMarketo, *, alone_for: float) -> list[float]:
    """Return the waits of interactive calls, one every 2 s on average, from a window after the first one on."""
    loop, rng, waits = asyncio.get_running_loop(), random.Random(2), []
    began = loop.time()

    async def single_call() -> None:
        late = loop.time() - began > alone_for + 20.25
        waited = await limited_call(limiter, marketo, "interactive")
        if late:
            waits.append(waited)

    async def single_calls() -> None:
        await asyncio.sleep(alone_for)
        async with asyncio.TaskGroup() as out:
            while loop.time() - began < 12 * MINUTES:
                out.create_task(single_call())
                await asyncio.sleep(rng.expovariate(0.5))

    listing = saturate(lambda: limited_call(limiter, marketo), seconds=12 * MINUTES)
    await asyncio.gather(single_calls(), listing)
    return waits


@pytest.mark.parametrize("pages", [20, 95])
async def test_a_small_job_that_is_alone_is_quick(pages: int) -> None:
    """Up to 95 calls of 0.3 s that are alone take at most 6 s with the defaults."""
    marketo, limiter = SimulatedMarketo(DELAYS["spiky"]), Limiter()
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(limited_call(limiter, marketo) for _ in range(pages)))
    assert asyncio.get_running_loop().time() - began <= 6
    assert marketo.refused == 0


@pytest.mark.parametrize("counting", ["arrival", "completion"])
async def test_time_outs_and_callers_that_walk_away_do_no_harm(counting: str) -> None:
    """Calls given up while the server works on are held, and no refusal follows; no slot or place is lost (P7, P12)."""
    admission = Admission(daily=None, counting=counting)  # type: ignore[arg-type]
    marketo, limiter, rng = SimulatedMarketo(DELAYS["spiky"], admission=admission), Limiter(), random.Random(3)
    attempts: set[asyncio.Task[None]] = set()
    held = 0

    async def attempt() -> None:
        nonlocal held
        lease = await limiter.acquire("bulk")
        slow = rng.random() < 1 / 200
        answer = asyncio.create_task(marketo.call(work=rng.uniform(5, 28) if slow else None))
        done, _ = await asyncio.wait({answer}, timeout=4.0)
        if done:
            lease.answered(answer.result())
        else:
            held += 1
            lease.unknown(hold=30.0)
            await answer

    async def impatient() -> None:
        # the attempt is a task of its own: the caller may go, it may not
        task = asyncio.create_task(attempt())
        attempts.add(task)
        task.add_done_callback(attempts.discard)
        await asyncio.wait({task}, timeout=rng.choice([0.01, 0.5, 60.0]))

    await saturate(impatient, seconds=15 * MINUTES)
    await asyncio.gather(*attempts)
    assert held > 10
    assert marketo.refused == 0
    assert admission.most_at_once <= 10
    await everything_comes_back(limiter)


@pytest.mark.parametrize("cold_start", ["ramp", "trust"])
async def test_a_ramp_knows_of_the_run_before(cold_start: str) -> None:
    """Twenty runs of 60 calls, 2 s apart: with cold_start="ramp" none is refused; "trust" is refused often."""
    marketo = SimulatedMarketo(DELAYS["spiky"])
    for _ in range(20):
        limiter = Limiter(Limits(cold_start=cold_start))  # type: ignore[arg-type]
        await asyncio.gather(*(limited_call(limiter, marketo) for _ in range(60)))
        await asyncio.sleep(2)
    assert (marketo.refused == 0) == (cold_start == "ramp")


async def test_a_replayed_run_is_known_exactly() -> None:
    """Twenty runs that hand their footprint on: none refused, and faster than a ramp would be."""
    marketo, loop = SimulatedMarketo(DELAYS["spiky"]), asyncio.get_running_loop()
    footprint: tuple[float, ...] = ()
    for _ in range(20):
        limiter = Limiter()
        await limiter.replay(seconds - 2 for seconds in footprint)
        await asyncio.gather(*(limited_call(limiter, marketo) for _ in range(60)))
        footprint = limiter.footprint()
        await asyncio.sleep(2)
    assert marketo.refused == 0
    assert loop.time() < 20 * 60 / 4.6


async def test_a_distant_ledger_keeps_the_same_promises() -> None:
    """The front end needs nothing but the protocol: a ledger that answers late and paces by itself will do."""

    class DistantLedger(LocalLedger):
        paces_bulk = True

        async def book(self, lane: Lane, *, opening: bool = False) -> Booking:
            await asyncio.sleep(0.003)
            return await super().book(lane, opening=opening)

        async def enter(self, booking: Booking) -> None:
            await asyncio.sleep(0.003)
            await super().enter(booking)

    limits = Limits.batch()
    marketo, limiter = SimulatedMarketo(DELAYS["spiky"]), Limiter(limits, ledger=DistantLedger(limits))
    await saturate(lambda: limited_call(limiter, marketo), seconds=10 * MINUTES)
    assert marketo.refused == 0
    assert marketo.utilisation() >= 0.97
    await everything_comes_back(limiter)


async def everything_comes_back(limiter: Limiter) -> None:
    """No slot and no place is lost: a minute after the last call all of them can be taken at once."""
    await asyncio.sleep(60)
    stats = limiter.stats()
    assert (stats.in_use, stats.in_flight, stats.held, stats.cooling) == (0, 0, 0, 0)
    assert stats.waiting == {"interactive": 0, "bulk": 0}
    began = asyncio.get_running_loop().time()
    out = [await limiter.acquire() for _ in range(stats.places)]
    for lease in out:
        lease.answered()
    for _ in range((stats.limit or 0) - stats.places):
        (await limiter.acquire()).answered()
    assert asyncio.get_running_loop().time() - began < 1
    assert limiter.stats().in_use == stats.limit

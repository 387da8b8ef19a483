"""The promises of the house, end to end, on a virtual clock; every number is counted by the sandbox itself."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from marketo_async import FolderId, Limits, MarketoError, NotFoundError, RetryPolicy
from marketo_async.sandbox import Clock, Latency, SandboxLimits
from marketo_async.testing import client_of, sandbox

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from marketo_async import MarketoClient

pytestmark = [pytest.mark.virtual_time, pytest.mark.hours]

BROWSE = "/rest/asset/v1/programs.json"


def clock() -> Clock:
    return Clock(monotonic=asyncio.get_running_loop().time)


async def test_a_whole_instance_is_read_at_the_speed_that_the_limits_allow() -> None:
    """16,000 programs at 0.3 s a page: 5 times as fast as page after page, at most 92 calls, no refusal."""
    loop = asyncio.get_running_loop()
    times: dict[int, float] = {}
    for prefetch in (1, 8):
        async with sandbox(
            16_000, limits=Limits(), sandbox_limits=SandboxLimits(), latency=Latency.fixed(0.3), clock=clock()
        ) as (marketo, itself):
            began = loop.time()
            listing = marketo.programs.browse().with_options(prefetch=prefetch)
            ids = [program.id async for program in listing]
            times[prefetch] = loop.time() - began
            assert len(ids) == len(set(ids)) == 16_000
            assert len(itself.arrivals.to(BROWSE)) <= 92
            assert not itself.refusals
    assert times[1] >= 5 * times[8]


async def test_a_job_longer_than_the_window_is_never_refused_and_keeps_the_limit_busy() -> None:
    """406 calls with jitter on the way: 0 refusals, and within 98 % of the 80 s that Marketo's limit makes of them."""
    loop = asyncio.get_running_loop()
    async with sandbox(
        7_690,
        limits=Limits.batch(),
        sandbox_limits=SandboxLimits(),
        latency=Latency.uniform(0.1, 0.5),
        clock=clock(),
    ) as (marketo, itself):
        began = loop.time()
        assert len(await marketo.programs.browse(page_size=20).collect()) == 7_690
        assert not itself.refusals
        assert itself.arrivals.most_in_window(20.0) <= 100
        # 405 pages that overlap by one record, a last look, and a little that is fetched past the end.
        assert 406 <= len(itself.arrivals.to(BROWSE)) <= 406 + 2
        # The 401st call may come 4 windows after the first; the last look follows the last page.
        assert loop.time() - began <= 80 / 0.98 + 1.5


async def test_tokens_that_expire_every_second_lose_nothing() -> None:
    """A1, P2: with tokens that live one second, every program is yielded once and identity is never stormed."""
    loop = asyncio.get_running_loop()
    async with sandbox(
        8_000,
        limits=Limits(),
        sandbox_limits=SandboxLimits(),
        latency=Latency.fixed(0.3),
        token_life=1.0,
        clock=clock(),
    ) as (marketo, itself):
        ids = [program.id async for program in marketo.programs.browse(page_size=100)]
        assert len(ids) == len(set(ids)) == 8_000
        identity = [call for call in itself.arrivals if call.path == "/identity/oauth/token"]
        assert len(identity) <= loop.time() * 2 + 2
        assert itself.refusals["606"] == itself.refusals["615"] == 0


@pytest.mark.parametrize("seed", range(2))
async def test_one_fault_in_twelve_loses_and_doubles_nothing(seed: int) -> None:
    """P1, P5: with one call in twelve going wrong, every program is yielded once, and no create is ever doubled."""
    async with sandbox(
        4_000, seed=seed, limits=Limits(), sandbox_limits=SandboxLimits(), latency=Latency.fixed(0.2), clock=clock(),
        retries=RetryPolicy(attempts=10),
    ) as (marketo, itself):  # fmt: skip
        itself.faults.at_random(1 / 12)
        ids = [program.id async for program in marketo.programs.browse(page_size=50)]
        assert len(ids) == len(set(ids)) == 4_000

        folder = FolderId((await marketo.programs.browse(page_size=1).first()).folder.id)  # type: ignore[union-attr]
        outcomes = await asyncio.gather(
            *(create(marketo, f"Promise {number}", folder) for number in range(60)), return_exceptions=True
        )
        itself.faults.clear()
        names = Counter([program.name async for program in marketo.programs.browse()])
        for number, outcome in enumerate(outcomes):
            made = names[f"Promise {number}"]
            assert made <= 1
            if isinstance(outcome, MarketoError):
                # An error without this flag promises that nothing was done.
                assert outcome.outcome_unknown or made == 0, outcome
            else:
                assert made == 1
        assert any(isinstance(outcome, MarketoError) and outcome.outcome_unknown for outcome in outcomes)


def create(marketo: MarketoClient, name: str, folder: FolderId) -> Awaitable[object]:
    return marketo.programs.create(name, folder=folder, type="Default", channel="Content")


async def test_a_single_call_does_not_wait_behind_a_bulk_job() -> None:
    """Single calls beside a saturating listing wait less than 0.1 s at p99, from the second window on."""
    loop = asyncio.get_running_loop()
    rng = random.Random(3)
    async with sandbox(
        12_000, limits=Limits(), sandbox_limits=SandboxLimits(), latency=Latency.fixed(0.3), clock=clock()
    ) as (marketo, itself):
        some_id = (await marketo.programs.browse(page_size=1).first()).id  # type: ignore[union-attr]
        await marketo.programs.get(some_id)
        bulk = asyncio.ensure_future(marketo.programs.browse(page_size=20).collect())
        waits: list[float] = []
        while not bulk.done():
            await asyncio.sleep(rng.expovariate(1 / 2))
            began = loop.time()
            await marketo.programs.get(some_id)
            if began > 40:
                waits.append(loop.time() - began - 0.3)
        assert len(await bulk) == 12_000
        assert not itself.refusals
        waits.sort()
        assert len(waits) > 20
        assert waits[int(len(waits) * 0.99)] < 0.1


async def test_two_clients_with_one_limiter_are_one_to_marketo() -> None:
    """Clients that share a limiter share the limits: together they are refused nothing."""
    async with sandbox(
        2_000, limits=Limits(), sandbox_limits=SandboxLimits(), latency=Latency.fixed(0.3), clock=clock()
    ) as (first, itself):
        async with client_of(itself, limiter=first.limiter) as second:
            both = await asyncio.gather(
                first.programs.browse(page_size=20).collect(), second.programs.browse(page_size=20).collect()
            )
        assert [len(programs) for programs in both] == [2_000, 2_000]
        assert not itself.refusals


async def test_without_a_limiter_the_sandbox_refuses() -> None:
    """The sandbox does enforce Marketo's limits: a client that keeps none is refused, and still loses nothing."""
    async with sandbox(
        4_000, limits=Limits.off(), sandbox_limits=SandboxLimits(), latency=Latency.fixed(0.1), clock=clock(),
        retries=RetryPolicy(seconds=3000),
    ) as (marketo, itself):  # fmt: skip
        assert len(await marketo.programs.browse(page_size=20).collect()) == 4_000
        assert itself.refusals["606"] > 0


async def test_what_is_not_there_is_not_found() -> None:
    """A16: `get` raises NotFoundError with Marketo's warning and request id; `find_by_name` returns None."""
    async with sandbox(5) as (marketo, _):
        with pytest.raises(NotFoundError, match="No assets found") as caught:
            await marketo.programs.get(999_999)
        assert caught.value.request_id
        assert await marketo.programs.find_by_name("No such program") is None

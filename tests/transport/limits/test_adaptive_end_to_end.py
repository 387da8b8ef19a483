"""The adaptive limit through the whole client: HTTP, retries, the sandbox's own door, and a neighbour at it."""

from __future__ import annotations

import asyncio

import pytest
from neighbour import Neighbour

from marketo_async import Limits, RetryPolicy
from marketo_async.sandbox import Clock, Latency, SandboxLimits
from marketo_async.testing import sandbox

pytestmark = pytest.mark.virtual_time


async def test_a_listing_finds_its_share_of_a_shared_instance() -> None:
    """Beside a neighbour that takes half, a listing of 200 pages comes through whole, in order and seldom refused."""
    async with sandbox(
        1000,
        limits=Limits(),
        sandbox_limits=SandboxLimits(),
        latency=Latency.uniform(0.1, 0.4),
        clock=Clock(monotonic=asyncio.get_running_loop().time),
        retries=RetryPolicy(),
    ) as (marketo, behind):
        neighbour = Neighbour(behind.instance.admission, "steady", 50)
        others = asyncio.create_task(neighbour.run(600))
        await asyncio.sleep(40)
        began = asyncio.get_running_loop().time()
        programs = await marketo.programs.browse(page_size=5).collect()
        took = asyncio.get_running_loop().time() - began
        stats = marketo.limiter.stats()
        others.cancel()
    assert len({program.id for program in programs}) == len(programs) == 1000
    assert 0 < stats.refusals["606"] <= 12
    assert stats.refusals == behind.refusals
    assert (stats.limit or 0) < 100
    assert took < 120  # 200 pages at half of 5 a second: 80 s
    assert neighbour.refused / neighbour.calls < 0.2  # most of them in our first seconds, before we knew of it

"""The limit of a fleet gives way exactly as that of one process does: the script against `adaptive.py`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from redis_workers import Workers, worker
from valkey_server import valkey

from marketo_async.transport.limits import Adaptive, Limits
from marketo_async.transport.limits.adaptive import rate_after, rate_at_first

if TYPE_CHECKING:
    from marketo_async.transport.limits.lease import Lease

__all__ = ["valkey", "worker"]

WINDOW = 0.25
QUICK = Limits(window=WINDOW, window_margin=0.01, max_concurrency=60)


@pytest.mark.parametrize(
    ("max_calls", "own", "adaptive"),
    [
        (100, 60, Adaptive()),
        (100, 20, Adaptive(quiet_windows=2)),
        (30, 12, Adaptive(increase=4.0, quiet_windows=1000)),
    ],
)
async def test_the_script_and_the_policy_agree(worker: Workers, max_calls: int, own: int, adaptive: Adaptive) -> None:
    """Through a cut, one that follows it deeper, and the growth, the fleet's limit is the policy's at that moment."""
    rate = rate_at_first(adaptive, max_calls=max_calls, window=WINDOW)
    limits = Limits(max_calls=max_calls, window=WINDOW, window_margin=0.01, max_concurrency=60, adaptive=adaptive)
    clock = asyncio.get_running_loop().time
    async with worker(limits) as limiter:

        async def refused(lease: Lease) -> tuple[float, float]:
            began = clock()
            lease.answered("606")
            await limiter.refresh()
            return began, clock()

        # Leases that are out do not cool, so that what is in use is known.
        leases = [await limiter.acquire() for _ in range(own)]
        before = await refused(leases.pop())
        for _ in range(8):
            leases.pop().unsent()
        leases.append(await limiter.acquire())
        in_use = own - 7
        rate = rate_after(rate, adaptive, sent_at=-0.1, in_use=own, now=0.0, window=WINDOW)
        cut = await refused(leases.pop())
        # However long that took: whether the first cut was in vain is a question of a window.
        rates = [
            rate_after(rate, adaptive, sent_at=now, in_use=in_use, now=now, window=WINDOW)
            for now in (cut[0] - before[1], cut[1] - before[0])
        ]
        for _ in range(7):
            began = clock()
            await limiter.refresh()
            limit = limiter.stats().limit
            assert limit is not None
            levels = [
                rate.at(rate.cuts[-1].at + elapsed) for rate in rates for elapsed in (began - cut[1], clock() - cut[0])
            ]
            assert min(levels) <= limit <= max(levels)
            await asyncio.sleep(0.8 * WINDOW)
        for lease in leases:
            lease.unsent()

"""Both ledgers, for tests that hold for either: one in memory on a clock that jumps, one in a real Valkey.

Times are Marketo's seconds; over Valkey, whose clock cannot jump, a window of 20 of them takes one real second.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from typing import TYPE_CHECKING, Any, Protocol

import attrs
from patience import PATIENCE

from marketo_async.transport.limits import Limiter, LimiterStats, Limits
from marketo_async.transport.limits.redis_limiter import RedisLimiter

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from valkey_server import ValkeyServer


class World(Protocol):
    """Where a limiter lives."""

    async def limiter(self, limits: Limits | None = None) -> Limiter:
        """Make a limiter on an instance of its own, at rest."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let that many of Marketo's seconds pass."""
        ...

    async def stats(self, limiter: Limiter) -> LimiterStats:
        """Return how things stand once everything that was said has been heard."""
        ...


class InMemory:
    """The ledger of one process, on a virtual clock."""

    async def limiter(self, limits: Limits | None = None) -> Limiter:
        return Limiter(limits)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def stats(self, limiter: Limiter) -> LimiterStats:
        return limiter.stats()


class InValkey:
    """The ledger of a fleet, on a clock that runs many times as fast; fewer times where coverage slows us down."""

    FASTER = float(os.environ.get("FASTER_THAN_MARKETO", "20"))

    def __init__(self, valkey: ValkeyServer, opened: AsyncExitStack) -> None:
        self._valkey = valkey
        self._opened = opened

    async def limiter(self, limits: Limits | None = None, **more: Any) -> RedisLimiter:
        instance = f"test-{uuid.uuid4().hex}"
        given = {"instance": instance, "on_unavailable": "error", "cold_start": "trust", "redis": self._valkey.url}
        limiter = RedisLimiter(self.faster(limits or Limits()), **{**given, "patience": PATIENCE, **more})
        return await self._opened.enter_async_context(limiter)

    def faster(self, limits: Limits) -> Limits:
        """Return the same limits on the faster clock."""
        adaptive = limits.adaptive
        if adaptive is not None:
            adaptive = attrs.evolve(adaptive, concurrency_step=adaptive.concurrency_step / self.FASTER)
        return attrs.evolve(
            limits,
            window=limits.window / self.FASTER,
            window_margin=limits.window_margin / self.FASTER,
            adaptive=adaptive,
        )

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.FASTER)

    async def stats(self, limiter: Limiter) -> LimiterStats:
        assert isinstance(limiter, RedisLimiter)
        await limiter.refresh()
        return limiter.stats()

"""Workers of one instance over a real Valkey, for tests that look at their ledger."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from patience import PATIENCE

from marketo_async.transport.limits.redis_limiter import RedisLimiter

if TYPE_CHECKING:
    from collections.abc import Callable

    from valkey_server import ValkeyServer

    from marketo_async.transport.limits import Limits

Workers: TypeAlias = "Callable[..., RedisLimiter]"


@pytest.fixture
def worker(valkey: ValkeyServer, request: pytest.FixtureRequest) -> Workers:
    """Make workers of one instance, which is the test's own, with the limits that its module calls `QUICK`."""
    instance = f"test-{uuid.uuid4().hex}"
    quick: Limits = request.module.QUICK

    def make(limits: Limits = quick, **more: Any) -> RedisLimiter:
        given = {"redis": valkey.url, "instance": instance, "on_unavailable": "error", "cold_start": "trust"}
        return RedisLimiter(limits, **{**given, "patience": PATIENCE, **more})

    return make


async def take(limiter: RedisLimiter, calls: int, code: str | None = None) -> None:
    """Make calls that take no time, the last of which may be refused."""
    for call in range(calls):
        (await limiter.acquire()).answered(code if call == calls - 1 else None)
    await limiter.refresh()

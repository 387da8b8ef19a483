"""What a worker did without Redis, told when it is back: nothing twice, nothing left behind. Over a real Valkey."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE, until
from valkey_server import ValkeyServer

from marketo_async.transport.limits import Limits, redis_contact
from marketo_async.transport.limits.redis_limiter import RedisLimiter

if TYPE_CHECKING:
    from marketo_async.transport.limits.redis_word import Word

LIMITS = Limits(max_calls=40, window=0.5, window_margin=0.01, pacing="off")


@pytest.fixture(autouse=True)
def quick_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for Redis often."""
    monkeypatch.setattr(redis_contact, "PROBE", 0.05)


async def back(limiter: RedisLimiter) -> None:
    """Wait until Redis is there again."""

    async def it_is() -> bool:
        return not limiter._shared.is_alone

    await until(it_is)


async def test_a_call_that_redis_had_promised_is_sent_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller was told to come later, and Redis is away then: what its worker grants it on its own is good to send."""
    with ValkeyServer() as redis:
        # However slow the machine is, they are used up.
        few = Limits(max_calls=4, window=0.5, window_margin=0.01, interactive_reserve=0, pacing="off")
        limiter = RedisLimiter(few, redis=redis.url, instance=uuid.uuid4().hex, cold_start="trust")
        promised, say = False, limiter._shared.contact.voice.say

        async def until_one_is_promised(what: str, **more: Any) -> Word:
            nonlocal promised
            word = await say(what, **more)
            if word.status == "booked":
                promised = True
                redis.kill()
            return word

        monkeypatch.setattr(limiter._shared.contact.voice, "say", until_one_is_promised)
        async with limiter, asyncio.timeout(PATIENCE):
            while not promised:
                lease = await limiter.acquire()
                if not promised:
                    lease.answered()
            assert limiter._shared.is_alone
            lease.sending()
            lease.unsent()
            assert limiter._shared.calls_alone == 0


async def test_a_call_that_ends_while_redis_is_told_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call made without Redis ends while Redis hears of it: its place is free, and it is counted once."""
    with ValkeyServer() as redis:
        limiter = RedisLimiter(LIMITS, redis=redis.url, instance=uuid.uuid4().hex, cold_start="trust", patience=0.1)
        async with limiter:
            await limiter.refresh()
            redis.pause()
            async with asyncio.timeout(5):
                leases = [await limiter.acquire() for _ in range(3)]
            voice = limiter._shared.contact.voice
            say = voice.say

            async def while_it_is_on_its_way(what: str, **more: object) -> Word:
                word = await say(what, **more)
                if what == "replay" and leases:
                    leases.pop().answered()
                    leases.pop().unsent()
                return word

            monkeypatch.setattr(voice, "say", while_it_is_on_its_way)
            redis.resume()
            await back(limiter)
            leases.pop().answered()
            await limiter.refresh()
            stats = await limiter.fleet_stats()
            assert (stats.in_flight, stats.calls_today) == (0, 2)

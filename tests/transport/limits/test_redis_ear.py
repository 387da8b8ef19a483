"""The channel on which a worker is told to come: listening ends when it should. Over a real Valkey."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as RedisConnectionError
from valkey_server import ValkeyServer, valkey

from marketo_async.transport.limits.redis_ear import Ear

__all__ = ["valkey"]


@pytest.mark.parametrize("goes_on", [True, False])
@pytest.mark.parametrize("method", ["subscribe", "get_message"])
async def test_a_cancellation_that_redis_py_swallows_is_minded(
    valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch, method: str, goes_on: bool
) -> None:
    """redis-py turns a cancellation into an answer or an error now and then: nobody goes on listening all the same."""
    listening, do = asyncio.Event(), getattr(PubSub, method)

    async def swallow_the_first(self: PubSub, *args: object, **more: object) -> object:
        if listening.is_set():
            return await do(self, *args, **more)
        listening.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            if not goes_on:
                raise RedisConnectionError("the connection is gone") from None
        return await do(self, *args, **more)

    monkeypatch.setattr(PubSub, method, swallow_the_first)
    async with Redis.from_url(valkey.url) as redis:
        ear = asyncio.create_task(Ear(redis, patience=1).listen("x", said=print, missed=lambda: None))
        await listening.wait()
        ear.cancel()
        async with asyncio.timeout(5):
            await asyncio.wait((ear,))
        assert ear.cancelled()

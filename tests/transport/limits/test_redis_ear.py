"""The channel on which a worker is told to come: listening ends when it should. Over a real Valkey."""

from __future__ import annotations

import asyncio

import pytest
from patience import until
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


async def test_a_connection_that_is_never_made_is_tried_anew(valkey: ValkeyServer) -> None:
    """A client without time-outs waits for ever for a server that has taken its connection and is gone: not the ear."""
    taken = 0

    async def take(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        taken += 1
        writers.append(writer)

    writers: list[asyncio.StreamWriter] = []
    path = f"{valkey.url.removeprefix('unix://')}-silent"
    server = await asyncio.start_unix_server(take, path)
    async with server, Redis.from_url(f"unix://{path}", socket_timeout=None) as redis:
        ear = asyncio.create_task(Ear(redis, patience=0.1).listen("x", said=print, missed=lambda: None))

        async def tried_anew() -> bool:
            return taken > 1

        await until(tried_anew)
        ear.cancel()
        await asyncio.wait((ear,))
        for writer in writers:
            writer.close()

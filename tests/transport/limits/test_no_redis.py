"""What answers is no Redis, or its address is none."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from marketo_async.errors import ArgumentError, LimiterUnavailableError
from marketo_async.transport.limits.redis_limiter import RedisLimiter
from marketo_async.transport.redis_token_store import RedisTokenStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


async def agrees(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say OK to everything."""
    with contextlib.suppress(OSError):
        while await reader.readline():
            writer.write(b"+OK\r\n")
    writer.close()


async def lists(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every line with an empty list."""
    with contextlib.suppress(OSError):
        while await reader.readline():
            writer.write(b"*0\r\n")
    writer.close()


async def speaks_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as a web server."""
    await reader.readline()
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


async def is_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer nothing."""
    await reader.read()
    writer.close()


@pytest.fixture(params=[agrees, lists, speaks_http, is_silent])
async def no_redis(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """Return the address of something that is no Redis."""
    serving: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        await request.param(reader, writer)
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"redis://user:very-secret@127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await asyncio.gather(*filter(None, serving), return_exceptions=True)


async def test_what_is_no_redis_is_a_redis_that_is_away(no_redis: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever listens on the port: the caller has a LimiterUnavailableError, and the password stands nowhere (P15)."""
    others = asyncio.all_tasks()
    async with RedisLimiter(redis=no_redis, instance="x", on_unavailable="error", patience=0.1) as limiter:
        with pytest.raises(LimiterUnavailableError) as caught:
            await asyncio.wait_for(limiter.acquire(), 5)
    assert caught.value.__cause__ is not None
    assert "very-secret" not in caplog.text + repr(caught.value) + repr(caught.value.__cause__) + repr(vars(limiter))
    ours = {task for task in asyncio.all_tasks() - others if "transport/limits/redis_" in repr(task)}
    assert not ours


@pytest.mark.parametrize("kind", [RedisLimiter, RedisTokenStore])
@pytest.mark.parametrize(
    "address",
    [
        "redis://:very-secret/w@localhost:1",
        "redis://user:very-secret#w@localhost",
        "http://user:very-secret@localhost",
        "redis://:very-secret@localhost?socket_timeout=very-secret",
        "rediss://user:very-secret@[::1",
        "localhost:very-secret",
    ],
)
def test_an_address_that_is_none_is_not_shown(kind: Callable[..., object], address: str) -> None:
    """An address that cannot be read is an ArgumentError without any of it: a password may stand anywhere (P15)."""
    given = {} if kind is RedisTokenStore else {"instance": "x"}
    with pytest.raises(ArgumentError, match=r"redis=.*a redis\.asyncio\.Redis, or an address") as caught:
        kind(redis=address, **given)
    assert "very" not in str(caught.value) + repr(caught.value.given)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_client_that_is_not_asynchronous_is_refused() -> None:
    """A synchronous client, or anything else, is an ArgumentError at once."""
    with pytest.raises(ArgumentError, match="redis"):
        RedisLimiter(redis=object(), instance="x")  # type: ignore[arg-type]

"""Redis is away from the start, or what answers is none, or its address is, or the extra is not installed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from marketo_async.errors import ArgumentError, ClientStateError, DailyBudgetError, LimiterUnavailableError
from marketo_async.transport.limits import Limits
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


async def test_without_redis_a_worker_says_so(caplog: pytest.LogCaptureFixture) -> None:
    """on_unavailable="error" raises LimiterUnavailableError with the cause; nothing is sent, nothing stays taken."""
    async with RedisLimiter(
        redis="redis://user:very-secret@localhost:1", instance="x", on_unavailable="error"
    ) as limiter:
        for _ in range(2):
            with pytest.raises(LimiterUnavailableError, match="cannot be used") as caught:
                await limiter.acquire()
        assert caught.value.__cause__ is not None
        assert caught.value.retryable
        assert limiter.stats().waiting == {"interactive": 0, "bulk": 0}
    assert caplog.text.count("Redis cannot be used") == 1
    assert "very-secret" not in caplog.text + repr(caught.value) + repr(caught.value.__cause__)


async def test_without_redis_a_worker_takes_a_small_part(caplog: pytest.LogCaptureFixture) -> None:
    """on_unavailable="local" never met a Redis: a tenth of the limits, as an evenly full window comes free."""
    caplog.set_level(logging.WARNING)
    limits = Limits(max_calls=100, window=0.5, window_margin=0.0, daily_budget=40, budget_reserve=0)
    async with RedisLimiter(limits, redis="redis://localhost:1", instance="x") as limiter:
        leases = []
        for _ in range(4):
            lease = await limiter.acquire()
            leases.append(lease.waited)
            lease.answered()
        with pytest.raises(DailyBudgetError):
            await limiter.acquire()
        stats = limiter.stats()
    assert (stats.limit, stats.places, stats.calls_today) == (10, 1, 4)
    assert sum(leases) >= 0.15


async def test_a_closed_limiter_opens_nothing() -> None:
    """A limiter that was never used closes without a word, and refuses afterwards."""
    limiter = RedisLimiter(redis="redis://localhost:1", instance="x")
    await limiter.aclose()
    with pytest.raises(ClientStateError, match="closed"):
        await limiter.acquire()


@pytest.mark.parametrize(("name", "missing"), [("RedisLimiter", "redis"), ("RedisTokenStore", "cryptography")])
def test_without_the_extra_the_error_says_what_to_install(name: str, missing: str) -> None:
    """The package imports without the extra; using what needs it names the extra."""
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "import marketo_async, marketo_async.client\n"
        f"try: marketo_async.{name}\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "marketo-async[redis]"' in done.stdout

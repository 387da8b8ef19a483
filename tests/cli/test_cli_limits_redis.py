from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from cli_caller import Ran, command, environment
from redis.asyncio import Redis
from valkey_server import ValkeyServer

from marketo_async import Adaptive, Limits
from marketo_async.cli import main
from marketo_async.transport.limits.redis_limiter import RedisLimiter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

if sys.platform == "win32":
    pytest.skip("the server, and terminals of this kind, are POSIX's", allow_module_level=True)

import pty

INSTANCE = "https://123-abc-456.mktorest.com"
WATCH = ("limits", "watch", "--instance", INSTANCE)
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    """Run one server for these tests, each of which uses a namespace of its own."""
    with ValkeyServer() as running:
        yield running


@asynccontextmanager
async def workers(
    server: ValkeyServer, namespace: str, number: int = 1, adaptive: Adaptive | None = None
) -> AsyncGenerator[list[RedisLimiter], None]:
    """Run some workers of a fleet."""
    limits = Limits(max_calls=40, max_concurrency=5, daily_budget=1_000, adaptive=adaptive)
    made = [
        RedisLimiter(limits, redis=server.url, instance=INSTANCE, namespace=namespace, cold_start="trust")
        for _ in range(number)
    ]
    try:
        yield made
    finally:
        for limiter in made:
            await limiter.aclose()


async def in_a_thread(capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> Ran:
    """Run a command beside the workers, which must go on meanwhile."""
    code = await asyncio.to_thread(main, list(words))
    out, err = capfdbinary.readouterr()
    return Ran(code, out.decode(), err.decode())


async def test_a_fleet_at_work(server: ValkeyServer, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """What two workers do together is what a look shows: calls, places, refusals, workers and the day's budget."""
    words = (*WATCH, "--redis", server.url, "--namespace", "work", "--once", "--json")
    async with workers(server, "work", 2) as (one, other):
        refused = await one.acquire()
        refused.answered("615")
        out = [await limiter.acquire() for limiter in (one, other, other)]
        out.append(await one.acquire())
        (await other.acquire()).answered()
        # How calls ended is told to Redis from a task of its own.
        while (now := await one.fleet_stats()).in_flight != len(out) or not now.refusals:  # noqa: ASYNC110 - as said
            await asyncio.sleep(0.01)
        told = await in_a_thread(capfdbinary, *words)
        for lease in out:
            lease.answered()
    assert (told.code, told.err) == (0, "")
    (row,) = told.rows
    assert (row["instance"], row["maxCalls"], row["maxConcurrency"], row["window"]) == ("123-abc-456", 40, 5, 20.0)
    assert row["workers"] == 2
    assert row["inUse"] == 6
    assert row["inFlight"] == 4
    assert row["refusals"] == {"615": 1}
    assert row["granted"] == {"interactive": 6, "bulk": 0}
    assert row["callsToday"] == 6
    assert row["budgetLeft"] == 994


def test_a_namespace_that_nobody_uses(server: ValkeyServer, run: Callable[..., Ran]) -> None:
    """A Redis that nobody has shared limits on says so with --once, and nothing is left there by looking."""
    told = run(*WATCH, "--redis", server.url, "--namespace", "nobody", "--once")
    assert (told.code, told.out) == (4, "")
    assert "no limits of 123-abc-456 in that Redis: nobody has used it yet" in told.err

    async def keys() -> list[bytes]:
        async with Redis.from_url(server.url) as redis:
            return [key async for key in redis.scan_iter("*nobody*")]

    assert asyncio.run(keys()) == []


def test_redis_away(run: Callable[..., Ran]) -> None:
    """A Redis that is not there ends the command with 8, and its password is in no message (P15)."""
    told = run(*WATCH, "--redis", "redis://me:Zx9word@127.0.0.1:1/0")
    assert (told.code, told.out, told.err.count("\n")) == (8, "", 1)
    assert "Redis at redis://127.0.0.1:1/0 cannot be used" in told.err
    assert "Zx9" not in told.err


def test_a_wrong_password(run: Callable[..., Ran]) -> None:
    """A Redis that refuses the login says so, and the password is in no message, with --debug neither (P15)."""

    async def protect(server: ValkeyServer) -> None:
        async with Redis.from_url(server.url) as redis:
            await redis.config_set("requirepass", "made-up")

    with ValkeyServer() as server:
        asyncio.run(protect(server))
        url = server.url.replace("unix://", "unix://me:Zx9word@")
        told = run(*WATCH, "--redis", url, "--once", "--debug")
    assert told.code == 8
    assert "cannot be used" in told.err
    assert "Zx9" not in told.err + told.out


@pytest.mark.parametrize("url", ["http://127.0.0.1:6379", "127.0.0.1:6379", "redis://me:Zx9/word@127.0.0.1:6379"])
def test_no_address_of_redis(run: Callable[..., Ran], url: str) -> None:
    """What is no address of Redis is said in one line, without the password in it (P15), and ends with 2."""
    told = run(*WATCH, "--redis", url)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert "Zx9" not in told.err
    assert told.err.startswith("error: --redis or MARKETO_REDIS_URL: that is no address of a Redis")
    assert "asyncio" not in told.err, "the words of the library are for who writes Python"


def test_without_the_extra(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without redis-py the command says what to install."""
    for name in [name for name in sys.modules if name.startswith("marketo_async.transport.limits.redis_")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name == "redis" or name.startswith("redis.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "redis", None)
    told = run(*WATCH, "--redis", "redis://127.0.0.1:1", "--once")
    assert (told.code, told.out) == (2, "")
    assert "pip install 'marketo-async[cli,redis]'" in told.err


def test_on_a_terminal(server: ValkeyServer) -> None:
    """On a terminal the view is drawn again and again until Ctrl-C, which ends it with 130 and leaves the last one."""
    words = command(*WATCH, "--redis", server.url, "--namespace", "screen", "--every", "0.1")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        words,
        env=environment(TERM="xterm-256color", COLUMNS="120"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""

    def until(wanted: bytes) -> None:
        nonlocal shown
        while wanted not in shown:
            shown += os.read(ours, 65_536)

    async def work() -> None:
        async with workers(server, "screen", adaptive=Adaptive()) as (limiter,):
            (await limiter.acquire()).answered("606")
            await asyncio.to_thread(until, b"606: 1")

    until(b"waiting for the first call")
    asyncio.run(work())
    process.send_signal(signal.SIGINT)
    with suppress(OSError):  # how Linux says that the other side is closed
        while piece := os.read(ours, 65_536):
            shown += piece
    os.close(ours)
    assert process.wait(10) == 130
    said = CONTROL.sub("", shown.decode())
    last = said[said.rindex("123-abc-456 · 1 worker") :]
    assert re.search(r"calls in 20 s +[━╸╺]+ +1 of \d+ · gives way to others, 40 at best", last)
    assert re.search(r"places +[━╸╺]+ +0 of", last)
    assert "1 call, 999 left of the budget" in last
    assert "Traceback" not in said

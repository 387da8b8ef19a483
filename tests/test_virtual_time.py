"""The clock that other tests trust."""

from __future__ import annotations

import asyncio
import time

import anyio.to_thread
import pytest
import virtual_time
from aiolimiter import AsyncLimiter

pytestmark = pytest.mark.virtual_time


async def test_an_hour_passes_at_once() -> None:
    """A test marked virtual_time sleeps without waiting, and to the second."""
    loop = asyncio.get_running_loop()
    began, really_began = loop.time(), time.monotonic()
    await asyncio.sleep(3600)
    assert loop.time() - began == pytest.approx(3600, abs=0.001)
    assert time.monotonic() - really_began < 5


async def test_timers_fire_in_order_and_at_their_time() -> None:
    """Timers fire in the order of their times, none early, none late."""
    loop = asyncio.get_running_loop()
    seen: list[tuple[float, float]] = []

    async def sleeper(seconds: float) -> None:
        began = loop.time()
        await asyncio.sleep(seconds)
        seen.append((seconds, loop.time() - began))

    await asyncio.gather(*(sleeper(seconds) for seconds in (5.0, 0.1, 300.0, 20.0)))
    assert [seconds for seconds, _ in seen] == [0.1, 5.0, 20.0, 300.0]
    assert all(slept == pytest.approx(seconds, abs=0.001) for seconds, slept in seen)


@pytest.mark.parametrize("in_thread", [asyncio.to_thread, anyio.to_thread.run_sync])
async def test_the_clock_does_not_jump_past_a_working_thread(in_thread) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - two generic functions
    """A timer of an hour does not overtake work that a thread does in milliseconds."""

    def work() -> str:
        return "x" * len([sum(range(1000)) for _ in range(1000)])

    async with asyncio.timeout(3600):
        assert len(await in_thread(work)) == 1000
    assert asyncio.get_running_loop().time() < 3600
    before = asyncio.get_running_loop().time()
    await asyncio.sleep(3600)
    assert asyncio.get_running_loop().time() - before == pytest.approx(3600, abs=0.001)


async def test_the_clock_does_not_jump_past_a_socket() -> None:
    """A timer of an hour does not overtake bytes on a loopback socket."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server, asyncio.timeout(3600):
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"hello\n")
        assert await reader.readline() == b"hello\n"
        writer.close()
        await writer.wait_closed()
    assert asyncio.get_running_loop().time() < 3600


async def test_aiolimiter_does_not_spin() -> None:
    """A waiter that asks for 1e-17 s more gets on, since every turn of the loop moves the clock."""
    limiter = AsyncLimiter(3, 0.7)
    for _ in range(1000):
        await limiter.acquire(1.1)
    assert asyncio.get_running_loop().time() == pytest.approx(1000 * 1.1 * 0.7 / 3, rel=0.01)


def test_a_standstill_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that waits for what can never happen fails the test instead of hanging it."""
    monkeypatch.setattr(virtual_time, "_STUCK", 0.01)

    async def wait_for_ever() -> None:
        await asyncio.get_running_loop().create_future()

    loop = virtual_time.VirtualTimeLoop()
    task = loop.create_task(wait_for_ever())
    with pytest.raises(RuntimeError, match="can never happen"):
        loop.run_until_complete(task)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.close()

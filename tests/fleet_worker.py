"""One worker of a fleet: calls through a `RedisLimiter` until its time is over, then says what it saw."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from marketo_async.errors import LimiterUnavailableError
from marketo_async.transport.limits import Limits, redis_contact, redis_limiter
from marketo_async.transport.limits.redis_limiter import RedisLimiter

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from marketo_async.transport.limits import Lane


class Line:
    """A worker's connections to the counting Marketo, as many as it has calls out."""

    def __init__(self, address: str, worker: str) -> None:
        self._address = address
        self._name = f"{worker}\n".encode()
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def call(self) -> str | None:
        """Make one call; return the code of the refusal, or None."""
        reader, writer = self._free.pop() if self._free else await asyncio.open_unix_connection(self._address)
        writer.write(self._name)
        answer = (await reader.readline()).decode().strip()
        self._free.append((reader, writer))
        return None if answer == "ok" else answer

    def close(self) -> None:
        """Close them."""
        for _, writer in self._free:
            writer.close()


class Worker:
    """Keeps some tasks busy in the bulk lane, and makes single calls beside them."""

    def __init__(self, task: dict[str, Any]) -> None:
        self._task = task
        self._limiter = RedisLimiter(
            Limits(**task["limits"]),
            redis=task["redis"],
            instance=task["instance"],
            lease_ttl=task.get("lease_ttl", 30.0),
            cold_start=task.get("cold_start", "ramp"),
            on_unavailable=task.get("on_unavailable", "local"),
            patience=task.get("patience", 1.0),
        )
        self._line = Line(task["marketo"], task["name"])
        self._codes: Counter[str] = Counter()
        self._waits: list[float] = []
        self._unavailable = 0
        self._begin = self._end = 0.0

    async def run(self) -> dict[str, object]:
        """Work, and return what was seen."""
        loop = asyncio.get_running_loop()
        async with self._limiter:
            self._begin = loop.time() + self._task.get("start", 0.0)
            self._end = loop.time() + self._task["seconds"]
            async with asyncio.TaskGroup() as tasks:
                for _ in range(self._task.get("tasks", 20)):
                    tasks.create_task(self._bulk())
                if self._task.get("single_calls"):
                    tasks.create_task(self._single_calls(self._task["single_calls"]))
            stats = self._limiter.stats()
        self._line.close()
        return {
            "granted": dict(stats.granted),
            "codes": dict(self._codes),
            "waits": self._waits,
            "unavailable": self._unavailable,
        }

    async def _bulk(self) -> None:
        while asyncio.get_running_loop().time() < self._end:
            await self._call("bulk")

    async def _single_calls(self, a_second: float) -> None:
        async with asyncio.TaskGroup() as out:
            while asyncio.get_running_loop().time() < self._end:
                out.create_task(self._call("interactive"))
                await asyncio.sleep(random.expovariate(a_second))

    async def _call(self, lane: Lane) -> None:
        try:
            async with asyncio.timeout(max(0.001, self._end - asyncio.get_running_loop().time())):
                lease = await self._limiter.acquire(lane)
        except TimeoutError:
            return
        except LimiterUnavailableError:
            self._unavailable += 1
            await asyncio.sleep(0.05)
            return
        if lane == "interactive" and lease.granted_at - lease.waited > self._begin:
            self._waits.append(lease.waited)
        try:
            lease.sending()
        except Exception as error:  # noqa: BLE001 - whatever it was is part of the result
            self._codes[type(error).__name__] += 1
            return
        code = await self._line.call()
        lease.answered(code)
        self._codes[code or "ok"] += 1


def work(task: dict[str, Any], pipe: Connection) -> None:
    """Say that we are ready, begin when told to, and say what was seen."""
    if hours := task.get("clock_ahead_hours"):
        right = time.time
        time.time = lambda: right() + 3600 * hours
    if probe := task.get("probe"):  # all that takes its time is on a faster clock
        redis_contact.PROBE = probe
        vars(redis_limiter)["GRACE"] = 2 * probe
    pipe.send("ready")
    pipe.recv()
    pipe.send(asyncio.run(Worker(task).run()))

"""The fleet of `examples/etl_fleet`: its own command lines, a real Valkey, and a Marketo that enforces its limits."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from contextlib import asynccontextmanager, nullcontext, suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from example_loading import EXAMPLES, example
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from taskiq import InMemoryBroker
from taskiq.exceptions import ResultIsReadyError
from valkey_server import ValkeyServer

from marketo_async import AuthenticationError
from marketo_async.sandbox import Fault, Latency, Sandbox, SandboxLimits
from marketo_async.sandbox.server import served
from marketo_async.testing import client_of, sandbox

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no Valkey for Windows, and no kill -9")

HOME = EXAMPLES / "etl_fleet"
QUEUE = "etl_fleet"
GONE_AFTER = 1.2

# `taskiq`, with everything imported that its workers need: they are forked from it, and then there in no time.
PRELOADED = """
import taskiq_redis, redis.asyncio
from marketo_async import Limits, MarketoClient, RedisLimiter, RedisTokenStore
from taskiq.__main__ import main
main()
"""

# Marketo's limits on a faster clock.
LIMITS = {"max_calls": 30, "window": 1.0, "window_margin": 0.05}
ENFORCED = SandboxLimits(rate=30, window=1.0)


class Fleet:
    """Starts what the example's page says, against one sandbox and one Valkey."""

    def __init__(self, marketo_itself: Sandbox, marketo_url: str, redis_url: str, out: Path) -> None:
        self._environment = {
            **os.environ,
            "MARKETO_BASE_URL": marketo_url,
            "MARKETO_CLIENT_ID": marketo_itself.client_id,
            "MARKETO_CLIENT_SECRET": marketo_itself.client_secret,
            "MARKETO_LIMITS": json.dumps(LIMITS),
            "MARKETO_REDIS_URL": redis_url,
            "WORKER_GONE_AFTER": f"{GONE_AFTER}",
            "PYTHONPATH": str(HOME),
        }
        self._out = out

    @asynccontextmanager
    async def workers(self, number: int) -> AsyncGenerator[Process, None]:
        """Run workers under taskiq's own supervisor."""
        words = f"worker:broker --workers {number} --max-async-tasks 1 --log-level WARNING".split()
        supervisor = await self._start("-c", PRELOADED, "worker", "--app-dir", str(HOME), *words)
        try:
            yield supervisor
        finally:
            with suppress(ProcessLookupError):
                os.killpg(supervisor.pid, signal.SIGKILL)
            await supervisor.wait()

    async def job(self) -> tuple[int | None, str]:
        """Run the job to its end; return its exit code and what it said."""
        heard = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.STDOUT}
        job = await self._start(str(HOME / "job.py"), str(self._out), "--size", "6", **heard)
        said, _ = await job.communicate()
        return job.returncode, said.decode()

    async def _start(self, *words: str, **pipes: Any) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, *words, env=self._environment, start_new_session=True, **pipes
        )


async def holder(redis_url: str, program_id: int) -> int:
    """Return the process that has the slice with that program."""
    async with Redis.from_url(redis_url) as redis:
        for held in await redis.xpending_range(QUEUE, QUEUE, "-", "+", 100):
            message: Any = await redis.xrange(QUEUE, held["message_id"], held["message_id"])
            arguments = json.loads(message[0][1][b"data"])["args"]
            if arguments and program_id in arguments[2]:
                consumer: Any = held["consumer"]
                return int(consumer.split(b":")[1])
    raise AssertionError("nobody has it")


def written(out: Path) -> Counter[int]:
    """Return how often each program was written."""
    parts = sorted(out.glob("part-*.jsonl"))
    return Counter(json.loads(line)["id"] for part in parts for line in part.read_text("utf-8").splitlines())


def files(out: Path) -> list[str]:
    """Return what is there, drafts apart."""
    return sorted(file.name for file in out.iterdir() if not file.name.startswith("."))


async def test_a_killed_worker_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """One of three workers is killed amid a slice: each program is written once, nothing is refused, one token does."""
    marketo_itself = Sandbox(48, limits=ENFORCED, latency=Latency.fixed(0.03))
    async with client_of(marketo_itself) as marketo:
        there = [program.id async for program in marketo.programs.browse()]
    marketo_itself.arrivals.clear()
    # The reader of the first slice is slow, for longer than a worker that is alive may keep silent. That of the last is
    # killed when all others are written: then nothing is put in the queue any more.
    slow, stuck = (f"/rest/asset/v1/program/{there[at]}.json" for at in (0, -1))
    marketo_itself.faults.add(Fault.delay(1.5 * GONE_AFTER), path=slow, times=1)
    marketo_itself.faults.add(Fault.delay(60), path=stuck, times=1)
    with ValkeyServer() as redis:
        async with served(marketo_itself) as url:
            fleet = Fleet(marketo_itself, url, redis.url, tmp_path)
            async with fleet.workers(3) as supervisor:
                running = asyncio.create_task(fleet.job())
                # The last slice may still lie in the queue when all others are written.
                while len(files(tmp_path)) < 1 + 7 or not marketo_itself.arrivals.to(stuck):
                    assert not running.done(), running.result()
                    await asyncio.sleep(0.02)
                os.kill(await holder(redis.url, there[-1]), signal.SIGKILL)
                assert [call.answered_at for call in marketo_itself.arrivals.to(stuck)] == [None]
                code, said = await running
                supervisor.terminate()
                assert await supervisor.wait() == 0
    assert code == 0, said
    assert (len(marketo_itself.arrivals.to(slow)), len(marketo_itself.arrivals.to(stuck))) == (1, 2)
    assert written(tmp_path) == Counter(there)
    assert not marketo_itself.refusals
    assert len(marketo_itself.arrivals.to("/identity/oauth/token")) == 1


async def test_the_next_run_reads_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slice that fails is named and leaves no file; the next run reads it and no other, less what is gone by then."""
    monkeypatch.syspath_prepend(HOME)
    job = example("etl_fleet/job.py")
    async with sandbox(20) as (marketo, marketo_itself):
        there = [program.id async for program in marketo.programs.browse()]

        async def run() -> bool:
            # taskiq's own queue for tests, in this process.
            broker = InMemoryBroker()
            broker.state.marketo = marketo
            monkeypatch.setattr(job, "broker", broker)
            monkeypatch.setattr(job, "read_slice", broker.task(job.read_slice.original_func))
            monkeypatch.setattr(job, "marketo_of_the_fleet", lambda: nullcontext(marketo))
            done: bool = await job.run(tmp_path, 8)
            return done

        marketo_itself.faults.add(Fault.error(603), path=f"/rest/asset/v1/program/{there[9]}.json", times=1)
        assert not await run()
        out, err = capsys.readouterr()
        assert "2 of 3 slices" in out
        assert err.startswith("slice 1: 603: Access denied")
        assert written(tmp_path) == Counter(there[:8] + there[16:])

        await marketo.programs.delete(there[9])
        marketo_itself.arrivals.clear()
        assert await run()
        assert len(marketo_itself.arrivals) == 8
        assert written(tmp_path) == Counter(there[:9] + there[10:])


def of_taskiq() -> ResultIsReadyError:
    error = ResultIsReadyError()
    error.__cause__ = RedisConnectionError("Connection closed by server.")
    return error


ENDINGS: dict[str, tuple[BaseException, int]] = {
    "stopped; run it again": (KeyboardInterrupt(), 130),
    "invalid_client": (AuthenticationError("invalid_client"), 1),
    "Connection refused": (RedisConnectionError("Connection refused"), 1),
    "Connection closed by server": (of_taskiq(), 1),
}


@pytest.mark.parametrize("says", ENDINGS)
def test_a_job_that_cannot_go_on_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], says: str
) -> None:
    """Ctrl-C, credentials that are refused and a Redis that is gone end the job with a line, and no traceback."""
    monkeypatch.syspath_prepend(HOME)
    job = example("etl_fleet/job.py")
    ending, code = ENDINGS[says]

    async def run(_folder: Path, _size: int) -> bool:
        raise ending

    monkeypatch.setattr(job, "run", run)
    monkeypatch.setattr(sys, "argv", ["job.py", str(tmp_path)])
    assert job.main() == code
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(says)


async def test_a_slice_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves no half of a file, and what is written is not read again by whoever gets the slice again."""
    worker = example("etl_fleet/worker.py")
    async with sandbox(10) as (marketo, marketo_itself):
        ids = [program.id async for program in marketo.programs.browse()]
        context = SimpleNamespace(state=SimpleNamespace(marketo=marketo))
        with monkeypatch.context() as disk:
            disk.setattr(os, "fsync", full)
            with pytest.raises(OSError, match="No space left"):
                await worker.read_slice(str(tmp_path), 3, ids, context)
        assert not await asyncio.to_thread(os.listdir, tmp_path)
        await worker.read_slice(str(tmp_path), 3, ids, context)
        calls = len(marketo_itself.arrivals)
        await worker.read_slice(str(tmp_path), 3, ids, context)
        assert len(marketo_itself.arrivals) == calls
        assert await asyncio.to_thread(os.listdir, tmp_path) == ["part-00003.jsonl"]
        assert written(tmp_path) == Counter(ids)


def full(file: int) -> None:
    raise OSError(28, "No space left on device")

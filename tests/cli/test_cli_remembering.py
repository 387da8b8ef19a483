from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketo_async import Limits
from marketo_async.cli.remembering import Memory, _path, remembered
from marketo_async.sandbox import Clock, Latency, Sandbox, SandboxLimits
from marketo_async.testing import client_of
from marketo_async.transport.limits import Limiter

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli_caller import Ran

    from marketo_async import MarketoClient

ADDRESS = "https://123-abc-456.mktorest.example"


def virtual() -> Callable[[], float]:
    return asyncio.get_running_loop().time


def the_file(folder: Path) -> Path:
    (file,) = folder.rglob("*.json")
    return file


async def job(sandbox: Sandbox, folder: Path | None, *, batch: bool = False, killed: bool = False) -> None:
    """Read 400 programs in a process of its own, as far as limits go: 100 calls and a few past the end."""
    limiter = Limiter(Limits.batch() if batch else Limits())
    async with client_of(sandbox, limiter=limiter) as marketo:
        if folder is None:
            await marketo.programs.browse(page_size=5).collect()
            return
        if killed:
            await read_until_killed(marketo, Memory(_path(ADDRESS, folder), limiter, virtual()))
            return
        async with remembered(limiter, ADDRESS, folder=folder, wall_clock=virtual()):
            await marketo.programs.browse(page_size=5).collect()


async def read_until_killed(marketo: MarketoClient, memory: Memory) -> None:
    """Make calls while they are written down, and end between two writings."""
    keeping = asyncio.create_task(memory.keep())
    async for _ in marketo.programs.browse(page_size=5):
        stats = marketo.limiter.stats()
        if stats.cooling > 60 and sum(stats.granted.values()) > memory._state[0] + 5:
            break
    keeping.cancel()


def sandbox_on_the_virtual_clock(counting: str = "arrival") -> Sandbox:
    limits = SandboxLimits(counting="completion") if counting == "completion" else SandboxLimits()
    return Sandbox(400, limits=limits, latency=Latency.uniform(0.25, 0.4), clock=Clock(monotonic=virtual()))


@pytest.mark.parametrize(("counting", "batch"), [("arrival", True), ("completion", False)])
@pytest.mark.virtual_time
async def test_a_job_that_runs_twice_in_a_row_is_not_refused(tmp_path: Path, *, counting: str, batch: bool) -> None:
    """The second process begins where the first one ended: the server refuses neither, whichever way it counts."""
    sandbox = sandbox_on_the_virtual_clock(counting)
    for _ in range(2):
        await job(sandbox, tmp_path, batch=batch)
    assert not sandbox.refusals
    assert sandbox.instance.admission.most_in_window > 90


@pytest.mark.virtual_time
async def test_without_the_memory_it_is_refused() -> None:
    """What the memory is for: without it the second process runs into the first one's window."""
    sandbox = sandbox_on_the_virtual_clock()
    for _ in range(2):
        await job(sandbox, None)
    assert sandbox.refusals["606"]


@pytest.mark.virtual_time
async def test_a_job_after_one_that_was_killed_is_not_refused(tmp_path: Path) -> None:
    """A process that was killed wrote its calls as it went; what it may have begun since then is supposed."""
    sandbox = sandbox_on_the_virtual_clock()
    await job(sandbox, tmp_path, killed=True)
    assert json.loads(the_file(tmp_path).read_bytes())["ended"] is False
    await job(sandbox, tmp_path)
    assert not sandbox.refusals


def test_on_the_command_line(
    run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch, cache_folder: Path
) -> None:
    """Two commands in a row against one server, in a window of 0.2 s: no refusal; no name and no secret is kept."""
    limits = Limits(max_calls=10, window=0.2, window_margin=0.05)
    monkeypatch.setattr("marketo_async.cli.connecting.limits_of", lambda _: limits)
    marketo.instance.admission = SandboxLimits(rate=10, window=0.2).admission()
    for _ in range(2):
        assert run("programs", "list", "--page-size", 130, "--limit", 0).code == 0
    assert not marketo.refusals
    file = the_file(cache_folder)
    assert json.loads(file.read_bytes())["ended"] is True
    for word in (marketo.client_id, marketo.client_secret, "127.0.0.1"):
        assert word not in str(file.relative_to(cache_folder)) + file.read_text()


GARBAGE = st.one_of(
    st.binary(max_size=20),
    st.builds(
        lambda **fields: json.dumps(fields).encode(),
        written_at=st.none() | st.floats(-1e12, 1e12) | st.just(float("nan")) | st.just(10**400),
        ended=st.none() | st.booleans(),
        remaining=st.none()
        | st.lists(st.none() | st.floats() | st.integers(-(10**400), 10**400) | st.text(max_size=2), max_size=5),
    ),
)


@settings(max_examples=60)
@given(content=GARBAGE, now=st.floats(0, 1e12))
def test_garbage_and_jumping_clocks_are_harmless(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, now: float
) -> None:
    """Whatever is in the file and whatever the clock says, nothing fails, and nobody waits longer than a window."""
    path = tmp_path_factory.getbasetemp() / "garbage.json"
    path.write_bytes(content)
    limiter = Limiter()
    recalled = Memory(path, limiter, lambda: now).recall()
    assert all(not seconds > limiter.limits.window + 0.5 for seconds in recalled)
    asyncio.run(limiter.replay(recalled))


@pytest.mark.virtual_time
async def test_a_clock_that_was_put_back(tmp_path: Path) -> None:
    """A file that was written in the future costs one window at most, and is then set right."""
    sandbox = sandbox_on_the_virtual_clock()
    await job(sandbox, tmp_path)
    file = the_file(tmp_path)
    content = json.loads(file.read_bytes())
    file.write_text(json.dumps(content | {"written_at": content["written_at"] + 1e9}))
    before = virtual()()
    await job(sandbox, tmp_path)
    assert virtual()() - before < 60
    assert json.loads(file.read_bytes())["written_at"] <= virtual()()
    assert not sandbox.refusals


@pytest.mark.parametrize("folder", [Path("/proc/nowhere"), Path("~/relative")])
async def test_a_folder_that_cannot_be_is_harmless(folder: Path) -> None:
    """Where nothing can be remembered, everything works without."""
    async with client_of(Sandbox(3)) as marketo:
        limiter = Limiter()
        async with remembered(limiter, ADDRESS, folder=folder):
            (await limiter.acquire()).answered()
        assert len(await marketo.programs.browse().collect()) == 3

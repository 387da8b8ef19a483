"""`programs.changes` after crashes: whoever goes on from the stored watermark ends with what everybody else has."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import virtual_time
from changing_marketo import ChangingPrograms, Copy, CrashError, Late, changing
from hypothesis import event, given, settings
from hypothesis import strategies as st
from moving_marketo import Change, busy

from marketo_async import ListingUnstableError, Watermark
from marketo_async.sandbox import Clock, Latency, Sandbox
from marketo_async.sandbox.server import served

if TYPE_CHECKING:
    from collections.abc import Iterable

STARTS = st.sampled_from(
    [
        datetime(2026, 3, 3, 12, tzinfo=UTC),
        datetime(2026, 3, 8, 7, 59, 50, tzinfo=UTC),  # the hour that Chicago leaves out
        datetime(2026, 11, 1, 6, 58, 0, 700_000, tzinfo=UTC),  # the hour that it has twice
    ]
)
NAMES = st.integers(0, 99).map(lambda number: f"{'pP'[number % 2]}{number:02}")
AGES = st.one_of(st.integers(0, 10), st.integers(0, 3600), st.just(5000), st.integers(0, 10**8)).map(float)
CHANGES = st.one_of(
    st.builds(Change, kind=st.just("insert"), name=NAMES),
    st.builds(Change, kind=st.just("delete"), which=st.floats(0, 1)),
    st.builds(Change, kind=st.just("rename"), which=st.floats(0, 1), name=NAMES),
    st.builds(Late, name=NAMES, seconds=st.floats(0, 290)),
)
RUNS = st.tuples(
    st.one_of(st.none(), st.integers(0, 80)),  # processed and stored before it dies
    st.one_of(st.just(0.0), st.floats(0, 3), st.floats(0, 900)),  # seconds until the next run
    st.lists(CHANGES, max_size=6),  # what happens between them
)


def drain(left: list[list[Change | Late]]) -> list[Change | Late]:
    """Return what happens at the next call; nothing when all has happened."""
    return left.pop(0) if left else []


@settings(max_examples=40, deadline=None)
@given(
    start=STARTS,
    ages=st.lists(st.tuples(NAMES, AGES), max_size=100),
    runs=st.lists(RUNS, max_size=6),
    between=st.lists(st.lists(CHANGES, max_size=3), max_size=40),
    page_size=st.integers(2, 9),
    prefetch=st.integers(1, 8),
    slow=st.floats(0, 2),
)
def test_whatever_happens_and_wherever_it_dies_the_copy_is_right(
    *,
    start: datetime,
    ages: list[tuple[str, float]],
    runs: list[tuple[int | None, float, list[Change | Late]]],
    between: list[list[Change | Late]],
    page_size: int,
    prefetch: int,
    slow: float,
) -> None:
    """Any changes between any calls and runs, late ones too, and a crash anywhere: the last states are all there."""
    left = list(between)

    async def scenario() -> None:
        clock = Clock(monotonic=asyncio.get_running_loop().time, start=start)
        latency = Latency.uniform(0, slow)
        copy = Copy()
        async with changing(ages, clock=clock, happens=partial(drain, left), latency=latency) as (
            marketo,
            programs,
        ):
            for dies_after, pause, changes in runs:
                try:
                    await copy.sync(marketo, page_size=page_size, prefetch=prefetch, dies_after=dies_after)
                except CrashError:
                    event("died")
                except ListingUnstableError:
                    event("moved faster than it could be read")
                else:
                    event("ended")
                programs.sandbox.instance.clock.advance(pause)
                for change in changes:
                    programs.make(change)
            left.clear()
            programs.sandbox.instance.clock.advance(10)
            await copy.sync(marketo, page_size=page_size, prefetch=prefetch)
            there = programs.now()
            assert {program: copy.states.get(program) for program in there} == there
            gone = await marketo.programs.find_deleted(copy.states, page_size=page_size).collect()
            assert sorted(copy.states.keys() - there.keys()) == gone

    virtual_time.run(scenario())


@pytest.mark.parametrize("since", [None, datetime(2026, 2, 1, tzinfo=UTC)])
@pytest.mark.virtual_time
async def test_it_may_die_at_any_step(since: datetime | None) -> None:
    """A run that dies after any number of programs and watermarks is gone on with, while the instance moves."""
    ages = [(f"p{number * 7 % 12:02}", 5.0 + number * 3601) for number in range(8)]
    for dies_after in range(18):
        clock = Clock(monotonic=asyncio.get_running_loop().time, start=datetime(2026, 3, 3, 12, tzinfo=UTC))
        happening = busy(dies_after, 1)
        left: list[list[Change | Late]] = [[*happening()] for _ in range(8)]
        async with changing(ages, clock=clock, happens=partial(drain, left), latency=Latency.fixed(1.0)) as (
            marketo,
            programs,
        ):
            copy = Copy()
            copy.stored = None if since is None else str(Watermark(since))
            with suppress(CrashError):
                await copy.sync(marketo, page_size=3, prefetch=2, dies_after=dies_after)
            clock.advance(10)
            await copy.sync(marketo, page_size=3)
            left.clear()
            clock.advance(10)
            await copy.sync(marketo, page_size=3)
            there = programs.now()
            assert {program: copy.states.get(program) for program in there} == there


# ---------------------------------------------------------------- kill -9

WORKER = Path(__file__).parents[1] / "sync_worker.py"


async def work(url: str, folder: Path, *, killed_at: int | None) -> int:
    """Let a worker process sync into a folder, step by step; kill it before a step, and return the steps it made."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable, str(WORKER), url, str(folder), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    steps = 0
    while await worker.stdout.readline():
        if steps == killed_at:
            worker.kill()
            break
        steps += 1
        worker.stdin.write(b"\n")
        await worker.stdin.drain()
    code = await worker.wait()
    worker.stdin.close()
    assert code == (0 if killed_at is None else -9)
    return steps


def written(file: Path) -> dict[int, str]:
    """Return the last name of each program; a line that the worker died in does not count."""
    names: dict[int, str] = {}
    for line in file.read_text("utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        names[row["id"]] = row["name"]
    return names


def happen(programs: ChangingPrograms, names: Iterable[str]) -> None:
    for place, name in enumerate(names):
        programs.make(Change("rename", place / 7, name))
        programs.make(Change("insert", name=f"new {name}"))
    programs.sandbox.instance.clock.advance(20)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
async def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    """A worker that is killed with SIGKILL, in a write or before it stores, ends with the set of one that never was."""
    sandbox = Sandbox(0, limits=None, latency=Latency.none())
    programs = ChangingPrograms(sandbox, [(f"p{number:02}", 40.0 + number) for number in range(24)])
    async with served(sandbox) as url:
        # In the first run within the second batch, and before the fourth is stored; later within the first batch, and
        # before it is stored.
        for run, killed_at in enumerate([17, 35, None, 3, 8, None]):
            steps = await work(url, tmp_path, killed_at=killed_at)
            assert steps == killed_at or killed_at is None
            if killed_at is None:
                assert written(tmp_path / "copy.jsonl") == {key: name for key, (name, _) in programs.now().items()}
            happen(programs, [f"{letter}{run}" for letter in "abc"])
        assert await work(url, tmp_path, killed_at=None) > 1
        assert await work(url, tmp_path, killed_at=None) <= 1  # a watermark, if it moved on
        assert written(tmp_path / "copy.jsonl") == {key: name for key, (name, _) in programs.now().items()}

"""Writes that end early: refused, left, cancelled, closed; nothing that was answered is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from stub_marketo import client_of
from writing_marketo import WritingMarketo, people

from marketo_async import (
    ClientStateError,
    DailyQuotaError,
    Limits,
    RecordResult,
    ValidationError,
    WriteProgress,
)

pytestmark = pytest.mark.virtual_time


async def test_quota_ends_the_walk_and_loses_nothing() -> None:
    """607 in the middle: what was answered comes first, batches that are out finish, then the error (A6, P8)."""
    stub = WritingMarketo(lambda n: "607" if n >= 4 else "")
    async with client_of(stub) as marketo:
        with pytest.raises(DailyQuotaError) as quota:
            await marketo.leads.sync(people(6000)).collect()
    assert quota.value.resets_at is not None
    assert quota.value.position == 1200
    assert len(quota.value.partial) == 1200
    assert len(stub.done) == 1200


async def test_an_input_that_fails() -> None:
    """An error of the input's own iterator reaches the caller, after the results of everything that was sent."""
    stub = WritingMarketo()

    def failing() -> Iterator[dict[str, object]]:
        yield from people(650)
        raise OSError("disk")

    async with client_of(stub) as marketo:
        results = aiter(marketo.leads.sync(failing()))
        got: list[int] = []
        with pytest.raises(OSError, match="disk"):
            async for result in results:
                got += [result.index]
    assert got == [*range(600)]
    assert len(stub.done) == 600


async def test_strict_walk() -> None:
    """`raise_for_skipped()` ends the walk at the first record that was not written; the rest is on the error (A27)."""
    stub = WritingMarketo()
    stub.skip = {350}
    async with client_of(stub) as marketo:
        with pytest.raises(ValidationError, match="Invalid value") as skipped:
            await marketo.leads.sync(people(9000)).raise_for_skipped().collect()
    assert (skipped.value.code, skipped.value.position) == ("1003", 350)
    partial = [result.index for result in skipped.value.partial if isinstance(result, RecordResult)]
    assert {*partial} == {*stub.done, 350}
    assert partial == sorted(partial)


async def test_a_client_that_is_not_open() -> None:
    """Outside of the client's `async with` nothing is read, let alone sent."""
    stub = WritingMarketo()
    async with client_of(stub) as marketo:
        records = iter(people(5))
    with pytest.raises(ClientStateError):
        await marketo.leads.sync(records).collect()
    assert len([*records]) == 5


async def test_settle_waits_for_what_is_out() -> None:
    """After a `break` the batches that are out finish and are told of; nothing more is started."""
    stub = WritingMarketo(latency=iter([1.0, *[5.0] * 100]).__next__)
    async with client_of(stub) as marketo:
        writing = marketo.leads.sync(people(9000))
        async for result in writing:
            assert result.index == 0
            break
        left = await writing.settle()
        calls = len(stub.calls)
        assert calls <= 20
        assert {result.index for result in left} == {*stub.done} - {0}
        assert [result.index for result in left] == [*range(1, 300 * calls)]
        assert writing.position == 300 * calls
        assert await writing.settle() == []
        await asyncio.sleep(100)
        assert len(stub.calls) == calls


async def test_a_client_that_closes_leaves_nothing_out() -> None:
    """A client that is closed while records are written ends the walk with an error, never with records left out."""
    stub = WritingMarketo(latency=lambda: 3.0)
    results: list[int] = []
    async with client_of(stub, limits=Limits(max_concurrency=2, concurrency_reserve=0)) as marketo:
        writing = marketo.leads.sync(people(900))

        async def walk() -> None:
            async for result in writing:
                results.append(result.index)  # noqa: PERF401 - kept where the walk fails

        task = asyncio.get_running_loop().create_task(walk())
        await asyncio.sleep(1)
    with pytest.raises(ClientStateError):
        await task
    assert results == sorted(range(len(stub.done)))
    assert writing.position == len(stub.done) == 600


async def test_collected_results_survive_a_cancellation() -> None:
    """A `collect()` that is cancelled, or whose input fails, leaves what it had to `settle()`."""
    stub = WritingMarketo()
    async with client_of(stub, limits=Limits()) as marketo:
        writing = marketo.leads.sync(people(9000))
        task = asyncio.get_running_loop().create_task(writing.collect())
        await asyncio.sleep(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        settled = await writing.settle()
        assert {result.index for result in settled} == {*stub.done}
        assert len(settled) >= 300


async def test_kept_results_of_a_summary_survive_a_cancellation() -> None:
    """A `summary()` that is cancelled leaves what it would have kept to `settle()`, and the counts to `progress`."""
    stub = WritingMarketo()
    stub.skip = {3, 7}
    async with client_of(stub, limits=Limits()) as marketo:
        writing = marketo.leads.sync(people(9000))
        task = asyncio.get_running_loop().create_task(writing.summary(keep=1))
        await asyncio.sleep(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        settled = [result.index for result in await writing.settle()]
        assert settled[0] == 3
        assert settled[1:] == [*range(settled[1], writing.position or 0)]
        assert settled[1] % 300 == 0 < len(settled[1:])
        assert writing.progress.records == writing.position
        assert writing.progress.skipped == 2


async def test_a_progress_callback_that_raises_costs_no_result() -> None:
    """What a progress callback raises ends the walk; every result is still to be had."""
    stub = WritingMarketo()

    def fails(progress: WriteProgress) -> None:
        raise RuntimeError(f"{progress.records} records")

    async with client_of(stub) as marketo:
        writing = marketo.leads.sync(people(10)).with_options(progress=fails)
        with pytest.raises(RuntimeError, match="10 records"):
            await writing.collect()
        assert [result.index for result in await writing.settle()] == [*range(10)]

"""Input that pauses: what is there is sent, and an input that does not pause travels in full batches as before."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterable

import pytest
from stub_marketo import client_of
from writing_marketo import WritingMarketo, people

from marketo_async import ArgumentError, RecordResult

pytestmark = pytest.mark.virtual_time


def now() -> float:
    """Return the time of the loop."""
    return asyncio.get_running_loop().time()


async def paused(records: Iterable[dict[str, object]], *pauses: float) -> AsyncIterator[dict[str, object]]:
    """Give records one after the other, with a pause before each while there are pauses."""
    left = iter(pauses)
    for record in records:
        await asyncio.sleep(next(left, 0.0))
        yield record


async def test_a_queue_sees_its_last_records() -> None:
    """An input that gives five records and then nothing for an hour: they are written after two seconds (A18)."""
    stub = WritingMarketo()
    async with client_of(stub) as marketo:
        results = aiter(marketo.leads.sync(paused(people(6), 0, 0, 0, 0, 0, 3600)))
        for _ in range(5):
            await anext(results)
        assert 2 <= now() <= 3
        assert (await anext(results)).index == 5
        assert now() >= 3600
    assert [count for _, count in stub.batches] == [5, 1]


async def test_an_input_that_waits_for_its_own_results() -> None:
    """An input that gives a record once the one before it is written comes to its end."""
    stub = WritingMarketo()
    written = asyncio.Event()

    async def one_by_one() -> AsyncIterator[dict[str, object]]:
        for record in people(4):
            yield record
            await written.wait()
            written.clear()

    got: list[RecordResult[dict[str, object]]] = []
    async with client_of(stub) as marketo:
        async for result in marketo.leads.sync(one_by_one()):
            got.append(result)
            written.set()
    assert [result.index for result in got] == [0, 1, 2, 3]
    assert len(stub.calls) == 4


@pytest.mark.parametrize("pause", [0.0, 0.01, 1.9])
async def test_an_input_that_does_not_pause_travels_in_full_batches(pause: float) -> None:
    """However long the whole takes, only a pause of two seconds sends an incomplete batch: 650 records, three calls."""
    stub = WritingMarketo()
    async with client_of(stub) as marketo:
        await marketo.leads.sync(paused(people(650), *[pause] * 650)).collect()
    assert [count for _, count in stub.batches] == [300, 300, 50]


async def test_records_of_one_key_go_on_while_the_input_is_quiet() -> None:
    """Those that stand behind a record of their key are written as well, one after the other, in a quiet input."""
    stub = WritingMarketo()
    async with client_of(stub) as marketo:
        results = aiter(marketo.leads.sync(paused(people(4, same=True), 0, 0, 0, 3600)))
        got = [(await anext(results)).index for _ in range(3)]
        assert now() < 10
        await results.aclose()
    assert got == [0, 1, 2]
    assert stub.broken == []


async def test_a_slow_consumer_is_no_quiet_input() -> None:
    """While nobody takes results the input is not asked, and that is no reason for incomplete batches."""
    stub = WritingMarketo()
    async with client_of(stub) as marketo:
        results = aiter(marketo.leads.sync(paused(people(2000)), batch_size=100).with_options(in_flight=1))
        taken = 0
        while taken < 2000:
            for _ in range(50):
                await anext(results)
            taken += 50
            await asyncio.sleep(30)
    assert [count for _, count in stub.batches] == [100] * 20


@pytest.mark.parametrize(("linger", "seconds"), [(0.0, 0.5), (0.25, 0.75), (30, 31)])
async def test_linger_is_the_callers(linger: float, seconds: float) -> None:
    """`linger` says how long an incomplete batch waits; 0 sends as soon as the input lets others run."""
    stub = WritingMarketo()
    async with client_of(stub) as marketo:
        results = aiter(marketo.leads.sync(paused(people(2), 0, 3600)).with_options(linger=linger))
        await anext(results)
        assert linger <= now() <= seconds
        await results.aclose()


async def test_linger_may_be_endless() -> None:
    """With `math.inf` full batches only are sent, until the input ends."""
    stub = WritingMarketo()
    async with client_of(stub) as marketo:
        await marketo.leads.sync(paused(people(3), 0, 3600, 3600)).with_options(linger=math.inf).collect()
    assert len(stub.calls) == 1


@pytest.mark.parametrize("linger", [-1, math.nan])
async def test_a_linger_that_cannot_be(linger: float) -> None:
    """Less than nothing, and what is no number, are refused."""
    async with client_of(WritingMarketo()) as marketo:
        with pytest.raises(ArgumentError, match="linger"):
            marketo.leads.sync(people(1)).with_options(linger=linger)


async def test_an_input_that_is_left_while_it_is_quiet() -> None:
    """Leaving a walk whose input gives nothing leaves nothing behind: the input is closed, no more is sent."""
    stub = WritingMarketo()
    closed: list[bool] = []

    async def queue() -> AsyncIterator[dict[str, object]]:
        try:
            for record in people(3):
                yield record
            await asyncio.sleep(3600)
        finally:
            closed.append(True)

    async with client_of(stub) as marketo:
        writing = marketo.leads.sync(queue())
        results = aiter(writing)
        await anext(results)
        assert [result.index for result in await writing.settle()] == [1, 2]
        assert closed == [True]
        assert now() < 3
    assert len(stub.calls) == 1

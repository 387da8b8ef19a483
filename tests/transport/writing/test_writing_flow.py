"""What is read, held and sent when: as little as possible, as early as useful."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from stub_marketo import client_of
from writing_marketo import WritingMarketo, people

from marketo_async import (
    Limits,
)

pytestmark = pytest.mark.virtual_time


async def test_as_few_calls_as_possible() -> None:
    """1,000 records are four calls, also where a tenth of them is about somebody who was there before."""
    for records in (people(1000), [*people(900), *people(100)]):
        stub = WritingMarketo()
        async with client_of(stub) as marketo:
            results = await marketo.leads.sync(records).collect()
        assert len(results) == 1000
        assert len(stub.calls) == 4


async def test_a_slow_consumer_stops_the_reading() -> None:
    """Of endless input only some thousand records are read while nobody takes results, and calls stop (A18)."""
    stub = WritingMarketo()
    read = 0

    def endless() -> Iterator[dict[str, object]]:
        nonlocal read
        while True:
            read += 1
            yield {"n": read, "email": f"p{read}@example.com"}

    async with client_of(stub, limits=Limits()) as marketo:
        writing = marketo.leads.sync(endless())
        results = aiter(writing)
        await anext(results)
        await asyncio.sleep(1000)
        assert read <= 6001
        before = len(stub.calls)
        assert before <= 20
        for _ in range(10_000):
            await anext(results)
        assert len(stub.calls) > before
        assert read <= 16_002
        await results.aclose()
        assert len(await writing.settle()) <= 6000


async def test_large_records_are_bounded_by_bytes() -> None:
    """Records of half a megabyte: what is read ahead is bounded by bytes, too."""
    stub = WritingMarketo()
    read = 0

    def large() -> Iterator[dict[str, object]]:
        nonlocal read
        for number in range(100):
            read += 1
            yield {"n": number, "email": f"p{number}@example.com", "x": "x" * 500_000}

    async with client_of(stub) as marketo:
        results = aiter(marketo.leads.sync(large()))
        await anext(results)
        await asyncio.sleep(100)
        assert read <= 26
        assert len([result async for result in results]) == 99
    assert stub.broken == []


async def test_results_do_not_wait_for_slow_input() -> None:
    """A result is delivered when it is there, though the input has not come to its end."""
    stub = WritingMarketo()

    async def slow() -> AsyncIterator[dict[str, object]]:
        for number in range(30):
            await asyncio.sleep(1)
            yield {"n": number, "email": f"p{number}@example.com"}

    async with client_of(stub) as marketo:
        results = aiter(marketo.leads.sync(slow(), batch_size=10))
        await anext(results)
        assert 10 <= asyncio.get_running_loop().time() <= 11
        assert len([result async for result in results]) == 29


async def test_single_write_is_interactive_and_a_long_one_is_not() -> None:
    """A write of one call rides the lane of those for whom somebody waits; a long one does after its first call not."""
    stub = WritingMarketo()
    async with client_of(stub, limits=Limits()) as marketo:
        await marketo.leads.sync(people(10)).collect()
        assert marketo.limiter.stats().granted == {"interactive": 1, "bulk": 0}
        await marketo.leads.sync(people(1000)).collect()
        assert marketo.limiter.stats().granted == {"interactive": 2, "bulk": 3}


async def test_refused_records_do_not_wait_for_input() -> None:
    """A record that is skipped here is delivered at once, however slowly the next one comes."""
    stub = WritingMarketo()

    async def slow() -> AsyncIterator[object]:
        yield {"x": {1}}
        await asyncio.sleep(1000)

    async with client_of(stub) as marketo:
        results = aiter(marketo.leads.sync(slow()).with_options(on_misfit="skip"))
        assert (await anext(results)).skipped
        assert asyncio.get_running_loop().time() < 1
        await results.aclose()


async def test_a_batch_goes_when_its_bytes_are_full() -> None:
    """Records that fill a megabyte are sent then, not when there are three hundred of them (A18)."""
    stub = WritingMarketo()

    async def slow() -> AsyncIterator[dict[str, object]]:
        for number in range(30):
            await asyncio.sleep(1)
            yield {"n": number, "email": f"p{number}@example.com", "x": "x" * 400_000}

    async with client_of(stub) as marketo:
        results = aiter(marketo.leads.sync(slow()))
        await anext(results)
        assert asyncio.get_running_loop().time() < 4
        await results.aclose()


async def test_the_last_records_of_known_keys_travel_together() -> None:
    """Where the input has ended, what is ready waits for what will be ready with it: three calls, not four."""
    stub = WritingMarketo()
    async with client_of(stub) as marketo:
        await marketo.leads.sync([*people(750), *people(150)]).collect()
    assert len(stub.calls) == 3


async def test_no_incomplete_batch_while_results_wait() -> None:
    """Where as much was read as may be held, and results can be taken, no incomplete batch is sent: room will come."""
    stub = WritingMarketo()
    records = [{"n": n, "email": f"p{n}@example.com", "x": "x" * (100_000 if n else 0)} for n in range(61)]
    async with client_of(stub) as marketo:
        results = aiter(marketo.leads.sync(records).with_options(in_flight=1))
        await anext(results)
        await asyncio.sleep(60)
        assert len([result async for result in results]) == 60
    assert [count for _, count in stub.batches] == [11, 10, 10, 10, 10, 10]


async def test_few_batches_queue_at_the_limiter() -> None:
    """No more batches are started than keep the limit busy: the others wait where they can still be taken back."""
    waiting: list[int] = []

    def look() -> float:
        waiting.append(marketo.limiter.stats().waiting["bulk"])
        return 3.0

    stub = WritingMarketo(latency=look)
    async with client_of(stub, limits=Limits(max_calls=10, interactive_reserve=0, pacing="on")) as marketo:
        await marketo.leads.sync(people(9000)).collect()
    assert len(stub.calls) == 30
    assert max(waiting) <= 2

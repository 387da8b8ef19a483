"""A gateway that takes less than Marketo does: batches go on in halves."""

from __future__ import annotations

import asyncio

import pytest
from stub_marketo import client_of
from writing_marketo import WritingMarketo, people

from marketo_async import RequestTooLargeError

pytestmark = pytest.mark.virtual_time


async def test_a_batch_that_is_too_large_goes_in_halves() -> None:
    """413 says that nothing was done: halves are sent, each record once, in order, and few calls are spent learning."""
    stub = WritingMarketo()
    stub.takes = 5000
    async with client_of(stub) as marketo:
        results = await marketo.leads.sync([*people(2000), *people(300)]).collect()
    assert [result.index for result in results] == [*range(2300)]
    assert all(not result.skipped and not result.unknown for result in results)
    assert len(stub.done) == 2300
    assert stub.broken == []
    assert stub.refused <= 20
    assert all(stub.stored[f"p{n}@example.com"] == n for n in range(2000))


async def test_a_single_record_that_is_too_large() -> None:
    """A record that is too large by itself ends the walk; `position` names it, and what was sent before has results."""
    stub = WritingMarketo()
    stub.takes = 5000
    records = people(40)
    records[25]["x"] = "x" * 6000
    async with client_of(stub) as marketo:
        with pytest.raises(RequestTooLargeError) as error:
            await marketo.leads.sync(records).with_options(in_flight=1).collect()
    assert error.value.position == 25
    assert len(error.value.partial) == 25 == len(stub.done)


async def test_a_walk_that_is_left_is_not_halved() -> None:
    """Leaving the walk while a batch is refused sends nothing more; its records have no result."""
    stub = WritingMarketo()
    stub.takes = 1000
    async with client_of(stub) as marketo:
        writing = marketo.leads.sync(people(600)).with_options(in_flight=2)
        results = aiter(writing)
        task = asyncio.get_running_loop().create_task(anext(results))
        await asyncio.sleep(0.1)
        assert len(stub.calls) == 2
        task.cancel()
        assert await writing.settle() == []
        assert len(stub.calls) == 2
        assert writing.position == 0
    assert stub.done == []

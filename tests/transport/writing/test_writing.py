"""What a user of a write is promised, case by case."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs
import pytest
from stub_marketo import StubMarketo, client_of, success
from writing_marketo import WritingMarketo, people

from marketo_async import (
    ArgumentError,
    ClientStateError,
    WriteProgress,
    Writing,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

pytestmark = pytest.mark.virtual_time


async def test_nothing_before_it_is_walked_and_once_only() -> None:
    """Nothing is sent until it is walked, and it is not walked again: that would write everything once more."""
    stub = WritingMarketo()
    async with client_of(stub) as marketo:
        writing = marketo.leads.sync(people(3))
        await asyncio.sleep(5)
        assert stub.calls == []
        assert writing.progress == WriteProgress()
        assert len(await writing.collect()) == 3
        for again in (writing.collect, writing.summary):
            with pytest.raises(ClientStateError, match="walked once"):
                await again()
        with pytest.raises(ClientStateError):
            writing.raise_for_skipped()
    assert len(stub.calls) == 1


async def test_records_that_cannot_be_sent() -> None:
    """A record that cannot be JSON, or is too large for a call, is named; on request it is skipped instead."""
    bad: list[tuple[object, str]] = [
        ({"email": "a@example.com", "x": float("nan")}, r"records\[2\]\['x'\]"),
        ({"email": "a@example.com", "x": {1}}, r"records\[2\]\['x'\]"),
        ({"email": "a@example.com", "x": "\ud800"}, r"records\[2\]\['x'\]"),
        ({"email": "a@example.com", "x": "x" * 1_048_576}, r"records\[2\]='\d+ bytes'"),
        (17, r"records\[2\]=17"),
    ]
    for record, words in bad:
        for skip in (False, True):
            stub = WritingMarketo()
            async with client_of(stub) as marketo:
                writing = marketo.leads.sync([*people(2), record, *people(1)], batch_size=1)
                if not skip:
                    with pytest.raises(ArgumentError, match=words) as refused:
                        await writing.collect()
                    assert refused.value.position == len(refused.value.partial) <= 2
                    continue
                results = await writing.with_options(on_misfit="skip").collect()
                assert [result.status for result in results] == ["created", "created", "skipped", "updated"]
                assert results[2].reasons[0].code == ""
                assert results[2].input is record
                with pytest.raises(ArgumentError, match=words):
                    results[2].raise_for_skipped()


async def test_summary_and_progress() -> None:
    """`summary()` counts, and keeps the first records that were not written; progress is told after each batch."""
    stub = WritingMarketo(lambda n: "lost before" if n == 3 else "")
    stub.skip = {5, 6, 7, 305}
    told: list[WriteProgress] = []
    async with client_of(stub) as marketo:
        writing = marketo.leads.sync(people(1000)).with_options(progress=told.append, in_flight=1)
        summary = await writing.summary(keep=2)
    assert summary.statuses == {"created": 896, "skipped": 4, "unknown": 100}
    assert (summary.records, summary.done, summary.skipped, summary.unknown, summary.calls) == (1000, 896, 4, 100, 4)
    assert [result.index for result in summary.not_done] == [5, 6]
    assert [progress.calls for progress in told] == sorted(progress.calls for progress in told)
    assert told[-1].records == 1000
    with pytest.raises(ArgumentError):
        await marketo.leads.sync([]).summary(keep=-1)


async def test_departing_batches_are_told_of_before_they_are_sent() -> None:
    """`departs` has the records of each batch before Marketo has them; where it raises, that one is not sent."""
    stub = WritingMarketo()
    told: list[int] = []

    def departs(records: Sequence[Mapping[str, object]]) -> None:
        assert len(stub.calls) == len(told)
        told.append(len(records))
        if len(told) == 3:
            raise OSError("no room for the journal")

    async with client_of(stub) as marketo:
        writing = marketo.leads.sync(people(1000)).with_options(departs=departs, in_flight=1)
        results = aiter(writing)
        written = [await anext(results) for _ in range(600)]
        with pytest.raises(OSError, match="no room"):
            await anext(results)
        assert (told, len(stub.calls), writing.position) == ([300, 300, 300], 2, 600)
        assert {result.status for result in written} == {"created"}
        with pytest.raises(ArgumentError, match="departs"):
            marketo.leads.sync([]).with_options(departs=3)  # type: ignore[arg-type]


async def test_accepted_only() -> None:
    """With `async_processing` there are no rows: the records are accepted, which is all that is known."""

    async def answer(*_: object) -> dict[str, object]:
        return success()

    async with client_of(StubMarketo(answer)) as marketo:
        results = await marketo.leads.sync(people(2), async_processing=True).collect()
    assert [(result.status, result.id) for result in results] == [("accepted", None)] * 2


async def test_nothing_to_write() -> None:
    """No records, no call; `settle()` without a walk, or after one, has nothing to say."""
    stub = WritingMarketo()
    async with client_of(stub) as marketo:
        writing: Writing[dict[str, object]] = marketo.leads.sync([])
        assert await writing.settle() == []
        assert await writing.collect() == []
        assert await writing.settle() == []
        assert writing.position is None
    assert stub.calls == []


async def test_own_class_and_values() -> None:
    """A class of one's own is written as its fields say, a mapping as it is: None clears, dates become text (P10)."""
    import json
    from datetime import UTC, date, datetime

    @attrs.frozen
    class Person:
        email: str
        first_name: str

    stub = WritingMarketo()
    row = {
        "email": "b@example.com",
        "a": None,
        "b": date(2026, 1, 2),
        "c": datetime(2026, 1, 2, tzinfo=UTC),
        "d": False,
    }
    async with client_of(stub) as marketo:
        results = await marketo.leads.sync([Person("a@example.com", "Ann"), row]).collect()
    assert results[0].input == Person("a@example.com", "Ann")
    assert json.loads(stub.calls[0].content) == {
        "input": [
            {"email": "a@example.com", "firstName": "Ann"},
            {"email": "b@example.com", "a": None, "b": "2026-01-02", "c": "2026-01-02T00:00:00Z", "d": False},
        ]
    }

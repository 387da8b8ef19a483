"""What becomes of records when nobody can say what became of their call, and what is repeated."""

from __future__ import annotations

import asyncio

import pytest
from stub_marketo import StubMarketo, client_of, success
from writing_marketo import WritingMarketo, people

from marketo_async import (
    AlreadyExistsError,
    ConnectionLostError,
    DeadlineError,
    MarketoError,
    ProtocolError,
    RecordResult,
    RetryPolicy,
)

pytestmark = pytest.mark.virtual_time


async def test_unknown_is_data_and_never_repeated() -> None:
    """After a lost connection the records are unknown, the call is not repeated, and the walk goes on (P5)."""
    stub = WritingMarketo(lambda n: "lost" if n == 1 else "")
    async with client_of(stub) as marketo:
        results = await marketo.leads.sync(people(900)).with_options(in_flight=1).collect()
    assert len(stub.calls) == 3
    unknown = [result for result in results if result.unknown]
    assert [result.index for result in unknown] == [*range(300, 600)]
    assert isinstance(unknown[0].error, ConnectionLostError)
    assert unknown[0].error.outcome_unknown
    assert unknown[0].error.__traceback__ is None  # it would hold the whole batch for as long as one result is held
    with pytest.raises(ConnectionLostError, match="outcome unknown") as lost:
        unknown[0].raise_for_skipped()
    assert lost.value.position == 300


async def test_later_records_wait_until_the_server_is_done() -> None:
    """Behind an unknown record the next one about the same lead is written, but not while the first may still be."""
    stub = WritingMarketo(lambda n: "running" if n == 0 else "")
    async with client_of(stub) as marketo:
        results = await marketo.leads.sync(people(2, same=True)).collect()
        assert 90 <= asyncio.get_running_loop().time() <= 95
    assert [result.status for result in results] == ["unknown", "updated"]
    assert stub.broken == []
    assert stub.stored == {"p0@example.com": 1}


async def test_too_many_unknown_in_a_row_end_the_walk() -> None:
    """A Marketo that answers nothing usable ends the walk after some batches instead of making all records unknown."""
    stub = WritingMarketo(lambda _: "gateway")
    async with client_of(stub) as marketo:
        with pytest.raises(MarketoError) as ended:
            await marketo.leads.sync(people(9000)).with_options(most_unknown=3, in_flight=1).collect()
    assert ended.value.code == "502"
    assert len(stub.calls) == 3
    assert len(ended.value.partial) == 900
    assert ended.value.position == 900


async def test_safe_writes_are_repeated() -> None:
    """CreateOnly is repeated, once the first attempt must be over; what that one created says so: 1005 (P5)."""
    calls = 0

    async def answer(*_: object) -> dict[str, object]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise httpx_read_error()
        return success({"status": "skipped", "reasons": [{"code": "1005", "message": "Lead already exists"}]})

    stub = StubMarketo(answer)
    async with client_of(stub) as marketo:
        result = (await marketo.leads.sync(people(1), action="createOnly").collect())[0]
        assert asyncio.get_running_loop().time() >= 90
    assert (calls, result.status, result.maybe_done) == (2, "skipped", True)
    with pytest.raises(AlreadyExistsError) as exists:
        result.raise_for_skipped()
    assert exists.value.outcome_unknown


def httpx_read_error() -> Exception:
    import httpx

    return httpx.ReadError("gone")


@pytest.mark.parametrize(
    ("action", "lookup_field", "calls"),
    [
        (None, None, 1),
        ("createOrUpdate", "email", 1),
        ("createDuplicate", None, 1),
        ("createDuplicate", "id", 1),
        ("createOnly", None, 3),
        ("updateOnly", None, 3),
        ("updateOnly", "id", 3),
        (None, "id", 3),
    ],
)
async def test_which_syncs_are_repeated(action: str | None, lookup_field: str | None, calls: int) -> None:
    """A sync is repeated where doing it twice does nothing more: createOnly, updateOnly, and lookup by id (P5)."""
    stub = WritingMarketo(lambda _: "604")
    async with client_of(stub, retries=RetryPolicy(attempts=3)) as marketo:
        records = [{"n": 0, "id": 7, "email": "a@example.com"}]
        writing = marketo.leads.sync(records, action=action, lookup_field=lookup_field)  # type: ignore[arg-type]
        results = await writing.collect()
    assert len(stub.calls) == calls
    assert [result.status for result in results] == ["unknown"]


async def test_an_answer_without_rows_is_unknown() -> None:
    """Success without a row for each record is no success: nobody can say what was done (P1)."""

    async def answer(*_: object) -> dict[str, object]:
        return success({"id": 1, "status": "created"})

    async with client_of(StubMarketo(answer)) as marketo:
        results = await marketo.leads.sync(people(2)).collect()
    assert [result.status for result in results] == ["unknown"] * 2
    assert isinstance(results[0].error, ProtocolError)


async def test_a_refusal_after_a_lost_attempt() -> None:
    """Repeated after a lost answer and then refused: the records are unknown, and the walk ends with the refusal."""
    stub = WritingMarketo(lambda n: ["gateway", "603"][n], key="id")
    async with client_of(stub) as marketo:
        with pytest.raises(MarketoError) as refused:
            await marketo.leads.delete([7]).collect()
    assert refused.value.code == "603"
    assert [result.status for result in refused.value.partial if isinstance(result, RecordResult)] == ["unknown"]


async def test_the_first_refusal_ends_the_walk_and_others_go_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first refusal is what the walk ends with; a batch that is being repeated meanwhile is repeated to its end."""
    monkeypatch.setattr("random.random", lambda: 1.0)
    stub = WritingMarketo(lambda n: ["gateway", "603", "610"][n] if n < 3 else "", key="id")
    stub._latency = iter([0.1, 0.2, 0.3, *[0.1] * 100]).__next__
    async with client_of(stub, retries=RetryPolicy(first_wait=50, longest_wait=50)) as marketo:
        with pytest.raises(MarketoError) as refused:
            await marketo.leads.delete([7, 8, 9], batch_size=1).collect()
    assert refused.value.code == "603"
    results = [result for result in refused.value.partial if isinstance(result, RecordResult)]
    assert [(result.input, result.status) for result in results] == [(results[0].input, "updated")]
    assert len(stub.calls) == 4


@pytest.mark.parametrize(("second", "waits"), [("", 0.5), ("603", 2.5)])
async def test_stopping_while_a_call_is_repeated(second: str, waits: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between two attempts, or during the second: what the first one may have done is unknown."""
    monkeypatch.setattr("random.random", lambda: 1.0)
    stub = WritingMarketo(lambda n: ["gateway", second][n], key="id", latency=iter([0.1, 5.0]).__next__)
    async with client_of(stub, retries=RetryPolicy(first_wait=2, longest_wait=2)) as marketo:
        writing = marketo.leads.delete([7])
        task = asyncio.get_running_loop().create_task(writing.collect())
        await asyncio.sleep(waits)
        task.cancel()
        await asyncio.wait((task,))
        settled = await writing.settle()
    assert [result.status for result in settled] == ["unknown"]


async def test_a_deadline_that_passes_while_a_batch_is_out() -> None:
    """A deadline leaves a batch that is out unknown, and the walk goes on with the next one."""
    stub = WritingMarketo(latency=iter([3.0, 0.1]).__next__)
    async with client_of(stub, deadline=1.0) as marketo:
        results = await marketo.leads.sync(people(2), batch_size=1).with_options(in_flight=1).collect()
    assert [result.status for result in results] == ["unknown", "created"]
    assert isinstance(results[0].error, DeadlineError)

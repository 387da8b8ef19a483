"""The laws of writing many records, whatever the input, the delays, the faults and the moment one leaves."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict

import virtual_time
from hypothesis import given, settings
from hypothesis import strategies as st
from stub_marketo import client_of
from writing_marketo import WritingMarketo, at_random

from marketo_async import Limits, MarketoError, RecordResult

SAFE = ["606", "615", "608"]
OPEN = ["running", "lost", "timeout", "gateway", "broken", "604", "lost before", "gateway before"]

INPUTS = st.builds(
    lambda seed, size, people, longest, batch_size: (seed, size, people, longest, batch_size),
    st.integers(0, 10**6),
    st.integers(0, 900),
    st.sampled_from([1, 3, 40, 300, 10**6]),
    st.sampled_from([0, 50, 5_000, 400_000]),
    st.sampled_from([1, 7, 100, 300]),
)


def people(seed: int, size: int, of: int, longest: int, batch_size: int) -> list[dict[str, object]]:
    """Return records of some people, each with its number; only as many long ones as a test has time for."""
    rng = random.Random(seed)
    size = min(size, 4_000_000 // max(longest, 1), 40 * batch_size)
    if of == 1:
        size = min(size, 60)
    case = [str.lower, str.upper, str.title]
    return [
        {
            "n": n,
            "email": rng.choice(case)(f"p{rng.randrange(of)}@example.com"),
            "x": "ü" * rng.randint(0, longest // 2),
        }
        for n in range(size)
    ]


def check(
    stub: WritingMarketo, records: list[dict[str, object]], results: list[RecordResult[dict[str, object]]]
) -> None:
    """Hold what was reported against what was done."""
    assert stub.broken == []
    done = Counter(stub.done)
    assert not done or max(done.values()) == 1
    assert [result.index for result in results] == sorted({result.index for result in results})
    for result in results:
        assert result.input is records[result.index]
        if result.status == "skipped":
            assert done[result.index] == 0
        elif result.status != "unknown":
            assert done[result.index] == 1
    reported = {result.index for result in results}
    assert set(done) <= reported
    order: defaultdict[str, list[int]] = defaultdict(list)
    for number in stub.done:
        assert isinstance(number, int)
        order[str(records[number]["email"]).lower()].append(number)
    assert all(numbers == sorted(numbers) for numbers in order.values())


@given(INPUTS, st.booleans())
@settings(max_examples=30, deadline=None)
def test_every_record_once_in_order(given_input: tuple[int, int, int, int, int], limited: bool) -> None:
    """Whatever the size of input and records: each one exactly once, in order, within both limits (A18, A19)."""
    records = people(*given_input)
    rng = random.Random(given_input[0])
    stub = WritingMarketo(latency=lambda: rng.uniform(0.1, 3.0))
    stub.skip = {n for n in range(len(records)) if rng.random() < 0.1}

    async def main() -> list[RecordResult[dict[str, object]]]:
        async with client_of(stub, limits=Limits() if limited else Limits.off()) as marketo:
            return await marketo.leads.sync(records, batch_size=given_input[4]).collect()

    results = virtual_time.run(main())
    check(stub, records, results)
    assert [result.index for result in results] == [*range(len(records))]
    assert {result.index for result in results if result.skipped} == stub.skip
    assert stub.most_at_once <= 10


@given(INPUTS, st.sampled_from([0.1, 0.5]), st.booleans(), st.sampled_from([0.0, 0.3, 2.0]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_faults(
    given_input: tuple[int, int, int, int, int], share: float, asynchronous: bool, linger: float, narrow: bool
) -> None:
    """Under faults at random, however the input pauses and whatever a gateway takes, no record is reported twice, lost,
    or silently repeated (P5).
    """
    records = people(*given_input)
    rng = random.Random(given_input[0])
    stub = WritingMarketo(at_random(rng, SAFE + OPEN, share), latency=lambda: rng.uniform(0.1, 3.0))
    if narrow:
        stub.takes = given_input[3] + 3000

    async def main() -> list[RecordResult[dict[str, object]]]:
        async def trickle() -> object:
            for record in records:
                if rng.random() < 0.02:
                    await asyncio.sleep(rng.uniform(0, 4))
                yield record

        async with client_of(stub) as marketo:
            given_records = trickle() if asynchronous else records
            writing = marketo.leads.sync(given_records, batch_size=given_input[4])  # type: ignore[arg-type,var-annotated]
            results = await writing.with_options(most_unknown=10**6, linger=linger).collect()
            await asyncio.sleep(100)  # the server may still be at work on what broke off
            return results

    results = virtual_time.run(main())
    check(stub, records, results)
    assert [result.index for result in results] == [*range(len(records))]
    assert all(result.error is not None and result.maybe_done for result in results if result.unknown)


@given(INPUTS, st.floats(0, 12), st.sampled_from(["cancel", "break", "close", "settle cancelled"]))
@settings(max_examples=40, deadline=None)
def test_leaving_early(given_input: tuple[int, int, int, int, int], after: float, how: str) -> None:
    """Whenever and however a walk is left: what the server did is what was delivered or what `settle` says."""
    records = people(*given_input)
    rng = random.Random(given_input[0])
    stub = WritingMarketo(at_random(rng, SAFE + OPEN, 0.2), latency=lambda: rng.uniform(0.1, 3.0))
    stub.takes = rng.choice([stub.takes, given_input[3] + 3000])
    delivered: list[RecordResult[dict[str, object]]] = []

    async def main() -> int:
        async with client_of(stub, limits=Limits()) as marketo:
            writing = marketo.leads.sync(iter(records), batch_size=given_input[4]).with_options(most_unknown=10**6)

            async def walk() -> None:
                until = asyncio.get_running_loop().time() + after
                async for result in writing:
                    delivered.append(result)
                    if how == "break" and asyncio.get_running_loop().time() >= until:
                        break

            task = asyncio.get_running_loop().create_task(walk())
            await asyncio.wait((task,), timeout=None if how == "break" else after)
            if how == "close":
                await marketo.__aexit__(None, None, None)
            else:
                task.cancel()
            await asyncio.wait((task,))
            calls = len(stub.calls)
            if how == "settle cancelled":
                first = asyncio.get_running_loop().create_task(writing.settle())
                await asyncio.sleep(0.5)
                first.cancel()
                await asyncio.wait((first,))
                if not first.cancelled():
                    delivered.extend(first.result())
            delivered.extend(await writing.settle())
            await asyncio.sleep(100)
            missing = next((n for n, result in enumerate(delivered) if result.index != n), len(delivered))
            assert writing.position in {None, missing}
            if not task.cancelled() and task.exception() is not None:
                assert isinstance(task.exception(), MarketoError)
            elif not task.cancelled() and how != "break":
                assert len(delivered) == len(records)  # nothing is ever left out without a word
            return calls

    calls = virtual_time.run(main())
    check(stub, records, delivered)
    # Attempts whose task had begun, and waited for their token only, may arrive a moment later.
    assert len(stub.calls) <= calls + 10


@given(INPUTS, st.integers(0, 12), st.sampled_from(["603", "610", "1003", "607", "609"]))
@settings(max_examples=25, deadline=None)
def test_a_definite_refusal(given_input: tuple[int, int, int, int, int], nth: int, code: str) -> None:
    """A refusal of a whole batch ends the walk with its error; nothing that was answered is lost, and its position is
    the first record without a result (P8, A6).
    """
    records = people(*given_input)
    rng = random.Random(given_input[0])
    stub = WritingMarketo(lambda n: code if n == nth else "", latency=lambda: rng.uniform(0.1, 3.0))
    delivered: list[RecordResult[dict[str, object]]] = []

    async def main() -> MarketoError | None:
        nonlocal delivered
        async with client_of(stub) as marketo:
            try:
                async for result in marketo.leads.sync(records, batch_size=given_input[4]):
                    delivered += [result]
            except MarketoError as error:
                return error
            return None

    error = virtual_time.run(main())
    check(stub, records, delivered)
    if error is None:
        assert [result.index for result in delivered] == [*range(len(records))]
        assert len(stub.calls) <= nth
    else:
        assert error.code == code
        has = {result.index for result in delivered}
        assert error.position == next(n for n in range(len(records)) if n not in has)
        assert stub.late == []

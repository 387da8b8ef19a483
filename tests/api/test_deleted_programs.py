"""`programs.find_deleted`: the ids that are gone, all of them and no others."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import virtual_time
from changing_marketo import changing
from hypothesis import event, given, settings
from hypothesis import strategies as st
from moving_marketo import Change, busy
from recording_transport import RecordingTransport, answering, groups_on, rows

from marketo_async import AccessDeniedError, ArgumentError, ListingUnstableError, NotFoundError, UnknownResourceError
from marketo_async.sandbox import Clock, Fault, Latency

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope

GET = "/rest/asset/v1/program/{id}.json"
AGES = [(f"p{number:03}", 60.0 + number) for number in range(60)]


def clock() -> Clock:
    return Clock(monotonic=asyncio.get_running_loop().time, start=datetime(2026, 3, 3, 12, tzinfo=UTC))


@pytest.mark.virtual_time
async def test_it_finds_what_is_gone() -> None:
    """Of the known ids those that are gone come, ascending, at the cost of the listing and a call for each."""
    async with changing(AGES, clock=clock()) as (marketo, programs):
        known = list(programs.ids)
        for which in (0.1, 0.7, 0.4):
            programs.make(Change("delete", which))
        gone = sorted(set(known) - set(programs.ids))
        assert await marketo.programs.find_deleted(reversed([*known, 9999])).collect() == [*gone, 9999]
        assert (len(programs.queries), len(programs.sandbox.arrivals.to(GET))) == (1, 4)


@pytest.mark.virtual_time
async def test_without_confirmation_only_the_listing_is_paid_for() -> None:
    """`confirm=False` takes the listing's word; no known ids cost nothing at all."""
    async with changing(AGES, clock=clock()) as (marketo, programs):
        assert await marketo.programs.find_deleted([1001, 7, 5000], confirm=False, page_size=2).collect() == [7, 5000]
        assert programs.sandbox.arrivals.to(GET) == []
        calls = len(programs.queries)
        assert await marketo.programs.find_deleted([]).collect() == []
        assert len(programs.queries) == calls


@pytest.mark.virtual_time
async def test_a_walk_ends_as_soon_as_all_are_found() -> None:
    """The listing is read only as long as some id is missing."""
    async with changing(AGES, clock=clock()) as (marketo, programs):
        assert await marketo.programs.find_deleted([1001], page_size=5).with_options(prefetch=1).collect() == []
        assert len(programs.queries) == 1


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), per_call=st.integers(0, 3), page_size=st.integers(5, 20), slow=st.floats(0, 2))
def test_what_is_there_is_never_said_to_be_gone(seed: int, per_call: int, page_size: int, slow: float) -> None:
    """While the instance moves, an id that is there all the time never comes, one that was gone before always does."""

    async def scenario() -> None:
        happens = busy(seed, per_call)
        async with changing(AGES, clock=clock(), happens=happens, latency=Latency.uniform(0, slow)) as (
            marketo,
            programs,
        ):
            known = set(programs.ids)
            for change in happens():
                programs.make(change)
            before = known - set(programs.ids)
            try:
                listed = await marketo.programs.find_deleted(known, confirm=False, page_size=page_size).collect()
            except ListingUnstableError:
                event("moved faster than it could be read")
                return
            assert before <= set(listed)
            assert not set(listed) & programs.throughout

    virtual_time.run(scenario())


def hiding(one: int, look_up: Envelope | Exception) -> RecordingTransport:
    """Return a transport whose listing has programs 1 to 3 but for one."""

    def answer(call: Call) -> Envelope:
        if call.template != GET:
            return rows(*({"id": number, "name": str(number)} for number in (1, 2, 3) if number != one))
        if isinstance(look_up, Exception):
            raise look_up
        return look_up

    return RecordingTransport(answer)


async def test_a_listing_gone_wrong_deletes_nothing() -> None:
    """An id that the listing hides and `get` shows is not gone, even where its record is odd."""
    transport = hiding(2, rows({"id": 2, "name": None}))
    assert await groups_on(transport).programs.find_deleted([1, 2, 3]).collect() == []
    assert transport.calls[-1].arguments == (("id", "2"),)
    assert await groups_on(hiding(2, rows())).programs.find_deleted([1, 2, 3], confirm=False).collect() == [2]


@pytest.mark.parametrize("answer", [rows(), NotFoundError("702")])
async def test_not_found_is_gone(answer: Envelope | Exception) -> None:
    """Marketo says that there is none by an empty answer or by an error; both confirm it."""
    assert await groups_on(hiding(2, answer)).programs.find_deleted([2]).collect() == [2]


async def test_an_unknown_address_says_nothing() -> None:
    """610 means that the address is wrong, not that the program is gone: it is an error."""
    with pytest.raises(UnknownResourceError):
        await groups_on(hiding(2, UnknownResourceError("610"))).programs.find_deleted([2]).collect()


async def test_odd_records_are_there_like_any_other() -> None:
    """Only ids are read from the listing, so that a record that does not fit is not taken for a deletion."""
    transport = answering(rows({"id": 1, "name": "a"}, {"id": 2, "type": 7, "updatedAt": "never"}))
    assert await groups_on(transport).programs.find_deleted([1, 2], confirm=False).collect() == []


@pytest.mark.virtual_time
async def test_an_error_in_a_look_up_may_be_survived() -> None:
    """After an error the next step goes on where it was: each id that is gone comes once."""
    async with changing(AGES, clock=clock()) as (marketo, programs):
        programs.sandbox.faults.add(Fault.error(603), path=GET, calls=range(2, 30, 3))
        pages = marketo.programs.find_deleted(range(1, 21)).pages()
        found: list[int] = []
        errors = 0
        while True:
            try:
                found += (await pages.__anext__()).items
            except AccessDeniedError:
                errors += 1
            except StopAsyncIteration:
                break
    assert found == list(range(1, 21))
    assert errors


@pytest.mark.parametrize(
    ("argument", "use"),
    [
        ("known_ids", lambda programs: programs.find_deleted("123")),
        ("known_ids", lambda programs: programs.find_deleted(7)),
        (r"known_ids\[1\]", lambda programs: programs.find_deleted([1, "2"])),
        (r"known_ids\[0\]", lambda programs: programs.find_deleted([True])),
        ("confirm", lambda programs: programs.find_deleted([1], confirm="no")),
        ("page_size", lambda programs: programs.find_deleted([1], page_size=500)),
    ],
)
async def test_arguments_that_cannot_be_right_are_refused(argument: str, use: Callable[[Any], object]) -> None:
    """What cannot be right is refused before anything is sent, under its Python name."""
    transport = RecordingTransport()
    with pytest.raises(ArgumentError, match=argument):
        use(groups_on(transport).programs)
    assert transport.calls == []

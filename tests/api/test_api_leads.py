"""Finding leads by any number of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recording_transport import RecordingTransport, groups_on, rows

from marketo_async.errors import UnknownFieldError, ValidationError
from marketo_async.transport.value_walk import FindPosition
from marketo_async.wire.request import BODY_LIMIT, encode

if TYPE_CHECKING:
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope


def values_of(call: Call) -> list[str]:
    """Return the values that a call asks for."""
    return dict(call.query_pairs)["filterValues"].split(",")


def by_id(call: Call) -> Envelope:
    """Answer with a lead for each id that was asked for."""
    return rows(*({"id": int(value)} for value in values_of(call)))


async def test_a_thousand_values() -> None:
    """A thousand values travel in chunks of 300 and come back in the order in which they were given (A19)."""
    transport = RecordingTransport(by_id)
    ids = [*range(1000, 0, -1)]
    found = [lead.id async for lead in groups_on(transport).leads.find("id", ids)]
    assert found == ids
    assert sorted(len(values_of(call)) for call in transport.calls) == [100, 300, 300, 300]


async def test_long_values_are_cut_by_bytes() -> None:
    """Values that together are longer than a body may be travel in more calls, none of which is too long (A18)."""
    transport = RecordingTransport(lambda _: rows())
    values = [f"{number:03}" + "ü" * 1000 for number in range(400)]
    assert await groups_on(transport).leads.find("customField", values).collect() == []
    asked = sorted((values_of(call) for call in transport.calls), key=lambda chunk: chunk[0])
    assert [value for chunk in asked for value in chunk] == values
    assert all(len(encode(call).body) <= BODY_LIMIT for call in transport.calls)
    assert len(asked) == 3


async def test_long_search_goes_by_post() -> None:
    """Many values go in a form body with `_method=GET`, few in the URI (A14)."""
    transport = RecordingTransport(lambda _: rows())
    leads = groups_on(transport).leads
    await leads.find("email", [f"somebody.{number}@example.com" for number in range(300)]).collect()
    await leads.find("email", ["ann+b@example.com"]).collect()
    long, short = (encode(call) for call in transport.calls)
    assert (long.method, long.target) == ("POST", "/rest/v1/leads.json?_method=GET")
    assert long.body.startswith(b"filterType=email&filterValues=somebody.0%40example.com%2C")
    assert (short.method, short.target) == (
        "GET",
        "/rest/v1/leads.json?filterType=email&filterValues=ann%2Bb%40example.com&batchSize=300",
    )


async def test_each_value_once() -> None:
    """A value that is given twice is asked for once; e-mail addresses are the same whatever their case."""
    transport = RecordingTransport(lambda _: rows())
    leads = groups_on(transport).leads
    await leads.find("email", ["Ann@example.com", "ann@EXAMPLE.com", "bob@example.com", "bob@example.com"]).collect()
    await leads.find("customField", ["A", "a", "A"]).collect()
    await leads.find("id", [7, "7"]).collect()
    assert [values_of(call) for call in transport.calls] == [["Ann@example.com", "bob@example.com"], ["A", "a"], ["7"]]


async def test_each_lead_once() -> None:
    """A lead that several values find, such as two cookies of one person, comes once."""
    transport = RecordingTransport(lambda _: rows({"id": 7}, {"id": 7}))
    values = [f"id:123&token:{number}" for number in range(301)]
    assert [lead.id async for lead in groups_on(transport).leads.find("cookies", values)] == [7]


async def test_no_values_no_call() -> None:
    """No values are no leads, and cost no call."""
    transport = RecordingTransport(by_id)
    assert await groups_on(transport).leads.find("email", []).collect() == []
    assert transport.calls == []


async def test_an_iterator_is_walked_twice() -> None:
    """Values from a generator are kept: a second walk gives the same leads as the first."""
    pager = groups_on(RecordingTransport(by_id)).leads.find("id", (number for number in (3, 1, 2)))
    assert [lead.id async for lead in pager] == [3, 1, 2]
    assert [lead.id async for lead in pager] == [3, 1, 2]


async def test_too_many_matches_are_halved() -> None:
    """Values that match more than 1,000 leads in one call are asked for in smaller portions; nothing is lost."""

    def answer(call: Call) -> Envelope:
        if len(values_of(call)) > 4:
            raise ValidationError("Too many results match the filter", code="1003")
        return by_id(call)

    found = [lead.id async for lead in groups_on(RecordingTransport(answer)).leads.find("id", range(1, 31))]
    assert found == [*range(1, 31)]


async def test_a_single_value_with_too_many_matches() -> None:
    """One value that matches too many leads ends the walk, with what was read so far and the place (A6)."""

    def answer(call: Call) -> Envelope:
        if "3" in values_of(call):
            raise ValidationError("Too many results match the filter", code="1003")
        return by_id(call)

    with pytest.raises(ValidationError) as caught:
        await groups_on(RecordingTransport(answer)).leads.find("id", [1, 2, 3, 4]).collect()
    assert [lead.id for lead in caught.value.partial] == [1, 2]  # type: ignore[attr-defined]
    assert caught.value.position == FindPosition(2, 1)


async def test_other_refusals_are_not_halved() -> None:
    """A refusal that is not about the number of matches ends the walk at once."""
    calls: list[Call] = []

    def answer(call: Call) -> Envelope:
        calls.append(call)
        raise UnknownFieldError("Field 'x' not found", code="1006")

    with pytest.raises(UnknownFieldError):
        await groups_on(RecordingTransport(answer)).leads.find("id", [1, 2], fields=["x"]).collect()
    assert len([call for call in calls if call.template == "/rest/v1/leads.json"]) == 1


async def test_going_on_from_a_position() -> None:
    """A search goes on from the position of any of its pages and gives the rest of what the whole would (A11)."""
    leads = groups_on(RecordingTransport(by_id)).leads
    ids = [*range(1, 701)]
    pages = [page async for page in leads.find("id", ids).pages()]
    assert [len(page.items) for page in pages] == [300, 300, 100]
    for page in pages:
        assert isinstance(page.position, FindPosition)
        rest = [lead.id async for lead in leads.find("id", ids, start=page.position)]
        assert rest == ids[page.items[0].id - 1 :]
    assert pages[-1].next_position is None


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.integers(1, 10**6), max_size=700),
    most=st.integers(1, 5),
)
async def test_nothing_is_lost_or_doubled(values: list[int], most: int) -> None:
    """Any values in any order give each lead once and in the order of the values, with answers of any length."""

    def answer(call: Call) -> Envelope:
        # Pages of a seventh of what was asked for, named by plain numbers.
        asked = values_of(call)
        first = int(dict(call.query_pairs).get("nextPageToken", "0"))
        size = max(1, len(asked) // most)
        following = first + size
        return rows(
            *({"id": int(value)} for value in asked[first:following]),
            token=str(following) if following < len(asked) else None,
        )

    found = [lead.id async for lead in groups_on(RecordingTransport(answer)).leads.find("id", values)]
    assert found == list(dict.fromkeys(values))

"""Members of programs: found by values, by when they changed, and all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recording_transport import RecordingTransport, answering, groups_on, rows

from marketo_async.errors import ArgumentError, ValidationError
from marketo_async.transport.value_walk import FindPosition
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from marketo_async.transport.paging import Pager
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
TOO_MANY = "Matching membership size: 100,001 exceeds the limit allowed (100,000) for this api"
TOO_LARGE = "Total membership size: 100,001 exceeds the limit allowed 100,000 for the filter"


def by_lead(call: Call) -> Envelope:
    """Answer with a member for each lead that was asked for."""
    values = dict(call.query_pairs)["filterValues"].split(",")
    return rows(*({"leadId": int(value)} for value in values))


def changed(
    dates: Mapping[int, datetime], *, last_second: bool = True, most: int = 10**6
) -> Callable[[Call], Envelope]:
    """Return an answer function: members, by when they changed, in pages of 3."""

    def answer(call: Call) -> Envelope:
        query = dict(call.query_pairs)
        first, last = datetime.fromisoformat(query["startAt"]), datetime.fromisoformat(query["endAt"])
        assert last - first <= WEEK
        found = [lead for lead, date in dates.items() if first <= date < last or (last_second and date == last)]
        if len(found) > most:
            raise ValidationError(TOO_MANY, code="1003")
        begin = int(query.get("nextPageToken", "0"))
        end = begin + 3
        token = str(end) if end < len(found) else None
        return rows(*({"seq": place, "leadId": lead} for place, lead in enumerate(found[begin:end])), token=token)

    return answer


def windows_of(transport: RecordingTransport) -> list[tuple[str, str]]:
    """Return the windows that were asked for, in order of time."""
    asked = (dict(call.query_pairs) for call in transport.calls)
    return sorted((query["startAt"], query["endAt"]) for query in asked)


# ---------------------------------------------------------------- by values


async def test_a_thousand_leads() -> None:
    """A thousand values travel in calls of 300 and come back in the order in which they were given (A19)."""
    transport = RecordingTransport(by_lead)
    ids = [*range(1000, 0, -1)]
    members = groups_on(transport).program_members
    assert [member.lead_id async for member in members.find(1044, "leadId", ids)] == ids
    assert len(transport.calls) == 4


async def test_flags_are_values() -> None:
    """A boolean is written as Marketo writes it, never dropped and never as Python's `True` (P10)."""
    transport = RecordingTransport(lambda _: rows())
    await groups_on(transport).program_members.find(1044, "reachedSuccess", [False, "true"]).collect()
    assert encode(transport.calls[0]).target == (
        "/rest/v1/programs/1044/members.json?filterType=reachedSuccess&batchSize=300&filterValues=false%2Ctrue"
    )


async def test_the_lead_comes_along() -> None:
    """Whatever fields are asked for, the id of the lead is one of them: who it is about."""
    transport = RecordingTransport(lambda _: rows())
    members = groups_on(transport).program_members
    await members.find(1044, "leadId", [1], fields=["statusName"]).collect()
    await members.find(1044, "leadId", [1], fields=["statusName", "leadId"]).collect()
    await members.find(1044, "leadId", [1]).collect()
    asked = [dict(call.query_pairs).get("fields") for call in transport.calls]
    assert asked == ["leadId,statusName", "statusName,leadId", None]


async def test_each_member_once() -> None:
    """A member whom two calls find, such as one that changed its status in between, comes once."""
    transport = RecordingTransport(lambda _: rows({"leadId": 7}, {"leadId": 7}))
    statuses = [f"status {number}" for number in range(301)]
    found = groups_on(transport).program_members.find(1044, "statusName", statuses)
    assert [member.lead_id async for member in found] == [7]


async def test_too_many_matches_are_halved() -> None:
    """Values that match more members than Marketo gives are asked for in smaller portions; nothing is lost."""

    def answer(call: Call) -> Envelope:
        if dict(call.query_pairs)["filterValues"].count(",") > 3:
            raise ValidationError(TOO_MANY, code="1003")
        return by_lead(call)

    found = groups_on(RecordingTransport(answer)).program_members.find(1044, "seat", range(1, 31))
    assert [member.lead_id async for member in found] == [*range(1, 31)]


async def test_a_program_that_is_too_large() -> None:
    """A program with more members than Marketo filters costs one call, and the error says what reads it (A28, P8)."""
    transport = answering(*[ValidationError(TOO_LARGE, code="1003")] * 9)
    pager = groups_on(transport).program_members.browse(1044)
    with pytest.raises(ValidationError, match="Total membership size") as caught:
        await pager.collect()
    (note,) = caught.value.__notes__
    assert "100,000" in note
    assert "leads.find_by_program" in note
    assert caught.value.position == FindPosition(0, 2)
    assert len(transport.calls) == 1


async def test_other_refusals_are_left_alone() -> None:
    """A refusal that is about something else is passed on as it is."""
    transport = answering(ValidationError("Invalid request. Please check and try again.", code="1003"))
    with pytest.raises(ValidationError) as caught:
        await groups_on(transport).program_members.find(1044, "statusName", ["Attended"]).collect()
    assert not hasattr(caught.value, "__notes__")


async def test_all_members() -> None:
    """All members of a program are those who reached success and those who did not: one call, if a page holds them."""
    transport = RecordingTransport(lambda _: rows({"leadId": 7, "reachedSuccess": False}, {"leadId": 8}))
    members = await groups_on(transport).program_members.browse(1044, fields=["seat"]).collect()
    assert [member.lead_id for member in members] == [7, 8]
    (call,) = transport.calls
    assert dict(call.query_pairs) == {
        "filterType": "reachedSuccess",
        "filterValues": "true,false",
        "fields": "leadId,seat",
        "batchSize": "300",
    }


async def test_going_on_from_a_position() -> None:
    """A search goes on from the position of any of its pages (A11)."""
    members = groups_on(RecordingTransport(by_lead)).program_members
    ids = [*range(1, 701)]
    pages = [page async for page in members.find(1044, "leadId", ids).pages()]
    rest = [member.lead_id async for member in members.find(1044, "leadId", ids, start=pages[1].position)]
    assert rest == ids[300:]


# ---------------------------------------------------------------- by time


async def test_a_week_is_one_call() -> None:
    """Seven days, and any less, are one call; its moments are whole seconds in UTC."""
    transport = RecordingTransport(lambda _: rows())
    members = groups_on(transport).program_members
    await members.find_updated(1044, NEW_YEAR, NEW_YEAR + WEEK).collect()
    berlin = timezone(timedelta(hours=1))
    begin = datetime(2026, 1, 1, 1, 0, 0, 900_000, tzinfo=berlin)
    await members.find_updated(1044, begin, begin + timedelta(seconds=1)).collect()
    await members.find_updated(1044, NEW_YEAR, NEW_YEAR).collect()
    assert [encode(call).target.partition("?")[2] for call in transport.calls] == [
        "filterType=updatedAt&batchSize=300&startAt=2026-01-01T00%3A00%3A00Z&endAt=2026-01-08T00%3A00%3A00Z",
        "filterType=updatedAt&batchSize=300&startAt=2026-01-01T00%3A00%3A00Z&endAt=2026-01-01T00%3A00%3A02Z",
        "filterType=updatedAt&batchSize=300&startAt=2026-01-01T00%3A00%3A00Z&endAt=2026-01-01T00%3A00%3A00Z",
    ]


async def test_a_month_is_five_calls() -> None:
    """A longer time is cut into windows of seven days, the last one shorter, without a gap."""
    transport = RecordingTransport(lambda _: rows())
    await groups_on(transport).program_members.find_updated(1044, NEW_YEAR, NEW_YEAR + timedelta(days=31)).collect()
    days = ["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-22", "2026-01-29", "2026-02-01"]
    moments = [f"{day}T00:00:00Z" for day in days]
    assert windows_of(transport) == list(pairwise(moments))


async def test_a_century_costs_nothing_until_it_is_read() -> None:
    """A very long time is cut while it is read: the first page of a century is a few calls."""
    transport = RecordingTransport(lambda _: rows({"leadId": 7}))
    century = NEW_YEAR - timedelta(days=36_500)
    member = await groups_on(transport).program_members.find_updated(1044, century, NEW_YEAR).first()
    assert member is not None
    assert len(transport.calls) < 20


async def test_a_busy_window_is_halved() -> None:
    """A window that matches too many members is asked for in shorter ones, down to an hour; each member comes once."""
    dates = {lead: NEW_YEAR + timedelta(hours=lead) for lead in range(300)}
    transport = RecordingTransport(changed(dates, most=20))
    found = groups_on(transport).program_members.find_updated(1044, NEW_YEAR, NEW_YEAR + timedelta(days=14))
    assert sorted([member.lead_id async for member in found]) == [*range(300)]


async def test_windows_go_on_from_a_position() -> None:
    """A search by time goes on from the position of any of its pages, also in the middle of a window (A11)."""
    dates = {lead: NEW_YEAR + timedelta(hours=7 * lead) for lead in range(100)}
    members = groups_on(RecordingTransport(changed(dates))).program_members
    until = NEW_YEAR + timedelta(days=40)
    pages = [page async for page in members.find_updated(1044, NEW_YEAR, until).pages()]
    everything = [member.lead_id for page in pages for member in page.items]
    assert sorted(everything) == [*range(100)]
    for number in (1, len(pages) // 2, len(pages) - 1):
        position = pages[number].position
        rest = {member.lead_id async for member in members.find_updated(1044, NEW_YEAR, until, start=position)}
        assert rest >= {member.lead_id for page in pages[number:] for member in page.items}
        assert len(rest) < 100


@settings(max_examples=60, deadline=None)
@given(
    seconds=st.lists(st.integers(-100, 40 * 86_400), max_size=40),
    begin=st.integers(0, 10 * 86_400),
    length=st.one_of(st.integers(0, 20 * 86_400), st.sampled_from([0, 1, 7 * 86_400, 7 * 86_400 + 1, 14 * 86_400])),
    last_second=st.booleans(),
    most=st.sampled_from([3, 10**6]),
)
async def test_every_change_once(seconds: list[int], begin: int, length: int, last_second: bool, most: int) -> None:
    """Whatever changed between two moments comes once, whether or not Marketo counts the last second of a window."""
    dates = {lead: NEW_YEAR + timedelta(seconds=second) for lead, second in enumerate(seconds)}
    first = NEW_YEAR + timedelta(seconds=begin)
    last = first + timedelta(seconds=length)
    hours = [int((date - first) / timedelta(hours=1)) for date in dates.values()]
    if any(hours.count(hour) + hours.count(hour + 1) > most for hour in hours):
        most = 10**6  # an hour is the narrowest window
    transport = RecordingTransport(changed(dates, last_second=last_second, most=most))
    found = [member.lead_id async for member in groups_on(transport).program_members.find_updated(1044, first, last)]
    assert len(set(found)) == len(found)
    assert set(found) == {
        lead for lead, date in dates.items() if first <= date < last or (last_second and date == last)
    }


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("use", "argument"),
    [
        (lambda m: m.find(0, "leadId", [1]), "program_id"),
        (lambda m: m.find(1, "", [1]), "filter_type"),
        (lambda m: m.find(1, "updatedAt", ["2026-01-01"]), "filter_type"),
        (lambda m: m.find(1, "leadId", "12"), "values"),
        (lambda m: m.find(1, "leadId", [1.5]), "values[0]"),
        (lambda m: m.find(1, "statusName", ["a,b"]), "values[0]"),
        (lambda m: m.find(1, "statusName", [" "]), "values[0]"),
        (lambda m: m.find(1, "leadId", [1], fields=[]), "fields"),
        (lambda m: m.find(1, "leadId", [1], page_size=301), "page_size"),
        (lambda m: m.find(1, "leadId", [1], start=FindPosition(5)), "start"),
        (lambda m: m.browse(0), "program_id"),
        (lambda m: m.browse(1, start="B"), "start"),
        (lambda m: m.find_updated(1, datetime(2026, 1, 1), NEW_YEAR), "updated_from"),  # noqa: DTZ001 - refused
        (lambda m: m.find_updated(1, NEW_YEAR, None), "updated_until"),
        (lambda m: m.find_updated(1, NEW_YEAR, "2026-01-02"), "updated_until"),
        (lambda m: m.find_updated(1, NEW_YEAR + WEEK, NEW_YEAR), "updated_from"),
        (
            lambda m: m.find_updated(1, datetime.min.replace(tzinfo=timezone(timedelta(hours=1))), NEW_YEAR),
            "updated_from",
        ),
    ],
)
def test_refused_arguments(use: Callable[[object], Pager[object]], argument: str) -> None:
    """What cannot be right is refused with the argument's name, before anything is sent."""
    transport = RecordingTransport()
    with pytest.raises(ArgumentError) as caught:
        use(groups_on(transport).program_members)
    assert caught.value.argument == argument
    assert transport.calls == []

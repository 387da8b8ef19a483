from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import TYPE_CHECKING, Any

import pytest

from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.members import Members
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from sandbox_caller import Caller

BORN = datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)


def given(marketo: Caller, count: int = 5) -> tuple[int, list[int], str]:
    """Return a program, leads that are members of it, one a day from `BORN` on, and the path of the query."""
    leads, members = marketo.instance.state(Leads), marketo.instance.state(Members)
    program = marketo.instance.state(Programs).add("Dinner", kind="Event", channel="Live Event").id
    other = marketo.instance.state(Programs).add("Supper", kind="Event", channel="Live Event").id
    ids = [leads.add().id for _ in range(count)]
    for number, lead_id in enumerate(ids):
        status = "Attended" if number % 2 else "Registered"
        members.join(program, lead_id, status=status, at=BORN + timedelta(days=number))
        members.join(other, lead_id)
    return program, ids, f"/rest/v1/programs/{program}/members.json"


async def found(marketo: Caller, path: str, **query: object) -> list[int]:
    reply = await marketo.get(path, **query)
    assert reply["success"], reply
    return [row["leadId"] for row in reply["result"]]


async def test_a_member_as_it_is_shown(marketo: Caller) -> None:
    """A member shows five fields by default, after its place in the reply; `moreResult` is always said."""
    program, ids, path = given(marketo)
    reply = await marketo.get(path, filterType="leadId", filterValues=ids[1])
    assert list(reply) == ["requestId", "result", "success", "moreResult"]
    assert reply["moreResult"] is False
    assert [list(row.items()) for row in reply["result"]] == [
        [
            ("seq", 0), ("leadId", ids[1]), ("reachedSuccess", True), ("programId", program),
            ("acquiredBy", False), ("membershipDate", "2015-08-25T20:17:23Z"),
        ]
    ]  # fmt: skip


async def test_fields_come_as_asked_for(marketo: Caller) -> None:
    """Named fields come in the order asked for, after place and lead; unset ones are null, unset booleans false."""
    program, (ann, bob, *_), path = given(marketo)
    members = marketo.instance.state(Members)
    members.change(program, ann, registrationCode="R-1", guests=2)
    names = [name for name in members.fields if name != "leadId"]
    query = {"filterType": "leadId", "fields": ",".join(names)}
    row, other = (await marketo.get(path, filterValues=f"{ann},{bob}", **query))["result"]
    assert list(row) == ["seq", "leadId", *names]
    changed = row.pop("updatedAt")
    assert changed == "2025-09-01T12:00:00Z"
    assert row == {
        "seq": 0, "leadId": ann, "acquiredBy": False, "attendanceLikelihood": None,
        "createdAt": "2015-08-24T20:17:23Z", "isExhausted": False, "membershipDate": "2015-08-24T20:17:23Z",
        "nurtureCadence": None, "program": "Dinner", "programId": program, "reachedSuccess": False,
        "reachedSuccessDate": None, "registrationLikelihood": None, "statusName": "Registered", "statusReason": None,
        "trackName": None, "waitlistPriority": None, "registrationCode": "R-1", "webinarUrl": None,
        "lunchPreference": None, "guests": 2, "parkingNeeded": False,
    }  # fmt: skip
    assert (other["seq"], other["statusName"], other["reachedSuccessDate"], other["updatedAt"]) == (
        1, "Attended", "2015-08-25T20:17:23Z", "2015-08-25T20:17:23Z",
    )  # fmt: skip
    query["fields"] = "statusName,noField"
    assert await marketo.not_read(path, filterValues=ann, **query) == ("1006", "Field 'noField' not found")


async def test_members_of_an_engagement_program(marketo: Caller) -> None:
    """In an engagement program members have a track and a cadence."""
    program = marketo.instance.state(Programs).add("Nurture", kind="Engagement").id
    lead, members = marketo.instance.state(Leads).add().id, marketo.instance.state(Members)
    members.join(program, lead, paused=True, exhausted=True)
    query = {"filterType": "leadId", "filterValues": lead, "fields": "trackName,nurtureCadence,isExhausted"}
    (row,) = (await marketo.get(f"/rest/v1/programs/{program}/members.json", **query))["result"]
    assert row == {"seq": 0, "leadId": lead, "trackName": "Stream 1", "nurtureCadence": "pause", "isExhausted": True}


async def test_members_are_found_by_every_searchable_field(marketo: Caller) -> None:
    """Lead, status, success and custom texts and whole numbers find members; several values are alternatives."""
    program, ids, path = given(marketo)
    members = marketo.instance.state(Members)
    members.change(program, ids[0], lunchPreference="Pasta, please", guests=2)
    members.change(program, ids[3], lunchPreference="none", guests=0)
    everything = {
        "leadId": {f"{ids[3]}, {ids[0]},{ids[3]},999,99999999999": [ids[0], ids[3]]},
        "statusName": {"Attended": [ids[1], ids[3]], "Invited,No Show": [], "Attended,Registered": ids},
        "reachedSuccess": {"true": [ids[1], ids[3]], "False": [ids[0], ids[2], ids[4]], "true,false": ids},
        "lunchPreference": {"none": [ids[3]], "pasta": []},
        "guests": {"2": [ids[0]], "0,2": [ids[0], ids[3]], "1": []},
    }
    (described,) = (await marketo.get("/rest/v1/programs/members/describe.json"))["result"]
    assert sorted(described["searchableFields"]) == sorted([name] for name in everything)
    for name, searches in everything.items():
        for values, expected in searches.items():
            assert await found(marketo, path, filterType=name, filterValues=values) == expected, (name, values)


async def test_members_are_found_by_when_they_changed(marketo: Caller) -> None:
    """A window of up to seven days, bounds included, finds what changed in it; it takes any zone."""
    _, ids, path = given(marketo, 9)
    window = {"filterType": "updatedAt", "startAt": "2015-08-25T20:17:23Z", "endAt": "2015-08-27T20:17:23Z"}
    assert await found(marketo, path, **window) == ids[1:4]
    window |= {"startAt": "2015-08-25T15:17:24-05:00", "endAt": "2015-08-27T20:17:22+0000"}
    assert await found(marketo, path, **window) == ids[2:3]
    window |= {"startAt": "2015-08-24T20:17:23Z", "endAt": "2015-08-31T20:17:23Z"}
    assert await found(marketo, path, **window) == ids[:8]
    first = await marketo.get(path, **window, batchSize=5)
    second = await marketo.get(path, **window, batchSize=5, nextPageToken=first["nextPageToken"])
    assert [len(page["result"]) for page in (first, second)] == [5, 3]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "1002"),
        ({"filterType": "statusName"}, "1002"),
        ({"filterType": "statusName", "filterValues": " "}, "1002"),
        ({"filterType": "programId", "filterValues": "1"}, "1011"),
        ({"filterType": "parkingNeeded", "filterValues": "true"}, "1011"),
        ({"filterType": "unheardOf", "filterValues": "1"}, "1011"),
        ({"filterType": "leadId", "filterValues": "x"}, "1001"),
        ({"filterType": "reachedSuccess", "filterValues": "1"}, "1001"),
        ({"filterType": "guests", "filterValues": "two"}, "1001"),
        ({"filterType": "leadId", "filterValues": ",".join(map(str, range(301)))}, "1003"),
        ({"filterType": "leadId", "filterValues": "1", "batchSize": "301"}, "1003"),
        ({"filterType": "leadId", "filterValues": "1", "nextPageToken": "NONSENSE"}, "1003"),
        ({"filterType": "updatedAt", "startAt": "2015-08-24T20:17:23Z"}, "1002"),
        ({"filterType": "updatedAt", "endAt": "2015-08-24T20:17:23Z"}, "1002"),
        ({"filterType": "updatedAt", "startAt": "soon", "endAt": "2015-08-24T20:17:23Z"}, "704"),
        ({"filterType": "updatedAt", "startAt": "2015-08-24T20:17:23.000Z", "endAt": "2015-08-25T20:17:23Z"}, "704"),
        ({"filterType": "updatedAt", "startAt": "2015-08-24T20:17:23Z", "endAt": "2015-08-31T20:17:24Z"}, "1003"),
        ({"filterType": "updatedAt", "startAt": "2015-08-24T20:17:23Z", "endAt": "2015-08-24T20:17:22Z"}, "1003"),
    ],
)
async def test_what_cannot_be_searched(marketo: Caller, query: dict[str, Any], code: str) -> None:
    """Missing and wrong arguments, fields that find nobody, and windows of more than seven days are refused."""
    _, _, path = given(marketo)
    assert (await marketo.not_read(path, **query))[0] == code


async def test_an_unknown_program_has_no_members(marketo: Caller) -> None:
    """The members of a program that does not exist are 1013, by either way of asking."""
    for path in ("/rest/v1/programs/7/members.json", "/rest/v1/leads/programs/7.json"):
        refusal = await marketo.not_read(path, filterType="leadId", filterValues=1)
        assert refusal == ("1013", "Program not found")


async def test_members_come_by_pages(marketo: Caller) -> None:
    """Tokens lead through the members once, `seq` begins anew on each page, whoever joins or leaves meanwhile."""
    program, ids, path = given(marketo, 7)
    query: dict[str, Any] = {"filterType": "statusName", "filterValues": "Registered", "batchSize": 2}
    first = await marketo.get(path, **query)
    assert first["moreResult"] is True
    marketo.instance.state(Members).leave(program, ids[0])
    second = await marketo.get(path, **query, nextPageToken=first["nextPageToken"])
    assert [row["leadId"] for page in (first, second) for row in page["result"]] == ids[::2]
    assert [row["seq"] for row in second["result"]] == [0, 1]
    assert (second["moreResult"], "nextPageToken" in second) == (False, False)
    other = query | {"filterValues": "Attended", "nextPageToken": first["nextPageToken"]}
    assert (await marketo.not_read(path, **other))[0] == "1003"
    query = {"filterType": "leadId", "filterValues": ",".join(map(str, ids)), "batchSize": 4}
    token = (await marketo.get(path, **query))["nextPageToken"]
    assert await found(marketo, path, **query, nextPageToken=token) == ids[5:]


async def test_a_hundred_thousand_members_are_the_most(marketo: Caller) -> None:
    """Beyond 100,000 members only `leadId` finds any; the others are refused in one or the other of Marketo's words."""
    leads, members = marketo.instance.state(Leads), marketo.instance.state(Members)
    program = marketo.instance.state(Programs).add("Huge", kind="Event", channel="Live Event").id
    lead = leads.add().id
    many = range(1, 100_002)
    members.fill(program, many, repeat(1, len(many)), [*many], *(repeat(0, len(many)) for _ in range(3)))
    members.number_of("Attended")
    members.settle()
    path = f"/rest/v1/programs/{program}/members.json"
    window = {"filterType": "updatedAt", "startAt": "1970-01-01T00:00:00Z", "endAt": "1970-01-02T00:00:00Z"}
    total = ("1003", "Total membership size: 100,001 exceeds the limit allowed 100,000 for the filter")
    for query in ({"filterType": "statusName", "filterValues": "Attended"}, window):
        assert await marketo.not_read(path, **query) == total
    assert await found(marketo, path, filterType="leadId", filterValues=lead) == [lead]
    members.limit_counts = "matching"
    matching = ("1003", "Matching membership size: 100,001 exceeds the limit allowed (100,000) for this api")
    assert await marketo.not_read(path, filterType="statusName", filterValues="Attended") == matching
    assert len(await found(marketo, path, **window)) == 300
    members.limit_counts = "all"
    members.leave(program, 100_001)
    assert len(await found(marketo, path, filterType="statusName", filterValues="Attended")) == 300


async def test_long_searches_travel_in_the_body(marketo: Caller) -> None:
    """A search may be posted as a form with `_method=GET`."""
    _, ids, path = given(marketo)
    form = {"_method": "GET", "filterType": "leadId", "filterValues": ",".join(map(str, ids)), "batchSize": 2}
    assert [row["leadId"] for row in (await marketo.post(path, **form))["result"]] == ids[:2]

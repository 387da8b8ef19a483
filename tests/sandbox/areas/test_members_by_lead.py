from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import USER

from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.members import CampaignMembers, Members
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from sandbox_caller import Caller

BORN = datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)


def program(marketo: Caller, name: str = "Dinner", **settings: Any) -> int:
    kind = settings.pop("kind", "Event")
    return marketo.instance.state(Programs).add(name, kind=kind, **settings).id


async def ids(marketo: Caller, path: str, name: str, **query: object) -> list[int]:
    reply = await marketo.get(path, **query)
    assert reply["success"], reply
    return [row[name] for row in reply["result"]]


async def test_the_leads_of_a_program(marketo: Caller) -> None:
    """The leads of a program come by id, with the usual fields or those asked for, and their membership."""
    leads, members, event = marketo.instance.state(Leads), marketo.instance.state(Members), program(marketo)
    made = [leads.add(email=f"p{number}@acme.example").id for number in range(5)]
    for lead_id in made[::-1]:
        members.join(event, lead_id, status="Visited Booth", acquired=True, at=BORN)
    path = f"/rest/v1/leads/programs/{event}.json"
    first = await marketo.get(path, batchSize=3)
    assert list(first) == ["requestId", "result", "success", "nextPageToken"]
    row = first["result"][0]
    assert list(row) == ["id", "firstName", "lastName", "email", "updatedAt", "createdAt", "membership"]
    assert list(row["membership"].items()) == [
        ("id", event), ("progressionStatus", "Visited Booth"), ("progressionStatusType", "Visited Booth"),
        ("isExhausted", False), ("acquiredBy", True), ("reachedSuccess", True),
        ("membershipDate", "2015-08-24T20:17:23Z"), ("updatedAt", "2015-08-24T20:17:23Z"),
    ]  # fmt: skip
    second = await marketo.get(path, batchSize=3, nextPageToken=first["nextPageToken"])
    assert [row["id"] for page in (first, second) for row in page["result"]] == made
    assert "nextPageToken" not in second
    (row, *_) = (await marketo.post(path, _method="GET", fields="email"))["result"]
    assert {name: value for name, value in row.items() if name != "membership"} == {
        "id": made[0],
        "email": "p0@acme.example",
    }
    assert (await marketo.not_read(path, fields="noField"))[0] == "1006"
    assert await ids(marketo, f"/rest/v1/leads/programs/{program(marketo)}.json", "id") == []


async def test_the_programs_of_a_lead(marketo: Caller) -> None:
    """A lead's programs come by id, page after page, with the lead's progress; nurtured ones with stream and pace."""
    members, lead = marketo.instance.state(Members), marketo.instance.state(Leads).add().id
    made = [program(marketo, f"Dinner {number}") for number in range(3)]
    nurture = program(marketo, "Nurture", kind="Engagement")
    for program_id in (nurture, *made[::-1]):
        members.join(program_id, lead, at=BORN)
    path = f"/rest/v1/leads/{lead}/programMembership.json"
    first = await marketo.get(path, batchSize=2)
    assert first["moreResult"] is True
    second = await marketo.get(path, batchSize=2, nextPageToken=first["nextPageToken"])
    assert (second["moreResult"], "nextPageToken" in second) == (False, False)
    rows = first["result"] + second["result"]
    assert [row["id"] for row in rows] == [*made, nurture]
    assert list(rows[0]) == [
        "id", "progressionStatus", "progressionStatusType", "isExhausted", "acquiredBy", "reachedSuccess",
        "membershipDate", "updatedAt",
    ]  # fmt: skip
    assert list(rows[3])[-2:] == ["stream", "nurtureCadence"]
    assert (rows[3]["stream"], rows[3]["nurtureCadence"]) == ("Stream 1", "norm")


async def test_the_programs_of_a_lead_are_filtered(marketo: Caller) -> None:
    """Programs can be named, and the times between which the membership changed, bounds included."""
    members, lead = marketo.instance.state(Members), marketo.instance.state(Leads).add().id
    made = [program(marketo, f"Dinner {number}") for number in range(4)]
    for number, program_id in enumerate(made):
        members.join(program_id, lead, at=BORN + timedelta(days=number))
    path = f"/rest/v1/leads/{lead}/programMembership.json"
    named = f"{made[3]},{made[0]},9"
    assert await ids(marketo, path, "id", filterType="programId", filterValues=named) == [made[0], made[3]]
    day = {"earliestUpdatedAt": "2015-08-25T20:17:23Z", "latestUpdatedAt": "2015-08-26T15:17:23-05:00"}
    assert await ids(marketo, path, "id", **day) == made[1:3]
    assert await ids(marketo, path, "id", earliestUpdatedAt="2015-08-25T20:17:24Z") == made[2:]
    assert await ids(marketo, path, "id", latestUpdatedAt="2015-08-25T20:17:22Z") == made[:1]
    many = ",".join(map(str, range(301)))
    for query, code in (
        ({"earliestUpdatedAt": "soon"}, "704"),
        ({"filterType": "leadId", "filterValues": "1"}, "1011"),
        ({"filterType": "programId"}, "1002"),
        ({"filterType": "programId", "filterValues": "x"}, "1001"),
        ({"filterType": "programId", "filterValues": many}, "1003"),
    ):
        assert (await marketo.not_read(path, **query))[0] == code
    token = (await marketo.get(path, batchSize=1, **day))["nextPageToken"]
    assert (await marketo.not_read(path, nextPageToken=token))[0] == "1003"


async def test_programs_that_are_out_of_sight(marketo: Caller) -> None:
    """Programs that were deleted, and those that the API user cannot see, are not among a lead's programs."""
    members, lead = marketo.instance.state(Members), marketo.instance.state(Leads).add().id
    folders = marketo.instance.state(Folders)
    folders.add_workspace("EMEA")
    open_, hidden, gone = program(marketo), program(marketo, workspace="EMEA"), program(marketo)
    for program_id in (open_, hidden, gone):
        members.join(program_id, lead)
    marketo.instance.state(Programs).remove(gone)
    path = f"/rest/v1/leads/{lead}/programMembership.json"
    assert await ids(marketo, path, "id") == [open_, hidden]
    folders.hide_workspaces(USER, ["EMEA"])
    assert await ids(marketo, path, "id") == [open_]


async def test_the_smart_campaigns_of_a_lead(marketo: Caller) -> None:
    """A lead's smart campaigns have the first and the last time, pages, and bounds on the last time."""
    campaigns, leads = marketo.instance.state(CampaignMembers), marketo.instance.state(Leads)
    lead, loser = leads.add().id, leads.add().id
    campaigns.pass_through(5, lead, at=BORN)
    campaigns.pass_through(5, lead, at=BORN + timedelta(days=1))
    campaigns.pass_through(3, lead, at=BORN)
    campaigns.pass_through(3, loser, at=BORN - timedelta(days=1))
    campaigns.pass_through(4, loser, at=BORN)
    leads.absorb(lead, [loser])
    path = f"/rest/v1/leads/{lead}/smartCampaignMembership.json"
    first = await marketo.get(path, batchSize=2)
    assert first["moreResult"] is True
    second = await marketo.get(path, batchSize=2, nextPageToken=first["nextPageToken"])
    assert second["moreResult"] is False
    rows = [tuple(row.values()) for page in (first, second) for row in page["result"]]
    assert rows == [
        (3, "2015-08-23T20:17:23Z", "2015-08-24T20:17:23Z"),
        (4, "2015-08-24T20:17:23Z", "2015-08-24T20:17:23Z"),
        (5, "2015-08-24T20:17:23Z", "2015-08-25T20:17:23Z"),
    ]
    assert list(first["result"][0]) == ["smartCampaignId", "createdAt", "updatedAt"]
    assert await ids(marketo, path, "smartCampaignId", earliestUpdatedAt="2015-08-25T00:00:00Z") == [5]
    leads.remove(lead)
    assert [*campaigns.of_lead(lead)] == []
    with pytest.raises(KeyError):
        campaigns.pass_through(5, lead)


@pytest.mark.parametrize("what", ["programMembership", "smartCampaignMembership", "listMembership"])
async def test_an_unknown_lead_belongs_to_nothing(marketo: Caller, what: str) -> None:
    """The memberships of a lead that does not exist are 1004; of one that has none, an empty list."""
    assert await marketo.not_read(f"/rest/v1/leads/77/{what}.json") == ("1004", "Lead '77' not found")
    lead = marketo.instance.state(Leads).add().id
    reply = await marketo.get(f"/rest/v1/leads/{lead}/{what}.json")
    assert (reply["result"], reply["moreResult"]) == ([], False)

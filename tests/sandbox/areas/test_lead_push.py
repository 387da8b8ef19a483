from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from marketo_async.sandbox.areas.activities import Activities
from marketo_async.sandbox.areas.intake import EmailClicks
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.leads.cookies import visit
from marketo_async.sandbox.areas.leads.partitions import Partitions
from marketo_async.sandbox.areas.members import Members
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from sandbox_caller import Caller

PUSH = "/rest/v1/leads/push.json"
PROGRAM = "Spring Tradeshow"


@pytest.fixture
def program_id(marketo: Caller) -> int:
    """Make a program whose members are invited, register, visit the booth and are influenced."""
    return marketo.instance.state(Programs).add(PROGRAM, kind="Event", channel="Tradeshow").id


async def push(marketo: Caller, *records: object, **members: object) -> dict[str, Any]:
    return await marketo.send("POST", PUSH, {"programName": PROGRAM, "input": list(records), **members})


async def outcomes(marketo: Caller, *records: object, **members: object) -> list[dict[str, Any]]:
    reply = await push(marketo, *records, **members)
    assert reply["success"], reply
    rows: list[dict[str, Any]] = reply["result"]
    return rows


def status(marketo: Caller, program_id: int, lead_id: int) -> str | None:
    member = marketo.instance.state(Members).get(program_id, lead_id)
    return None if member is None else member.status


async def test_pushed_leads_are_members(marketo: Caller, program_id: int) -> None:
    """Pushing creates or updates, company fields too, adds to the program and logs source and reason."""
    ann = marketo.instance.state(Leads).add(email="ann@acme.example")
    known, new, bad = await outcomes(
        marketo,
        {"email": "Ann@acme.example", "company": "Acme"},
        {"email": "bob@acme.example"},
        {"email": "bademail"},
        programStatus="Registered",
        source="Booth",
        reason="Scanned",
    )
    assert known == {"id": ann.id, "status": "updated"}
    assert new["status"] == "created"
    assert bad["reasons"] == [{"code": "1003", "message": "Invalid value for field 'email' and value 'bademail'"}]
    assert ann.value("company") == "Acme"
    assert status(marketo, program_id, ann.id) == status(marketo, program_id, new["id"]) == "Registered"
    members = marketo.instance.state(Members)
    first, second = members.get(program_id, ann.id), members.get(program_id, new["id"])
    assert first is not None
    assert second is not None
    assert (first.acquired, second.acquired) == (False, True)
    (pushed,) = marketo.instance.state(Activities).of(ann.id, 145)
    assert (pushed.primary_id, pushed.primary_value) == (program_id, PROGRAM)
    assert (pushed.attributes["Source"], pushed.attributes["Reason"]) == ("Booth", "Scanned")


async def test_members_never_go_back(marketo: Caller, program_id: int) -> None:
    """Without a status the first one is given; members move on, stay where they are without one, never go back."""
    record = {"email": "ann@acme.example"}
    (row,) = await outcomes(marketo, record)
    assert status(marketo, program_id, row["id"]) == "Invited"
    for name, then in (("Visited Booth", "Visited Booth"), ("Registered", "Visited Booth"), (None, "Visited Booth")):
        (again,) = await outcomes(marketo, record, programStatus=name)
        assert again == {"id": row["id"], "status": "updated"}
        assert status(marketo, program_id, row["id"]) == then


async def test_the_newest_program_of_a_name(marketo: Caller, program_id: int) -> None:
    """Of several programs of one name the newest gets the leads."""
    old = datetime(2020, 1, 1, tzinfo=UTC)
    older = marketo.instance.state(Programs).add(PROGRAM, kind="Event", channel="Tradeshow", created_at=old)
    (row,) = await outcomes(marketo, {"email": "ann@acme.example"})
    assert status(marketo, program_id, row["id"]) == "Invited"
    assert status(marketo, older.id, row["id"]) is None


@pytest.mark.parametrize(
    ("members", "refusal"),
    [
        ({"programName": None}, ("1002", "Missing value for required parameter 'programName'")),
        ({"input": None}, ("1002", "Missing value for required parameter 'input'")),
        ({"programName": "Nothing"}, ("1013", "Program not found")),
        ({"programStatus": "Attended"}, ("1025", "Program status not found")),
        ({"programStatus": "Not in Program"}, ("1025", "Program status not found")),
        ({"lookupField": "firstName"}, ("1011", "Field 'firstName' not supported")),
        ({"source": 1}, ("1001", "Invalid value '1'. Required of type 'String'")),
    ],
)
@pytest.mark.usefixtures("program_id")
async def test_calls_that_make_no_sense(marketo: Caller, members: dict[str, object], refusal: tuple[str, str]) -> None:
    """What is wrong with the call refuses all of it, and no lead is made."""
    reply = await push(marketo, {"email": "ann@acme.example"}, **members)
    (error,) = reply["errors"]
    assert (error["code"], error["message"]) == refusal
    assert len(marketo.instance.state(Leads)) == 0


@pytest.mark.usefixtures("program_id")
async def test_by_token_of_a_click(marketo: Caller) -> None:
    """With `mktToken` the lead is the one who clicked, after a merge the winner; unknown tokens are skipped."""
    leads = marketo.instance.state(Leads)
    ann, twin = leads.add(email="ann@acme.example"), leads.add(email="twin@acme.example")
    token = marketo.instance.state(EmailClicks).click(twin.id)
    records: list[dict[str, object]] = [{"mktToken": token, "firstName": "A"}, {"mktToken": "x"}, {"firstName": "A"}]
    known, unknown, none = await outcomes(marketo, *records, lookupField="mktToken")
    assert known == {"id": twin.id, "status": "updated"}
    assert unknown["reasons"] == [{"code": "1004", "message": "Lead not found"}]
    assert none["reasons"] == [{"code": "1003", "message": "Value for lookup field 'mktToken' not found"}]
    await marketo.send("POST", f"/rest/v1/leads/{ann.id}/merge.json", None, leadId=twin.id)
    (row,) = await outcomes(marketo, records[0], lookupField="mktToken")
    assert row["id"] == ann.id


@pytest.mark.usefixtures("program_id")
async def test_a_cookie_in_a_record_leaves_the_past_behind(marketo: Caller) -> None:
    """A pushed cookie becomes the lead's, without what its visitor did before."""
    cookie = "token:_mch-acme.example-1"
    visitor = visit(marketo.instance, cookie)
    (row,) = await outcomes(marketo, {"email": "ann@acme.example", "cookies": cookie})
    assert row["id"] != visitor.id
    (lead,) = marketo.instance.state(Leads)
    assert lead.value("cookies") == cookie
    assert marketo.instance.state(Activities).of(lead.id, 1) == []


@pytest.mark.usefixtures("program_id")
async def test_partitions(marketo: Caller) -> None:
    """A partition is named as for Sync: foreign ones are 1008, none where one is wanted 1009."""
    partitions = marketo.instance.state(Partitions)
    emea = partitions.add("EMEA")
    (made,) = await outcomes(marketo, {"email": "ann@acme.example"}, partitionName="EMEA")
    (lead,) = marketo.instance.state(Leads)
    assert (lead.id, lead.value("leadPartitionId")) == (made["id"], emea.id)
    (row,) = await outcomes(marketo, {"email": "bob@acme.example"}, partitionName="Nowhere")
    assert row["reasons"][0]["code"] == "1008"
    partitions.required = True
    assert (await push(marketo, {"email": "bob@acme.example"}))["errors"][0]["code"] == "1009"

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from marketo_async.sandbox.areas.activities import Activities
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.members import Members
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from sandbox_caller import Caller

BORN = datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)
FIELDS = "/rest/v1/programs/members/schema/fields"
CHANGE_DATA = 123


def given(marketo: Caller) -> tuple[int, int]:
    """Return a program and a lead that has been in it for long."""
    program = marketo.instance.state(Programs).add("Dinner", kind="Event", channel="Live Event").id
    lead = marketo.instance.state(Leads).add().id
    marketo.instance.state(Members).join(program, lead, at=BORN)
    return program, lead


async def write(marketo: Caller, program: int, *records: dict[str, object]) -> Any:
    reply = await marketo.send("POST", f"/rest/v1/programs/{program}/members.json", {"input": [*records]})
    assert reply["success"], reply
    return reply["result"]


async def test_member_data_is_written(marketo: Caller) -> None:
    """Updateable fields are written as their type says and unset by null; who is no member is skipped with 1013."""
    program, lead = given(marketo)
    other = marketo.instance.state(Leads).add().id
    members = marketo.instance.state(Members)
    no_member = [{"code": "1013", "message": "Membership not found"}]
    rows = await write(
        marketo, program,
        {"leadId": lead, "registrationCode": "R-1", "guests": "3", "parkingNeeded": True},
        {"leadId": other, "registrationCode": "R-2"},
        {"registrationCode": "R-3", "leadId": 999},
    )  # fmt: skip
    assert rows == [
        {"seq": 0, "status": "updated", "leadId": lead},
        {"seq": 1, "status": "skipped", "reasons": no_member},
        {"seq": 2, "status": "skipped", "reasons": no_member},
    ]
    member = members.get(program, lead)
    assert member is not None
    assert member.values == {"registrationCode": "R-1", "guests": 3, "parkingNeeded": True}
    assert member.updated_at > member.joined_at
    await write(marketo, program, {"leadId": lead, "guests": None, "parkingNeeded": False}, {"leadId": lead})
    member = members.get(program, lead)
    assert member is not None
    assert member.values == {"registrationCode": "R-1", "parkingNeeded": False}
    assert members.size(program) == 1


@pytest.mark.parametrize(
    ("name", "value", "code", "message"),
    [
        ("noField", 1, "1006", "Field 'noField' not found"),
        ("statusName", "Attended", "1003", "Field 'statusName' is not allowed"),
        ("acquiredBy", True, "1003", "Field 'acquiredBy' is not allowed"),
        ("guests", "two", "1003", "Invalid value for field 'guests' and value 'two'"),
        ("guests", 1.5, "1003", "Invalid value for field 'guests' and value '1.5'"),
        ("parkingNeeded", "perhaps", "1003", "Invalid value for field 'parkingNeeded' and value 'perhaps'"),
        ("registrationCode", "x" * 101, "1003", f"Invalid value for field 'registrationCode' and value '{'x' * 101}'"),
        ("registrationCode", ["x"], "1003", "Invalid value for field 'registrationCode' and value '[\"x\"]'"),
    ],
)
async def test_what_does_not_fit_skips_its_record(
    marketo: Caller, name: str, value: object, code: str, message: str
) -> None:
    """One wrong field skips its record, of which nothing is kept, and no other record."""
    program, lead = given(marketo)
    rows = await write(
        marketo, program, {"leadId": lead, "webinarUrl": "u", name: value}, {"leadId": lead, "guests": 1}
    )
    assert rows == [
        {"seq": 0, "status": "skipped", "reasons": [{"code": code, "message": message}]},
        {"seq": 1, "status": "updated", "leadId": lead},
    ]
    member = marketo.instance.state(Members).get(program, lead)
    assert member is not None
    assert member.values == {"guests": 1}


async def test_member_data_is_logged(marketo: Caller) -> None:
    """Each field that changed writes Change Program Member Data, which is among the types of activities."""
    program, lead = given(marketo)
    record: dict[str, object] = {"leadId": lead, "guests": 1, "registrationCode": "R"}
    await write(marketo, program, record, record | {"guests": 2})
    logged = marketo.instance.state(Activities).of(lead, CHANGE_DATA)
    assert [tuple(one.attributes.values()) for one in logged] == [
        ("guests", None, 1), ("registrationCode", None, "R"), ("guests", 1, 2),
    ]  # fmt: skip
    types = (await marketo.get("/rest/v1/activities/types.json"))["result"]
    assert [kind["name"] for kind in types if kind["id"] == CHANGE_DATA] == ["Change Program Member Data"]


async def test_describe(marketo: Caller) -> None:
    """Describe tells the fields, which of them find members and which can be written; the old path tells the fields."""
    (described,) = (await marketo.get("/rest/v1/programs/members/describe.json"))["result"]
    assert list(described) == [
        "name", "description", "createdAt", "updatedAt", "dedupeFields", "searchableFields", "fields",
    ]  # fmt: skip
    assert described["dedupeFields"] == ["leadId", "programId"]
    assert described["searchableFields"][:3] == [["leadId"], ["reachedSuccess"], ["statusName"]]
    fields = {field["name"]: field for field in described["fields"]}
    assert fields["nurtureCadence"] == {
        "name": "nurtureCadence", "displayName": "nurtureCadence", "dataType": "string", "length": 4,
        "updateable": False, "crmManaged": False,
    }  # fmt: skip
    assert (fields["registrationCode"]["length"], fields["webinarUrl"]["length"]) == (100, 2000)
    assert [name for name, field in fields.items() if field["updateable"]] == [
        "registrationCode", "webinarUrl", "lunchPreference", "guests", "parkingNeeded",
    ]  # fmt: skip
    (old,) = (await marketo.get("/rest/v1/program/members/describe.json"))["result"]
    assert old == {"name": described["name"], "fields": described["fields"]}


async def test_the_schema_of_members(marketo: Caller) -> None:
    """Fields are read one by one and by pages, made and changed; what was made can be written and searched by."""
    program, lead = given(marketo)
    (status,) = (await marketo.get(f"{FIELDS}/statusName.json"))["result"]
    assert (status["displayName"], status["isCustom"], status["isApiCreated"]) == ("Status", False, False)
    assert (await marketo.not_read(f"{FIELDS}/noField.json"))[0] == "1006"
    first = await marketo.get(f"{FIELDS}.json", batchSize=12)
    second = await marketo.get(f"{FIELDS}.json", batchSize=12, nextPageToken=first["nextPageToken"])
    assert (first["moreResult"], second["moreResult"]) == (True, False)
    names = [field["name"] for page in (first, second) for field in page["result"]]
    assert names == [*marketo.instance.state(Members).fields]
    made = [
        {"name": "seat", "displayName": "Seat", "dataType": "string"},
        {"name": "mail", "displayName": "Mail", "dataType": "email"},
    ]
    reply = await marketo.send("POST", f"{FIELDS}.json", {"input": made})
    assert reply["result"] == [{"name": "seat", "status": "created"}, {"name": "mail", "status": "created"}]
    reply = await marketo.send("POST", f"{FIELDS}/seat.json", {"input": [{"description": "by the window"}]})
    assert reply["result"] == [{"name": "seat", "status": "updated"}]
    await write(marketo, program, {"leadId": lead, "seat": "12A", "mail": "a@b.example"})
    path = f"/rest/v1/programs/{program}/members.json"
    (row,) = (await marketo.get(path, filterType="seat", filterValues="12A", fields="seat,mail"))["result"]
    assert row == {"seq": 0, "leadId": lead, "seat": "12A", "mail": "a@b.example"}
    assert await marketo.not_read(path, filterType="mail", filterValues="a@b.example") == (
        "1011", "Field 'mail' not supported",
    )  # fmt: skip


async def test_twenty_fields_are_the_most(marketo: Caller) -> None:
    """No more than 20 fields of members can be made; the call that would go beyond makes none."""
    made = [{"name": f"f{n}", "displayName": f"Field {n}", "dataType": "integer"} for n in range(21)]
    assert (await marketo.send("POST", f"{FIELDS}.json", {"input": made}))["errors"][0]["code"] == "1003"
    assert "f0" not in marketo.instance.state(Members).fields
    assert (await marketo.send("POST", f"{FIELDS}.json", {"input": made[:20]}))["success"]
    assert (await marketo.send("POST", f"{FIELDS}.json", {"input": made[20:]}))["errors"][0]["code"] == "1003"

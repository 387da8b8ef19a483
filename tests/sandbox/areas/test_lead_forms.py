from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import calling

from marketo_async.sandbox.areas.activities import Activities
from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.intake import Form, Forms
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.leads.cookies import visit
from marketo_async.sandbox.areas.members import Members
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from sandbox_caller import Caller

SUBMIT = "/rest/v1/leads/submitForm.json"
COOKIE = "token:_mch-acme.example-1"
VISITOR = {
    "pageURL": "https://acme.example/contact",
    "queryString": "a=1&b=2",
    "leadClientIpAddress": "192.0.2.7",
    "userAgentString": "Mozilla/5.0",
}


@pytest.fixture
def form(marketo: Caller) -> Form:
    """Make a form that asks for a name, a company and a score."""
    return marketo.instance.state(Forms).add("Contact", ["firstName", "company", "leadScore"])


async def submit(marketo: Caller, form_id: object, fields: object, **members: object) -> dict[str, Any]:
    top: dict[str, object] = {name: members.pop(name) for name in ("programId", "input") if name in members}
    body: dict[str, object] = {"formId": form_id, "input": [{"leadFormFields": fields, **members}], **top}
    return await marketo.send("POST", SUBMIT, body)


async def outcome(marketo: Caller, form: Form, fields: object, **members: object) -> dict[str, Any]:
    reply = await submit(marketo, form.id, fields, **members)
    assert reply["success"], reply
    (row,) = reply["result"]
    assert isinstance(row, dict)
    return row


async def test_a_form_is_filled_out(marketo: Caller, form: Form) -> None:
    """A submission creates or updates the lead of the address, keeps its fields and logs Fill Out Form."""
    leads = marketo.instance.state(Leads)
    filled = {"email": "ann@acme.example", "firstName": "Ann", "company": "Acme", "leadScore": "7"}
    made = await outcome(marketo, form, filled, visitorData=VISITOR)
    assert made["status"] == "created"
    lead = leads.get(made["id"])
    assert lead is not None
    assert dict(lead.values) == filled | {"leadScore": 7, "leadPartitionId": 1}
    (activity,) = marketo.instance.state(Activities).of(lead.id, 2)
    assert (activity.primary_id, activity.primary_value) == (form.id, "Contact")
    assert json.loads(str(activity.attributes.pop("Form Fields"))) == filled  # type: ignore[attr-defined]
    assert activity.attributes == {
        "Referrer URL": VISITOR["pageURL"], "Query Parameters": "a=1&b=2", "Client IP Address": "192.0.2.7",
        "User Agent": "Mozilla/5.0",
    }  # fmt: skip
    again = await outcome(marketo, form, {"email": "ANN@acme.example", "firstName": "Anne"})
    assert again == {"id": lead.id, "status": "updated"}
    assert lead.value("firstName") == "Anne"


async def test_of_several_leads_the_last_changed(marketo: Caller, form: Form) -> None:
    """Where several leads have the address, the one that was changed last is updated."""
    leads = marketo.instance.state(Leads)
    first, second = leads.add(email="info@acme.example"), leads.add(email="info@acme.example")
    marketo.instance.clock.advance(60)
    leads.change(first.id, lastName="I")
    row = await outcome(marketo, form, {"email": "info@acme.example"})
    assert row == {"id": first.id, "status": "updated"}
    assert second.id in leads


@pytest.mark.parametrize(
    ("fields", "members", "message"),
    [
        ({"firstName": None}, {}, "Form validation failed"),
        ({"email": None}, {}, "Form validation failed"),
        ({"email": ""}, {}, "Form validation failed"),
        ({"lastName": "A"}, {}, "Form validation failed"),
        ({"leadScore": "many"}, {}, "Invalid value for field 'leadScore' and value 'many'"),
        ({"email": "bademail"}, {}, "Invalid value for field 'email' and value 'bademail'"),
        ({}, {"visitorData": {"pageURL": "acme"}}, "Form validation failed"),
        ({}, {"visitorData": {"leadClientIpAddress": "::1"}}, "Form validation failed"),
        ({}, {"visitorData": {"colour": "red"}}, "Form validation failed"),
        ({}, {"visitorData": {"queryString": 1}}, "Form validation failed"),
    ],
)
async def test_what_does_not_fit_the_form(
    marketo: Caller, form: Form, fields: dict[str, object], members: dict[str, object], message: str
) -> None:
    """Null values, fields that are not on the form and values of the wrong type skip it with 1003."""
    row = await outcome(marketo, form, {"email": "ann@acme.example"} | fields, **members)
    assert row == {"status": "skipped", "reasons": [{"code": "1003", "message": message}]}
    assert len(marketo.instance.state(Leads)) == 0


async def test_calls_that_make_no_sense(marketo: Caller, form: Form) -> None:
    """A missing or unknown form, program or address, not exactly one entry, and a bad cookie refuse the call."""
    fields = {"email": "ann@acme.example"}
    for form_id, sent, members, code in (
        (None, fields, {}, "1002"),
        (99, fields, {}, "1013"),
        ("x", fields, {}, "1001"),
        (form.id, {}, {}, "1002"),
        (form.id, None, {}, "1002"),
        (form.id, "x", {}, "609"),
        (form.id, fields, {"input": []}, "1002"),
        (form.id, fields, {"input": [{"leadFormFields": fields}] * 2}, "1003"),
        (form.id, fields, {"programId": 99}, "1013"),
        (form.id, fields, {"cookie": "x"}, "1012"),
    ):
        reply = await submit(marketo, form_id, sent, **members)
        assert [error["code"] for error in reply["errors"]] == [code], (form_id, sent, members)
    assert len(marketo.instance.state(Leads)) == 0


async def test_the_cookie_brings_the_past(marketo: Caller, form: Form) -> None:
    """The cookie makes what its anonymous visitor did the lead's own."""
    visit(marketo.instance, COOKIE, "/pricing")
    row = await outcome(marketo, form, {"email": "ann@acme.example"}, cookie=f"id:123-ABC-456&{COOKIE}")
    (lead,) = marketo.instance.state(Leads)
    assert (lead.id, lead.value("cookies")) == (row["id"], COOKIE)
    assert [one.primary_value for one in marketo.instance.state(Activities).of(lead.id, 1)] == ["/pricing"]


async def test_forms_and_programs(marketo: Caller, form: Form) -> None:
    """A named program is joined; so is the form's own where it asks for fields of members, which are kept."""
    programs, members = marketo.instance.state(Programs), marketo.instance.state(Members)
    event = programs.add("Event", kind="Event", channel="Tradeshow")
    local = marketo.instance.state(Forms).add("Register", member_fields=["registrationCode"], program_id=event.id)
    fields = {"email": "ann@acme.example"}
    lead_id = (await outcome(marketo, local, fields))["id"]
    assert members.get(event.id, lead_id) is None
    await outcome(marketo, local, fields | {"registrationCode": "R-1"})
    member = members.get(event.id, lead_id)
    assert member is not None
    assert (member.status, members.values_of(event.id, lead_id)) == ("Invited", {"registrationCode": "R-1"})
    other = programs.add("Other")
    await outcome(marketo, form, fields, programId=other.id)
    assert members.get(other.id, lead_id) is not None
    marketo.instance.state(Folders).add_workspace("Far Away")
    far = programs.add("Far", workspace="Far Away")
    reply = await submit(marketo, local.id, fields, programId=far.id)
    assert reply["errors"][0]["code"] == "1003"


async def test_seeded_forms() -> None:
    """Every instance has forms, one of them local to an event if it has one, and they can be submitted."""
    async with calling(programs=60) as marketo:
        forms = list(marketo.instance.state(Forms))
        assert [form.program_id is not None for form in forms] == [False, False, True]
        for form in forms:
            assert (await outcome(marketo, form, {"email": f"n{form.id}@acme.example"}))["status"] == "created"

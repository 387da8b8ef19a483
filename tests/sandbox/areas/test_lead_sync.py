from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.leads.partitions import Partitions

if TYPE_CHECKING:
    from sandbox_caller import Caller

LEADS = "/rest/v1/leads.json"
NOT_FOUND = ("1004", "Lead not found")


async def sync(marketo: Caller, *records: object, **members: object) -> list[dict[str, Any]]:
    reply = await marketo.send("POST", LEADS, {"input": list(records), **members})
    assert reply["success"], reply
    assert list(reply) == ["requestId", "result", "success"]
    rows: list[dict[str, Any]] = reply["result"]
    assert len(rows) == len(records)
    return rows


async def refused(marketo: Caller, body: object) -> tuple[str, str]:
    reply = await marketo.send("POST", LEADS, body)
    assert not reply["success"], reply
    (error,) = reply["errors"]
    return error["code"], error["message"]


def why(row: dict[str, Any]) -> tuple[str, str]:
    assert list(row) == ["status", "reasons"]
    assert row["status"] == "skipped"
    (reason,) = row["reasons"]
    return reason["code"], reason["message"]


def leads_of(marketo: Caller) -> Leads:
    return marketo.instance.state(Leads)


async def test_leads_are_created_and_updated(marketo: Caller) -> None:
    """By default an address that is there is updated, whatever its case, and any other is created, in input order."""
    ann = leads_of(marketo).add(email="ann@acme.example", firstName="Ann")
    made, changed = await sync(
        marketo, {"email": "bob@acme.example", "lastName": "B"}, {"email": "ANN@acme.example", "firstName": None}
    )
    assert changed == {"id": ann.id, "status": "updated"}
    assert list(made) == ["id", "status"]
    bob = leads_of(marketo).get(made["id"])
    assert bob is not None
    assert dict(bob.values) == {"email": "bob@acme.example", "lastName": "B", "leadPartitionId": 1}
    assert dict(ann.values) == {"email": "ANN@acme.example"}


@pytest.mark.parametrize(
    ("action", "known", "unknown"),
    [
        ("createOrUpdate", "updated", "created"),
        ("createOnly", ("1005", "Lead already exists"), "created"),
        ("updateOnly", "updated", NOT_FOUND),
        ("createDuplicate", "created", "created"),
    ],
)
async def test_actions(marketo: Caller, action: str, known: object, unknown: object) -> None:
    """Each action creates, updates or skips as its name says, with 1004 and 1005 in the records."""
    leads_of(marketo).add(email="ann@acme.example")
    rows = await sync(marketo, {"email": "ann@acme.example"}, {"email": "new@acme.example"}, action=action)
    for row, expected in zip(rows, (known, unknown), strict=True):
        assert (why(row) if isinstance(expected, tuple) else row["status"]) == expected
    twins = leads_of(marketo).with_emails(["ann@acme.example"])
    assert len(twins) == (2 if action == "createDuplicate" else 1)


async def test_several_that_match(marketo: Caller) -> None:
    """A lookup value that several leads hold is 1007 where one would be updated, 1005 where one would be created."""
    leads = leads_of(marketo)
    for _ in range(2):
        leads.add(email="info@acme.example", customField_c="one")
    record = {"email": "info@acme.example"}
    for action in ("createOrUpdate", "updateOnly"):
        (row,) = await sync(marketo, record, action=action)
        assert why(row) == ("1007", "Multiple lead match lookup criteria")
    (row,) = await sync(marketo, record, action="createOnly")
    assert why(row)[0] == "1005"
    (row,) = await sync(marketo, record, action="createDuplicate")
    assert row["status"] == "created"
    assert len(leads) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customField_c", "CF 1"),
        ("secondEmail_c", "Ann@b.example"),
        ("loyaltyNumber_c", 7),
        ("loyaltyNumber_c", "7"),
        ("sfdcContactId", "003A"),
    ],
)
async def test_any_searchable_field_looks_up(marketo: Caller, field: str, value: object) -> None:
    """Leads are looked up by any field by which they can be found; the same key twice in a batch is one lead."""
    first, second = await sync(
        marketo, {field: value, "firstName": "A"}, {field: value, "firstName": "B"}, lookupField=field
    )
    assert (first["status"], second) == ("created", {"id": first["id"], "status": "updated"})
    (lead,) = leads_of(marketo)
    assert lead.value("firstName") == "B"
    assert len(await sync(marketo, {field: value}, lookupField=field, action="updateOnly")) == 1


async def test_records_without_the_lookup_field(marketo: Caller) -> None:
    """A record that lacks the lookup field, or has it empty, is skipped with 1003."""
    rows = await sync(marketo, {"firstName": "A"}, {"email": None}, {"email": ""})
    assert {why(row) for row in rows} == {("1003", "Value for lookup field 'email' not found")}
    (row,) = await sync(marketo, {"email": "a@b.example"}, lookupField="customField_c")
    assert why(row) == ("1003", "Value for lookup field 'customField_c' not found")
    assert len(leads_of(marketo)) == 0


async def test_by_id(marketo: Caller) -> None:
    """The id is for updateOnly alone; a lead looked up by an unknown id is skipped and shows that id."""
    lead = leads_of(marketo).add(email="ann@acme.example")
    by_id: dict[str, object] = {"action": "updateOnly", "lookupField": "id"}
    known, unknown, text, none = await sync(
        marketo, {"id": lead.id, "firstName": "Ann"}, {"id": 99}, {"id": "x"}, {"firstName": "A"}, **by_id
    )
    assert known == {"id": lead.id, "status": "updated"}
    assert lead.value("firstName") == "Ann"
    assert list(unknown) == ["id", "status", "reasons"]
    assert (unknown["id"], unknown["reasons"]) == (99, [{"code": "1004", "message": "Lead not found"}])
    assert why(text) == ("1003", "Invalid value for field 'id' and value 'x'")
    assert why(none) == ("1003", "Value for lookup field 'id' not found")
    (row,) = await sync(marketo, {"id": lead.id, "email": "ann@acme.example"}, action="updateOnly")
    assert row["status"] == "updated"
    for action in ("createOrUpdate", "createOnly", "createDuplicate"):
        (row,) = await sync(marketo, {"id": lead.id, "email": "ann@acme.example"}, action=action)
        assert why(row) == ("1003", "Field 'id' is not allowed")


async def test_one_bad_field_skips_the_whole_record(marketo: Caller) -> None:
    """Unknown fields are 1006, company fields 1021, fields that Marketo fills 1003; nothing of the record is kept."""
    leads = leads_of(marketo)
    lead = leads.add(email="ann@acme.example")
    rows = await sync(
        marketo,
        {"email": "ann@acme.example", "firstName": "A", "nonsense": 1},
        {"email": "ann@acme.example", "firstName": "A", "company": "Acme"},
        {"email": "ann@acme.example", "firstName": "A", "createdAt": "2020-01-01T00:00:00Z"},
        {"email": "ann@acme.example", "firstName": "A", "percent_field": "100%"},
        {"email": "new@acme.example", "percent_field": "100%"},
        {"email": "ann@acme.example", "externalCompanyId": "C-1"},
    )
    assert [why(row) for row in rows[:5]] == [
        ("1006", "Field 'nonsense' not found"),
        ("1021", "Company update not allowed"),
        ("1003", "Field 'createdAt' is not allowed"),
        ("1003", "Invalid value for field 'percent_field' and value '100%'"),
        ("1003", "Invalid value for field 'percent_field' and value '100%'"),
    ]
    assert rows[5]["status"] == "updated"
    assert dict(lead.values) == {"email": "ann@acme.example", "externalCompanyId": "C-1"}
    assert len(leads) == 1


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (None, ("1002", "Missing value for required parameter 'input'")),
        ({}, ("1002", "Missing value for required parameter 'input'")),
        ({"input": []}, ("1002", "Missing value for required parameter 'input'")),
        ({"input": {"email": "a@b.example"}}, ("609", "Invalid JSON")),
        ({"input": [1]}, ("609", "Invalid JSON")),
        ([{"email": "a@b.example"}], ("609", "Invalid JSON")),
        ({"input": [{}], "action": "upsert"}, ("1001", "Invalid value 'upsert'. Required of type 'Action'")),
        ({"input": [{}], "asyncProcessing": "yes"}, ("1001", "Invalid value 'yes'. Required of type 'Boolean'")),
        ({"input": [{}], "lookupField": "nonsense"}, ("1006", "Field 'nonsense' not found")),
        ({"input": [{}], "lookupField": "firstName"}, ("1011", "Field 'firstName' not supported")),
        ({"input": [{}], "lookupField": 1}, ("1001", "Invalid value '1'. Required of type 'String'")),
    ],
)
async def test_calls_that_make_no_sense(marketo: Caller, body: object, refusal: tuple[str, str]) -> None:
    """What is wrong with the call itself refuses all of it."""
    assert await refused(marketo, body) == refusal


async def test_the_limit_of_a_call(marketo: Caller) -> None:
    """A call takes 300 records; one more is 1003 and nothing is done; a form is 612."""
    records = [{"email": f"n{number}@acme.example"} for number in range(301)]
    assert (await refused(marketo, {"input": records}))[0] == "1003"
    assert len(leads_of(marketo)) == 0
    rows = await sync(marketo, *records[:300])
    assert [row["status"] for row in rows] == ["created"] * 300
    assert await marketo.refused(LEADS, input="x") == ("612", "Invalid Content Type")


async def test_partitions(marketo: Caller) -> None:
    """New leads go to the named partition; leads elsewhere are 1010, foreign partitions 1008, a missing one 1009."""
    partitions = marketo.instance.state(Partitions)
    emea, secret = partitions.add("EMEA"), partitions.add("Secret")
    secret.denied = True
    leads = leads_of(marketo)
    hidden = leads.add(email="spy@acme.example", leadPartitionId=secret.id)
    (made,) = await sync(marketo, {"email": "ann@acme.example"}, partitionName="EMEA")
    ann = leads.get(made["id"])
    assert ann is not None
    assert ann.value("leadPartitionId") == emea.id
    (row,) = await sync(marketo, {"email": "ann@acme.example"}, partitionName="EMEA")
    assert row["status"] == "updated"
    (row,) = await sync(marketo, {"email": "ann@acme.example"}, partitionName="Default")
    assert why(row) == ("1010", "Partition update not allowed")
    for name in ("Secret", "Nowhere"):
        (row,) = await sync(marketo, {"email": "x@acme.example"}, partitionName=name)
        assert why(row) == ("1008", f"Access denied to partition '{name}'")
    (row,) = await sync(marketo, {"email": "spy@acme.example", "firstName": "S"})
    assert why(row) == ("1008", "Access denied to partition 'Secret'")
    assert "firstName" not in hidden.values
    for action in ("updateOnly", "createDuplicate"):
        body = {"input": [{"email": "x@acme.example"}], "partitionName": "EMEA", "action": action}
        assert (await refused(marketo, body))[0] == "1003"
    partitions.required = True
    body = {"input": [{"email": "x@acme.example"}]}
    assert await refused(marketo, body) == ("1009", "Partition name must be specified")


async def test_processing_later_tells_nothing(marketo: Caller) -> None:
    """With `asyncProcessing` the answer has no outcomes, and what fits is done all the same."""
    body = {"input": [{"email": "ann@acme.example"}, {"email": "bad"}], "asyncProcessing": True}
    assert (await marketo.send("POST", LEADS, body))["result"] == []
    assert [lead.value("email") for lead in leads_of(marketo)] == ["ann@acme.example"]


async def test_updated_at_moves_with_standard_fields_only(marketo: Caller) -> None:
    """`updatedAt` moves by a second or more when a standard field changes, and not for custom or unchanged ones."""
    lead = leads_of(marketo).add(email="ann@acme.example", firstName="Ann")
    before = lead.updated_at
    await sync(marketo, {"email": "ann@acme.example", "customField_c": "x"}, {"email": "ann@acme.example"})
    assert lead.updated_at == before
    await sync(marketo, {"email": "ann@acme.example", "firstName": "Anne"})
    assert (lead.updated_at - before).total_seconds() == 1
    marketo.instance.clock.advance(60)
    await sync(marketo, {"email": "ann@acme.example", "firstName": None})
    assert (lead.updated_at - before).total_seconds() == 60

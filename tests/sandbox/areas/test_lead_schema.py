from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from marketo_async.sandbox.areas.leads import Leads

if TYPE_CHECKING:
    from sandbox_caller import Caller

FIELDS = "/rest/v1/leads/schema/fields.json"
COLOUR = {"displayName": "Car Colour", "name": "carColour", "dataType": "string"}


def path_of(name: str) -> str:
    return f"/rest/v1/leads/schema/fields/{name}.json"


async def write(marketo: Caller, path: str, *records: object) -> dict[str, Any]:
    return await marketo.send("POST", path, {"input": list(records)})


async def made(marketo: Caller, *records: object) -> list[str]:
    reply = await write(marketo, FIELDS, *records)
    assert reply["success"], reply
    assert {row["status"] for row in reply["result"]} == {"created"}
    return [row["name"] for row in reply["result"]]


async def refused(marketo: Caller, path: str, *records: object) -> tuple[str, str]:
    reply = await write(marketo, path, *records)
    assert not reply["success"], reply
    (error,) = reply["errors"]
    return error["code"], error["message"]


async def shown(marketo: Caller, name: str) -> dict[str, Any]:
    (row,) = (await marketo.get(path_of(name)))["result"]
    assert isinstance(row, dict)
    return row


async def test_the_old_describe_knows_both_names(marketo: Caller) -> None:
    """The old describe has a row per field with its REST and SOAP names; lengths only where values are texts (C3)."""
    rows = (await marketo.get("/rest/v1/leads/describe.json"))["result"]
    by_name = {row["rest"]["name"]: row for row in rows}
    assert len({row["id"] for row in rows}) == len(rows) == len(by_name) > 80
    company = dict(by_name["company"])
    assert list(company) == ["id", "displayName", "dataType", "length", "rest", "soap"]
    del company["id"]
    assert company == {
        "displayName": "Company Name", "dataType": "string", "length": 255,
        "rest": {"name": "company", "readOnly": False}, "soap": {"name": "Company", "readOnly": False},
    }  # fmt: skip
    assert by_name["updatedAt"]["rest"] == {"name": "updatedAt", "readOnly": True}
    assert "length" not in by_name["leadScore"]
    assert "soap" not in by_name["updatedAt"]


async def test_describe2_is_one_object(marketo: Caller) -> None:
    """The new describe is one object whose searchable fields are lists of lists, the customer's own among them."""
    marketo.instance.state(Leads).define_field("shoeSize", "integer", "Shoe Size")
    (row,) = (await marketo.get("/rest/v1/leads/describe2.json"))["result"]
    assert list(row) == ["name", "searchableFields", "fields"]
    assert row["name"] == "API Lead"
    searchable = row["searchableFields"]
    assert {"id", "email", "cookies", "sfdcLeadId", "customField_c", "shoeSize"} <= {one for (one,) in searchable}
    assert ["newsletter_c"] not in searchable
    assert ["firstName"] not in searchable
    fields = {field["name"]: field for field in row["fields"]}
    assert list(fields["email"].items()) == [
        ("name", "email"), ("displayName", "Email Address"), ("dataType", "email"), ("length", 255),
        ("updateable", True), ("crmManaged", False),
    ]  # fmt: skip
    assert fields["shoeSize"]["displayName"] == "Shoe Size"
    assert fields["sfdcLeadId"]["crmManaged"] is True
    assert fields["createdAt"]["updateable"] is False
    assert {"string", "text", "email", "phone", "url", "integer", "score", "float", "currency", "percent", "boolean",
            "date", "datetime", "reference", "formula"} == {field["dataType"] for field in row["fields"]}  # fmt: skip


async def test_every_searchable_field_can_be_searched(marketo: Caller) -> None:
    """What describe2 calls searchable is a filter, and nothing else is (1011)."""
    (row,) = (await marketo.get("/rest/v1/leads/describe2.json"))["result"]
    searchable = {name for (name,) in row["searchableFields"]}
    for field in row["fields"]:
        value = "token:_mch-x.example-1" if field["name"] == "cookies" else 1
        reply = await marketo.get("/rest/v1/leads.json", filterType=field["name"], filterValues=value)
        assert reply["success"] is (field["name"] in searchable), field
        assert reply["success"] or reply["errors"][0]["code"] == "1011"


async def test_fields_one_by_one_and_by_pages(marketo: Caller) -> None:
    """A field is shown by its name, and all of them by pages that say whether there are more."""
    row = await shown(marketo, "email")
    assert row == {
        "displayName": "Email Address", "name": "email", "description": None, "dataType": "email", "length": 255,
        "isHidden": False, "isHtmlEncodingInEmail": True, "isSensitive": False, "isCustom": False,
        "isApiCreated": False,
    }  # fmt: skip
    assert await marketo.not_read(path_of("nonsense")) == ("1006", "Field 'nonsense' not found")
    rows, token, pages = [], None, 0
    while True:
        reply = await marketo.get(FIELDS, batchSize=30, nextPageToken=token)
        rows += reply["result"]
        pages += 1
        token = reply.get("nextPageToken")
        assert reply["moreResult"] is (token is not None)
        if token is None:
            break
    assert pages == -(-len(rows) // 30) > 2
    assert [one["name"] for one in rows] == list(marketo.instance.state(Leads).fields)
    assert row in rows
    assert (await marketo.not_read(FIELDS, batchSize=301))[0] == "1003"
    assert (await marketo.not_read(FIELDS, nextPageToken="X"))[0] == "1003"


async def test_a_field_is_made_and_used(marketo: Caller) -> None:
    """A field made through the API can be written, read and, of a type that allows it, searched at once."""
    flags = {"isHidden": True, "isHtmlEncodingInEmail": False, "isSensitive": True, "description": "D"}
    assert await made(marketo, COLOUR | flags, COLOUR | {"displayName": "Car Price", "name": "p", "dataType": "float"})
    assert await shown(marketo, "carColour") == {
        **COLOUR, "length": 255, "isCustom": True, "isApiCreated": True, **flags,
    }  # fmt: skip
    record = {"email": "ann@acme.example", "carColour": "red", "p": 9.5}
    (outcome,) = (await marketo.send("POST", "/rest/v1/leads.json", {"input": [record]}))["result"]
    query = {"filterType": "carColour", "filterValues": "red", "fields": "carColour,p"}
    (row,) = (await marketo.get("/rest/v1/leads.json", **query))["result"]
    assert row == {"id": outcome["id"], "carColour": "red", "p": 9.5}
    assert (await marketo.not_read("/rest/v1/leads.json", filterType="p", filterValues=1))[0] == "1011"


@pytest.mark.parametrize(
    ("change", "code", "about"),
    [
        ({"displayName": None}, "1002", "displayName"),
        ({"name": ""}, "1002", "name"),
        ({"dataType": None}, "1002", "dataType"),
        ({"dataType": "text"}, "1003", "text"),
        ({"name": "1st"}, "1003", "1st"),
        ({"name": "with-dash"}, "1003", "with-dash"),
        ({"name": "EMAIL"}, "1003", "EMAIL"),
        ({"displayName": "email address"}, "1003", "email address"),
        ({"displayName": "50% off?"}, "1003", "50% off?"),
        ({"isHidden": "yes"}, "1001", "yes"),
        ({"length": 10}, "1003", "length"),
        ({"description": 1}, "1003", "description"),
    ],
)
async def test_rules_of_new_fields(marketo: Caller, change: dict[str, object], code: str, about: str) -> None:
    """Names must be new and well formed, types creatable; one field that is not refuses all of the call."""
    other = {"displayName": "Fine", "name": "fine", "dataType": "date"}
    found, message = await refused(marketo, FIELDS, other, COLOUR | change)
    assert found == code
    assert about in message
    assert "fine" not in marketo.instance.state(Leads).fields


async def test_a_hundred_fields_can_be_made(marketo: Caller) -> None:
    """Names must differ within a call too; after a hundred fields made through the API there can be no more."""
    assert (await refused(marketo, FIELDS, COLOUR, COLOUR))[0] == "1003"
    fields = [{"displayName": f"Field {n}", "name": f"field{n}", "dataType": "date"} for n in range(100)]
    assert len(await made(marketo, *fields)) == 100
    assert (await refused(marketo, FIELDS, COLOUR))[0] == "1003"


async def test_changing_fields(marketo: Caller) -> None:
    """Of standard fields only three attributes change, of custom ones the label too, of ours also whether hidden."""
    await made(marketo, COLOUR)
    three = {"description": "D", "isHtmlEncodingInEmail": False, "isSensitive": True}
    four = three | {"displayName": "New Label"}
    for name, allowed in (("email", three), ("customField_c", four), ("carColour", four | {"isHidden": True})):
        for attribute, value in {**four, "isHidden": True, "dataType": "date", "name": "x", "length": 1}.items():
            path = path_of(name)
            if attribute in allowed:
                reply = await write(marketo, path, {attribute: value})
                assert reply["result"] == [{"name": name, "status": "updated"}]
                assert (await shown(marketo, name))[attribute] == value
                reply = await write(marketo, path, {attribute: (await shown(marketo, name))[attribute]})
                assert reply["success"]
            else:
                assert (await refused(marketo, path, {attribute: value}))[0] == "1003"
        if "displayName" in allowed:
            await write(marketo, path_of(name), {"displayName": f"Label of {name}"})
    fields = marketo.instance.state(Leads).fields
    assert [field.id for field in fields.values()] == sorted({field.id for field in fields.values()})


async def test_one_field_is_changed_by_a_call(marketo: Caller) -> None:
    """A change names its field in the path and has exactly one object."""
    assert (await refused(marketo, path_of("email"), {}, {}))[0] == "1003"
    assert (await refused(marketo, path_of("email")))[0] == "1002"
    assert await refused(marketo, path_of("nonsense"), {}) == ("1006", "Field 'nonsense' not found")
    taken = {"displayName": "Email Address"}
    assert (await refused(marketo, path_of("customField_c"), taken))[0] == "1003"

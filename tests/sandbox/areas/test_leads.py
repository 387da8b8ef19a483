from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from marketo_async.sandbox.areas.leads import Leads

if TYPE_CHECKING:
    from sandbox_caller import Caller

LEADS = "/rest/v1/leads.json"
BORN = datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)


async def ids(marketo: Caller, kind: str, values: object, **query: object) -> list[int]:
    reply = await marketo.get(LEADS, filterType=kind, filterValues=values, **query)
    assert reply["success"], reply
    return [row["id"] for row in reply["result"]]


async def test_a_lead_by_id(marketo: Caller) -> None:
    """A lead shows six fields in the recorded order by default, and an unknown one is 1004."""
    lead = marketo.instance.state(Leads).add(email="ann@acme.example", firstName="Ann", created_at=BORN)
    reply = await marketo.get(f"/rest/v1/lead/{lead.id}.json")
    assert list(reply) == ["requestId", "result", "success"]
    assert [list(row.items()) for row in reply["result"]] == [
        [
            ("id", lead.id), ("firstName", "Ann"), ("lastName", None), ("email", "ann@acme.example"),
            ("updatedAt", "2015-08-24T20:17:23Z"), ("createdAt", "2015-08-24T20:17:23Z"),
        ]
    ]  # fmt: skip
    assert await marketo.not_read("/rest/v1/lead/77.json") == ("1004", "Lead '77' not found")
    assert (await marketo.not_read("/rest/v1/lead/x.json"))[0] == "1001"


async def test_fields_come_as_asked_for(marketo: Caller) -> None:
    """Named fields come in the order asked for after the id; unset ones are null, unset booleans false (C1)."""
    leads = marketo.instance.state(Leads)
    leads.define_field("born_c", "date")
    lead = leads.add(customField_c="x", born_c=date(1999, 12, 31), lastLogin_c=BORN, lifetimeValue_c=1.5, leadScore=0)
    names = "unsubscribed,customField_c,leadScore,phone,born_c,lastLogin_c,lifetimeValue_c,email,customField_c"
    (row,) = (await marketo.get(f"/rest/v1/lead/{lead.id}.json", fields=names))["result"]
    assert list(row.items()) == [
        ("id", lead.id), ("unsubscribed", False), ("customField_c", "x"), ("leadScore", 0), ("phone", None),
        ("born_c", "1999-12-31"), ("lastLogin_c", "2015-08-24T20:17:23Z"), ("lifetimeValue_c", 1.5), ("email", None),
    ]  # fmt: skip
    refusal = ("1006", "Field 'noField' not found")
    assert await marketo.not_read(f"/rest/v1/lead/{lead.id}.json", fields="email,noField") == refusal
    assert await marketo.not_read(LEADS, filterType="id", filterValues=1, fields="noField") == refusal


async def test_searching(marketo: Caller) -> None:
    """Leads are found by id, by e-mail whatever its case, and by searchable standard and custom fields."""
    leads = marketo.instance.state(Leads)
    ann = leads.add(email="Ann@Acme.example", customField_c="CF 1", loyaltyNumber_c=7, secondEmail_c="A@b.example")
    bob = leads.add(email="ann@acme.example", leadPartitionId=1, cookies="token:_mch-acme.example-1")
    nobody = leads.add(firstName="None")
    assert await ids(marketo, "id", f"{bob.id},{ann.id}, 99") == [ann.id, bob.id]
    assert await ids(marketo, "email", "ANN@ACME.EXAMPLE,ann@acme.example") == [ann.id, bob.id]
    assert await ids(marketo, "email", "zoe@acme.example") == []
    assert await ids(marketo, "customField_c", "CF 1") == [ann.id]
    assert await ids(marketo, "loyaltyNumber_c", 7) == [ann.id]
    assert await ids(marketo, "secondEmail_c", "a@B.example,none") == [ann.id]
    assert await ids(marketo, "leadPartitionId", 1) == [bob.id]
    assert await ids(marketo, "cookies", "token:_mch-acme.example-1") == [bob.id]
    assert await ids(marketo, "cookies", "id:123-ABC-456&token:_mch-acme.example-1") == [bob.id]
    leads.change(bob.id, email="bob@acme.example", leadPartitionId=None)
    leads.remove(ann.id)
    assert await ids(marketo, "email", "ann@acme.example,BOB@acme.example") == [bob.id]
    assert await ids(marketo, "leadPartitionId", 1) == []
    assert nobody.id in await ids(marketo, "id", nobody.id)


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ({"filterType": "firstName", "filterValues": "x"}, ("1011", "Field 'firstName' not supported")),
        ({"filterType": "newsletter_c", "filterValues": "x"}, ("1011", "Field 'newsletter_c' not supported")),
        ({"filterType": "unheardOf", "filterValues": "x"}, ("1011", "Field 'unheardOf' not supported")),
        ({"filterType": "cookies", "filterValues": "x"}, ("1012", "Invalid cookie value 'x'")),
        ({"filterValues": "x"}, ("1002", "Missing value for required parameter 'filterType'")),
        ({"filterType": "email"}, ("1002", "Missing value for required parameter 'filterValues'")),
        ({"filterType": "id", "filterValues": "x"}, ("1001", "Invalid value 'x'. Required of type 'Integer'")),
    ],
)
async def test_what_cannot_be_searched(marketo: Caller, query: dict[str, object], refusal: tuple[str, str]) -> None:
    """Unsearchable fields, bad cookies and missing arguments are refused in Marketo's words."""
    assert await marketo.not_read(LEADS, **query) == refusal


async def test_limits_of_a_search(marketo: Caller) -> None:
    """More than 300 values, more than 1,000 matches and page sizes outside 1 to 300 are 1003."""
    leads = marketo.instance.state(Leads)
    for _ in range(1_000):
        leads.add(email="info@acme.example", leadPartitionId=1)
    assert len(await ids(marketo, "email", "info@acme.example")) == 300
    leads.add(email="INFO@acme.example", leadPartitionId=1)
    too_many = ("1003", "Too many results match the filter")
    assert await marketo.not_read(LEADS, filterType="email", filterValues="info@acme.example") == too_many
    assert await marketo.not_read(LEADS, filterType="leadPartitionId", filterValues=1) == too_many
    values = ",".join(map(str, range(1, 301)))
    assert len(await ids(marketo, "id", values)) == 300
    assert (await marketo.not_read(LEADS, filterType="id", filterValues=f"{values},301"))[0] == "1003"
    for size in (0, 301):
        assert (await marketo.not_read(LEADS, filterType="id", filterValues=1, batchSize=size))[0] == "1003"


async def test_page_tokens_lead_through_a_search(marketo: Caller) -> None:
    """Tokens lead through all matches once, whatever changes meanwhile; the last page has none, foreign ones fail."""
    leads = marketo.instance.state(Leads)
    made = [leads.add(customField_c="same").id for _ in range(7)]
    query: dict[str, Any] = {"filterType": "customField_c", "filterValues": "same", "batchSize": 3}
    first = await marketo.get(LEADS, **query)
    token = first["nextPageToken"]
    assert token == (await marketo.get(LEADS, **query))["nextPageToken"]
    assert token.isupper()
    leads.remove(made[1])
    second = await marketo.get(LEADS, **query, nextPageToken=token)
    third = await marketo.get(LEADS, **query, nextPageToken=second["nextPageToken"])
    assert "nextPageToken" not in third
    assert [row["id"] for page in (first, second, third) for row in page["result"]] == made
    assert "nextPageToken" not in await marketo.get(LEADS, **query | {"batchSize": 6})
    for bad in ("", "NONSENSE", token[:-8], "é"):
        reply = await marketo.get(LEADS, **query, nextPageToken=bad)
        assert reply["success"] is (bad == "")
    other = query | {"filterValues": "other"}
    assert (await marketo.not_read(LEADS, **other, nextPageToken=token))[0] == "1003"


async def test_long_searches_travel_in_the_body(marketo: Caller) -> None:
    """A search may be posted as a form with `_method=GET`."""
    lead = marketo.instance.state(Leads).add(email="a+b@acme.example")
    fields = {"_method": "GET", "filterType": "email", "filterValues": "a+b@acme.example", "fields": "email"}
    assert (await marketo.post(LEADS, **fields))["result"] == [{"id": lead.id, "email": "a+b@acme.example"}]

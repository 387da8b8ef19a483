from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from marketo_async.sandbox.areas.activities import Activities
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.leads.cookies import visit

if TYPE_CHECKING:
    from sandbox_caller import Caller

COOKIE = "token:_mch-acme.example-1594662481190-60776"
WITH_ACCOUNT = f"id:123-ABC-456&{COOKIE}"


async def associate(marketo: Caller, lead_id: object, **query: object) -> dict[str, Any]:
    return await marketo.send("POST", f"/rest/v1/leads/{lead_id}/associate.json", None, **query)


async def refused(marketo: Caller, lead_id: object, **query: object) -> tuple[str, str]:
    (error,) = (await associate(marketo, lead_id, **query))["errors"]
    return error["code"], error["message"]


async def found(marketo: Caller, cookie: str = COOKIE) -> list[int]:
    reply = await marketo.get("/rest/v1/leads.json", filterType="cookies", filterValues=cookie, fields="cookies")
    return [row["id"] for row in reply["result"]]


@pytest.mark.parametrize("cookie", [COOKIE, WITH_ACCOUNT])
async def test_a_visitor_becomes_known(marketo: Caller, cookie: str) -> None:
    """A cookie, with the account or without, makes what its visitor did the lead's own; there is no result (C8)."""
    leads = marketo.instance.state(Leads)
    visitor = visit(marketo.instance, cookie, "/pricing")
    assert visit(marketo.instance, cookie, "/contact") is visitor
    assert visitor.anonymous
    lead = leads.add(email="ann@acme.example", cookies="token:_mch-old.example-1")
    before = lead.updated_at
    reply = await associate(marketo, lead.id, cookie=cookie)
    assert list(reply) == ["requestId", "success"]
    assert [one.id for one in leads] == [lead.id]
    assert await found(marketo, COOKIE) == await found(marketo, "token:_mch-old.example-1") == [lead.id]
    visits = marketo.instance.state(Activities).of(lead.id, 1)
    assert [one.primary_value for one in visits] == ["/pricing", "/contact"]
    assert lead.updated_at == before
    assert (await associate(marketo, lead.id, cookie=cookie))["success"]
    assert lead.value("cookies") == f"token:_mch-old.example-1,{COOKIE}"


async def test_a_cookie_has_one_owner(marketo: Caller) -> None:
    """A cookie of another known lead changes hands, and the other lead stays; one's own stays where it is."""
    leads = marketo.instance.state(Leads)
    old = leads.add(email="old@acme.example", cookies=COOKIE)
    new = leads.add(email="new@acme.example")
    await associate(marketo, new.id, cookie=COOKIE)
    assert await found(marketo) == [new.id]
    assert dict(old.values) == {"email": "old@acme.example"}
    visitor = visit(marketo.instance, "token:_mch-own.example-1")
    await associate(marketo, visitor.id, cookie="token:_mch-own.example-1")
    assert await found(marketo, "token:_mch-own.example-1") == [visitor.id]


async def test_what_cannot_be_associated(marketo: Caller) -> None:
    """An unknown lead is 1004, a bad cookie 1012 (what an & that was not encoded leaves of it too), none 1002."""
    lead = marketo.instance.state(Leads).add()
    assert await refused(marketo, 99, cookie=COOKIE) == ("1004", "Lead '99' not found")
    assert await refused(marketo, lead.id, cookie="x") == ("1012", "Invalid cookie value 'x'")
    account, _, token = WITH_ACCOUNT.partition("&")
    assert await refused(marketo, lead.id, cookie=account, **{token: ""}) == (
        "1012",
        "Invalid cookie value 'id:123-ABC-456'",
    )
    assert (await refused(marketo, lead.id))[0] == "1002"
    assert (await refused(marketo, "x", cookie=COOKIE))[0] == "1001"


@pytest.mark.parametrize("name", ["cookie", "cookies"])
async def test_syncing_by_cookie(marketo: Caller, name: str) -> None:
    """Leads can be looked up by cookie: an anonymous one becomes known, a new cookie makes a lead that has it."""
    leads = marketo.instance.state(Leads)
    visitor = visit(marketo.instance, COOKIE)
    body = {
        "lookupField": name,
        "input": [
            {name: WITH_ACCOUNT, "email": "ann@acme.example"},
            {name: "token:_mch-new.example-2", "email": "bob@acme.example"},
            {name: "x"},
            {"email": "x@acme.example"},
        ],
    }
    known, new, bad, none = (await marketo.send("POST", "/rest/v1/leads.json", body))["result"]
    assert known == {"id": visitor.id, "status": "updated"}
    assert dict(visitor.values) == {"cookies": COOKIE, "email": "ann@acme.example"}
    assert new["status"] == "created"
    assert await found(marketo, "token:_mch-new.example-2") == [new["id"]]
    assert bad["reasons"] == [{"code": "1012", "message": "Invalid cookie value 'x'"}]
    assert none["reasons"] == [{"code": "1003", "message": "Value for lookup field 'cookies' not found"}]
    assert len(leads) == 2

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.leads.partitions import Partitions

if TYPE_CHECKING:
    from sandbox_caller import Caller

LEADS = "/rest/v1/leads.json"
DELETE = "/rest/v1/leads/delete.json"

SPELLINGS = {
    "the body of a POST": ("POST", DELETE, True, {}),
    "the query of a POST": ("POST", DELETE, False, {}),
    "the body of a DELETE": ("DELETE", LEADS, True, {}),
    "the query of a DELETE": ("DELETE", LEADS, False, {}),
    "a POST that says DELETE": ("POST", LEADS, True, {"_method": "DELETE"}),
}


async def delete(marketo: Caller, spelling: str, *ids: object) -> dict[str, Any]:
    method, path, in_body, query = SPELLINGS[spelling]
    if in_body:
        return await marketo.send(method, path, {"input": [{"id": one} for one in ids]}, **query)
    return await marketo.send(method, path, None, id=",".join(map(str, ids)), **query)


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_spellings(marketo: Caller, spelling: str) -> None:
    """Leads are deleted by any recorded spelling (C9): an outcome per id, 1004 for unknown ones and repetitions."""
    leads = marketo.instance.state(Leads)
    gone: list[int] = []
    leads.when_removed(gone.append)
    ann, bob = leads.add(email="ann@acme.example").id, leads.add(email="bob@acme.example").id
    reply = await delete(marketo, spelling, ann, 99, ann)
    assert list(reply) == ["requestId", "result", "success"]
    missing = {"status": "skipped", "reasons": [{"code": "1004", "message": "Lead not found"}]}
    assert reply["result"] == [{"id": ann, "status": "deleted"}, {"id": 99} | missing, {"id": ann} | missing]
    assert [lead.id for lead in leads] == [bob]
    assert leads.with_emails(["ann@acme.example"]) == []
    assert gone == [ann]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_the_limit_of_a_call(marketo: Caller, spelling: str) -> None:
    """More than 300 ids are 1003; none at all 1002; what is no id 1001; and nothing is deleted."""
    leads = marketo.instance.state(Leads)
    first = leads.add().id
    for ids, code in ((range(1, 302), "1003"), ((), "1002"), ((first, "x"), "1001")):
        reply = await delete(marketo, spelling, *ids)
        assert [error["code"] for error in reply["errors"]] == [code]
    assert len(leads) == 1


async def test_records_without_id(marketo: Caller) -> None:
    """A record without an id refuses the call."""
    reply = await marketo.send("POST", DELETE, {"input": [{"email": "a@b.example"}]})
    assert reply["errors"] == [{"code": "1002", "message": "Missing value for required parameter 'id'"}]


async def test_leads_of_a_foreign_partition_stay(marketo: Caller) -> None:
    """A lead in a partition that the user may not write to is skipped with 1008."""
    secret = marketo.instance.state(Partitions).add("Secret")
    secret.denied = True
    lead = marketo.instance.state(Leads).add(leadPartitionId=secret.id)
    (row,) = (await delete(marketo, "the body of a POST", lead.id))["result"]
    assert row["reasons"] == [{"code": "1008", "message": "Access denied to partition 'Secret'"}]
    assert lead.id in marketo.instance.state(Leads)

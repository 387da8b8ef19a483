from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marketo_async.sandbox.areas.activities import Activities
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.leads.partitions import Partitions

if TYPE_CHECKING:
    from sandbox_caller import Caller

PARTITIONS = "/rest/v1/leads/partitions.json"


async def move(marketo: Caller, *records: object) -> dict[str, Any]:
    return await marketo.send("POST", PARTITIONS, {"input": list(records)})


async def test_partitions_are_listed(marketo: Caller) -> None:
    """Partitions come by id, with a description where they have one; a new instance has the default one."""
    marketo.instance.state(Partitions).add("EMEA", "Europe")
    rows = (await marketo.get(PARTITIONS))["result"]
    assert rows == [{"id": 1, "name": "Default"}, {"id": 2, "name": "EMEA", "description": "Europe"}]


async def test_leads_move(marketo: Caller) -> None:
    """Leads move between partitions, each with an outcome: 1004, 1008 and 1010 for those that cannot."""
    partitions, leads = marketo.instance.state(Partitions), marketo.instance.state(Leads)
    emea, secret, fixed = partitions.add("EMEA"), partitions.add("Secret"), partitions.add("Fixed")
    secret.denied, fixed.fixed = True, True
    ann, spy, rock = leads.add(), leads.add(leadPartitionId=secret.id), leads.add(leadPartitionId=fixed.id)
    reply = await move(
        marketo,
        {"id": ann.id, "partitionName": "EMEA"},
        {"id": ann.id, "partitionName": "EMEA"},
        {"id": 99, "partitionName": "EMEA"},
        {"id": ann.id, "partitionName": "Nowhere"},
        {"id": spy.id, "partitionName": "EMEA"},
        {"id": rock.id, "partitionName": "EMEA"},
    )
    done, again, *skipped = reply["result"]
    assert done == again == {"id": ann.id, "status": "updated"}
    assert [(row["id"], row["reasons"][0]["code"], row["reasons"][0]["message"]) for row in skipped] == [
        (99, "1004", "Lead not found"),
        (ann.id, "1008", "Access denied to partition 'Nowhere'"),
        (spy.id, "1008", "Access denied to partition 'Secret'"),
        (rock.id, "1010", "Partition update not allowed"),
    ]
    assert [lead.value("leadPartitionId") for lead in (ann, spy, rock)] == [emea.id, secret.id, fixed.id]
    (moved,) = marketo.instance.state(Activities).of(ann.id)
    assert (moved.type_id, moved.primary_id, moved.attributes["Old Partition ID"]) == (100, emea.id, 1)


async def test_moves_that_make_no_sense(marketo: Caller) -> None:
    """A record without id is 1002, without partition 1009; more than 300 are 1003."""
    leads = marketo.instance.state(Leads)
    lead = leads.add()
    record = {"id": lead.id, "partitionName": "Default"}
    for records, code in (
        (({"partitionName": "EMEA"},), "1002"),
        (({"id": lead.id},), "1009"),
        ((), "1002"),
        ((record,) * 301, "1003"),
    ):
        assert [error["code"] for error in (await move(marketo, *records))["errors"]] == [code]
    assert len((await move(marketo, *(record,) * 300))["result"]) == 300

"""Listing partitions, and moving leads between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.activities.state import Activities
from marketo_async.sandbox.areas.activities.types import CHANGE_LEAD_PARTITION
from marketo_async.sandbox.areas.arguments import integer
from marketo_async.sandbox.areas.leads.batch import records_of, skipped
from marketo_async.sandbox.areas.leads.partitions.state import Partitions
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.exchange import Answer, Refusal

if TYPE_CHECKING:
    from marketo_async.sandbox.exchange import Request
    from marketo_async.sandbox.instance import Instance


def browse(request: Request) -> Answer:
    """Answer `GET /leads/partitions.json`."""
    rows: list[dict[str, object]] = []
    for partition in request.instance.state(Partitions):
        rows.append({"id": partition.id, "name": partition.name})
        if partition.description is not None:
            rows[-1]["description"] = partition.description
    return Answer(rows)


def move(request: Request) -> Answer:
    """Answer `POST /leads/partitions.json`: an outcome for each lead."""
    records = records_of(request)
    for record in records:
        if record.get("id") is None:
            raise refusals.missing("id")
        if not record.get("partitionName"):
            raise refusals.partition_missing()
    return Answer([_outcome(request.instance, integer(one["id"]), one["partitionName"]) for one in records])


def _outcome(instance: Instance, lead_id: int, name: object) -> dict[str, object]:
    try:
        _move(instance, lead_id, name)
    except Refusal as refused:
        return skipped(refused.code, refused.message, id=lead_id)
    return {"id": lead_id, "status": "updated"}


def _move(instance: Instance, lead_id: int, name: object) -> None:
    partitions, leads = instance.state(Partitions), instance.state(Leads)
    lead = leads.get(lead_id)
    if lead is None:
        raise refusals.not_found()
    there, here = partitions.named(name), partitions.of(lead)
    if there is None or here.denied:
        raise refusals.partition_denied(str(name) if there is None else here.name)
    if here is there:
        return
    if here.fixed:
        raise refusals.partition_fixed()
    leads.write(lead, {"leadPartitionId": there.id})
    instance.state(Activities).log(
        CHANGE_LEAD_PARTITION,
        lead_id,
        primary_id=there.id,
        primary_value=there.name,
        Old_Partition_ID=here.id,
        Reason="Web service API",
    )

"""Deleting leads, in every spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.leads.batch import lead_ids_of, skipped
from marketo_async.sandbox.areas.leads.journal import delete
from marketo_async.sandbox.areas.leads.partitions.state import Partitions
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.exchange import Request
    from marketo_async.sandbox.instance import Instance


def delete_leads(request: Request) -> Answer:
    """Answer `POST /leads/delete.json` and `DELETE /leads.json`: an outcome for each lead."""
    return Answer([_outcome(request.instance, lead_id) for lead_id in lead_ids_of(request)])


def _outcome(instance: Instance, lead_id: int) -> dict[str, object]:
    lead = instance.state(Leads).get(lead_id)
    if lead is None:
        refused = refusals.not_found()
        return skipped(refused.code, refused.message, id=lead_id)
    here = instance.state(Partitions).of(lead)
    if here.denied:
        refused = refusals.partition_denied(here.name)
        return skipped(refused.code, refused.message, id=lead_id)
    delete(instance, lead)
    return {"id": lead_id, "status": "deleted"}

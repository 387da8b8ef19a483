"""Leads: reading and writing them, their fields, partitions and cookies."""

from __future__ import annotations

from marketo_async.sandbox.areas.leads import cookies, delete, merge, reading, sync
from marketo_async.sandbox.areas.leads.partitions import routes as partitions
from marketo_async.sandbox.areas.leads.record import Lead
from marketo_async.sandbox.areas.leads.schema import describing
from marketo_async.sandbox.areas.leads.schema import reading as schema_reading
from marketo_async.sandbox.areas.leads.schema import writing as schema_writing
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.exchange import Permission, Route

__all__ = ["ROUTES", "Lead", "Leads"]

_ANY_FIELD: Permission = "Read-Write Schema Standard Field or Read-Write Schema Custom Field"
_CUSTOM_FIELD: Permission = "Read-Write Schema Custom Field"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/rest/v1/lead/{leadId}.json", reading.by_id, "Read-Only Lead"),
    Route("GET", "/rest/v1/leads.json", reading.by_filter, "Read-Only Lead"),
    Route("POST", "/rest/v1/leads.json", sync.sync, "Read-Write Lead"),
    Route("DELETE", "/rest/v1/leads.json", delete.delete_leads, "Read-Write Lead"),
    Route("POST", "/rest/v1/leads/delete.json", delete.delete_leads, "Read-Write Lead"),
    Route("GET", "/rest/v1/leads/describe.json", describing.describe, "Read-Only Lead"),
    Route("GET", "/rest/v1/leads/describe2.json", describing.describe2, "Read-Only Lead"),
    Route("GET", "/rest/v1/leads/schema/fields.json", schema_reading.browse, _ANY_FIELD),
    Route("POST", "/rest/v1/leads/schema/fields.json", schema_writing.create, _CUSTOM_FIELD),
    Route("GET", "/rest/v1/leads/schema/fields/{fieldApiName}.json", schema_reading.by_name, _ANY_FIELD),
    Route("POST", "/rest/v1/leads/schema/fields/{fieldApiName}.json", schema_writing.update, _ANY_FIELD),
    Route("GET", "/rest/v1/leads/partitions.json", partitions.browse, "Read-Only Lead"),
    Route("POST", "/rest/v1/leads/partitions.json", partitions.move, "Read-Write Lead"),
    Route("POST", "/rest/v1/leads/{leadId}/merge.json", merge.merge, "Read-Write Lead"),
    Route("POST", "/rest/v1/leads/{leadId}/associate.json", cookies.associate, "Read-Write Lead"),
)

"""Members of programs, and what else a lead belongs to: fifteen operations."""

from __future__ import annotations

from marketo_async.sandbox.areas.members import by_lead, data, reading, writing
from marketo_async.sandbox.areas.members.campaigns import CampaignMembers
from marketo_async.sandbox.areas.members.record import Member
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.sandbox.exchange import Permission, Route

__all__ = ["ROUTES", "CampaignMembers", "Member", "Members"]

_LEAD = "/rest/v1/leads/{leadId}"
_BY_PROGRAM = "/rest/v1/leads/programs/{programId}"
_MEMBERS = "/rest/v1/programs/{programId}/members"
_FIELDS = "/rest/v1/programs/members/schema/fields"
_ANY_FIELD: Permission = "Read-Write Schema Standard Field or Read-Write Schema Custom Field"

ROUTES: tuple[Route, ...] = (
    Route("GET", f"{_LEAD}/programMembership.json", by_lead.programs_of_lead, "Read-Only Assets"),
    Route("GET", f"{_LEAD}/listMembership.json", by_lead.lists_of_lead, "Read-Only Assets"),
    Route("GET", f"{_LEAD}/smartCampaignMembership.json", by_lead.campaigns_of_lead, "Read-Only Assets"),
    Route("GET", f"{_BY_PROGRAM}.json", by_lead.leads_of_program, "Read-Only Lead"),
    Route("POST", f"{_BY_PROGRAM}/status.json", writing.change_status, "Read-Write Lead"),
    Route("GET", "/rest/v1/programs/members/describe.json", reading.describe, "Read-Only Lead"),
    Route("GET", "/rest/v1/program/members/describe.json", reading.describe_old, "Read-Only Lead"),
    Route("GET", f"{_MEMBERS}.json", reading.query, "Read-Only Lead"),
    Route("POST", f"{_MEMBERS}.json", data.sync, "Read-Write Lead"),
    Route("POST", f"{_MEMBERS}/status.json", writing.sync_status, "Read-Write Lead"),
    Route("POST", f"{_MEMBERS}/delete.json", writing.delete, "Read-Write Lead"),
    Route("GET", f"{_FIELDS}.json", reading.browse_fields, _ANY_FIELD),
    Route("POST", f"{_FIELDS}.json", reading.create_fields, "Read-Write Schema Custom Field"),
    Route("GET", f"{_FIELDS}/{{fieldApiName}}.json", reading.field_by_name, _ANY_FIELD),
    Route("POST", f"{_FIELDS}/{{fieldApiName}}.json", reading.update_field, _ANY_FIELD),
)

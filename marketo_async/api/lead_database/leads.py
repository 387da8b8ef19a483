"""Leads: reading them, writing them, describing them, what they belong to."""

from __future__ import annotations

from marketo_async.api.lead_database.lead_descriptions import LeadDescriptions
from marketo_async.api.lead_database.lead_joins import LeadJoins
from marketo_async.api.lead_database.lead_memberships import LeadMemberships
from marketo_async.api.lead_database.lead_reads import LeadReads
from marketo_async.api.lead_database.lead_writes import LeadWrites


class Leads(LeadReads, LeadWrites, LeadDescriptions, LeadMemberships, LeadJoins):
    """Leads: the people that a Marketo instance knows."""

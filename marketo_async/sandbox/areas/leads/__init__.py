"""Leads: two operations that read them."""

from __future__ import annotations

from marketo_async.sandbox.areas.leads import routes
from marketo_async.sandbox.areas.leads.state import Lead, Leads
from marketo_async.sandbox.exchange import Route

__all__ = ["ROUTES", "Lead", "Leads"]

ROUTES: tuple[Route, ...] = (
    Route("GET", "/rest/v1/lead/{leadId}.json", routes.by_id, "Read-Only Lead"),
    Route("GET", "/rest/v1/leads.json", routes.by_filter, "Read-Only Lead"),
)

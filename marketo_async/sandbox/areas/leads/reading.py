"""Reading leads: one by its id, many by the values of a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import given, identifier, required
from marketo_async.sandbox.areas.leads.batch import batch_size
from marketo_async.sandbox.areas.leads.cursor import page_token, place_of
from marketo_async.sandbox.areas.leads.rows import asked_fields, row
from marketo_async.sandbox.areas.leads.search import find
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.exchange import Request


def by_id(request: Request) -> Answer:
    """Answer `GET /lead/{leadId}.json`."""
    lead_id = identifier(request, "leadId")
    fields = asked_fields(request)
    lead = request.instance.state(Leads).get(lead_id)
    if lead is None:
        raise refusals.lead_not_found(lead_id)
    return Answer([row(lead, fields)])


def by_filter(request: Request) -> Answer:
    """Answer `GET /leads.json`: the leads that match, by id, a page at a time."""
    leads = request.instance.state(Leads)
    filter_type = required(request.query, "filterType")
    required(request.query, "filterValues")
    values = request.query.all("filterValues")
    size = batch_size(request)
    fields = asked_fields(request)
    search = "\n".join([filter_type, *values])
    token = given(request.query, "nextPageToken")
    after = 0 if token is None else place_of(token, search)
    left = [lead for lead in find(leads, filter_type, values) if lead.id > after]
    page = left[:size]
    following = page_token(search, page[-1].id) if len(left) > size else None
    return Answer([row(lead, fields) for lead in page], next_page_token=following)

"""The two operations that read leads."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import given, identifier, integer, required
from marketo_async.sandbox.areas.dates import lead_date
from marketo_async.sandbox.areas.leads.cursor import page_token, place_of
from marketo_async.sandbox.areas.leads.schema import DEFAULT_FIELDS
from marketo_async.sandbox.areas.leads.search import find
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.sandbox.areas.leads.schema import LeadField
    from marketo_async.sandbox.areas.leads.state import Lead
    from marketo_async.sandbox.exchange import Request

_BATCH_LIMIT = 300


def by_id(request: Request) -> Answer:
    """Answer `GET /lead/{leadId}.json`."""
    lead_id = identifier(request, "leadId")
    fields = _fields(request)
    lead = request.instance.state(Leads).get(lead_id)
    if lead is None:
        raise refusals.lead_not_found(lead_id)
    return Answer([_row(lead, fields)])


def by_filter(request: Request) -> Answer:
    """Answer `GET /leads.json`: the leads that match, by id, a page at a time."""
    leads = request.instance.state(Leads)
    filter_type = required(request.query, "filterType")
    required(request.query, "filterValues")
    values = request.query.all("filterValues")
    size = integer(given(request.query, "batchSize") or str(_BATCH_LIMIT))
    if not 1 <= size <= _BATCH_LIMIT:
        raise refusals.bad_batch_size(_BATCH_LIMIT)
    fields = _fields(request)
    search = "\n".join([filter_type, *values])
    token = given(request.query, "nextPageToken")
    after = 0 if token is None else place_of(token, search)
    left = [lead for lead in find(leads, filter_type, values) if lead.id > after]
    page = left[:size]
    following = page_token(search, page[-1].id) if len(left) > size else None
    return Answer([_row(lead, fields) for lead in page], next_page_token=following)


def _fields(request: Request) -> list[LeadField]:
    known = request.instance.state(Leads).fields
    names = request.query.all("fields")
    for name in names:
        if name not in known:
            raise refusals.field_not_found(name)
    # The id comes first, asked for or not.
    return [known[name] for name in dict.fromkeys(("id", *names) if names else DEFAULT_FIELDS)]


def _row(lead: Lead, fields: Iterable[LeadField]) -> dict[str, object]:
    return {field.name: _written(field, lead.value(field.name)) for field in fields}


def _written(field: LeadField, value: object) -> object:
    if value is None:
        return False if field.data_type == "boolean" else None
    if isinstance(value, datetime):
        return lead_date(value)
    return value.isoformat() if isinstance(value, date) else value

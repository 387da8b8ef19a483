"""Leads as replies carry them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.dates import lead_date
from marketo_async.sandbox.areas.leads.schema import DEFAULT_FIELDS
from marketo_async.sandbox.areas.leads.state import Leads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.sandbox.areas.leads.schema import LeadField
    from marketo_async.sandbox.areas.leads.state import Lead
    from marketo_async.sandbox.exchange import Request


def asked_fields(request: Request) -> list[LeadField]:
    """Return the fields that `fields` names, the id before them; the usual six where it names none.

    Raises:
        Refusal: 1006 naming the first that does not exist.
    """
    known = request.instance.state(Leads).fields
    names = request.query.all("fields")
    for name in names:
        if name not in known:
            raise refusals.field_not_found(name)
    return [known[name] for name in dict.fromkeys(("id", *names) if names else DEFAULT_FIELDS)]


def row(lead: Lead, fields: Iterable[LeadField]) -> dict[str, object]:
    """Write a lead: every field asked for, null where it is unset, false for an unset boolean."""
    return {field.name: written(field, lead.value(field.name)) for field in fields}


def written(field: LeadField, value: object) -> object:
    """Write one value as the lead database does."""
    if value is None:
        return False if field.data_type == "boolean" else None
    if isinstance(value, datetime):
        return lead_date(value)
    return value.isoformat() if isinstance(value, date) else value

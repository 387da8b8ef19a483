"""Finding leads by the values of a field."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import integers

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.schema import LeadField
    from marketo_async.sandbox.areas.leads.state import Lead, Leads

VALUES_LIMIT = 300
RESULTS_LIMIT = 1000
_COOKIE = re.compile(r"(id:\d{3}-[A-Z]{3}-\d{3}&)?token:_mch-\S+", re.ASCII)
_ACCOUNT = re.compile(r"id:\d{3}-[A-Z]{3}-\d{3}&", re.ASCII)


def find(leads: Leads, field_name: str, values: list[str]) -> list[Lead]:
    """Return the leads whose field holds one of the values, by id.

    E-mail addresses match whatever their case, everything else exactly.

    Raises:
        Refusal: 1001, 1003, 1011 or 1012.
    """
    field = leads.fields.get(field_name)
    if field is None or not field.searchable:
        raise refusals.field_not_supported(field_name)
    if len(values) > VALUES_LIMIT:
        raise refusals.too_many_values(VALUES_LIMIT)
    if field_name == "id":
        named = (leads.get(lead_id) for lead_id in sorted(set(integers(values))))
        return [lead for lead in named if lead is not None]
    found = leads.with_emails(values) if field_name == "email" else _scanned(leads, field, values)
    if len(found) > RESULTS_LIMIT:
        raise refusals.too_many_results()
    return found


def _scanned(leads: Leads, field: LeadField, values: list[str]) -> list[Lead]:
    wanted: set[object]
    if field.name == "cookies":
        wanted = {_cookie(value) for value in values}
    elif field.data_type == "integer":
        wanted = set(integers(values))
    else:
        wanted = {_comparable(field, value) for value in values}
    found = (lead for lead in leads if _comparable(field, lead.value(field.name)) in wanted)
    # One more than allowed is enough to know that it is too many.
    return list(islice(found, RESULTS_LIMIT + 1))


def _comparable(field: LeadField, value: object) -> object:
    return value.casefold() if isinstance(value, str) and field.data_type == "email" else value


def _cookie(value: str) -> str:
    if _COOKIE.fullmatch(value) is None:
        raise refusals.bad_cookie(value)
    return _ACCOUNT.sub("", value)

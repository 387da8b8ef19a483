"""Finding leads by the values of a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import integers
from marketo_async.sandbox.areas.leads.cookies import read_cookie

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.record import Lead
    from marketo_async.sandbox.areas.leads.schema.field import LeadField
    from marketo_async.sandbox.areas.leads.state import Leads

VALUES_LIMIT = 300
RESULTS_LIMIT = 1000


def find(leads: Leads, field_name: str, values: list[str]) -> list[Lead]:
    """Return the leads whose field holds one of the values, by id.

    E-mail addresses match whatever their case, everything else exactly.

    Raises:
        Refusal: 1001, 1003, 1011 or 1012.
    """
    field = searchable(leads, field_name)
    if len(values) > VALUES_LIMIT:
        raise refusals.too_many_values(VALUES_LIMIT)
    if field_name == "id":
        named = (leads.get(lead_id) for lead_id in sorted(set(integers(values))))
        return [lead for lead in named if lead is not None]
    found = leads.holding(field, _read(field, values), RESULTS_LIMIT)
    if len(found) > RESULTS_LIMIT:
        raise refusals.too_many_results()
    return found


def searchable(leads: Leads, field_name: str) -> LeadField:
    """Return a field by which leads can be found.

    Raises:
        Refusal: 1011 where it is none.
    """
    field = leads.fields.get(field_name)
    if field is None or not field.searchable:
        raise refusals.field_not_supported(field_name)
    return field


def _read(field: LeadField, values: list[str]) -> list[object]:
    if field.name == "cookies":
        return [read_cookie(value) for value in values]
    if field.data_type == "integer":
        return [*integers(values)]
    return [*values]

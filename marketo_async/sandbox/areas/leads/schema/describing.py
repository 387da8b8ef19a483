"""Describe, old and new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.schema.field import LeadField
    from marketo_async.sandbox.exchange import Request


def describe(request: Request) -> Answer:
    """Answer `GET /leads/describe.json`: one row per field, with its names in both APIs."""
    return Answer([_old_row(field) for field in request.instance.state(Leads).fields.values()])


def describe2(request: Request) -> Answer:
    """Answer `GET /leads/describe2.json`: one object, with the fields by which leads can be found."""
    fields = request.instance.state(Leads).fields
    return Answer(
        [
            {
                "name": "API Lead",
                "searchableFields": [[field.name] for field in fields.searchable],
                "fields": [field_row(field) for field in fields.values()],
            }
        ]
    )


def field_row(field: LeadField) -> dict[str, object]:
    """Write a field as the newer describes do."""
    return {
        "name": field.name,
        "displayName": field.display_name,
        "dataType": field.data_type,
        **_length(field),
        "updateable": field.updateable,
        "crmManaged": field.crm_managed,
    }


def _old_row(field: LeadField) -> dict[str, object]:
    row = {"id": field.id, "displayName": field.display_name, "dataType": field.data_type, **_length(field)}
    row["rest"] = {"name": field.name, "readOnly": not field.updateable}
    if field.soap_name is not None:
        row["soap"] = {"name": field.soap_name, "readOnly": not field.updateable}
    return row


def _length(field: LeadField) -> dict[str, object]:
    return {} if field.length is None else {"length": field.length}

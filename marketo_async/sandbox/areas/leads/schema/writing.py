"""Making and changing fields through the API. What breaks a rule refuses the whole call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.leads.batch import records_of
from marketo_async.sandbox.areas.leads.schema.field import CREATABLE, custom_field
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.schema.field import LeadField
    from marketo_async.sandbox.areas.leads.schema.registry import Schema
    from marketo_async.sandbox.exchange import Request

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}", re.ASCII)
_DISPLAY_NAME = re.compile(r"[\w \-]{1,255}")
_REQUIRED = ("displayName", "name", "dataType")
_OF_ANY_FIELD = frozenset({"description", "isHtmlEncodingInEmail", "isSensitive"})
_KNOWN = frozenset({*_REQUIRED, *_OF_ANY_FIELD, "isHidden"})


def create(request: Request) -> Answer:
    """Answer `POST /leads/schema/fields.json`."""
    return create_fields(request, request.instance.state(Leads).fields)


def update(request: Request) -> Answer:
    """Answer `POST /leads/schema/fields/{fieldApiName}.json`."""
    return update_field(request, request.instance.state(Leads).fields)


def create_fields(request: Request, fields: Schema) -> Answer:
    """Make the fields under `input`: all of them, or none.

    Raises:
        Refusal: 1001, 1002 or 1003.
    """
    made: list[LeadField] = []
    for record in records_of(request):
        made.append(_new_field(record, [*fields.values(), *made]))
        if fields.created + len(made) > fields.most_created:
            raise refusals.too_many_fields(fields.most_created)
    for field in made:
        fields.put(field)
    return Answer([{"name": field.name, "status": "created"} for field in made])


def update_field(request: Request, fields: Schema) -> Answer:
    """Change the field that the path names after the one object under `input`.

    Raises:
        Refusal: 1001, 1002, 1003 or 1006.
    """
    name = request.arguments["fieldApiName"]
    (record,) = records_of(request, most=1)
    field = fields.get(name)
    if field is None:
        raise refusals.field_not_found(name)
    allowed = _OF_ANY_FIELD
    if field.custom:
        allowed |= {"displayName"}
    if field.api_created:
        allowed |= {"isHidden"}
    for member in record:
        if member not in allowed:
            raise refusals.attribute_not_updateable(member, name)
    others = [other for other in fields.values() if other.name != name]
    fields.put(_with(field, record, others))
    return Answer([{"name": name, "status": "updated"}])


def _new_field(record: dict[str, object], others: list[LeadField]) -> LeadField:
    for member in _REQUIRED:
        if record.get(member) in (None, ""):
            raise refusals.missing(member)
    for member in record:
        if member not in _KNOWN:
            raise refusals.attribute_not_found(member)
    name, data_type = record["name"], record["dataType"]
    creatable = CREATABLE.get(str(data_type))
    if creatable is None:
        raise refusals.invalid_value("dataType", data_type)
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise refusals.invalid_value("name", name)
    if any(other.name.casefold() == name.casefold() for other in others):
        raise refusals.field_exists("name", name)
    return _with(attrs.evolve(custom_field(name, creatable), api_created=True), record, others)


def _with(field: LeadField, record: dict[str, object], others: list[LeadField]) -> LeadField:
    """Return a field with what a record says of it, checked."""
    for member, value in record.items():
        match member:
            case "displayName":
                field = attrs.evolve(field, display_name=_label(value, others))
            case "description":
                field = attrs.evolve(field, description=_description(value))
            case "isHidden":
                field = attrs.evolve(field, hidden=_flag(value))
            case "isHtmlEncodingInEmail":
                field = attrs.evolve(field, html_encoded=_flag(value))
            case "isSensitive":
                field = attrs.evolve(field, sensitive=_flag(value))
            case _:  # the name and the type, read before
                pass
    return field


def _label(value: object, others: list[LeadField]) -> str:
    if not isinstance(value, str) or _DISPLAY_NAME.fullmatch(value) is None:
        raise refusals.invalid_value("displayName", value)
    if any(other.display_name.casefold() == value.casefold() for other in others):
        raise refusals.field_exists("displayName", value)
    return value


def _description(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise refusals.invalid_value("description", value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise refusals.wrong_type(value, "Boolean")
    return value

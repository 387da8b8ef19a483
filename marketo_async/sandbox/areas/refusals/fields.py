"""Fields of leads and members: what they are called, what they hold, and how they are made."""

from __future__ import annotations

import json

from marketo_async.sandbox.exchange import Refusal


def field_not_found(name: str) -> Refusal:
    """There is no such lead field (*seen*)."""
    return Refusal("1006", f"Field '{name}' not found")


def field_not_supported(name: str) -> Refusal:
    """Leads cannot be searched by that field (*seen*)."""
    return Refusal("1011", f"Field '{name}' not supported")


def invalid_value(field: str, value: object) -> Refusal:
    """The value is not of the field's type, or too long (*seen*)."""
    return Refusal("1003", f"Invalid value for field '{field}' and value '{_shown(value)}'")


def field_not_allowed(field: str) -> Refusal:
    """A field cannot be written: the id unless leads are only updated; one that Marketo fills (code *seen*)."""
    return Refusal("1003", f"Field '{field}' is not allowed")


def too_many_fields(limit: int) -> Refusal:
    """No more fields can be made through the API."""
    return Refusal("1003", f"Number of fields created exceeds the limit of {limit}")


def field_exists(attribute: str, value: str) -> Refusal:
    """Another field has that name."""
    return Refusal("1003", f"Field with {attribute} '{value}' already exists")


def attribute_not_found(attribute: str) -> Refusal:
    """A field has no such attribute."""
    return Refusal("1003", f"Invalid attribute '{attribute}'")


def attribute_not_updateable(attribute: str, field: str) -> Refusal:
    """That attribute cannot be changed: of this field, or of any."""
    return Refusal("1003", f"Attribute '{attribute}' of field '{field}' cannot be updated")


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

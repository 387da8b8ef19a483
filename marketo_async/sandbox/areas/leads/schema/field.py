"""One field of a lead."""

from __future__ import annotations

from typing import Literal, get_args

import attrs

DataType = Literal[
    "string", "text", "email", "phone", "url", "integer", "score", "float", "currency", "percent", "boolean", "date",
    "datetime", "reference", "formula",
]  # fmt: skip

CREATABLE: dict[str, DataType] = {
    data_type: data_type for data_type in get_args(DataType) if data_type not in {"text", "reference", "formula"}
}
"""The types of which fields can be made through the API."""

LENGTHS: dict[DataType, int] = {"string": 255, "text": 30_000, "email": 255, "phone": 255, "url": 255}
"""The longest value by type: characters, of `text` bytes. Other types have no length."""

SEARCHABLE_CUSTOM = frozenset({"string", "email", "integer"})
"""The types of the customer's own fields by which leads can be found."""


@attrs.frozen
class LeadField:
    """One field.

    Attributes:
        name: Its REST name.
        data_type: What its values are; datetimes are kept aware, dates as days.
        searchable: Whether leads can be found by it.
        id: Its number in `describe`.
        display_name: What people call it.
        soap_name: Its older name; None where only REST knows it.
        length: The longest value: characters, of `text` bytes; None where values have no length.
        updateable: Whether the API can write it.
        of_company: Whether it belongs to the lead's company, and so cannot be written by syncing leads.
        custom: Whether it is the customer's own.
        api_created: Whether it was made through the API.
        description: Free text, or None.
        hidden: Whether people are not shown it.
        html_encoded: Whether its values are encoded as HTML in e-mails.
        sensitive: Whether it is marked as sensitive.
        crm_managed: Whether the CRM fills it.
    """

    name: str
    data_type: DataType
    searchable: bool = False
    id: int = attrs.field(default=0, kw_only=True)
    display_name: str = attrs.field(default="", kw_only=True)
    soap_name: str | None = attrs.field(default=None, kw_only=True)
    length: int | None = attrs.field(default=None, kw_only=True)
    updateable: bool = attrs.field(default=True, kw_only=True)
    of_company: bool = attrs.field(default=False, kw_only=True)
    custom: bool = attrs.field(default=False, kw_only=True)
    api_created: bool = attrs.field(default=False, kw_only=True)
    description: str | None = attrs.field(default=None, kw_only=True)
    hidden: bool = attrs.field(default=False, kw_only=True)
    html_encoded: bool = attrs.field(default=True, kw_only=True)
    sensitive: bool = attrs.field(default=False, kw_only=True)
    crm_managed: bool = attrs.field(default=False, kw_only=True)


def custom_field(name: str, data_type: DataType, display_name: str = "") -> LeadField:
    """Return a field of the customer's own: leads can be found by it if it holds text, e-mails or whole numbers.

    Args:
        name: Its REST name.
        data_type: What its values are.
        display_name: What people call it; the REST name where it is "".
    """
    return LeadField(
        name,
        data_type,
        data_type in SEARCHABLE_CUSTOM,
        display_name=display_name or name,
        soap_name=name,
        length=LENGTHS.get(data_type),
        custom=True,
    )

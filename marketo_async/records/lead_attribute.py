"""Fields of leads as Marketo's older describe shows them."""

from __future__ import annotations

from collections.abc import Mapping

from marketo_async.records._declare import Record, extra, record


@record
class LeadAttributeName(Record):
    """The name of a field in one of Marketo's APIs."""

    name: str
    """The name."""

    read_only: bool | None = None
    """Whether that API cannot write it. None if Marketo did not say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class LeadAttribute(Record):
    """A field of leads, with its names in the REST and in the SOAP API."""

    id: int
    """Its id."""

    display_name: str
    """What the user interface calls it."""

    data_type: str
    """Its type, such as `string`, `integer` or `datetime`."""

    length: int | None = None
    """How long a value may be. Missing for types that have no length."""

    rest: LeadAttributeName | None = None
    """Its name in the REST API. Missing where that API does not have it."""

    soap: LeadAttributeName | None = None
    """Its name in the SOAP API. Missing where that API does not have it."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

"""Fields as the schema operations show them: one, or all by pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import given
from marketo_async.sandbox.areas.leads.batch import batch_size
from marketo_async.sandbox.areas.leads.cursor import page_token, place_of
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.schema.field import LeadField
    from marketo_async.sandbox.areas.leads.schema.registry import Schema
    from marketo_async.sandbox.exchange import Request


def by_name(request: Request) -> Answer:
    """Answer `GET /leads/schema/fields/{fieldApiName}.json`."""
    return show_one(request.instance.state(Leads).fields, request.arguments["fieldApiName"])


def browse(request: Request) -> Answer:
    """Answer `GET /leads/schema/fields.json`."""
    return show_page(request, request.instance.state(Leads).fields, "lead fields")


def show_one(fields: Schema, name: str) -> Answer:
    """Answer with the field of a name.

    Raises:
        Refusal: 1006 where there is none.
    """
    field = fields.get(name)
    if field is None:
        raise refusals.field_not_found(name)
    return Answer([schema_row(field)])


def show_page(request: Request, fields: Schema, search: str) -> Answer:
    """Answer with a page of fields.

    Args:
        request: The call, with `batchSize` and `nextPageToken`.
        fields: All of them.
        search: What page tokens are good for.
    """
    size = batch_size(request)
    token = given(request.query, "nextPageToken")
    after = 0 if token is None else place_of(token, search)
    left = sorted((field for field in fields.values() if field.id > after), key=lambda field: field.id)
    page, more = left[:size], len(left) > size
    return Answer(
        [schema_row(field) for field in page],
        next_page_token=page_token(search, page[-1].id) if more else None,
        more_result=more,
    )


def schema_row(field: LeadField) -> dict[str, object]:
    """Write a field as the schema operations do."""
    row: dict[str, object] = {
        "displayName": field.display_name,
        "name": field.name,
        "description": field.description,
        "dataType": field.data_type,
    }
    if field.length is not None:
        row["length"] = field.length
    return row | {
        "isHidden": field.hidden,
        "isHtmlEncodingInEmail": field.html_encoded,
        "isSensitive": field.sensitive,
        "isCustom": field.custom,
        "isApiCreated": field.api_created,
    }

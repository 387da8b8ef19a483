"""What the lead database's writes share: a JSON body with `input`, at most 300 records, and an outcome for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import given, integer, integers

if TYPE_CHECKING:
    from marketo_async.sandbox.exchange import Request

BATCH_LIMIT = 300
"""Records that one call may carry, and rows of a page."""


def batch_size(request: Request, most: int = BATCH_LIMIT) -> int:
    """Return how many rows a page may have: `batchSize`, by default as many as there can be.

    Raises:
        Refusal: 1001 for what is no number, 1003 for a number out of range.
    """
    size = integer(given(request.query, "batchSize") or str(most))
    if not 1 <= size <= most:
        raise refusals.bad_batch_size(most)
    return size


def body_of(request: Request) -> dict[str, object]:
    """Return the JSON object that a call carries; an empty one where it carries nothing.

    Raises:
        Refusal: 609 where the body is JSON, but no object.
    """
    if request.json is None:
        return {}
    if not isinstance(request.json, dict):
        raise refusals.bad_json()
    return request.json


def text_member(body: dict[str, object], name: str) -> str | None:
    """Return a member of a body that is a text; None where it is missing or null.

    Raises:
        Refusal: 1001 where it is something else.
    """
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise refusals.wrong_type(value, "String")
    return value


def records_of(request: Request, most: int = BATCH_LIMIT) -> list[dict[str, object]]:
    """Return the records under `input`, one or more.

    Args:
        request: The call.
        most: How many it may carry.

    Raises:
        Refusal: 609 where the body or its `input` are not of the right shape, 1002 where `input` is missing or empty,
            1003 where it has too many records.
    """
    records = body_of(request).get("input")
    if records is None or records == []:
        raise refusals.missing("input")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise refusals.bad_json()
    if len(records) > most:
        raise refusals.too_many_records(most)
    return records


def lead_ids_of(request: Request, most: int = BATCH_LIMIT) -> list[int]:
    """Return the ids of leads that a call names: under `input`, or in the query as `id`.

    Args:
        request: The call.
        most: How many it may name.

    Raises:
        Refusal: as for `records_of`, and 1001 or 1002 where an id is none or missing.
    """
    if body_of(request) or not request.query.all("id"):
        records = records_of(request, most)
        if any(record.get("id") is None for record in records):
            raise refusals.missing("id")
        return [integer(record["id"]) for record in records]
    ids = integers(request.query.all("id"))
    if len(ids) > most:
        raise refusals.too_many_records(most)
    return ids


def skipped(code: str, message: str, **members: object) -> dict[str, object]:
    """Return the outcome of a record that was passed over.

    Args:
        code: The reason's code.
        message: The reason's words.
        members: What stands before the status, such as the id.
    """
    return {**members, "status": "skipped", "reasons": [{"code": code, "message": message}]}

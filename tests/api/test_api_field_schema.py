"""The field schema of program members: read, made and changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from recording_transport import RecordingTransport, answering, groups_on, rows

from marketo_async.errors import ArgumentError, NotFoundError, UnknownFieldError
from marketo_async.records import NewField, SchemaFieldStatus
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SEAT = NewField(name="seat", display_name="Seat", data_type="string")
ROW: dict[str, object] = {"name": "seat", "displayName": "Seat", "dataType": "string", "description": None}


async def test_one_field() -> None:
    """A field is read by its name, whatever characters that has; one that is not there is not found."""
    refusals = NotFoundError("Field not found", code="1013"), UnknownFieldError("Field 'row' not found", code="1006")
    transport = answering(rows(ROW), rows(), *refusals)
    fields = groups_on(transport).program_member_fields
    field = await fields.get("seat/é")
    assert (field.name, field.display_name, field.description) == ("seat", "Seat", None)
    assert encode(transport.calls[0]).target == "/rest/v1/programs/members/schema/fields/seat%2F%C3%A9.json"
    for _ in range(3):
        with pytest.raises(NotFoundError):
            await fields.get("row")


async def test_all_fields() -> None:
    """All fields come page by page."""
    transport = answering(rows(ROW, token="B"), rows(ROW | {"name": "row"}))
    assert [field.name async for field in groups_on(transport).program_member_fields.browse()] == ["seat", "row"]
    assert dict(transport.calls[1].query_pairs) == {"batchSize": "300", "nextPageToken": "B"}


async def test_making_fields() -> None:
    """Fields are made in one call that is never repeated blindly, with what was said about each and no more (P5)."""
    transport = answering(rows({"name": "seat", "status": "created"}, {"name": "row", "status": "created"}))
    made = await groups_on(transport).program_member_fields.create(
        [SEAT, NewField(name="row", display_name="Row", data_type="integer", description="", is_sensitive=False)]
    )
    assert made == [
        SchemaFieldStatus(name="seat", status="created"),
        SchemaFieldStatus(name="row", status="created"),
    ]
    (call,) = transport.calls
    assert not call.idempotent
    assert json.loads(encode(call).body) == {
        "input": [
            {"displayName": "Seat", "name": "seat", "dataType": "string"},
            {"displayName": "Row", "name": "row", "dataType": "integer", "description": "", "isSensitive": False},
        ]
    }


async def test_changing_a_field() -> None:
    """A change carries what was named and nothing else, an empty description and False too; it may be repeated."""
    transport = answering(rows({"name": "seat", "status": "updated"}))
    status = await groups_on(transport).program_member_fields.update("seat", description="", is_hidden=False)
    assert status.status == "updated"
    (call,) = transport.calls
    assert call.idempotent
    assert json.loads(encode(call).body) == {"input": [{"description": "", "isHidden": False}]}


def _changed(**changes: Any) -> Callable[[Any], Awaitable[object]]:
    return lambda fields: fields.create([SEAT, attrs.evolve(SEAT, name="row", **changes)])


@pytest.mark.parametrize(
    ("use", "argument"),
    [
        (lambda f: f.get(" "), "name"),
        (lambda f: f.create([]), "fields"),
        (lambda f: f.create(SEAT), "fields"),
        (lambda f: f.create([{"name": "seat"}]), "fields[0]"),
        (lambda f: f.create([SEAT, SEAT]), "fields[1].name"),
        (lambda f: f.create([attrs.evolve(SEAT, name=f"seat{number}") for number in range(21)]), "fields"),
        (lambda f: f.create([attrs.evolve(SEAT, name="7seat")]), "fields[0].name"),
        (lambda f: f.create([attrs.evolve(SEAT, name="sitzplätze")]), "fields[0].name"),
        (lambda f: f.create([attrs.evolve(SEAT, name="seat no")]), "fields[0].name"),
        (_changed(display_name=" "), "fields[1].display_name"),
        (_changed(data_type="text"), "fields[1].data_type"),
        (_changed(description=5), "fields[1].description"),
        (_changed(is_hidden="no"), "fields[1].is_hidden"),
        (_changed(is_html_encoding_in_email=1), "fields[1].is_html_encoding_in_email"),
        (_changed(is_sensitive=0), "fields[1].is_sensitive"),
        (lambda f: f.update("seat"), "changes"),
        (lambda f: f.update("", is_hidden=True), "name"),
        (lambda f: f.update("seat", display_name=""), "display_name"),
        (lambda f: f.update("seat", description=5), "description"),
        (lambda f: f.update("seat", is_hidden="true"), "is_hidden"),
        (lambda f: f.update("seat", is_html_encoding_in_email="true"), "is_html_encoding_in_email"),
        (lambda f: f.update("seat", is_sensitive="true"), "is_sensitive"),
    ],
)
async def test_refused_arguments(use: Callable[[Any], Awaitable[object]], argument: str) -> None:
    """What cannot be right is refused with the argument's name, before anything is sent."""
    transport = RecordingTransport()
    with pytest.raises(ArgumentError) as caught:
        await use(groups_on(transport).program_member_fields)
    assert caught.value.argument == argument
    assert transport.calls == []

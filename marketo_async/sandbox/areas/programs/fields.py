"""Reading the form fields of programs: costs, tags, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import given, integer, json_objects
from marketo_async.sandbox.areas.dates import read_day, read_instant
from marketo_async.sandbox.areas.programs.kinds import KINDS
from marketo_async.sandbox.areas.programs.record import Cost, Tag

if TYPE_CHECKING:
    from datetime import datetime

    from marketo_async.sandbox.areas.programs.kinds import Kind
    from marketo_async.sandbox.exchange import Request


def read_kind(text: str) -> Kind:
    """Read the type of a program, in any case.

    Raises:
        Refusal: 1001 where it is none of the five.
    """
    found = KINDS.get(text.strip().casefold())
    if found is None:
        raise refusals.wrong_type(text, "ProgramType")
    return found


def read_costs(request: Request) -> tuple[Cost, ...] | None:
    """Read the field `costs`; None where it was not given.

    Raises:
        Refusal: 609, 701, 704 or 1001.
    """
    text = given(request.fields, "costs")
    return None if text is None else tuple(_cost(request, item) for item in json_objects(text))


def read_tags(request: Request) -> tuple[Tag, ...] | None:
    """Read the field `tags`; None where it was not given. Of two values for one type the later counts.

    Raises:
        Refusal: 609, 701 or 1001.
    """
    text = given(request.fields, "tags")
    if text is None:
        return None
    values = {_text(item, "tagType"): _text(item, "tagValue") for item in json_objects(text)}
    return tuple(Tag(tag_type, value) for tag_type, value in values.items())


def read_date(request: Request, name: str) -> datetime | None:
    """Read `startDate` or `endDate`; None where it was not given.

    Raises:
        Refusal: 704 where it is no date.
    """
    text = given(request.fields, name)
    return None if text is None else read_instant(name, text, request.instance.settings.time_zone)


def _cost(request: Request, item: dict[str, object]) -> Cost:
    day = read_day("startDate", _text(item, "startDate"), request.instance.settings.time_zone)
    if item.get("cost") is None:
        raise refusals.blank("cost")
    note = item.get("note")
    return Cost(day, integer(item["cost"]), "" if note is None else str(note))


def _text(item: dict[str, object], name: str) -> str:
    value = item.get(name)
    if value is None or not str(value).strip():
        raise refusals.blank(name)
    return str(value)

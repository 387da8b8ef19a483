"""Typed reading of what a request carries, with Marketo's refusals for what cannot be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.loose_json import read_loose_json
from marketo_async.sandbox.areas.references import FolderRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from marketo_async.sandbox.areas.references import Container
    from marketo_async.sandbox.exchange import Parameters, Request

NAME_LIMIT = 255
_INTEGER = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_LARGEST = 2**63 - 1
_PAGE_LIMIT = 200
_PAGE_DEFAULT = 20


@attrs.frozen
class Window:
    """The stretch of a listing that was asked for.

    Attributes:
        offset: How many to skip.
        size: How many to return at most, 1 to 200.
    """

    offset: int
    size: int

    def of(self, rows: Sequence[object]) -> list[object]:
        """Return the rows that lie in the window."""
        return list(rows[self.offset : self.offset + self.size])


def required(query: Parameters, *names: str) -> str:
    """Return a query parameter that must be there under one of its names.

    Raises:
        Refusal: 1002 where it is missing or blank.
    """
    for name in names:
        value = query.get(name)
        if value is not None and value.strip():
            return value
    raise refusals.missing(names[0])


def filled(fields: Parameters, *names: str) -> tuple[str, ...]:
    """Return form fields that must be there, in this order.

    Raises:
        Refusal: 701 naming the first that is missing or blank.
    """
    values: list[str] = []
    for name in names:
        value = given(fields, name)
        if value is None:
            raise refusals.blank(name)
        values.append(value)
    return tuple(values)


def given(parameters: Parameters, name: str) -> str | None:
    """Return a parameter, or None where it is missing or blank."""
    value = parameters.get(name)
    return value if value is not None and value.strip() else None


def integer(value: object) -> int:
    """Read a whole number of at most 64 bits, from text or from JSON.

    Raises:
        Refusal: 1001 where it is none.
    """
    text = value.strip() if isinstance(value, str) else repr(value)
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    if _INTEGER.fullmatch(text) is None or abs(int(text)) > _LARGEST:
        raise refusals.wrong_type("null" if value is None else value, "Integer")
    return int(text)


def integers(values: Iterable[str]) -> list[int]:
    """Read whole numbers, as `integer` does each."""
    return [integer(value) for value in values]


def identifier(request: Request, name: str = "id") -> int:
    """Read a path parameter that is a number.

    Raises:
        Refusal: 1001 where it is none.
    """
    return integer(request.arguments[name])


def flag(parameters: Parameters, name: str) -> bool | None:
    """Read `true` or `false`, in any case; None where it was not given.

    Raises:
        Refusal: 1001 where it is something else.
    """
    value = given(parameters, name)
    if value is None:
        return None
    truth = {"true": True, "false": False}.get(value.strip().lower())
    if truth is None:
        raise refusals.wrong_type(value, "Boolean")
    return truth


def window(query: Parameters) -> Window:
    """Read `offset` (default 0) and `maxReturn` (default 20, 1 to 200).

    Raises:
        Refusal: 1001 for what is no number, 1003 for a number out of range.
    """
    offset = integer(given(query, "offset") or "0")
    size = integer(given(query, "maxReturn") or str(_PAGE_DEFAULT))
    if offset < 0 or not 1 <= size <= _PAGE_LIMIT:
        raise refusals.bad_request()
    return Window(offset, size)


def check_length(field: str, text: str, limit: int) -> None:
    """Refuse a text of more than `limit` characters.

    Raises:
        Refusal: 701.
    """
    if len(text) > limit:
        raise refusals.too_long(field, limit)


def container(value: object) -> Container:
    """Read `Folder` or `Program`, in any case.

    Raises:
        Refusal: 1001 where it is something else.
    """
    match str(value).strip().casefold():
        case "folder":
            return "Folder"
        case "program":
            return "Program"
        case _:
            raise refusals.wrong_type("null" if value is None else value, "FolderVariantType")


def json_field(text: str) -> object:
    """Read a form field that holds JSON, however loosely written.

    Raises:
        Refusal: 609 where it is no JSON.
    """
    try:
        return read_loose_json(text)
    except ValueError:
        raise refusals.bad_json() from None


def folder_reference(text: str) -> FolderRef:
    """Read a folder reference such as `{"id":1035,"type":"Folder"}`.

    Raises:
        Refusal: 609 where it is no JSON, 1001 where id or type is missing or wrong.
    """
    value = json_field(text)
    if not isinstance(value, dict):
        raise refusals.wrong_type(text, "Folder")
    return FolderRef(container(value.get("type")), integer(value.get("id")))


def json_objects(text: str) -> list[dict[str, object]]:
    """Read a list of JSON objects, such as costs or tags.

    Raises:
        Refusal: 609 where it is no JSON, 1001 where it is no list of objects.
    """
    value = json_field(text)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise refusals.wrong_type(text, "List")
    return value

"""Values out of a JSON object that somebody may have edited: each of the right type, or `ValueError`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

Fields: TypeAlias = Mapping[str, object]


def read_object(text: str | bytes) -> Fields:
    """Return a JSON object.

    Raises:
        ValueError: it is none.
    """
    try:
        read: object = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(read, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - one kind of error for all that is wrong with a text
    return read


def whole(fields: Fields, name: str) -> int:
    """Return a whole number, 0 or more."""
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError(f"{name} is no number")


def seconds(fields: Fields, name: str) -> float:
    """Return seconds, 0 or more."""
    value = fields.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf"):
        return float(value)
    raise ValueError(f"{name} are no seconds")


def text(fields: Fields, name: str) -> str:
    """Return a text."""
    value = fields.get(name)
    if isinstance(value, str):
        return value
    raise ValueError(f"{name} is no text")


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """Return a list of texts; none where it is missing."""
    value = fields.get(name, ())
    if isinstance(value, list | tuple) and all(isinstance(entry, str) for entry in value):
        return tuple(str(entry) for entry in value)
    raise ValueError(f"{name} is no list of texts")


def moment(fields: Fields, name: str) -> datetime | None:
    """Return an aware moment; None where it is null or missing."""
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        read = datetime.fromisoformat(value)
        if read.tzinfo is not None:
            return read
    raise ValueError(f"{name} is no moment")


def section(fields: Fields, name: str) -> Fields:
    """Return an object within the object."""
    value = fields.get(name)
    if isinstance(value, dict):
        return value
    raise ValueError(f"{name} is no object")


def counts(fields: Fields, name: str) -> dict[str, int]:
    """Return an object of whole numbers."""
    inner = section(fields, name)
    return {key: whole(inner, key) for key in inner}


def written(moment: datetime | None) -> str | None:
    """Return a moment as it stands in our files: ISO 8601 in UTC."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

"""What the values in a write may be, by the type of their field, and how they are kept."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.dates import read_day, read_instant
from marketo_async.sandbox.exchange import Refusal

if TYPE_CHECKING:
    from datetime import tzinfo

    from marketo_async.sandbox.areas.leads.schema.field import LeadField

_INTEGER = re.compile(r"[+-]?\d{1,10}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_EMAIL = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_LARGEST = 2**31 - 1
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def read_value(field: LeadField, value: object, zone: tzinfo) -> object:
    """Return a value as leads keep it; None for null and for an empty text, which unset a field.

    Args:
        field: The field it is for.
        value: What the JSON says.
        zone: Where a date-time without an offset is.

    Raises:
        Refusal: 1003 where it does not fit the field.
    """
    if value is None or value == "":
        return None
    if isinstance(value, dict | list):
        raise refusals.invalid_value(field.name, value)
    try:
        return _read(field, value, zone)
    except (ValueError, Refusal):
        raise refusals.invalid_value(field.name, value) from None


def _read(field: LeadField, value: object, zone: tzinfo) -> object:
    match field.data_type:
        case "integer" | "score" | "percent":
            return _integer(value)
        case "float" | "currency":
            return _number(value)
        case "boolean":
            return _boolean(value)
        case "date":
            return read_day(field.name, _text(value), zone)
        case "datetime":
            return read_instant(field.name, _text(value), zone)
        case _:
            return _words(field, value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("No text")  # noqa: TRY004 - one kind of error for all that does not fit
    return value


def _integer(value: object) -> int:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if _INTEGER.fullmatch(text) is None or abs(int(text)) > _LARGEST:
        raise ValueError("No whole number")
    return int(text)


def _number(value: object) -> float:
    text = str(value).strip()
    if _NUMBER.fullmatch(text) is None or not math.isfinite(float(text)):
        raise ValueError("No number")
    return value if isinstance(value, int) else float(text)


def _boolean(value: object) -> bool:
    truth = _TRUTH.get(str(value).strip().lower())
    if truth is None:
        raise ValueError("Neither true nor false")
    return truth


def _words(field: LeadField, value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    size = len(text.encode("utf-8", "replace")) if field.data_type == "text" else len(text)
    if field.length is not None and size > field.length:
        raise ValueError("Too long")
    if field.data_type == "email" and _EMAIL.fullmatch(text.strip()) is None:
        raise ValueError("No address")
    return text.strip() if field.data_type == "email" else text

"""Values that a field of some type cannot have, as far as Marketo was seen to refuse them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.records import DescribedField

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


def allowed_by(field: DescribedField, value: object) -> str | None:
    """Return what a field takes, where a value is nothing of that; None where the value may be right.

    Marketo reads texts as numbers, flags and dates where it can, null and the empty text clear a field: so only what
    it was seen to refuse, or would cut off, counts as impossible.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str | int | float | date):
        return f"a text, number, boolean, date or None: {field.name} is of type {field.data_type}"
    check = _CHECKS.get(field.data_type or "")
    words = None if check is None else check(value)
    if words is not None:
        return f"{words}: {field.name} is of type {field.data_type}"
    if isinstance(value, str) and field.length is not None and len(value) > field.length:
        return f"at most {field.length} characters (these are {len(value)})"
    return None


def _no_integer(value: object) -> str | None:
    if isinstance(value, bool | date) or not _is_number(value) or float(str(value)) % 1:
        return "an integer"
    return None


def _no_number(value: object) -> str | None:
    return "a number" if isinstance(value, bool | date) or not _is_number(value) else None


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True


def _no_address(value: object) -> str | None:
    if not isinstance(value, str) or "@" not in value or not value.isascii():
        return "an e-mail address in ASCII"
    return None


def _no_day(value: object) -> str | None:
    if isinstance(value, date):
        return None
    text = str(value)
    found = _DAY.match(text)
    if isinstance(value, bool) or not any(letter.isdigit() for letter in text):
        return "a date, such as 2026-01-31"
    if found is not None:
        try:
            date(*map(int, found.groups()))
        except ValueError:
            return "a day that there is, such as 2026-01-31"
    return None


_CHECKS: dict[str, Callable[[object], str | None]] = {
    "integer": _no_integer,
    "score": _no_integer,
    "float": _no_number,
    "currency": _no_number,
    "percent": _no_number,
    "email": _no_address,
    "date": _no_day,
    "datetime": _no_day,
}

"""How one Python value is written on the wire: in a query, in a form field, in JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias, TypeGuard

from marketo_async.errors import ArgumentError

WireValue: TypeAlias = "str | int | float | bool | date | datetime | Sequence[object] | Mapping[str, object] | None"
"""What the wire takes: plain values only; records become these one floor up."""


def scalar_text(name: str, value: object) -> str:
    """Return the text of a single value; `name` is for the error of one that has none."""
    if isinstance(value, str):
        _encodable(name, value)
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)  # a subclass, such as an enum's, may write itself otherwise
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ArgumentError(name, value, "a finite number")
        return float.__repr__(value)  # numpy's would write `np.float64(1.5)`
    if isinstance(value, datetime):
        return moment_text(name, value)
    if isinstance(value, date):
        return value.isoformat()
    raise ArgumentError(name, value, f"a text, number, boolean or date (this is a {type(value).__name__})")


def moment_text(name: str, moment: datetime) -> str:
    """Return an aware datetime as Marketo takes it: UTC, milliseconds only where there are any."""
    if moment.utcoffset() is None:
        raise ArgumentError(name, moment.isoformat(), "a datetime with a time zone, such as datetime.now(timezone.utc)")
    try:
        utc = moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise ArgumentError(name, moment.isoformat(), "a datetime of the years 1 to 9999 in UTC") from None
    return utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds") + "Z"


def query_text(name: str, value: WireValue) -> str:
    """Return a value as a query parameter: lists joined by commas, mappings as JSON."""
    if isinstance(value, Mapping):
        return json_text(name, value)
    if _is_list(value):
        return ",".join(_list_item(name, item) for item in value)
    return scalar_text(name, value)


def structured_text(name: str, value: WireValue) -> str:
    """Return a value as a form field: lists and mappings as JSON inside the field."""
    if isinstance(value, Mapping) or _is_list(value):
        return json_text(name, value)
    return scalar_text(name, value)


def json_text(name: str, value: object) -> str:
    """Return a value as compact JSON; dates inside become their wire text."""
    try:
        return json.dumps(_plain(name, value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ArgumentError:
        raise
    except (TypeError, ValueError, RecursionError) as error:
        raise ArgumentError(name, value, f"plain values that JSON can carry ({error})") from None


def _list_item(name: str, item: object) -> str:
    text = scalar_text(name, item)
    if "," in text:
        raise ArgumentError(name, text, "values without a comma: Marketo's lists are joined by commas")
    return text


def _plain(name: str, value: object) -> object:
    if isinstance(value, Mapping):
        return {scalar_text(name, key): _plain(name, item) for key, item in value.items()}
    if isinstance(value, str):
        _encodable(name, value)
        return value
    if _is_list(value):
        return [_plain(name, item) for item in value]
    if isinstance(value, date):  # a datetime is a date, too
        return scalar_text(name, value)
    return value


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Tell whether a value is sent as a list: neither a text nor bytes are, though Python counts them as sequences."""
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, memoryview))


def _encodable(name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ArgumentError(name, text, "text that UTF-8 can carry (this holds half of a surrogate pair)") from None

"""Values of leads by the data types that Marketo describes: days, moments, numbers and booleans as Python's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.errors import DecodeError
from marketo_async.records._dates import read_day, read_moment
from marketo_async.records._misfit import Misfit, expected
from marketo_async.records._primitives import read_bool, read_float, read_int

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FLAGS: dict[object, bool] = {"true": True, "false": False, "1": True, "0": False}


def _integer(value: object) -> int:
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            raise expected("an integer", value) from None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return read_int(value)


def _number(value: object) -> float:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise expected("a number", value) from None
    return read_float(value)


def _flag(value: object) -> bool:
    if isinstance(value, str) and value.lower() in _FLAGS:
        return _FLAGS[value.lower()]
    return read_bool(value)


_READERS: dict[str, Callable[[object], object]] = {
    "integer": _integer,
    "score": _integer,
    "float": _number,
    "currency": _number,
    "percent": _number,
    "boolean": _flag,
    "date": read_day,
    "datetime": read_moment,
}


def readers_for(data_types: Mapping[str, str | None]) -> dict[str, Callable[[object], object]]:
    """Return how the values of fields are read, by name; texts, and what has no type of Python's, stay as they are."""
    return {name: _READERS[kind] for name, kind in data_types.items() if kind in _READERS}


def typed_row(row: object, readers: Mapping[str, Callable[[object], object]], *, path: str) -> object:
    """Return a row with its values read; null stays None.

    Raises:
        DecodeError: a value is not of the type that Marketo describes.
    """
    if not isinstance(row, dict):
        return row
    typed: dict[str, object] = {}
    for name, value in row.items():
        reader = readers.get(name)
        if reader is None or value is None:
            typed[name] = value
            continue
        try:
            typed[name] = reader(value)
        except Misfit as misfit:
            raise DecodeError(str(misfit), path=f"{path}.{name}", raw=row) from None
    return typed

"""How the fields of a user's own class are read and written: by their annotations, as strictly as our own records.

| annotation | what Marketo may send |
|---|---|
| `str`, `int`, `float`, `bool` | exactly that; an integer is a `float`, too |
| `Decimal` | a number, or a number as text |
| `datetime`, `date` | any of Marketo's dates; of a moment, its day |
| an `Enum`, a `Literal` | one of its values |
| a record of ours | its object: `membership: ProgramMembership` |
| `object`, `Any` | anything, as it is |

`| None` takes null as well.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

import attrs

from marketo_async.errors import ArgumentError
from marketo_async.records._base import read
from marketo_async.records._dates import read_day, read_moment
from marketo_async.records._declare import Record
from marketo_async.records._misfit import Misfit, expected
from marketo_async.records._primitives import read_bool, read_float, read_int, read_str

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[object], object]

ALLOWED = "str, int, float, bool, Decimal, date, datetime, an Enum, a Literal, a record or object, each perhaps | None"


@attrs.frozen
class ValueKind:
    """What the annotation of a field says.

    Attributes:
        read: Takes a JSON value that is not null, or raises a `Misfit`; for a record, a `DecodeError`.
        nullable: Whether None is one of its values.
        nested: Whether it is an object of its own and no value of a field.
    """

    read: Reader
    nullable: bool
    nested: bool = False


def read_decimal(value: object) -> Decimal:
    """Take a number, or a number as text, without rounding it."""
    if isinstance(value, str):
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("nan")
        if number.is_finite():
            return number
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(repr(value))
    raise expected("a number", value)


_EXACT: dict[object, Reader] = {
    str: read_str,
    int: read_int,
    float: read_float,
    bool: read_bool,
    Decimal: read_decimal,
    datetime: read_moment,
    date: read_day,
    object: lambda value: value,
    Any: lambda value: value,
    None: lambda value: value,  # no annotation at all
}


def kind_of(annotation: object) -> ValueKind | None:
    """Return how values of an annotation are read; None for an annotation that no value of Marketo's can have."""
    annotation = getattr(annotation, "__supertype__", annotation)  # a NewType
    if get_origin(annotation) in {Union, UnionType}:
        rest = [part for part in get_args(annotation) if part is not type(None)]
        inner = kind_of(rest[0]) if len(rest) == 1 else None
        return None if inner is None else attrs.evolve(inner, nullable=True)
    if annotation in _EXACT:
        return ValueKind(_EXACT[annotation], nullable=annotation in (object, Any, None))
    if get_origin(annotation) is Literal:
        return ValueKind(_one_of(get_args(annotation)), nullable=None in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ValueKind(_member_of(annotation), nullable=False)
    if isinstance(annotation, type) and issubclass(annotation, Record):
        record: type[Record] = annotation
        return ValueKind(lambda value: read(record, value), nullable=False, nested=True)
    return None


def _one_of(values: tuple[object, ...]) -> Reader:
    def take(value: object) -> object:
        for allowed in values:
            if value == allowed and type(value) is type(allowed):
                return value
        raise _none_of(values)

    return take


def _member_of(kind: type[Enum]) -> Reader:
    def take(value: object) -> object:
        for member in kind:
            if value == member.value and isinstance(value, bool) == isinstance(member.value, bool):
                return member
        raise _none_of([member.value for member in kind])

    return take


def _none_of(values: tuple[object, ...] | list[object]) -> Misfit:
    return Misfit(f"expected one of {', '.join(map(repr, values))}")


def wire_value(argument: str, value: object) -> object:
    """Return what Marketo is sent for a value: text, number, boolean, date, datetime or None.

    Raises:
        ArgumentError: it is of another kind, a moment without time zone, or a number that JSON would round.
    """
    if isinstance(value, Enum):
        return wire_value(argument, value.value)
    if isinstance(value, Decimal):
        return _number(argument, value)
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise ArgumentError(
            argument, value.isoformat(), "a datetime with a time zone, such as datetime.now(timezone.utc)"
        )
    if value is None or isinstance(value, str | int | float | date):
        return value
    raise ArgumentError(argument, value, f"a text, number, boolean, date or None (this is a {type(value).__name__})")


def _number(argument: str, value: Decimal) -> int | float:
    if value.is_finite():
        if value == value.to_integral_value():
            return int(value)
        number = float(value)
        if Decimal(repr(number)) == value:
            return number
    raise ArgumentError(argument, value, "a finite number of at most 15 digits, since JSON would round it")

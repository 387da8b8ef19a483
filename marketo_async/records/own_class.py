"""Users' own classes as leads: rows read into them, and what is written from one.

    @attrs.frozen
    class Customer:
        id: int
        email: str | None
        score: int | None = attrs.field(default=None, metadata=marketo_field("leadScore"))

attrs classes and dataclasses alike. Each field of the class is a field of Marketo's: the one that `marketo_field`
names, else the camelCase of its own name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from marketo_async.errors import ArgumentError, DecodeError
from marketo_async.records._declare import Record
from marketo_async.records._misfit import Misfit, expected
from marketo_async.records._own_fields import fields_of, marketo_field
from marketo_async.records._own_values import wire_value
from marketo_async.records._row import Row
from marketo_async.records.lead import Lead

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.records._own_fields import OwnField

__all__ = ["OwnClass", "is_own", "lead_values", "marketo_field", "own_class", "own_value", "write_own"]

T = TypeVar("T")

_PLAIN = frozenset({str, int, float, bool, type(None)})
"""What goes as it is; nearly all values do, and a million records have ten million of them."""

MADE_OF_LEADS = frozenset({"id", "createdAt", "updatedAt", "membership"})
"""What Marketo makes of a lead itself."""

NOTHING: frozenset[str] = frozenset()


@attrs.frozen
class OwnClass(Generic[T]):
    """What a user's class says about itself."""

    cls: type[T]
    fields: tuple[OwnField, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The fields to ask Marketo for."""
        return tuple(field.name for field in self.fields if not field.nested)

    def read(self, row: object, *, path: str) -> T:
        """Return an instance for a row.

        Raises:
            DecodeError: the row does not fit the class, or the class refuses it.
        """
        if not isinstance(row, dict):
            raise DecodeError(str(expected("an object", row)), path=path, raw=row)
        arguments: dict[str, object] = {}
        for field in self.fields:
            if field.name in row:
                value = row[field.name]
                if value is None and field.kind is not None and not field.kind.nullable and field.optional:
                    continue  # null is what is unset: the default
                arguments[field.argument] = _value(field, value, row, path)
            elif not field.optional:
                if field.kind is None or not field.kind.nullable:
                    raise DecodeError("is missing", path=f"{path}.{field.name}", raw=row)
                arguments[field.argument] = None
        try:
            return self.cls(**arguments)
        except (TypeError, ValueError, ArithmeticError) as error:
            # A converter, a validator or `__post_init__` of the class's own.
            raise DecodeError(f"{self.cls.__name__} refuses it: {error}", path=path, raw=row) from error


def _value(field: OwnField, value: object, row: object, path: str) -> object:
    where = f"{path}.{field.name}"
    if field.kind is None or (value is None and field.kind.nullable):
        return value
    try:
        return field.kind.read(value)
    except Misfit as misfit:
        error = DecodeError(str(misfit), path=where, raw=row)
    except DecodeError as inner:
        error = DecodeError(inner.reason, path=where + inner.path.removeprefix("$"), raw=row)
    raise error


def own_class(cls: type[T], *, record: str = "Lead") -> OwnClass[T]:
    """Return what a class says about itself.

    Args:
        cls: The class.
        record: The record of ours that could be read instead.

    Raises:
        ArgumentError: it is neither an attrs class nor a dataclass, a field has a type that no value of Marketo's can
            have, or two fields are the same one of Marketo's.
    """
    return OwnClass(cls, fields_of(cls, record=record))


# ---------------------------------------------------------------- writing


def write_own(
    instance: object,
    *,
    lookup_field: str | None = None,
    argument: str = "record",
    made: frozenset[str] = MADE_OF_LEADS,
) -> dict[str, object]:
    """Return what is written for an instance of a user's class, by Marketo's names.

    Args:
        instance: The instance.
        lookup_field: What leads are looked up by: written even where it is read-only.
        argument: What the caller calls it, for errors.
        made: What Marketo makes itself.

    Raises:
        ArgumentError: it is no instance of a class that `own_class` takes, or a value cannot be sent.
    """
    values: dict[str, object] = {}
    kind: type[object] = type(instance)
    for field in own_class(kind).fields:
        read_only = field.nested or field.read_only or field.name in made
        if read_only and field.name != lookup_field:
            continue
        value = getattr(instance, field.attribute)
        if value is not None or field.none_clears:
            values[field.name] = wire_value(f"{argument}.{field.attribute}", value)
    return values


def is_own(record: object) -> bool:
    """Tell whether it is an instance of a class of the user's own."""
    kind = type(record)
    return not isinstance(record, type | Record) and (attrs.has(kind) or dataclasses.is_dataclass(kind))


def own_value(instance: object, names: Iterable[str]) -> object:
    """Return what an instance of a user's class has for the first of these fields that its class has; else None.

    Raises:
        ArgumentError: it is no instance of a class that `own_class` takes.
    """
    kind: type[object] = type(instance)
    attributes = {field.name: field.attribute for field in own_class(kind).fields}
    return next((getattr(instance, attributes[name]) for name in names if name in attributes), None)


def lead_values(
    record: object,
    *,
    lookup_field: str | None = None,
    argument: str = "record",
    row: type[Row] = Lead,
    made: frozenset[str] = MADE_OF_LEADS,
    read_only: frozenset[str] = NOTHING,
) -> dict[str, object]:
    """Return what is written for a lead, or for another object with fields, by Marketo's names.

    A mapping is taken at its word, whatever is in it. A `Lead` leaves out what Marketo makes itself: the id (unless
    leads are looked up by it), `createdAt` and `updatedAt`. What an instance of a class of your own leaves out, its
    fields say (`marketo_field`).

    Args:
        record: A mapping of names to values, a `Lead`, or an instance of a class of your own.
        lookup_field: What leads are looked up by.
        argument: What the caller calls it, for errors.
        row: The record that the group has for such objects.
        made: What Marketo makes itself.
        read_only: What else a record of the group leaves out.

    Raises:
        ArgumentError: it is nothing of these, or a value cannot be sent.
    """
    if isinstance(record, row):
        values = record.to_dict()
        return {
            name: values[name] for name in values if name == lookup_field or not (name in made or name in read_only)
        }
    if isinstance(record, Mapping) and not isinstance(record, Row):
        return {
            _name(argument, name): value if type(value) in _PLAIN else wire_value(f"{argument}[{name!r}]", value)
            for name, value in record.items()
        }
    if not is_own(record):
        own = "an instance of your own attrs class or dataclass"
        raise ArgumentError(argument, record, f"a mapping of names to values, a {row.__name__}, or {own}")
    return write_own(record, lookup_field=lookup_field, argument=argument, made=made)


def _name(argument: str, name: object) -> str:
    if isinstance(name, str) and name.strip():
        return name
    raise ArgumentError(argument, name, "REST names of fields as keys, such as 'firstName'")

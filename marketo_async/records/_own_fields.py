"""What a user's own class declares: which field of Marketo's each of its fields is, and how it is read and written."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, get_type_hints
from weakref import WeakKeyDictionary

import attrs

from marketo_async.errors import ArgumentError
from marketo_async.records._declare import Record, camel_case
from marketo_async.records._own_values import ALLOWED, ValueKind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEY = "marketo_async"
_KNOWN: WeakKeyDictionary[type[object], tuple[OwnField, ...]] = WeakKeyDictionary()
_CLASS = "an attrs class or a dataclass of your own, each field of which is a field of Marketo's"


@attrs.frozen
class _Say:
    name: str | None
    read_only: bool
    none_clears: bool


def marketo_field(name: str | None = None, *, read_only: bool = False, none_clears: bool = False) -> dict[str, Any]:
    """Say which field of Marketo's a field of your own class is: `attrs.field(metadata=marketo_field("leadScore"))`.

    `dataclasses.field(metadata=...)` takes it as well. `id`, `createdAt` and `updatedAt` are read-only without saying;
    the id is sent all the same where it is what leads are looked up by.

    Args:
        name: Its REST name; None for the camelCase of the field's own name, `firstName` for `first_name`.
        read_only: Whether writing leaves it out, always.
        none_clears: Whether writing None clears it in Marketo. Else None is left out, and Marketo keeps what it has.

    Raises:
        ArgumentError: the name is blank, or has a comma.
    """
    if name is not None and not _is_name(name):
        raise ArgumentError("name", name, "a REST name, such as 'leadScore'")
    return {_KEY: _Say(name, read_only, none_clears)}


@attrs.frozen
class OwnField:
    """One field of a user's class.

    Attributes:
        attribute: Its name in the class.
        argument: What the constructor calls it.
        name: Its name in Marketo.
        kind: What its annotation says; None where a converter of its own takes what Marketo sends.
        optional: Whether the constructor can do without it.
        read_only: Whether it is never written.
        none_clears: Whether None is written.
    """

    attribute: str
    argument: str
    name: str
    kind: ValueKind | None
    optional: bool
    read_only: bool
    none_clears: bool

    @property
    def nested(self) -> bool:
        """Whether it is no field of a lead but an object beside them, such as the membership."""
        return self.kind is not None and self.kind.nested


def fields_of(cls: type[object], *, record: str) -> tuple[OwnField, ...]:
    """Return the fields of a class.

    Args:
        cls: The class.
        record: The record of ours that could be read instead.

    Raises:
        ArgumentError: it is neither an attrs class nor a dataclass, a field has a type that no value of Marketo's can
            have, or two fields are the same one of Marketo's.
    """
    if not _is_class(cls):
        raise ArgumentError("record", cls, f"{_CLASS}, or {record}")
    if cls in _KNOWN:
        return _KNOWN[cls]
    hints = _hints(cls)
    fields = tuple(_field(cls, declared, hints) for declared in _declared(cls))
    by_name: dict[str, str] = {}
    for field in fields:
        other = by_name.setdefault(field.name, field.attribute)
        if other != field.attribute:
            raise _bad(cls, f"a field for each name of Marketo's: {other} and {field.attribute} are both {field.name}")
    if all(field.nested for field in fields):
        raise _bad(cls, "a class with at least one field of Marketo's")
    _KNOWN[cls] = fields
    return fields


def _is_name(given: object) -> bool:
    return isinstance(given, str) and bool(given.strip()) and "," not in given


def _is_class(given: object) -> bool:
    if not isinstance(given, type) or issubclass(given, Record):
        return False
    return attrs.has(given) or dataclasses.is_dataclass(given)


@attrs.frozen
class _Declared:
    name: str
    argument: str
    metadata: Mapping[Any, Any]
    optional: bool
    converts: bool
    type: object = None


def _declared(cls: type[object]) -> Iterator[_Declared]:
    """Return the fields that the constructor takes; what it does not take, the class makes itself."""
    if attrs.has(cls):
        for field in attrs.fields(cls):
            if field.init:
                optional = field.default is not attrs.NOTHING
                argument = field.alias or field.name
                yield _Declared(field.name, argument, field.metadata, optional, field.converter is not None, field.type)
    elif dataclasses.is_dataclass(cls):
        for each in dataclasses.fields(cls):
            if each.init:
                optional = each.default is not dataclasses.MISSING or each.default_factory is not dataclasses.MISSING
                yield _Declared(each.name, each.name, each.metadata, optional, converts=False)


def _hints(cls: type[object]) -> dict[str, Any]:
    try:
        return get_type_hints(cls)
    except (NameError, TypeError) as error:
        raise _bad(cls, f"a class whose annotations can be looked up when it is used ({error})") from error


def _field(cls: type[object], declared: _Declared, hints: Mapping[str, object]) -> OwnField:
    say = declared.metadata.get(_KEY, _Say(None, read_only=False, none_clears=False))
    name = say.name or camel_case(declared.name.lstrip("_"))
    kind = None if declared.converts else kind_of(hints.get(declared.name, declared.type))
    if kind is None and not declared.converts:
        raise _bad(cls, f"{declared.name} of another type ({ALLOWED}), or with a converter of its own")
    return OwnField(
        attribute=declared.name,
        argument=declared.argument,
        name=name,
        kind=kind,
        optional=declared.optional,
        read_only=say.read_only,
        none_clears=say.none_clears,
    )


def _bad(cls: type[object], allowed: str) -> ArgumentError:
    return ArgumentError("record", cls, allowed)

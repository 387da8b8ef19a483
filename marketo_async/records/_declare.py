"""How a record is declared: attrs, frozen, slotted, keyword-only, in a way that both type checkers see."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, TypeVar, dataclass_transform

import attrs

from marketo_async.records._dates import write_moment
from marketo_async.records._mapping import NOTHING_ELSE, ReadOnlyMapping, frozen_mapping, thaw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

_R = TypeVar("_R", bound="Record")

_NAMES, _READ, _WRITE, _SECRET, _EXTRA = "names", "read", "write", "secret", "extra"


def json_name(
    *names: str,
    default: object = attrs.NOTHING,
    read: Callable[[object], object] | None = None,
    write: Callable[[object], object] | None = None,
    convert: Callable[[object], object] | None = None,
) -> Any:
    """Declare a field whose JSON name or shape is not what its Python name and type say.

    Args:
        names: Its name in JSON, then others that Marketo uses for the same thing. None: camelCase of the field.
        default: What it is when it is missing; required without.
        read: From the JSON value to the field's value.
        write: The inverse of `read`.
        convert: From what a constructor is given to the field's value.
    """
    metadata = {_NAMES: names, _READ: read, _WRITE: write}
    return attrs.field(default=default, converter=convert, metadata=metadata)


def secret(name: str) -> Any:
    """Declare a required text field that neither a `repr` nor an error ever shows."""
    return attrs.field(metadata={_NAMES: (name,), _SECRET: True})


def extra() -> Any:
    """Declare the field that keeps what Marketo sent beyond the declared ones: read-only, empty when nothing.

    It is no field specifier, so that type checkers see a plain default.
    """
    return attrs.field(default=NOTHING_ELSE, converter=frozen_mapping, metadata={_EXTRA: True})


# ---------------------------------------------------------------- what a declaration says


@attrs.frozen
class FieldPlan:
    """One field of a record, as the reader and the writer see it."""

    attribute: str
    names: tuple[str, ...]
    required: bool
    default: object
    read: Callable[[object], object] | None
    write: Callable[[object], object] | None
    secret: bool


@attrs.frozen
class Layout:
    """All fields of a record class but the one that keeps what is unknown, whose name is `extra`."""

    fields: tuple[FieldPlan, ...]
    extra: str
    by_attribute: Mapping[str, FieldPlan]
    by_name: Mapping[str, FieldPlan]


# ---------------------------------------------------------------- what every record can do


@attrs.define(frozen=True, slots=True, kw_only=True, repr=False)
class Record:
    """What Marketo answers with. Frozen; equal by content; can be hashed, copied and pickled.

    `attrs.evolve(program, name="...")` makes a changed copy. Two records are equal when their fields are, unknown ones
    included; whether a None was null or missing makes no difference there.
    """

    LAYOUT: ClassVar[Layout]
    """What the class declares; written by `@record`."""

    UTC_SUFFIX: ClassVar[str] = "Z+0000"
    """What the API that sends this record writes for UTC."""

    _sent: tuple[str, ...] = attrs.field(default=(), init=False, eq=False)
    """Marketo's names in Marketo's order: tells a null from a missing name, and one spelling from the other."""

    def was_sent(self, field: str) -> bool:
        """Return whether Marketo's answer had this field at all, be it as null; `None` alone does not say.

        A record that was made by hand has what is not None.

        Args:
            field: The Python name, such as `"costs"`.

        Raises:
            AttributeError: the record has no such field.
        """
        plan = self.LAYOUT.by_attribute.get(field)
        if plan is None:
            raise AttributeError(f"{type(self).__name__} has no field {field!r}")
        if not self._sent:
            return getattr(self, field) is not None
        return any(name in self._sent for name in plan.names)

    def to_dict(self) -> dict[str, object]:
        """Return the record under Marketo's names and in Marketo's shapes: dates as text, lists, plain values.

        A record that was read gives back the names that Marketo sent, in that order, nulls included; one that was
        made by hand gives every field that is not None.
        """
        layout = self.LAYOUT
        rest: ReadOnlyMapping = getattr(self, layout.extra)
        out: dict[str, object] = {}
        if not self._sent:
            for plan in layout.fields:
                value = getattr(self, plan.attribute)
                if value is not None:
                    out[plan.names[0]] = self._write(plan, value)
            return out | {name: self._plain(value) for name, value in rest.items()}
        for name in self._sent:
            if name in rest:
                out[name] = self._plain(rest[name])
            else:
                plan = layout.by_name[name]
                out[name] = self._write(plan, getattr(self, plan.attribute))
        return out

    def _write(self, plan: FieldPlan, value: object) -> object:
        return plan.write(value) if plan.write is not None and value is not None else self._plain(value)

    def _plain(self, value: object) -> object:
        match value:
            case Record():
                return value.to_dict()
            case tuple():
                return [self._plain(item) for item in value]
            case datetime():
                return write_moment(value, self.UTC_SUFFIX)
            case date():
                return value.isoformat()
            case _:
                return thaw(value)

    def __repr__(self) -> str:
        layout = self.LAYOUT
        values = [(plan.attribute, getattr(self, plan.attribute)) for plan in layout.fields if not plan.secret]
        shown = [f"{name}={value!r}" for name, value in values if value is not None]
        if rest := getattr(self, layout.extra):
            shown.append(f"{layout.extra}={rest!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(json_name, secret))
def record(cls: type[_R]) -> type[_R]:
    """Make a class of annotated fields a record. Its JSON names are camelCase of the fields' names."""
    made = attrs.define(cls, frozen=True, slots=True, kw_only=True, repr=False)
    made.LAYOUT = _layout_of(made)
    return made


def _layout_of(kind: type[Record]) -> Layout:
    plans: list[FieldPlan] = []
    extra_name = ""
    for field in attrs.fields(kind):
        if not field.init:
            continue
        if field.metadata.get(_EXTRA):
            extra_name = field.name
            continue
        plans.append(
            FieldPlan(
                attribute=field.name,
                names=field.metadata.get(_NAMES) or (camel_case(field.name),),
                required=field.default is attrs.NOTHING,
                default=field.default,
                read=field.metadata.get(_READ),
                write=field.metadata.get(_WRITE),
                secret=field.metadata.get(_SECRET, False),
            )
        )
    by_name = {name: plan for plan in plans for name in plan.names}
    return Layout(tuple(plans), extra_name, {plan.attribute: plan for plan in plans}, by_name)


def camel_case(name: str) -> str:
    """Return `createdAt` for `created_at`: Marketo's way with names."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)

"""From JSON to records: the only place that knows cattrs.

The fast reading takes a row as it should be. A row that is not is read a second time, in detail, to find out where:
good rows pay nothing for the precision of the bad ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from types import GenericAlias, UnionType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, get_args, get_origin

import attrs
from cattrs import BaseValidationError, Converter
from cattrs.errors import AttributeValidationNote, IterableValidationNote
from cattrs.gen import make_dict_structure_fn, override

from marketo_async.errors import DecodeError
from marketo_async.records._dates import read_day, read_moment
from marketo_async.records._declare import FieldPlan, Layout, Record
from marketo_async.records._mapping import ReadOnlyMapping
from marketo_async.records._misfit import Misfit, expected
from marketo_async.records._primitives import read_bool, read_float, read_int, read_str

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Hook: TypeAlias = "Callable[[object, object], object]"
R = TypeVar("R", bound=Record)

_MASK = "***"
_MAX_SHAPES = 256
_PAIR = 2


def read(kind: type[R], raw: object, *, path: str = "$") -> R:
    """Return one record.

    Args:
        kind: The record class.
        raw: A JSON object, as a dict. It is neither kept nor changed.
        path: Where the object stood, for the error.

    Raises:
        DecodeError: the object does not fit; `.path` says where, `.raw` is the whole object.
    """
    try:
        made: R = _converter(detailed=False).get_structure_hook(kind)(raw, kind)
    except (Misfit, KeyError):
        error = _decode_error(kind, raw, path)
    else:
        return made
    raise error


def read_all(kind: type[R], rows: Iterable[object], *, path: str = "$.result") -> list[R]:
    """Return a record for each row, in order.

    Raises:
        DecodeError: as `read`, for the first row that does not fit; nothing is returned then.
    """
    return [read(kind, row, path=f"{path}[{index}]") for index, row in enumerate(rows)]


def read_tolerant(
    kind: type[R], rows: Iterable[object], *, path: str = "$.result"
) -> tuple[list[R], list[DecodeError]]:
    """Return a record for each row that fits, and an error, with its position, for each that does not."""
    records: list[R] = []
    errors: list[DecodeError] = []
    for index, row in enumerate(rows):
        try:
            records.append(read(kind, row, path=f"{path}[{index}]"))
        except DecodeError as error:
            errors.append(error)
    return records, errors


# ---------------------------------------------------------------- the converters


@cache
def _converter(*, detailed: bool) -> Converter:
    converter = Converter(detailed_validation=detailed)
    converter.register_structure_hook(str, read_str)
    converter.register_structure_hook(int, read_int)
    converter.register_structure_hook(bool, read_bool)
    converter.register_structure_hook(float, read_float)
    converter.register_structure_hook(datetime, read_moment)
    converter.register_structure_hook(date, read_day)
    converter.register_structure_hook_func(_is_mapping, _read_mapping)
    converter.register_structure_hook_factory(_is_tuple, _tuple_hook)
    converter.register_structure_hook_factory(_is_optional, _optional_hook)
    converter.register_structure_hook_factory(_is_record, _record_hook)
    return converter


def _is_record(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _is_mapping(kind: object) -> bool:
    return get_origin(kind) is Mapping


def _is_tuple(kind: object) -> bool:
    return get_origin(kind) is tuple


def _is_optional(kind: object) -> bool:
    return isinstance(kind, UnionType) and len(get_args(kind)) == _PAIR and type(None) in get_args(kind)


def _read_mapping(value: object, _: object) -> ReadOnlyMapping:
    if isinstance(value, dict):
        return ReadOnlyMapping(value)
    raise expected("an object", value)


def _tuple_hook(kind: Any, converter: Converter) -> _Hook:
    rows = GenericAlias(list, get_args(kind)[:1])
    read_rows = converter.get_structure_hook(rows)

    def structure(value: object, _: object) -> tuple[object, ...]:
        if isinstance(value, list):
            return tuple(read_rows(value, rows))
        raise expected("an array", value)

    return structure


def _optional_hook(kind: Any, converter: Converter) -> _Hook:
    # cattrs has its own, which looks the type up again for every value.
    (inner,) = (part for part in get_args(kind) if part is not type(None))
    hook = converter.get_structure_hook(inner)
    return lambda value, _: None if value is None else hook(value, inner)


def _record_hook(kind: type[Record], converter: Converter) -> _Hook:
    layout = kind.LAYOUT
    types = {field.name: field.type for field in attrs.fields(attrs.resolve_types(kind))}
    overrides: dict[str, Any] = {  # Any: cattrs takes them beside its own options
        plan.attribute: override(rename=plan.names[0], struct_hook=_field_hook(plan, types[plan.attribute], converter))
        for plan in layout.fields
    }
    overrides[layout.extra] = override(omit=True)
    construct = make_dict_structure_fn(kind, converter, **overrides)
    shapes: dict[tuple[str, ...], _Shape] = {}

    def structure(row: object, _: object) -> Record:
        if not isinstance(row, dict):
            raise expected("an object", row)
        names = tuple(row)
        shape = shapes.get(names)
        if shape is None:
            if len(shapes) >= _MAX_SHAPES:
                shapes.clear()
            shape = shapes[names] = _shape_of(layout, names)
        made = construct(shape.canonical(row), kind)
        # The record is finished here, before anybody has seen it.
        object.__setattr__(made, "_sent", shape.names)
        if shape.unknown:
            object.__setattr__(made, layout.extra, ReadOnlyMapping({name: row[name] for name in shape.unknown}))
        return made

    return structure


def _field_hook(plan: FieldPlan, kind: Any, converter: Converter) -> _Hook | None:
    """Return how the field is read where that is not what its type says already."""
    if plan.read is not None:
        take = plan.read
        optional = not plan.required
        return lambda value, _: plan.default if value is None and optional else take(value)
    if not plan.required and plan.default is not None:  # null is what is missing: no tokens, not hidden, none
        hook = converter.get_structure_hook(kind)
        return lambda value, _: plan.default if value is None else hook(value, kind)
    return None


@attrs.frozen
class _Shape:
    """What the names of a row say about all rows with the same names; rows of a page share one."""

    names: tuple[str, ...]
    unknown: tuple[str, ...]
    respelled: tuple[tuple[str, str], ...]

    def canonical(self, row: dict[str, object]) -> dict[str, object]:
        if not self.respelled:
            return row
        return {**row, **{ours: row[theirs] for ours, theirs in self.respelled}}


def _shape_of(layout: Layout, names: tuple[str, ...]) -> _Shape:
    used: dict[str, str] = {}
    for plan in layout.fields:
        for name in plan.names:
            if name in names:
                used[name] = plan.names[0]
                break
    return _Shape(
        names=names,
        unknown=tuple(name for name in names if name not in used),
        respelled=tuple((ours, theirs) for theirs, ours in used.items() if ours != theirs),
    )


# ---------------------------------------------------------------- where it went wrong


def _decode_error(kind: type[Record], raw: object, path: str) -> DecodeError:
    """Read a row that does not fit once more, in detail."""
    try:
        _converter(detailed=True).structure(raw, kind)
    except (Misfit, BaseValidationError) as error:
        where, reason = _locate(error, raw)
        return DecodeError(reason, path=path + where, raw=_masked(kind, raw))
    raise AssertionError(f"{kind.__name__} was refused and then read")  # pragma: no cover - one converter, two modes


def _locate(error: BaseException, raw: object) -> tuple[str, str]:
    path = ""
    while isinstance(error, BaseValidationError):
        kind: Any = error.cl
        error = error.exceptions[0]
        for note in getattr(error, "__notes__", ()):
            if isinstance(note, IterableValidationNote):
                path += f"[{note.index}]"
                raw = raw[note.index] if isinstance(raw, list) and isinstance(note.index, int) else None
            elif isinstance(note, AttributeValidationNote):
                name = _name_in(kind.LAYOUT.by_attribute[note.name], raw)
                path += f".{name}"
                raw = raw.get(name) if isinstance(raw, dict) else None
    return path, "is missing" if isinstance(error, KeyError) else str(error)


def _name_in(plan: FieldPlan, raw: object) -> str:
    sent = (name for name in plan.names if isinstance(raw, dict) and name in raw)
    return next(sent, plan.names[0])


def _masked(kind: type[Record], raw: object) -> object:
    secrets = {plan.names[0] for plan in kind.LAYOUT.fields if plan.secret}
    if not secrets:
        return raw
    return {name: _MASK if name in secrets else value for name, value in raw.items()} if isinstance(raw, dict) else None

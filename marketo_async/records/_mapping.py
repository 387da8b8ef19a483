"""A mapping that nobody can change, down to its last list: what makes a record safe to share and to hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class ReadOnlyMapping(Mapping[str, object]):
    """A JSON object that stays as Marketo sent it; the objects in it are read-only too, its arrays are tuples."""

    __slots__ = ("_data",)

    def __init__(self, data: Mapping[str, object]) -> None:
        self._data = {name: freeze(value) for name, value in data.items()}

    def __getitem__(self, name: str) -> object:
        return self._data[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __contains__(self, name: object) -> bool:
        return name in self._data

    def __hash__(self) -> int:
        return hash(frozenset(self._data.items()))

    def __repr__(self) -> str:
        return repr(self._data)

    def __copy__(self) -> ReadOnlyMapping:
        return self

    def __deepcopy__(self, memo: object) -> ReadOnlyMapping:
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return ReadOnlyMapping, (self._data,)


NOTHING_ELSE = ReadOnlyMapping({})
"""The `extra` of nearly every record; one object for all of them."""


def freeze(value: object) -> object:
    """Return a JSON value with its objects read-only and its arrays as tuples."""
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, dict):
        return ReadOnlyMapping(value)
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    return value


def frozen_mapping(value: Mapping[str, object]) -> ReadOnlyMapping:
    """Return the mapping itself where it is read-only already, else a read-only copy."""
    return value if isinstance(value, ReadOnlyMapping) else ReadOnlyMapping(value)


def thaw(value: object) -> object:
    """Return plain dicts and lists again: the inverse of `freeze`."""
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, ReadOnlyMapping | dict):
        return {name: thaw(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [thaw(item) for item in value]
    return value


_SCALARS = (str, int, float, type(None))  # most values: they leave first

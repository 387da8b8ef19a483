"""The body of a write of many records: `{"action": ..., "input": [...]}`, each record encoded once.

A record is turned into JSON when it is read, since its length decides which batch it travels in; the body is then only
joined together.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from marketo_async.errors import ArgumentError
from marketo_async.wire.values import json_text, scalar_text

_INPUT = "input"


@attrs.frozen(eq=False)
class BatchBody(Mapping[str, object]):
    """The body of a batch; read as a mapping it is what Marketo will read.

    Attributes:
        members: Everything beside `input`.
        records: The JSON text of each record.
    """

    members: Mapping[str, object]
    records: tuple[bytes, ...] = attrs.field(repr=False)

    def encoded(self) -> bytes:
        """Return the body's bytes."""
        return _opening(self.members) + b",".join(self.records) + b"]}"

    def __getitem__(self, name: str) -> object:
        return [json.loads(record) for record in self.records] if name == _INPUT else self.members[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*self.members, _INPUT))

    def __len__(self) -> int:
        return len(self.members) + 1


def empty_length(members: Mapping[str, object]) -> int:
    """Return how many bytes a body takes without its records; each but the first adds a comma to its own length."""
    return len(BatchBody(members, ()).encoded())


def record_bytes(argument: str, record: Mapping[str, object]) -> bytes:
    """Return a record as compact JSON.

    Raises:
        ArgumentError: a value is nothing that JSON can carry; names the field, as in `records[17]['birthday']`.
    """
    try:
        return _ENCODER.encode(record).encode()
    except (TypeError, ValueError, RecursionError):  # ArgumentError and UnicodeEncodeError are ValueErrors, too
        for name, value in record.items():
            json_text(f"{argument}[{name!r}]", value)
        raise ArgumentError(argument, record, "plain values that JSON can carry, under names that are texts") from None


def _opening(members: Mapping[str, object]) -> bytes:
    return json_text("body", {**members, _INPUT: []})[:-2].encode()


def _value(value: object) -> object:
    """Return what JSON has no type for: moments and days as text, mappings as objects."""
    if isinstance(value, date):
        return scalar_text("value", value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"), default=_value
)

"""One record of an input: what is sent of it, and where it stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import attrs

if TYPE_CHECKING:
    from marketo_async.errors import ArgumentError

Empty = Literal["leave", "clear"]
"""What an empty cell of a CSV means: nothing is said about the field, or it is to be cleared."""

_LEAD_ID_NAMES = ("leadId", "id")


@attrs.frozen(eq=False, repr=False)
class InputRow(Mapping[str, object]):
    """A record as it is sent: a mapping of names to values, which may refuse to be one.

    Attributes:
        index: Which record of the input it is, from 0.
        line: The line of the input on which it begins, from 1.
        sent: What is sent.
        raw: What stood there: the cells of a CSV, or the value of a line of JSON.
        problem: What speaks against sending it: raised by whoever looks at the values.
    """

    index: int
    line: int
    sent: Mapping[str, object]
    raw: Sequence[str] | object
    problem: ArgumentError | None = None

    def __getitem__(self, name: str) -> object:
        self._check()
        return self.sent[name]

    def __iter__(self) -> Iterator[str]:
        self._check()
        return iter(self.sent)

    def __len__(self) -> int:
        return len(self.sent)

    def __repr__(self) -> str:
        return repr(self.sent)

    def _check(self) -> None:
        if self.problem is not None:
            raise self.problem


@attrs.frozen(kw_only=True)
class Shape:
    """What an operation wants of a record.

    Attributes:
        id_member: The member that has the id of a lead, as a number: `id` or `leadId`; None where leads are not named
            by it.
        id_alone: Whether nothing but that is sent.
        empty: What an empty cell means.
    """

    id_member: str | None = None
    id_alone: bool = False
    empty: Empty = "leave"

    def of_cells(self, columns: Sequence[str], cells: Sequence[str]) -> dict[str, object]:
        """Return what is sent of a row of a CSV: all of it text, as Marketo takes it, but the id of a lead."""
        given: dict[str, object] = {
            name: cell or None for name, cell in zip(columns, cells, strict=True) if cell or self.empty == "clear"
        }
        return self.of_object(given)

    def of_object(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return what is sent of an object."""
        if self.id_member is None:
            return dict(given)
        there = self.id_column(given)
        lead_id = {} if there is None else {self.id_member: _number(given[there])}
        if self.id_alone:
            return dict(lead_id)
        return {self.id_member if name == there else name: value for name, value in given.items()} | lead_id

    def id_column(self, names: Mapping[str, object] | Sequence[str]) -> str | None:
        """Return the column that has the id of a lead, under the operation's own name for it or the other one."""
        if self.id_member is None:
            return None
        wanted = sorted(_LEAD_ID_NAMES, key=lambda name: name != self.id_member)
        return next((name for name in wanted if name in names), None)


def _number(value: object) -> object:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value.strip())
    return value

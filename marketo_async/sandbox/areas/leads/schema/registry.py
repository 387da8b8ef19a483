"""The fields of one kind of record, by REST name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from marketo_async.sandbox.areas.leads.schema.field import LeadField


class Schema(Mapping[str, "LeadField"]):
    """Fields by REST name, in the order in which they were made.

    Attributes:
        most_created: How many fields can be made through the API.
    """

    def __init__(self, fields: Iterable[LeadField] = (), *, most_created: int) -> None:
        """Take over the fields of a new instance.

        Args:
            fields: What there is; fields without an id get the next one.
            most_created: How many fields can be made through the API.
        """
        self.most_created = most_created
        self._fields: dict[str, LeadField] = {}
        self._next_id = 1
        for field in fields:
            self.put(field)

    def __getitem__(self, name: str) -> LeadField:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def put(self, field: LeadField) -> LeadField:
        """Add a field, or replace the one of its name; return it with its id."""
        known = self._fields.get(field.name)
        if known is not None:
            made = attrs.evolve(field, id=known.id)
        else:
            made = attrs.evolve(field, id=field.id or self._next_id)
            self._next_id = max(self._next_id, made.id) + 1
        self._fields[made.name] = made
        return made

    @property
    def searchable(self) -> list[LeadField]:
        """The fields by which records can be found."""
        return [field for field in self.values() if field.searchable]

    @property
    def created(self) -> int:
        """How many fields were made through the API."""
        return sum(field.api_created for field in self.values())

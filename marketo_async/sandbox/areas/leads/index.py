"""Which leads hold which value: one index per field, made when it is first asked for and kept up to date."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.sandbox.areas.leads.record import Lead
    from marketo_async.sandbox.areas.leads.schema.field import LeadField

COOKIE_SEPARATOR = ","


class FieldIndex:
    """The ids of the leads by what they hold in one field."""

    def __init__(self, field: LeadField, leads: Iterable[Lead]) -> None:
        """Index a field.

        Args:
            field: The field.
            leads: All leads there are, by id.
        """
        self._field = field
        # Most values belong to one lead: a list for each would take more memory than all else in the index.
        self._ids: dict[object, int | list[int]] = {}
        for lead in leads:
            value = lead.values.get(field.name)
            if value is not None:
                for key in keys_of(field, value):
                    self._append(key, lead.id)

    def add(self, lead_id: int, value: object) -> None:
        """Note that a lead holds a value."""
        if value is None:
            return
        for key in keys_of(self._field, value):
            held = self._ids.get(key)
            if held is None:
                self._ids[key] = lead_id
            elif isinstance(held, list):
                insort(held, lead_id)
            else:
                self._ids[key] = sorted((held, lead_id))

    def discard(self, lead_id: int, value: object) -> None:
        """Note that a lead no longer holds a value."""
        if value is None:
            return
        for key in keys_of(self._field, value):
            held = self._ids.get(key)
            if not isinstance(held, list):
                self._ids.pop(key, None)
                continue
            del held[bisect_left(held, lead_id)]
            if len(held) == 1:
                self._ids[key] = held[0]

    def ids(self, values: Iterable[object], most: int | None = None) -> list[int]:
        """Return the ids of the leads that hold one of the values, ascending.

        Args:
            values: As they are kept in leads.
            most: When more than that are found, no more need be looked for.
        """
        found: set[int] = set()
        for key in {key for value in values for key in keys_of(self._field, value)}:
            held = self._ids.get(key)
            if isinstance(held, list):
                found.update(held if most is None else held[: most + 1])
            elif held is not None:
                found.add(held)
        return sorted(found)

    def _append(self, key: object, lead_id: int) -> None:
        """Note that a lead holds a value, where no lead with a greater id does."""
        held = self._ids.get(key)
        if held is None:
            self._ids[key] = lead_id
        elif isinstance(held, list):
            held.append(lead_id)
        else:
            self._ids[key] = [held, lead_id]


def keys_of(field: LeadField, value: object) -> tuple[object, ...]:
    """Return what a value is found by: an e-mail address whatever its case, cookies one by one, else the value."""
    if isinstance(value, str):
        if field.data_type == "email":
            return (value.casefold(),)
        if field.name == "cookies":
            return tuple(value.split(COOKIE_SEPARATOR))
    return (value,)

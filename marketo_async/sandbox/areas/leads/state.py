"""The people in the lead database."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.dates import moment
from marketo_async.sandbox.areas.leads.index import FieldIndex
from marketo_async.sandbox.areas.leads.record import Lead
from marketo_async.sandbox.areas.leads.schema.field import custom_field
from marketo_async.sandbox.areas.leads.schema.standard import lead_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from marketo_async.sandbox.areas.leads.schema.field import DataType, LeadField
    from marketo_async.sandbox.areas.leads.schema.registry import Schema
    from marketo_async.sandbox.instance import Instance

__all__ = ["Lead", "Leads"]

_SECOND = timedelta(seconds=1)
_REMEMBERED_BIRTHS = 10_000
_UNDATED = frozenset({"cookies"})


class Leads:
    """All leads, by id, and the fields they have.

    `add`, `change` and `remove` change the database as a colleague in the user interface would.

    Attributes:
        fields: The fields of leads, by REST name.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._leads: dict[int, Lead] = {}
        self._next_id = 1
        self._on_removal: list[Callable[[int], None]] = []
        self._on_merge: list[Callable[[int, Sequence[int]], None]] = []
        self._births: deque[tuple[float, int]] = deque(maxlen=_REMEMBERED_BIRTHS)
        self.fields: Schema = lead_schema()
        self._indexes: dict[str, FieldIndex] = {"email": FieldIndex(self.fields["email"], ())}

    def __len__(self) -> int:
        return len(self._leads)

    def __iter__(self) -> Iterator[Lead]:
        """Iterate by id."""
        return iter(self._leads.values())

    def __contains__(self, lead_id: object) -> bool:
        """Tell whether there is a lead of that id."""
        return lead_id in self._leads

    def get(self, lead_id: int) -> Lead | None:
        """Return a lead, or None."""
        return self._leads.get(lead_id)

    def holding(self, field: LeadField, values: Iterable[object], most: int | None = None) -> list[Lead]:
        """Return the leads that hold one of the values in a field, by id.

        The first search by a field looks at every lead; those that follow do not.

        Args:
            field: Any field but the id.
            values: As they are kept in leads.
            most: When more than that are found, no more need be looked for.
        """
        index = self._indexes.get(field.name)
        if index is None:
            index = self._indexes[field.name] = FieldIndex(field, self)
        return [self._leads[lead_id] for lead_id in index.ids(values, most)]

    def with_emails(self, emails: Iterable[str]) -> list[Lead]:
        """Return the leads that have one of these e-mail addresses, whatever their case, by id."""
        return self.holding(self.fields["email"], emails)

    def define_field(self, name: str, data_type: DataType, display_name: str = "") -> LeadField:
        """Make a field of the customer's own, as an administrator would."""
        return self.fields.put(custom_field(name, data_type, display_name))

    def add(self, *, created_at: datetime | None = None, updated_at: datetime | None = None, **values: object) -> Lead:
        """Make a lead.

        Args:
            created_at: Aware; now where it is None.
            updated_at: Aware; as `created_at` where it is None.
            values: Fields by REST name, as native Python values; None leaves a field unset.
        """
        born = created_at or moment(self._instance)
        held = {name: value for name, value in values.items() if value is not None}
        return self.put(born, updated_at or born, held)

    def put(self, created_at: datetime, updated_at: datetime, values: dict[str, object]) -> Lead:
        """Make a lead of values that are all set; it keeps the dictionary."""
        lead = self._leads[self._next_id] = Lead(self._next_id, created_at, updated_at, values)
        self._next_id += 1
        for name, index in self._indexes.items():
            index.add(lead.id, values.get(name))
        return lead

    def change(self, lead_id: int, **values: object) -> None:
        """Set fields of a lead, None to unset, and its `updatedAt` if a standard field changed."""
        self.write(self._leads[lead_id], values)

    def write(self, lead: Lead, values: Mapping[str, object]) -> dict[str, tuple[object, object]]:
        """Set fields of a lead, and return those that changed: by name, the old value and the new one.

        `updatedAt` becomes now, but at least a second more than it was; unless only custom fields or cookies changed.
        """
        changes: dict[str, tuple[object, object]] = {}
        for name, value in values.items():
            old = lead.values.get(name)
            if value == old and type(value) is type(old):
                continue
            changes[name] = (old, value)
            lead.set(name, value)
            index = self._indexes.get(name)
            if index is not None:
                index.discard(lead.id, old)
                index.add(lead.id, value)
        if any(name not in self.fields or not self.fields[name].custom for name in changes.keys() - _UNDATED):
            lead.updated_at = max(moment(self._instance), lead.updated_at + _SECOND)
        return changes

    def remove(self, lead_id: int) -> None:
        """Delete a lead, and whatever hangs on it."""
        self._forget(lead_id)
        for tell in self._on_removal:
            tell(lead_id)

    def absorb(self, winner_id: int, loser_ids: Sequence[int]) -> None:
        """Let leads go that became part of another; whatever hangs on them moves to it."""
        for lead_id in loser_ids:
            self._forget(lead_id)
        for tell in self._on_merge:
            tell(winner_id, loser_ids)

    def when_removed(self, tell: Callable[[int], None]) -> None:
        """Have `tell(lead_id)` called after a lead was deleted; not for the losers of a merge."""
        self._on_removal.append(tell)

    def when_merged(self, tell: Callable[[int, Sequence[int]], None]) -> None:
        """Have `tell(winner_id, loser_ids)` called when leads were merged; the losers are gone by then."""
        self._on_merge.append(tell)

    def note_birth(self, lead: Lead) -> None:
        """Remember when a call made a lead: calls that were under way by then cannot have seen it."""
        self._births.append((self._instance.clock.monotonic(), lead.id))

    def born_after(self, instant: float) -> set[int]:
        """Return the ids of leads that calls made after a moment on the clock."""
        born: set[int] = set()
        for at, lead_id in reversed(self._births):
            if at <= instant:
                break
            born.add(lead_id)
        return born

    def _forget(self, lead_id: int) -> None:
        lead = self._leads.pop(lead_id)
        for name, index in self._indexes.items():
            index.discard(lead_id, lead.values.get(name))

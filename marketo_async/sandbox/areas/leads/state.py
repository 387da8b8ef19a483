"""The people in the lead database."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas.dates import moment
from marketo_async.sandbox.areas.leads.schema import custom_field, standard_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from marketo_async.sandbox.areas.leads.schema import DataType, LeadField
    from marketo_async.sandbox.instance import Instance


@attrs.define(eq=False)
class Lead:
    """One lead.

    Attributes:
        id: Its id.
        created_at: Aware.
        updated_at: Aware.
        values: The fields that are set, by REST name; fields that are not here are unset.
    """

    id: int
    created_at: datetime
    updated_at: datetime
    values: dict[str, object]

    def value(self, name: str) -> object:
        """Return what a field holds; None where it is unset."""
        match name:
            case "id":
                return self.id
            case "createdAt":
                return self.created_at
            case "updatedAt":
                return self.updated_at
            case _:
                return self.values.get(name)


class Leads:
    """All leads, by id, and the fields they have.

    `add`, `change` and `remove` change the database as a colleague in the user interface would.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._leads: dict[int, Lead] = {}
        self._by_email: dict[str, list[int]] = {}
        self._next_id = 1
        self.fields: dict[str, LeadField] = standard_fields()

    def __len__(self) -> int:
        return len(self._leads)

    def __iter__(self) -> Iterator[Lead]:
        """Iterate by id."""
        return iter(self._leads.values())

    def get(self, lead_id: int) -> Lead | None:
        """Return a lead, or None."""
        return self._leads.get(lead_id)

    def with_emails(self, emails: Iterable[str]) -> list[Lead]:
        """Return the leads that have one of these e-mail addresses, whatever their case, by id."""
        folded = {email.casefold() for email in emails}
        ids = sorted(lead_id for email in folded for lead_id in self._by_email.get(email, ()))
        return [self._leads[lead_id] for lead_id in ids]

    def define_field(self, name: str, data_type: DataType) -> LeadField:
        """Make a field of the customer's own, as an administrator would."""
        made = self.fields[name] = custom_field(name, data_type)
        return made

    def add(self, *, created_at: datetime | None = None, updated_at: datetime | None = None, **values: object) -> Lead:
        """Make a lead.

        Args:
            created_at: Aware; now where it is None.
            updated_at: Aware; as `created_at` where it is None.
            values: Fields by REST name, as native Python values; None leaves a field unset.
        """
        born = created_at or moment(self._instance)
        held = {name: value for name, value in values.items() if value is not None}
        lead = Lead(self._next_id, born, updated_at or born, held)
        self._next_id += 1
        self._leads[lead.id] = lead
        self._index(lead)
        return lead

    def change(self, lead_id: int, **values: object) -> None:
        """Set fields of a lead, None to unset, and its `updatedAt`."""
        lead = self._leads[lead_id]
        self._forget_email(lead)
        for name, value in values.items():
            lead.values[name] = value
            if value is None:
                del lead.values[name]
        self._index(lead)
        lead.updated_at = moment(self._instance)

    def remove(self, lead_id: int) -> None:
        """Delete a lead."""
        self._forget_email(self._leads.pop(lead_id))

    def _index(self, lead: Lead) -> None:
        email = lead.values.get("email")
        if isinstance(email, str):
            insort(self._by_email.setdefault(email.casefold(), []), lead.id)

    def _forget_email(self, lead: Lead) -> None:
        email = lead.values.get("email")
        if isinstance(email, str):
            self._by_email[email.casefold()].remove(lead.id)

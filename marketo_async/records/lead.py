"""Leads: six fields that every instance has, and all those that only this one has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from marketo_async.records._declare import Record, extra, record


@record
class Lead(Record, Mapping[str, object]):
    """A lead; also a read-only mapping of every field that was read, under the instance's own names.

    `lead["leadScore"]` is the value as Marketo sent it: text, number, boolean or None; dates of custom fields are
    text. `"leadScore" in lead` says whether it was read at all: a field that is not set is None and in it, a field
    that was not asked for is not. The six fields that are attributes are in the mapping too, with the same values.
    """

    UTC_SUFFIX: ClassVar[str] = "Z"

    id: int
    """Its id; always sent."""

    email: str | None = None
    """None where it is not set, or was not asked for."""

    first_name: str | None = None
    """None where it is not set, or was not asked for."""

    last_name: str | None = None
    """None where it is not set, or was not asked for."""

    created_at: datetime | None = None
    """When it was made. None where it was not asked for."""

    updated_at: datetime | None = None
    """When it was changed last. None where it was not asked for."""

    fields: Mapping[str, object] = extra()
    """Every other field, read-only: what this record has in place of `extra`."""

    def __getitem__(self, name: str) -> object:
        plan = self.LAYOUT.by_name.get(name)
        if plan is None and name in self.fields:
            return self.fields[name]
        if plan is not None and self.was_sent(plan.attribute):
            value: object = getattr(self, plan.attribute)
            return value
        error = KeyError(name)
        error.add_note("This lead was read without that field; `fields=[...]` says which ones to read.")
        raise error

    def __contains__(self, name: object) -> bool:
        plan = self.LAYOUT.by_name.get(str(name))
        return name in self.fields if plan is None else self.was_sent(plan.attribute)

    def __iter__(self) -> Iterator[str]:
        if self._sent:
            return iter(self._sent)
        ours = [plan.names[0] for plan in self.LAYOUT.fields if self.was_sent(plan.attribute)]
        return iter((*ours, *self.fields))

    def __len__(self) -> int:
        return sum(1 for _ in self)

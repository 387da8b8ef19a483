"""What Marketo says about a kind of object: its fields, and by which of them it can be searched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from marketo_async.records._declare import Record, extra, record


@record
class DescribedField(Record):
    """A field, as a describe call shows it."""

    name: str
    """Its REST name: what `fields=` takes and rows are keyed by."""

    display_name: str | None = None
    """What the user interface calls it. None if Marketo did not say."""

    data_type: str | None = None
    """Its type, such as `string`, `integer` or `datetime`. None if Marketo did not say."""

    length: int | None = None
    """How long a value may be. Missing for types that have no length."""

    updateable: bool | None = None
    """Whether it can be written. None if Marketo did not say."""

    crm_managed: bool | None = None
    """Whether a CRM that is connected manages it. None if Marketo did not say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class ObjectDescription(Record):
    """A kind of object: leads, or the members of programs."""

    UTC_SUFFIX: ClassVar[str] = "Z"

    name: str | None = None
    """Marketo's name for the kind, such as `API Lead`. None if Marketo did not say."""

    description: str | None = None
    """What Marketo writes about it. None if Marketo did not say."""

    created_at: datetime | None = None
    """When the description was made. None if Marketo did not say."""

    updated_at: datetime | None = None
    """When the description was changed last. None if Marketo did not say."""

    dedupe_fields: tuple[str, ...] = ()
    """The fields that together tell one object from another; empty if Marketo did not say."""

    searchable_fields: tuple[tuple[str, ...], ...] = ()
    """What can be searched by: one field each, or several that are only searched together; empty if Marketo did not
    say."""

    fields: tuple[DescribedField, ...] = ()
    """All fields, in Marketo's order."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

    @property
    def filter_types(self) -> tuple[str, ...]:
        """The fields that `filter_type=` takes: those that can be searched by alone."""
        return tuple(names[0] for names in self.searchable_fields if len(names) == 1)

    def field(self, name: str) -> DescribedField | None:
        """Return the field of exactly that REST name, or None.

        Args:
            name: A REST name, such as `reachedSuccess`.
        """
        return next((field for field in self.fields if field.name == name), None)

"""Leads: six fields that every instance has, and all those that only this one has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from marketo_async.records._declare import extra, record
from marketo_async.records._row import Row
from marketo_async.records.membership import ProgramMembership


@record
class Lead(Row):
    """A lead; also a read-only mapping of every field that was read, under the instance's own names.

    `lead["leadScore"]` is the value as Marketo sent it: text, number, boolean or None; dates of custom fields are
    text, unless the lead was read with `typed=True`. `"leadScore" in lead` says whether it was read at all: a field
    that is not set is None and in it, a field that was not asked for is not. The six fields that are attributes are in
    the mapping too, with the same values.
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


@record
class ProgramLead(Lead):
    """A lead as a member of a program: a `Lead`, and its membership."""

    membership: ProgramMembership | None = None
    """Its membership in the program. None if Marketo did not say."""

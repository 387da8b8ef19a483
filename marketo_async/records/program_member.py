"""Members of programs: seven fields that every member has, and all those that only this instance's have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from marketo_async.records._declare import extra, record
from marketo_async.records._row import Row


@record
class ProgramMember(Row):
    """A lead in a program; also a read-only mapping of every field that was read, under the instance's own names.

    `member["registrationCode"]` is the value as Marketo sent it: text, number, boolean or None; dates other than the
    membership date are text. `"webinarUrl" in member` says whether it was read at all. The fields that are attributes
    are in the mapping too, with the same values.
    """

    UTC_SUFFIX: ClassVar[str] = "Z"

    lead_id: int
    """The id of the lead."""

    program_id: int | None = None
    """The id of the program. None where it was not asked for."""

    status_name: str | None = None
    """Its status in the program. None where it was not asked for."""

    reached_success: bool | None = None
    """Whether that status is a success of the program. None where it was not asked for."""

    acquired_by: bool | None = None
    """Whether the lead was acquired by the program. None where it was not asked for."""

    membership_date: datetime | None = None
    """When the lead became a member. None where it was not asked for."""

    updated_at: datetime | None = None
    """When the membership was changed last. None where it was not asked for."""

    fields: Mapping[str, object] = extra()
    """Every other field, `seq` among them, read-only: what this record has in place of `extra`."""

"""Static lists, and whether leads are on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from marketo_async.records._declare import Record, extra, json_name, record
from marketo_async.records._misfit import expected
from marketo_async.records._primitives import read_code, read_str
from marketo_async.records.write_result import Reason


def _read_reasons(value: object) -> tuple[Reason, ...]:
    if isinstance(value, list):
        return tuple(_read_reason(entry) for entry in value)
    raise expected("an array", value)


def _read_reason(value: object) -> Reason:
    if isinstance(value, dict):
        return Reason(read_code(value.get("code")), read_str(value.get("message")))
    raise expected("an object", value)


def _write_reasons(values: object) -> list[object]:
    reasons = values if isinstance(values, tuple) else ()
    return [{"code": reason.code, "message": reason.message} for reason in reasons]


@record
class StaticList(Record):
    """A static list, as the lead database knows it."""

    UTC_SUFFIX: ClassVar[str] = "Z"

    id: int
    """Its id."""

    name: str
    """Its name; lists in different programs may have the same."""

    description: str | None = None
    """What somebody wrote about it. Missing where nobody did."""

    program_name: str | None = None
    """The name of the program that it lies in. Missing where it lies in none."""

    workspace_name: str | None = None
    """The name of its workspace. None if Marketo did not say."""

    created_at: datetime | None = None
    """When it was made. None if Marketo did not say."""

    updated_at: datetime | None = None
    """When it was changed last. None if Marketo did not say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class ListMemberStatus(Record):
    """Whether a lead is on a static list."""

    lead_id: int = json_name("id")
    """The id of the lead that was asked for."""

    status: str
    """`memberof`, `notmemberof`, or `skipped` where there is no such lead."""

    reasons: tuple[Reason, ...] = json_name("reasons", default=(), read=_read_reasons, write=_write_reasons)
    """Why it was skipped; empty for the others."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

    @property
    def is_member(self) -> bool:
        """Whether the lead is on the list; a lead that does not exist is not."""
        return self.status == "memberof"

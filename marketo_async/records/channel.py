"""Channels and the member statuses that they allow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from marketo_async.records._declare import Record, extra, record


@record
class ProgressionStatus(Record):
    """One status that members of a program of this channel can have."""

    name: str
    """Its name; `Not in Program` is always there."""

    step: int
    """Its place in the order, 0 for `Not in Program`; several statuses may share one."""

    description: str | None = None
    """Usually null."""

    hidden: bool | None = None
    """Whether the user interface leaves it out. None if Marketo did not say."""

    success: bool | None = None
    """Whether reaching it is a success of the program. None if Marketo did not say."""

    type: str | None = None
    """Its kind, such as `Registered`. Missing in many channels."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class Channel(Record):
    """A channel; programs name theirs."""

    id: int
    """Its id; nothing asks for it."""

    name: str
    """What `channel=` takes."""

    applicable_program_type: str | None = None
    """`program`, `event`, `webinar`, `nurture` or `email_batch`: the types of programs that can use it, in words that
    differ from those of `Program.type`. None if Marketo did not say."""

    progression_statuses: tuple[ProgressionStatus, ...] = ()
    """Its statuses in Marketo's order; empty where it sent none."""

    created_at: datetime | None = None
    """When it was made. None if Marketo did not say."""

    updated_at: datetime | None = None
    """When it was changed last. None if Marketo did not say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

"""What a lead belongs to: programs, smart campaigns, static lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from marketo_async.records._declare import Record, extra, record


@record
class ProgramMembership(Record):
    """A lead's membership in a program: one of a lead's programs, or the `membership` of a program's lead."""

    UTC_SUFFIX: ClassVar[str] = "Z"

    id: int | None = None
    """The id of the program; in the `membership` of a program's lead, too, where it is the same for every lead. None if
    Marketo did not say."""

    progression_status: str
    """The status that the lead has in the program, such as `Attended`: a name that its channel has."""

    progression_status_type: str | None = None
    """The kind of that status, such as `Attended`. Missing where the channel gives it none."""

    acquired_by: bool | None = None
    """Whether the lead was acquired by the program. None if Marketo did not say."""

    reached_success: bool | None = None
    """Whether that status is a success of the program. None if Marketo did not say."""

    is_exhausted: bool | None = None
    """Whether the lead has had all the content of its stream; engagement programs mean something by it, others send it
    too. None if Marketo did not say."""

    membership_date: datetime | None = None
    """When the lead became a member. None if Marketo did not say."""

    updated_at: datetime | None = None
    """When the membership was changed last. None if Marketo did not say."""

    stream: str | None = None
    """The stream that the lead is in. Missing in all but engagement programs."""

    nurture_cadence: str | None = None
    """Whether content is sent: `norm` or `pause`; `normal` or `paused` in Adobe's specification. Missing in all but
    engagement programs."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class SmartCampaignMembership(Record):
    """A smart campaign that a lead went through."""

    UTC_SUFFIX: ClassVar[str] = "Z"

    smart_campaign_id: int
    """The id of the smart campaign."""

    created_at: datetime | None = None
    """When the lead first became a member. None if Marketo did not say."""

    updated_at: datetime | None = None
    """When the membership was changed last. None if Marketo did not say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class ListMembership(Record):
    """A static list that a lead is on."""

    UTC_SUFFIX: ClassVar[str] = "Z"

    list_id: int
    """The id of the list."""

    created_at: datetime | None = None
    """When the lead was put on it. None if Marketo did not say."""

    updated_at: datetime | None = None
    """When the membership was changed last. None if Marketo did not say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

"""Programs, their tags and their period costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from marketo_async.records._dates import read_cost_day
from marketo_async.records._declare import Record, extra, json_name, record
from marketo_async.records.argument import Argument
from marketo_async.records.folder import FolderRef, ProgramId


@record
class Tag(Record, Argument):
    """A tag of a program; also the argument: `tags=[Tag(type="Region", value="EMEA")]`."""

    type: str = json_name("tagType")
    """The tag type, as it stands in Admin > Tags."""

    value: str = json_name("tagValue")
    """One of the values that the type allows."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

    def as_argument(self) -> dict[str, object]:
        """Return `{"tagType": ..., "tagValue": ...}`."""
        return {"tagType": self.type, "tagValue": self.value}


@record
class Cost(Record, Argument):
    """A period cost; also the argument: `costs=[Cost(start_date=date(2026, 1, 1), cost=2000)]`.

    A cost has no id: Marketo can only add costs or replace them all.
    """

    start_date: date = json_name("startDate", read=read_cost_day)
    """The day. Marketo answers with a day or with midnight of the instance in UTC; both are that day here, so what
    was read can be sent again."""

    cost: float
    """The amount, in the instance's currency. Marketo sends whole numbers, and they stay `int`."""

    note: str | None = None
    """What somebody noted: `""` where nothing was noted, None where Marketo did not say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

    def as_argument(self) -> dict[str, object]:
        """Return `{"startDate": "2026-01-01", "cost": 2000}`, with the note if there is one."""
        wire: dict[str, object] = {"startDate": self.start_date.isoformat(), "cost": self.cost}
        return wire if self.note is None else wire | {"note": self.note}


@record
class Program(Record, Argument):
    """A program. As `folder=` it means: nest in this program."""

    id: int
    """Its id; separate from the ids of folders, which may have the same number."""

    name: str
    """Its name, up to 255 characters. Two programs in different folders may have the same."""

    type: str
    """`Default`, `Event`, `Event with Webinar`, `Engagement` or `Email`; fixed when it was made."""

    channel: str
    """The name of its channel; fixed when it was made."""

    description: str | None = None
    """`""` where nobody described it; null in some answers."""

    created_at: datetime | None = None
    """When it was made. None if Marketo did not say."""

    updated_at: datetime | None = None
    """When it was changed last; changes of costs and tags alone may not count. None if Marketo did not say."""

    url: str | None = None
    """Where the user interface shows it; the host may differ between calls. None if Marketo did not say."""

    folder: FolderRef | None = None
    """Where it lies: a folder or another program. None if Marketo did not say."""

    status: str | None = None
    """`on`, `off` (Engagement); `unlocked`, `locked`, `completed` (Email); `""` for the types that have none. None if
    Marketo did not say."""

    workspace: str | None = None
    """The name of its workspace. None if Marketo did not say."""

    head_start: bool | None = json_name("headStart", "isHeadStart", default=None)
    """Whether Marketo prepares the run ahead of its start (Email). None in answers from before March 2022."""

    tags: tuple[Tag, ...] | None = None
    """Its tags. `()` means that it has none. None means null or not sent, and `was_sent("tags")` tells these apart:
    listings and `find_all_by_name` without `include_tags` do not send them, and the answers to create and clone send
    null."""

    costs: tuple[Cost, ...] | None = None
    """Its period costs. Read by id, null means that there are none; listings do not send them. `was_sent("costs")`
    tells these apart."""

    start_date: datetime | None = None
    """When it starts (events, webinars, Email). Missing where nobody set it."""

    end_date: datetime | None = None
    """When it ends (events, webinars, Email). Missing where nobody set it."""

    sfdc_id: str | None = None
    """The id of the Salesforce campaign that it is synced with. Missing without one."""

    sfdc_name: str | None = None
    """The name of that Salesforce campaign. Missing without one."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

    def as_argument(self) -> dict[str, object]:
        """Return `{"id": 1107, "type": "Program"}`."""
        return ProgramId(self.id).as_argument()

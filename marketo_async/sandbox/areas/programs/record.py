"""A program as the instance keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import attrs

from marketo_async.sandbox.areas.programs.kinds import EMAIL
from marketo_async.sandbox.areas.references import FolderRef

if TYPE_CHECKING:
    from datetime import date, datetime

    from marketo_async.sandbox.areas.programs.kinds import Kind


class Tag(NamedTuple):
    """A value of a tag type on a program."""

    tag_type: str
    tag_value: str


class Cost(NamedTuple):
    """A period cost: whole units of the instance's currency, from a day on."""

    start_date: date
    cost: int
    note: str


class SalesforceCampaign(NamedTuple):
    """The Salesforce campaign that a program is kept in step with."""

    id: str
    name: str


@attrs.define(eq=False)
class Program:
    """One program.

    Attributes:
        switch: The stored part of the status: "", `on`, `off`, `unlocked`, `locked`.
        smart_list_id: The id of the smart list of an e-mail program; None for other types.
        email_ready: An approved e-mail is set, which only the user interface can do.
        smart_list_ready: A smart list is set, which only the user interface can do.
        in_use: Something in it is used elsewhere, so that it cannot be deleted.
        unclonable: The kinds of assets in it that cannot be cloned.
    """

    id: int
    name: str
    kind: Kind
    channel: str
    parent: FolderRef
    workspace: str
    created_at: datetime
    updated_at: datetime
    description: str = ""
    switch: str = ""
    head_start: bool = False
    start_date: datetime | None = None
    end_date: datetime | None = None
    tags: tuple[Tag, ...] = ()
    costs: tuple[Cost, ...] = ()
    campaign: SalesforceCampaign | None = None
    smart_list_id: int | None = None
    email_ready: bool = False
    smart_list_ready: bool = False
    in_use: bool = False
    unclonable: tuple[str, ...] = ()

    @property
    def ref(self) -> FolderRef:
        """How others refer to this program as the place they live in."""
        return FolderRef("Program", self.id)

    @property
    def key(self) -> tuple[str, int]:
        """Where it stands in listings: by name without regard to case, then by id."""
        return (self.name.casefold(), self.id)

    def status(self, now: datetime) -> str:
        """Return the status at a time: an approved e-mail program is `completed` once its end has passed."""
        if self.kind is EMAIL and self.switch == "locked" and self.end_date is not None and self.end_date <= now:
            return "completed"
        return self.switch

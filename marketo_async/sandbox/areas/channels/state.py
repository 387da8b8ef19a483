"""Channels: which statuses the members of a program can have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from marketo_async.sandbox.instance import Instance

_BORN = datetime(2013, 2, 26, 0, 37, 37, tzinfo=UTC)
_FIRST_ID = 1


@attrs.frozen
class ProgressionStatus:
    """One step that members of a program can reach.

    Attributes:
        step: Its place in the order; several statuses may share one. `Not in Program` is step 0.
        success: Whether reaching it is what the program is for.
    """

    name: str
    step: int
    success: bool = False
    hidden: bool = False


@attrs.frozen
class Channel:
    """One channel.

    Attributes:
        applicable: The word for the type of programs it is for: program, event, webinar, nurture or email_batch.
    """

    id: int
    name: str
    applicable: str
    statuses: tuple[ProgressionStatus, ...]
    created_at: datetime = _BORN
    updated_at: datetime = _BORN


# name, type, statuses as "name step", "!" marks success
_USUAL = (
    ("Online Advertising", "program", ("Clicked 10", "Engaged 20", "Influenced 30 !")),
    ("Content", "program", ("Visited 10", "Engaged 20 !")),
    ("Blog", "program", ("Invited 10", "Visited 20", "Engaged 30 !")),
    ("Email Blast", "program", ("Sent 10", "Opened 20", "Clicked 30", "Influenced 40 !", "Unsubscribed 20")),
    ("List Import", "program", ("On List 10", "Imported 20 !")),
    ("Operational", "program", ("Member 10", "Processed 20 !")),
    ("Web Content", "program", ("Visited 10", "Filled-out Form 20 !")),
    ("Tradeshow", "event", ("Invited 10", "Registered 20", "Visited Booth 30 !", "Influenced 40 !")),
    ("Live Event", "event", ("Invited 10", "Registered 20", "Wait-listed 30", "No Show 40", "Attended 50 !")),
    ("Roadshow", "event", ("Invited 10", "Registered 20", "No Show 30", "Attended 40 !")),
    ("Webinar", "webinar", ("Invited 10", "Registered 20", "No Show 40", "Attended 50 !", "Attended On-demand 50 !")),
    ("Nurture", "nurture", ("Member 10", "Engaged 20", "Influenced 30 !")),
    ("Email Send", "email_batch", ("Sent 10", "Opened 20", "Clicked 30 !", "Unsubscribed 20")),
)


class Channels:
    """All channels, by id. A new instance has the usual ones, at least one for each type of program."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._channels: dict[str, Channel] = {}
        for name, applicable, statuses in _USUAL:
            self.add(name, applicable, [_status(text) for text in statuses])

    def __iter__(self) -> Iterator[Channel]:
        """Iterate by id."""
        return iter(self._channels.values())

    def get(self, name: str) -> Channel | None:
        """Return the channel of exactly that name, or None."""
        return self._channels.get(name)

    def add(self, name: str, applicable: str, statuses: Iterable[ProgressionStatus] = ()) -> Channel:
        """Make a channel, as an administrator would; `Not in Program` is put in front.

        Args:
            name: Its name.
            applicable: program, event, webinar, nurture or email_batch.
            statuses: The steps of its members.
        """
        steps = (ProgressionStatus("Not in Program", 0), *statuses)
        channel = Channel(_FIRST_ID + len(self._channels), name, applicable, steps)
        self._channels[name] = channel
        return channel


def _status(text: str) -> ProgressionStatus:
    success = text.endswith(" !")
    name, step = text.removesuffix(" !").rsplit(" ", 1)
    return ProgressionStatus(name, int(step), success)

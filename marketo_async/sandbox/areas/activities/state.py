"""What leads did and what was done to them: the latest of it."""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas.dates import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from marketo_async.sandbox.instance import Instance

KEPT = 100_000
"""Activities that are remembered; the oldest are forgotten first."""


@attrs.frozen
class Activity:
    """One line of the log.

    Attributes:
        id: Ascending.
        type_id: What happened: the id of an activity type.
        lead_id: To whom.
        at: When, in UTC.
        primary_id: The id of what it was about, such as a list.
        primary_value: The name of what it was about.
        attributes: The rest, by the name of the attribute.
    """

    id: int
    type_id: int
    lead_id: int
    at: datetime
    primary_id: int | None = None
    primary_value: str | None = None
    attributes: Mapping[str, object] = attrs.field(factory=dict)


class Activities:
    """The activity log of the instance, bounded in memory."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._log: deque[Activity] = deque(maxlen=KEPT)
        self._ids = itertools.count(1)
        self._moved: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._log)

    def __iter__(self) -> Iterator[Activity]:
        """Iterate from the oldest that is remembered to the latest."""
        return (self._owned(one) for one in self._log)

    def log(
        self,
        type_id: int,
        lead_id: int,
        *,
        primary_id: int | None = None,
        primary_value: str | None = None,
        **attributes: object,
    ) -> Activity:
        """Write a line, with the instance's time.

        Args:
            type_id: The id of the activity type.
            lead_id: Whose activity it is.
            primary_id: The id of what it is about.
            primary_value: The name of what it is about.
            attributes: Its attributes; an underscore in a name is written as a blank: `New_Value=1`.
        """
        named = {name.replace("_", " "): value for name, value in attributes.items()}
        at = moment(self._instance)
        activity = Activity(next(self._ids), type_id, lead_id, at, primary_id, primary_value, named)
        self._log.append(activity)
        return activity

    def move(self, lead_id: int, to: int) -> None:
        """Make what a lead did another one's, as merging does."""
        self._moved[lead_id] = to

    def of(self, lead_id: int, *type_ids: int) -> list[Activity]:
        """Return what is remembered of a lead, the oldest first.

        Args:
            lead_id: The lead.
            type_ids: Only these types; all where there are none.
        """
        return [one for one in self if one.lead_id == lead_id and (not type_ids or one.type_id in type_ids)]

    def _owned(self, activity: Activity) -> Activity:
        owner = activity.lead_id
        while owner in self._moved:
            owner = self._moved[owner]
        return activity if owner == activity.lead_id else attrs.evolve(activity, lead_id=owner)

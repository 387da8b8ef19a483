"""The seeded leads as seen by what they are put on and into: their ids, and since when they are there."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.dates import second_of
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.seeding.programs import history

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from marketo_async.sandbox.instance import Instance


class Crowd:
    """All seeded leads, by their place in the order of ids.

    Attributes:
        ids: Their ids.
        end: The last second of the seeded history.
    """

    def __init__(self, instance: Instance) -> None:
        leads = instance.state(Leads)
        begin, seconds = history(instance)
        self.ids = array("q", (lead.id for lead in leads))
        self.end = second_of(begin) + seconds
        self._leads = list(leads)

    def __len__(self) -> int:
        return len(self.ids)

    def shares(self, wanted: int, parts: int, rng: random.Random, *, skew: int = 3) -> list[int]:
        """Return the sizes of so many groups of leads, `wanted` altogether: the greater `skew`, the fewer the large."""
        weights = [rng.random() ** skew for _ in range(parts)]
        whole = sum(weights) or 1.0
        return [min(len(self.ids), int(wanted * weight / whole)) for weight in weights]

    def some(self, count: int, rng: random.Random) -> list[int]:
        """Return the places of so many different leads, ascending."""
        return sorted(rng.sample(range(len(self.ids)), count))

    def moments(self, places: Sequence[int], since: int, rng: random.Random) -> list[int]:
        """Return a second for each of some leads, when both the lead and something else, since `since`, were there."""
        leads, end, chance = self._leads, self.end, rng.random
        begun = [max(since, second_of(leads[place].created_at)) for place in places]
        return [first + int((end - first) * chance() ** 2) for first in begun]

"""Seeds static lists, and puts leads on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.dates import at_second, second_of
from marketo_async.sandbox.areas.lists.state import Lists
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.seeding.names import Dice
from marketo_async.sandbox.seeding.programs import history
from marketo_async.sandbox.seeding.vocabulary import AUDIENCES, LIST_DESCRIPTIONS, LIST_PATTERNS, THEMES, WORKSPACES

if TYPE_CHECKING:
    import random

    from marketo_async.sandbox.areas.lists.state import StaticList
    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.instance import Instance
    from marketo_async.sandbox.seeding.crowd import Crowd

_LOCAL = ("Imported", "Guests", "Invitees", "Booth scans", "Exclusions")


def seed_lists(instance: Instance, crowd: Crowd) -> None:
    """Add lists, of ids in the order in which they were created, and put some of the leads on them."""
    sower = _Sower(instance)
    lists = instance.state(Lists)
    made = sower.lists(4 + min(56, len(crowd) // 25))
    wanted = min(2 * len(crowd), 10_000 + len(crowd) // 5)
    for one, size in zip(made, crowd.shares(wanted, len(made), sower.rng, skew=6), strict=True):
        places = crowd.some(size, sower.rng)
        begun = second_of(one.created_at)
        lists.fill(one.id, [crowd.ids[place] for place in places], crowd.moments(places, begun, sower.rng))
    lists.settle()


class _Sower:
    """Makes lists: most of them of the lead database, some local to a program."""

    def __init__(self, instance: Instance) -> None:
        self.rng: random.Random = instance.stream("seed lists")
        self._dice = Dice(self.rng)
        self._state = instance.state(Lists)
        self._default = instance.settings.workspace
        begin, self._seconds = history(instance)
        self._begin = second_of(begin)
        programs = instance.state(Programs)
        # Programs by age, so that one that was there when its list was made can be picked.
        self._programs = sorted(programs, key=lambda program: program.id)
        self._names: set[str] = set()

    def lists(self, count: int) -> list[StaticList]:
        return [self._list(at) for at in sorted(self._dice.below(self._seconds) for _ in range(count))]

    def _list(self, at: int) -> StaticList:
        dice, created = self._dice, at_second(self._begin + at)
        program = self._program(at) if dice.happens(35) else None
        description = dice.pick(LIST_DESCRIPTIONS) or None
        if program is not None:
            name = dice.pick(_LOCAL)
            return self._state.add_list(name, description=description, program_id=program.id, created_at=created)
        workspace, _, regions = dice.pick(WORKSPACES)
        pattern, region = dice.pick(LIST_PATTERNS), dice.pick(regions)
        name = pattern.format(
            year=created.year, month=created.month, region=region.code, city=dice.pick(region.cities),
            theme=dice.pick(THEMES), audience=dice.pick(AUDIENCES),
        )  # fmt: skip
        place = workspace or self._default
        return self._state.add_list(self._unique(name), description=description, workspace=place, created_at=created)

    def _program(self, at: int) -> Program | None:
        older = int(len(self._programs) * at / self._seconds)
        while older and second_of(self._programs[older - 1].created_at) > self._begin + at:
            older -= 1
        return self._programs[self._dice.below(older)] if older else None

    def _unique(self, name: str) -> str:
        while name.casefold() in self._names:
            name = f"{name} ({1 + self._dice.below(90)})"
        self._names.add(name.casefold())
        return name

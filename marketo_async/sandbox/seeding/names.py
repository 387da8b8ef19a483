"""Names as marketing departments give them: several conventions at once, and none kept for long."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from marketo_async.sandbox.seeding.vocabulary import ASSETS, AUDIENCES, PATTERNS, THEMES

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from datetime import datetime

    from marketo_async.sandbox.seeding.vocabulary import Region

T = TypeVar("T")


class Dice:
    """Random choices, quickly: `random.choice` is too slow a hundred thousand times over."""

    def __init__(self, rng: random.Random) -> None:
        self.chance = rng.random

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[int(self.chance() * len(choices))]

    def happens(self, percent: int) -> bool:
        """Tell whether something happens that does so in `percent` of a hundred cases."""
        return self.chance() * 100 < percent

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to `limit` - 1."""
        return int(self.chance() * limit)


class ProgramNames:
    """Makes names that differ in more than their case."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._taken: dict[str, int] = {}

    def make(self, kind: str, region: Region, created: datetime) -> str:
        """Return a new name for a program.

        Args:
            kind: The type of program.
            region: Where it belongs.
            created: When it was made; names often carry the date.
        """
        pick = self._dice.pick
        name = pick(PATTERNS[kind]).format(
            year=created.year,
            month=created.month,
            day=created.day,
            quarter=(created.month + 2) // 3,
            fiscal=created.year % 100 + 1,
            region=region.code,
            city=pick(region.cities),
            theme=pick(THEMES),
            asset=pick(ASSETS),
            audience=pick(AUDIENCES),
        )
        return self._unique(name)

    def _unique(self, name: str) -> str:
        folded = name.casefold()
        times = self._taken[folded] = self._taken.get(folded, 0) + 1
        if times == 1:
            return name
        # Copies get a suffix, and a suffixed name may itself be taken.
        return self._unique(f"{name} v{times}" if times % 2 else f"{name} (copy {times})")

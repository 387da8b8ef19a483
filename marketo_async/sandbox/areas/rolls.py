"""Which leads stand on the roll of which list, program or campaign: a million of them in a few dozen megabytes."""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.sorted_rows import SortedRows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from marketo_async.sandbox.areas.sorted_rows import Values

_BITS = 32
_LARGEST = 2**31 - 1


class Rolls:
    """The rolls of all things of one kind: each holds leads, with a few whole numbers beside each lead.

    They are kept in order both ways, by thing and by lead, so that a page of a roll or of a lead's things costs no more
    than itself, wherever it begins.
    """

    def __init__(self, columns: str = "") -> None:
        """Open the rolls; all are empty.

        Args:
            columns: The type codes, as `array` has them, of the numbers beside a lead.
        """
        self._leads = SortedRows(columns)
        self._things = SortedRows()

    def __len__(self) -> int:
        return len(self._leads)

    def get(self, thing: int, lead_id: int) -> Values | None:
        """Return what stands beside a lead; None where it is not on the roll."""
        return self._leads.get(_key(thing, lead_id)) if _fits(thing, lead_id) else None

    def put(self, thing: int, lead_id: int, *values: int) -> bool:
        """Write a lead on the roll, or other numbers beside it; return whether it is new there.

        Raises:
            ValueError: an id is not between 0 and 2**31 - 1.
        """
        if not _fits(thing, lead_id):
            raise ValueError(f"The ids must be between 0 and {_LARGEST}: {thing}, {lead_id}")
        self._things.put(_key(lead_id, thing))
        return self._leads.put(_key(thing, lead_id), values)

    def discard(self, thing: int, lead_id: int) -> bool:
        """Strike a lead off the roll; return whether it was there."""
        if not _fits(thing, lead_id):
            return False
        self._things.discard(_key(lead_id, thing))
        return self._leads.discard(_key(thing, lead_id))

    def leads(self, thing: int, after: int = 0) -> Iterator[tuple[int, Values]]:
        """Iterate over the leads of a roll whose id is greater, by id, with the numbers beside them.

        Nothing may change while this is walked.
        """
        if not _fits(thing, after):
            return iter(())
        rows = self._leads.between(_key(thing, after) + 1, _key(thing + 1, 0))
        return ((key & (1 << _BITS) - 1, values) for key, values in rows)

    def things(self, lead_id: int, after: int = 0) -> list[int]:
        """Return the things on whose roll a lead is and whose id is greater, by id."""
        if not _fits(lead_id, after):
            return []
        rows = self._things.between(_key(lead_id, after) + 1, _key(lead_id + 1, 0))
        return [key & (1 << _BITS) - 1 for key, _ in rows]

    def size(self, thing: int) -> int:
        """Return how many leads are on the roll of a thing."""
        return self._leads.count(_key(thing, 0), _key(thing + 1, 0)) if _fits(thing, 0) else 0

    def fill(self, thing: int, lead_ids: Iterable[int], *columns: Iterable[int]) -> None:
        """Write a whole roll at once, for a thing of a greater id than any that has one. Call `settle` afterwards.

        Args:
            thing: The id of the list or program.
            lead_ids: Its leads, ascending.
            columns: The numbers beside them, a column at a time.
        """
        self._leads.extend((_key(thing, lead_id) for lead_id in lead_ids), *columns)

    def settle(self) -> None:
        """Let the things of every lead be found, after `fill`."""
        turned = starmap(_turned, self._leads.between(0, _key(_LARGEST, 0)))
        self._things = SortedRows()
        self._things.extend(sorted(turned))


def _key(first: int, second: int) -> int:
    return first << _BITS | second


def _turned(key: int, _: Values) -> int:
    return _key(key & (1 << _BITS) - 1, key >> _BITS)


def _fits(first: int, second: int) -> bool:
    return 0 <= first < _LARGEST and 0 <= second < _LARGEST

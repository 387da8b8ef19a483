"""Rows of whole numbers under a key, kept in the order of their keys at a few bytes a row."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import pairwise, repeat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Values = tuple[int, ...]
"""What stands beside a key: one whole number for each column."""

FULL = 2048
"""Rows of a block; one that grows to twice as many is split."""


class _Block:
    """A stretch of rows: an array of keys, and one array for each column."""

    __slots__ = ("columns", "keys")

    def __init__(self, keys: array[int], columns: list[array[int]]) -> None:
        self.keys = keys
        self.columns = columns

    def values(self, place: int) -> Values:
        return tuple(column[place] for column in self.columns)

    def rows(self, first: int, until: int) -> Iterator[tuple[int, Values]]:
        # Slices, so that a change while they are walked moves nothing.
        values = zip(*(column[first:until] for column in self.columns), strict=True) if self.columns else repeat(())
        return zip(self.keys[first:until], values, strict=False)

    def halve(self) -> _Block:
        middle = len(self.keys) // 2
        upper = _Block(self.keys[middle:], [column[middle:] for column in self.columns])
        for numbers in (self.keys, *self.columns):
            del numbers[middle:]
        return upper


class SortedRows:
    """Rows in the order of their keys. Finding, adding and dropping one takes microseconds among a million of them."""

    def __init__(self, columns: str = "") -> None:
        """Hold no rows yet.

        Args:
            columns: The type codes, as `array` has them, of the numbers beside a key; keys are of 64 bits.
        """
        self._columns = columns
        self._blocks: list[_Block] = []
        self._last: list[int] = []
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __contains__(self, key: int) -> bool:
        """Tell whether there is a row of that key."""
        return self._find(key) is not None

    def get(self, key: int) -> Values | None:
        """Return what stands beside a key; None where there is no such row."""
        found = self._find(key)
        return None if found is None else self._blocks[found[0]].values(found[1])

    def put(self, key: int, values: Values = ()) -> bool:
        """Write a row; return whether it is a new one."""
        found = self._find(key)
        if found is not None:
            block = self._blocks[found[0]]
            for column, value in zip(block.columns, values, strict=True):
                column[found[1]] = value
            return False
        if not self._blocks:
            self._append(_Block(array("q"), [array(code) for code in self._columns]), key)
        number = min(bisect_left(self._last, key), len(self._blocks) - 1)
        block = self._blocks[number]
        place = bisect_left(block.keys, key)
        block.keys.insert(place, key)
        for column, value in zip(block.columns, values, strict=True):
            column.insert(place, value)
        self._size += 1
        if len(block.keys) >= 2 * FULL:
            self._blocks.insert(number + 1, block.halve())
            self._last.insert(number + 1, self._blocks[number + 1].keys[-1])
        self._last[number] = block.keys[-1]
        return True

    def discard(self, key: int) -> bool:
        """Drop a row; return whether it was there."""
        found = self._find(key)
        if found is None:
            return False
        number, place = found
        block = self._blocks[number]
        for numbers in (block.keys, *block.columns):
            del numbers[place]
        self._size -= 1
        if block.keys:
            self._last[number] = block.keys[-1]
        else:
            del self._blocks[number], self._last[number]
        return True

    def between(self, first: int, until: int) -> Iterator[tuple[int, Values]]:
        """Iterate over the rows from one key to the one before another, in order; nothing may change meanwhile."""
        for number in range(bisect_left(self._last, first), len(self._blocks)):
            block = self._blocks[number]
            begin = bisect_left(block.keys, first)
            end = bisect_left(block.keys, until)
            yield from block.rows(begin, end)
            if end < len(block.keys):
                return

    def count(self, first: int, until: int) -> int:
        """Return how many rows there are from one key to the one before another."""
        return max(0, self._rank(until) - self._rank(first))

    def extend(self, keys: Iterable[int], *columns: Iterable[int]) -> None:
        """Add many rows at once, whose keys ascend and are greater than all that are there.

        Args:
            keys: Their keys.
            columns: The numbers beside them, a column at a time.

        Raises:
            ValueError: the keys do not ascend, or there is not one number for each of them in each column.
        """
        added = array("q", keys)
        beside = [array(code, column) for code, column in zip(self._columns, columns, strict=True)]
        if any(len(column) != len(added) for column in beside):
            raise ValueError("Every column needs one number for every key")
        ends = [*self._last[-1:], *added]
        if any(one >= other for one, other in pairwise(ends)):
            raise ValueError("The keys must ascend, from the greatest that is there")
        room = max(0, FULL - len(self._blocks[-1].keys)) if self._blocks else 0
        if room and added:
            block = self._blocks[-1]
            for numbers, more in zip((block.keys, *block.columns), (added, *beside), strict=True):
                numbers.extend(more[:room])
            self._last[-1] = block.keys[-1]
        for start in range(room, len(added), FULL):
            stretch = slice(start, start + FULL)
            block = _Block(added[stretch], [column[stretch] for column in beside])
            self._append(block, block.keys[-1])
        self._size += len(added)

    def _append(self, block: _Block, last: int) -> None:
        self._blocks.append(block)
        self._last.append(last)

    def _find(self, key: int) -> tuple[int, int] | None:
        number = bisect_left(self._last, key)
        if number == len(self._blocks):
            return None
        keys = self._blocks[number].keys
        place = bisect_left(keys, key)
        return (number, place) if keys[place] == key else None

    def _rank(self, key: int) -> int:
        number = bisect_left(self._last, key)
        before = sum(len(block.keys) for block in self._blocks[:number])
        return before + (bisect_left(self._blocks[number].keys, key) if number < len(self._blocks) else 0)

"""Where the pages of one walk stand to each other: joined into one chain, or loose until what lies between was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from marketo_async.errors import ListingUnstableError
from marketo_async.transport.stitching import Chain, Stretch

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

T = TypeVar("T")

_BRIDGES = 40
"""Reads further back for one seam after which a listing counts as moving faster than it can be read."""


class Seams(Generic[T]):
    """The seams of one walk; `stitching.py` says why they are needed, and what joins.

    Args:
        start: The offset at which the walk begins.
        rows: Rows a call.
        operation: What errors call the listing.

    Attributes:
        overlap: Records that the pages to come share with the one before: doubled by each broken seam.
        end: The offset up to which everything was read.
        finished: Whether the end of the listing was joined.
        loose: Stretches that wait until they join.
    """

    def __init__(self, *, start: int, rows: int, operation: str) -> None:
        self._operation = operation
        self._rows = rows
        self._chain: Chain[T] = Chain()
        self._quarter = max(1, rows // 4)
        self._back = self._quarter
        self._bridges = 0
        self._forward = False
        self.overlap = 1
        self.end = start
        self.finished = False
        self.loose: list[Stretch[T]] = []

    @property
    def orderly(self) -> bool:
        """Whether no two stretches showed two records in different order."""
        return self._chain.orderly

    def take_up(self, seen: Sequence[tuple[Hashable, Hashable]]) -> None:
        """Go on behind what an earlier walk saw last: the next stretch must join that."""
        self._chain.take_up(seen[-2 * self._rows :])

    def place(self, stretch: Stretch[T]) -> list[Stretch[T]]:
        """Take in a stretch, and return those that are joined now, in order; it may have to wait until it joins."""
        self._forward = not self._chain.begun or stretch.offset == 0 or self._chain.joins(stretch)
        if not self._forward:
            if not self.loose:
                self.overlap = min(self.overlap * 2, self._quarter)
            self.loose.append(stretch)
            return []
        joined = [self._join(stretch)]
        while not self.finished and (next_one := self._joinable()) is not None:
            self.loose.remove(next_one)
            joined.append(self._join(next_one))
        return joined

    def bridge(self) -> int | None:
        """Return the offset to read next, so that the loose stretches join; None where none is loose.

        Raises:
            ListingUnstableError: that was tried too often.
        """
        if not self.loose:
            self._bridges, self._back = 0, self._quarter
            return None
        self._bridges += 1
        if self._bridges > _BRIDGES:
            raise ListingUnstableError(
                f"no page joined what was read before after {_BRIDGES} reads further back", operation=self._operation
            )
        if self._forward:
            return max(0, self.end - self.overlap)
        offset = self.loose[0].offset - self._back
        self._back *= 2
        return max(0, offset)

    def _joinable(self) -> Stretch[T] | None:
        return next((stretch for stretch in self.loose if self._chain.joins(stretch)), None)

    def _join(self, stretch: Stretch[T]) -> Stretch[T]:
        self._chain.add(stretch.marks)
        self.end = stretch.end
        self.finished = not stretch.full
        return stretch

"""Which records travel together: by count, by bytes, and never two of one key at once.

Marketo does not serialise calls: two upserts of one key that run at the same time make two leads, and of two records
in one call the later one may win or lose. So a key is *busy* from the moment a record of it waits to be sent until the
call that carried it is answered; later records of that key stand behind it, in input order, while records of other keys
go past them. Whoever stands in front is always free to be sent, so there is no deadlock.
"""

from __future__ import annotations

import heapq
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.transport.writing.plan import Item

R = TypeVar("R")

_COMMA = 1


class Cutter(Generic[R]):
    """Holds the records that were read and not sent yet.

    Args:
        most_records: Records a batch, at most.
        most_bytes: Bytes a batch, at most: of the records and the commas between them.
    """

    def __init__(self, most_records: int, most_bytes: int) -> None:
        self._most_records = most_records
        self._most_bytes = most_bytes
        self._ready: list[tuple[int, Item[R]]] = []
        self._ready_bytes = 0
        self._busy: dict[str, deque[Item[R]] | None] = {}
        self._again: list[list[Item[R]]] = []
        self.behind = 0

    def __len__(self) -> int:
        """Return how many records it holds."""
        return len(self._ready) + self.behind + sum(map(len, self._again))

    @property
    def full(self) -> bool:
        """Whether there is a batch to which nothing could be added."""
        # One comma more than there are: a batch is full, too, if not even an empty record would fit.
        return len(self._ready) >= self._most_records or self._ready_bytes > self._most_bytes

    def add(self, item: Item[R]) -> None:
        """Take a record in."""
        key = item.key
        if key is not None:
            if key in self._busy:
                line = self._busy[key]
                if line is None:
                    line = self._busy[key] = deque()
                line.append(item)
                self.behind += 1
                return
            self._busy[key] = None
        self._make_ready(item)

    def take(self, *, flush: bool) -> list[Item[R]] | None:
        """Return a batch, in input order: a full one, or with `flush` whatever is ready; None where there is none."""
        if self._again:
            return self._again.pop()
        if not self._ready or not (flush or self.full):
            return None
        batch: list[Item[R]] = []
        length = -_COMMA
        while self._ready and len(batch) < self._most_records:
            more = len(self._ready[0][1].body) + _COMMA
            if batch and length + more > self._most_bytes:
                break
            length += more
            self._ready_bytes -= more
            batch.append(heapq.heappop(self._ready)[1])
        return batch

    def halve(self, batch: list[Item[R]]) -> None:
        """Take back a batch that was too large, whose keys stay busy: it goes in halves, and no later one is larger."""
        middle = len(batch) // 2
        first, second = batch[:middle], batch[middle:]
        self._again += [second, first]  # the last one goes first
        self._most_bytes = min(self._most_bytes, max(map(_length, (first, second))))

    def release(self, batch: Iterable[Item[R]]) -> None:
        """Free the keys of a batch that was answered: the next record of each may go."""
        for item in batch:
            key = item.key
            if key is None:
                continue
            line = self._busy[key]
            if line:
                self.behind -= 1
                self._make_ready(line.popleft())
            else:
                del self._busy[key]

    def _make_ready(self, item: Item[R]) -> None:
        heapq.heappush(self._ready, (item.index, item))
        self._ready_bytes += len(item.body) + _COMMA


def _length(batch: list[Item[R]]) -> int:
    return sum(len(item.body) + _COMMA for item in batch) - _COMMA

"""Results back into input order, and how far reading may run ahead of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from marketo_async.records.write_result import RecordResult

R = TypeVar("R")


class Delivery(Generic[R]):
    """Keeps results until it is their turn, and counts what was read and not delivered.

    Args:
        most_records: Records that may be read and not delivered.
        most_bytes: Bytes that these may take, encoded.
    """

    def __init__(self, most_records: int, most_bytes: int) -> None:
        self._most_records = most_records
        self._most_bytes = most_bytes
        self._sizes: dict[int, int] = {}
        self._bytes = 0
        self._results: dict[int, RecordResult[R]] = {}
        self._next = 0
        self._gaps: list[int] | None = None
        self.read = 0
        self.most_held = 0

    @property
    def full(self) -> bool:
        """Whether no more may be read now."""
        return len(self._sizes) >= self._most_records or self._bytes >= self._most_bytes

    @property
    def low(self) -> bool:
        """Whether it is time to read again: not after each single record, which would cost a switch of tasks."""
        return 4 * len(self._sizes) <= 3 * self._most_records and 4 * self._bytes <= 3 * self._most_bytes

    @property
    def ready(self) -> bool:
        """Whether the next result is there."""
        return self._next in self._results

    @property
    def left(self) -> bool:
        """Whether results are left that come after a gap, once there is nothing else."""
        return bool(self._gaps)

    @property
    def first_missing(self) -> int:
        """The index of the first record that has no result."""
        index = self._next
        while index in self._results:
            index += 1
        return index

    def expect(self, size: int) -> int:
        """Count a record that was read, and return its index."""
        index = self.read
        self.read += 1
        self._sizes[index] = size
        self._bytes += size
        self.most_held = max(self.most_held, len(self._sizes))
        return index

    def put(self, result: RecordResult[R]) -> None:
        """Keep a result until it is its turn."""
        self._results[result.index] = result

    def pop(self) -> RecordResult[R] | None:
        """Return the next result, or None where it is not there yet."""
        if self._gaps is not None:
            return self._results.pop(self._gaps.pop()) if self._gaps else None
        result = self._results.pop(self._next, None)
        if result is not None:
            self._bytes -= self._sizes.pop(self._next)
            self._next += 1
        return result

    def skip_gaps(self) -> None:
        """From now on leave out the records that have no result: nothing more is coming."""
        self._gaps = sorted(self._results, reverse=True)
        self._sizes.clear()
        self._bytes = 0

"""Where two pages of a listing that moves belong together: the theory of seams, as pure bookkeeping.

A page is a contiguous stretch of the list as it was at the moment of its own call. Marketo sorts by name, so a program
that is created, deleted or renamed meanwhile shifts all that come after it, and pages read by offset alone lose some.

**Seams.** Let two stretches share a record *with the same sort key* (same id, same name), and let x be a record that
was there throughout and kept its name. If x comes before the shared record, the first stretch, which reaches from its
own first record to the shared one without a gap, holds x; if it comes after, the second one does. So between the first
record of one stretch and the last of the other nothing can be missing, whatever was inserted or deleted meanwhile, and
in whatever order the two were fetched. By induction everything that was there from the first call to the last and kept
its name stands in a chain of stretches that are joined like this. A shared id with another name proves nothing: that
record has moved.

What was renamed from the unread part into the part already read is in no stretch, however careful the reading. But
renaming changes `updatedAt`: a last look at what changed since the walk began finds it (see `offset_walk.py`).

All this needs a stable order. Where two stretches show two records in different order, there is none.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from marketo_async.transport.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from marketo_async.errors import DecodeError
    from marketo_async.wire.envelope import Envelope

T = TypeVar("T")

_REMEMBERED = 4
"""Stretches of the chain that a new one is held against: more than lie between two neighbours at once."""


@attrs.frozen(eq=False)
class Stretch(Generic[T]):
    """One answer, as a piece of the list.

    Attributes:
        offset: Where it began, when it was asked for.
        envelope: The answer.
        records: Its records.
        misfits: The rows that did not fit.
        marks: Id and sort key of each record, in order.
        full: Whether it has as many rows as were asked for, so that more may follow.
    """

    offset: int
    envelope: Envelope
    records: list[T]
    misfits: list[DecodeError]
    marks: list[tuple[Hashable, Hashable]]
    full: bool

    @property
    def end(self) -> int:
        """The offset after its last row."""
        return self.offset + len(self.envelope.result)


class Chain(Generic[T]):
    """What has been read without a gap, beginning at the first stretch."""

    def __init__(self) -> None:
        self._last: deque[dict[Hashable, tuple[Hashable, int]]] = deque(maxlen=_REMEMBERED)
        self.orderly = True

    @property
    def begun(self) -> bool:
        """Whether there is a first stretch."""
        return bool(self._last)

    def joins(self, stretch: Stretch[T]) -> bool:
        """Tell whether a stretch shares a record, under the same sort key, with the chain."""
        joined = False
        for places in self._last:
            before = -1
            for identity, key in stretch.marks:
                known = places.get(identity)
                if known is None or known[0] != key:
                    continue
                joined = True
                if known[1] < before:
                    self.orderly = False
                before = known[1]
        return joined

    def add(self, marks: Sequence[tuple[Hashable, Hashable]]) -> None:
        """Add the marks of a stretch that joins, or of the first one."""
        self._last.append({identity: (key, place) for place, (identity, key) in enumerate(marks)})

    def take_up(self, marks: Sequence[tuple[Hashable, Hashable]]) -> None:
        """Begin where an earlier chain ended: with marks as they were delivered, which says nothing of their order."""
        self._last.append({identity: (key, 0) for identity, key in marks})


class Once(Generic[T]):
    """Lets every record pass once, and every row that did not fit."""

    def __init__(self, identity: Callable[[T], Hashable]) -> None:
        self._identity = identity
        self._seen: set[Hashable] = set()
        self._misfits: set[str] = set()

    def __len__(self) -> int:
        return len(self._seen)

    def know(self, identities: Iterable[Hashable]) -> None:
        """Take records to have passed already."""
        self._seen.update(identities)

    def page(self, stretch: Stretch[T], *, onwards: int | None) -> Page[T]:
        """Return what is new of a stretch; `onwards` is where to go on after it."""
        return Page(
            items=tuple(self.new(stretch.records)),
            position=stretch.offset,
            next_position=onwards,
            request_id=stretch.envelope.request_id,
            warnings=stretch.envelope.warnings,
            misfits=tuple(self.new_misfits(stretch.misfits)),
        )

    def new(self, records: list[T]) -> list[T]:
        """Return the records that have not passed yet, in order."""
        fresh: list[T] = []
        for record in records:
            identity = self._identity(record)
            if identity not in self._seen:
                self._seen.add(identity)
                fresh.append(record)
        return fresh

    def new_misfits(self, misfits: list[DecodeError]) -> list[DecodeError]:
        """Return the errors of rows that have not passed yet."""
        fresh: list[DecodeError] = []
        for misfit in misfits:
            row = repr(misfit.raw)
            if row not in self._misfits:
                self._misfits.add(row)
                fresh.append(misfit)
        return fresh

"""Stretches of time, cut to what a search for members of a program takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from marketo_async.errors import ArgumentError
from marketo_async.wire.values import moment_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketo_async.wire.call import Call

SLICES = 7 * 24
"""Slices that a call takes at most: Marketo reads 7 days at once, and no more."""

_SLICE = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


@attrs.frozen
class Stretch:
    """A stretch of time in whole seconds, in slices of an hour, of which a call takes up to 7 days.

    Slices are what a walk through many values takes for values: each is the text of the moment at which it begins. One
    call asks for neighbouring slices at once, and for half of them where these match too many members. Neighbouring
    calls share a second, for Marketo does not say whether it counts the last one.

    Attributes:
        begin: The first second.
        end: The last second.
    """

    begin: datetime
    end: datetime

    @classmethod
    def of(cls, begin: datetime, end: datetime) -> Stretch:
        """Return the whole seconds, in UTC, that two moments and all between them lie in."""
        try:
            first = begin.astimezone(UTC).replace(microsecond=0)
            last = end.astimezone(UTC)
            return cls(first, last if not last.microsecond else last.replace(microsecond=0) + _SECOND)
        except OverflowError:
            allowed = "moments of the years 1 to 9999 in UTC"
            raise ArgumentError("updated_from", begin.isoformat(), allowed) from None

    def __len__(self) -> int:
        """Return how many slices there are; there is one at least."""
        return max(1, -((self.begin - self.end) // _SLICE))

    def __iter__(self) -> Iterator[str]:
        """Iterate over the moments at which the slices begin: decades have hundreds of thousands."""
        return (moment_text("updated_from", self.begin + number * _SLICE) for number in range(len(self)))

    def within(self, call: Call, slices: tuple[str, ...]) -> Call:
        """Return a call that asks for some neighbouring slices."""
        first, last = datetime.fromisoformat(slices[0]), datetime.fromisoformat(slices[-1])
        end = self.end if self.end - last <= _SLICE else last + _SLICE
        return call.query(startAt=first, endAt=end)

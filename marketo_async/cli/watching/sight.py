"""What one look at a fleet saw, and what only several looks can tell: how fast it goes, and what was refused since."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketo_async.transport.limits.fleet import FleetStats

_REMEMBERED = 48
"""Looks whose speed is kept: what fits into a line of a terminal."""


@attrs.frozen(kw_only=True)
class Sight:
    """One look.

    Attributes:
        stats: What the fleet says of itself; None where nothing is known of it.
        trouble: Why this look saw nothing; the stats are those of an earlier one then.
        rate: Calls per second since the look before; None where there was none.
        rates: The same for the looks before, the latest last.
        refused: Calls refused since the first look, by code.
    """

    stats: FleetStats | None
    trouble: str | None = None
    rate: float | None = None
    rates: tuple[float, ...] = ()
    refused: Mapping[str, int] = attrs.Factory(dict)


class Watcher:
    """Makes looks of what a source says, one after the other."""

    def __init__(self) -> None:
        self._last: FleetStats | None = None
        self._rate: float | None = None
        self._rates: deque[float] = deque(maxlen=_REMEMBERED)
        self._refused: Counter[str] = Counter()

    def saw(self, stats: FleetStats | None) -> Sight:
        """Take in what the source said."""
        before, self._last = self._last, stats
        self._rate = None if stats is None or before is None else _rate(before, stats)
        if self._rate is not None:
            self._rates.append(self._rate)
        if stats is not None and before is not None:
            for code, number in stats.refusals.items():
                self._refused[code] += max(0, number - before.refusals.get(code, 0))
        return self._sight()

    def failed(self, trouble: str) -> Sight:
        """Take in that the source said nothing."""
        return self._sight(trouble)

    def _sight(self, trouble: str | None = None) -> Sight:
        return Sight(
            stats=self._last,
            trouble=trouble,
            rate=None if trouble else self._rate,
            rates=tuple(self._rates),
            refused={code: number for code, number in self._refused.items() if number},
        )


def _rate(before: FleetStats, now: FleetStats) -> float | None:
    """Return calls per second by Redis' clock; None where it began to count anew, or no time has passed."""
    seconds = (now.at - before.at).total_seconds()
    calls = sum(now.granted.values()) - sum(before.granted.values())
    return calls / seconds if seconds > 0 and calls >= 0 else None

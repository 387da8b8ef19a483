"""What came of a run, and of several runs of one strategy in one scene together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG = 300.0
"""Seconds beyond which a wait is told from none other: many single calls still waited when the run ended."""


@attrs.frozen
class Outcome:
    """What came of a strategy.

    Attributes:
        seconds: How long it was measured.
        per_second: Calls that succeeded in a second.
        leaves: Calls per second that the others left it.
        done: Calls that succeeded.
        refused: Calls that were refused.
        given_up: Calls that were not repeated any more.
        waits: Seconds that each single call waited, infinite where it was given up.
        theirs: The part of the other integration's calls that was refused; None where there is no other.
    """

    seconds: float
    per_second: float
    leaves: float
    done: int
    refused: int
    given_up: int
    waits: Sequence[float]
    theirs: float | None

    @property
    def goodput(self) -> float:
        """Calls that succeeded, as a share of what the others leave."""
        return self.per_second / self.leaves

    @property
    def refused_per_10_minutes(self) -> float:
        """Calls refused, 606 and 615, in 600 s."""
        return 600 * self.refused / self.seconds

    @property
    def given_up_per_10_minutes(self) -> float:
        """Calls given up in 600 s."""
        return 600 * self.given_up / self.seconds

    @property
    def wasted(self) -> float:
        """The part of the calls that were paid for and brought nothing."""
        return self.refused / max(1, self.done + self.refused)

    @property
    def wait_p99(self) -> float:
        """Seconds that 99 of 100 single calls wait at most; infinite where one in a hundred was given up."""
        return sorted(self.waits)[int(len(self.waits) * 0.99)] if self.waits else math.nan


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the outcome of several runs as if they were one long run."""
    theirs = [outcome.theirs for outcome in outcomes if outcome.theirs is not None]
    seconds = sum(outcome.seconds for outcome in outcomes)
    return Outcome(
        seconds=seconds,
        per_second=sum(outcome.per_second * outcome.seconds for outcome in outcomes) / seconds,
        leaves=outcomes[0].leaves,
        done=sum(outcome.done for outcome in outcomes),
        refused=sum(outcome.refused for outcome in outcomes),
        given_up=sum(outcome.given_up for outcome in outcomes),
        waits=[wait for outcome in outcomes for wait in outcome.waits],
        theirs=sum(theirs) / len(theirs) if theirs else None,
    )

"""What a limiter can tell about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketo_async.transport.limits.ledger import Lane


@attrs.frozen(kw_only=True)
class LimiterStats:
    """A limiter at one moment.

    Attributes:
        limit: Calls per window at this moment, less than `Limits.max_calls` while it gives way to other integrations;
            None where they are not counted.
        places: Calls at once at this moment, less than `Limits.max_concurrency` while others take places.
        in_use: Slots that are not free: calls on their way, held, or still counted by Marketo.
        in_flight: Places that are not free, held ones included.
        held: Places held because the outcome of a call is unknown.
        cooling: Slots whose call has ended, but which Marketo may still count.
        waiting: Callers waiting, per lane.
        granted: Calls let through since the start, per lane.
        refusals: Calls that Marketo refused for a limit, by code ("606", "607", "615", "429").
        calls_today: Calls sent in this US Central day, as far as this limiter, and those before it on its budget store,
            saw them.
        budget_left: Calls that `Limits.daily_budget` still has today; None where no budget is set.
        paced: Whether bulk calls are spread evenly at this moment.
    """

    limit: int | None
    places: int
    in_use: int
    in_flight: int
    held: int
    cooling: int
    waiting: Mapping[Lane, int]
    granted: Mapping[Lane, int]
    refusals: Mapping[str, int]
    calls_today: int
    budget_left: int | None
    paced: bool

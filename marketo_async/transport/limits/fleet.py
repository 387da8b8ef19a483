"""What a fleet can tell about itself: all workers of one instance of Marketo together, as Redis has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from marketo_async.transport.limits.ledger import Lane


@attrs.frozen(kw_only=True)
class FleetStats:
    """All workers of one instance at one moment.

    Attributes:
        limit: Calls per window at this moment, less than `max_calls` while the fleet gives way to other integrations;
            None where they are not counted.
        places: Calls at once at this moment, less than `max_concurrency` while others take places.
        in_use: Slots that are not free: calls on their way, held, or still counted by Marketo.
        in_flight: Places that are not free, held ones included.
        held: Places held because the outcome of a call is unknown.
        cooling: Slots whose call has ended, but which Marketo may still count.
        waiting: Callers waiting in all workers, per lane, as of each worker's last word: a worker whose heads wait
            sends none until one is served, or until its next heartbeat.
        granted: Calls let through since Redis began to count, per lane. What a worker lets through while it has to do
            without Redis is told of afterwards, and then counts in `calls_today` alone.
        refusals: Calls that Marketo refused for a limit since then, by code ("606", "607", "615", "429"), without those
            of a worker that had to do without Redis.
        workers: Workers heard of within the last heartbeats.
        calls_today: Calls of the fleet in this US Central day.
        budget_left: Calls that `Limits.daily_budget` still has today; None where no budget is set.
        paced: Whether bulk calls are spread evenly at this moment.
        window: Seconds.
        max_calls: Calls per window that were set; None where they are not counted.
        max_concurrency: Calls at once that were set.
        at: When this was read, on Redis' clock, in UTC.
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
    workers: int
    calls_today: int
    budget_left: int | None
    paced: bool
    window: float
    max_calls: int | None
    max_concurrency: int
    at: datetime

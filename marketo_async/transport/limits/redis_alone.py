"""A worker that has to do without Redis: its own part of what the fleet had, and not before it comes free. Pure.

When Redis went away, the window was full of calls of all workers. The last word from Redis tells how many slots were
taken then and when they come free; a slot that was free then, or has come free since, may have been used by others
meanwhile, so those are supposed to come free evenly over one window. Of all slots, as they come free, each of `n`
workers takes every n-th: the parts do not overlap.
"""

from __future__ import annotations

import heapq
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from marketo_async.transport.limits.redis_word import GRAIN
from marketo_async.transport.limits.shares import reserved_places, reserved_slots

if TYPE_CHECKING:
    from marketo_async.transport.limits.limits import Limits
    from marketo_async.transport.limits.redis_word import Word


def own_share(limits: Limits, word: Word | None, *, workers: int, now: float) -> tuple[Limits, list[float]]:
    """Return the limits of one worker on its own, and the seconds after which each of its slots comes free.

    Args:
        limits: Those of the fleet.
        word: What Redis said last; None where it was never met.
        workers: Among how many to share.
        now: Loop time.
    """
    at_once = max(1, (limits.max_concurrency if word is None else word.places) // workers)
    alone = attrs.evolve(
        limits,
        max_concurrency=at_once,
        concurrency_reserve=reserved_places(limits.concurrency_reserve, at_once, limits.max_concurrency),
        daily_budget=None,
        budget_reserve=0,
        cold_start="trust",
    )
    if limits.max_calls is None:
        return alone, []
    limit = limits.max_calls if word is None or word.limit is None else word.limit
    share = max(1, limit // workers)
    free_at = _free_at(limits, word, limit=limit, now=now)[workers - 1 :: workers] or [limits.window]
    reserve = reserved_slots(limits.interactive_reserve, share, limits.max_calls)
    return attrs.evolve(alone, max_calls=share, interactive_reserve=reserve), free_at[:share]


def _free_at(limits: Limits, word: Word | None, *, limit: int, now: float) -> list[float]:
    """Return the seconds until each slot of the fleet is free, soonest first."""
    cool_for = limits.window + limits.window_margin + GRAIN
    known: list[float] = []
    if word is not None:
        eighths = [*word.profile, 0]
        for eighth, (taken, later) in enumerate(pairwise(eighths), 1):
            known += [cool_for * eighth / 8 - (now - word.heard)] * (taken - later)
    still_taken = heapq.nlargest(limit, (seconds for seconds in known if seconds > 0))
    unknown = limit - len(still_taken)
    return sorted([*still_taken, *(cool_for * (at + 1) / unknown for at in range(unknown))])

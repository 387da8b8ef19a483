"""The numbers: how much of an instance's limits one program may use, and how it shares them out."""

from __future__ import annotations

import math
from typing import Literal

import attrs

from marketo_async.errors import ArgumentError


def _reserved_slots(limits: Limits) -> int:
    return _part_of(limits.max_calls, 10, most=5)


def _reserved_places(limits: Limits) -> int:
    return _part_of(limits.max_concurrency, 4, most=1)


def _part_of(total: object, parts: int, *, most: int) -> int:
    # Defaults are worked out before anything is checked, so the total may still be nonsense.
    return min(most, total // parts) if isinstance(total, int) else 0


@attrs.frozen(kw_only=True)
class Limits:
    """How many calls, how close together, how many at once, and who goes first.

    The defaults are Marketo's own limits, kept without a single refusal, with a little held back so that single calls
    need not wait behind a listing. Make variants with `attrs.evolve(Limits.batch(), cold_start="ramp")`.

    Attributes:
        max_calls: Calls per window, 1 or more (Marketo: 100, for the whole instance); None does not count them at all.
        window: Seconds, more than 0 (Marketo: 20).
        window_margin: Seconds, 0 or more, by which every call is remembered longer than the window: room for two clocks
            that run differently and for a server that counts in whole seconds.
        max_concurrency: Calls at once, 1 or more (Marketo: 10, for the whole instance).
        interactive_reserve: Slots, 0 to `max_calls - 1`, that bulk calls leave free; a tenth of `max_calls`, at most 5,
            unless given.
        concurrency_reserve: Places, 0 to `max_concurrency - 1`, that bulk calls leave free; 1 unless given, 0 where
            `max_concurrency` is less than 4.
        bulk_burst: Bulk calls, 1 or more, that may start together while the bulk lane is paced.
        pacing: Whether bulk calls are spread evenly over the window. "auto": only while single calls are about (one in
            the last three windows); without them a listing runs at full speed and may use the reserves too.
        cold_start: "trust" takes Marketo's window to be empty at the start; "ramp" takes it to be full of an earlier
            run's calls, evenly old, so that the first calls go out one by one at the steady rate.

    Raises:
        ArgumentError: a number outside the range above; its `argument` says which.
    """

    max_calls: int | None = 100
    window: float = 20.0
    window_margin: float = 0.25
    max_concurrency: int = 10
    interactive_reserve: int = attrs.field(default=attrs.Factory(_reserved_slots, takes_self=True))
    concurrency_reserve: int = attrs.field(default=attrs.Factory(_reserved_places, takes_self=True))
    bulk_burst: int = 10
    pacing: Literal["auto", "on", "off"] = "auto"
    cold_start: Literal["trust", "ramp"] = "trust"

    def __attrs_post_init__(self) -> None:
        # Reserves are checked against the totals, so the totals come first.
        if self.max_calls is not None:
            _whole("max_calls", self.max_calls, least=1)
        _seconds("window", self.window, zero=False)
        _seconds("window_margin", self.window_margin, zero=True)
        _whole("max_concurrency", self.max_concurrency, least=1)
        _whole("interactive_reserve", self.interactive_reserve, least=0, below=self.max_calls, total="max_calls")
        _whole(
            "concurrency_reserve",
            self.concurrency_reserve,
            least=0,
            below=self.max_concurrency,
            total="max_concurrency",
        )
        _whole("bulk_burst", self.bulk_burst, least=1)
        _one_of("pacing", self.pacing, ("auto", "on", "off"))
        _one_of("cold_start", self.cold_start, ("trust", "ramp"))

    @classmethod
    def batch(cls) -> Limits:
        """Return limits for a job that has the instance to itself: no reserves, no margin, no pacing.

        About 98 % of what Marketo allows, at 0.3 s a call.
        """
        return cls(window_margin=0.0, interactive_reserve=0, concurrency_reserve=0, pacing="off")

    @classmethod
    def shared(cls) -> Limits:
        """Return Adobe's advice for one integration beside others: 50 calls per 20 s, 5 at once."""
        return cls(max_calls=50, max_concurrency=5)

    @classmethod
    def off(cls) -> Limits:
        """Return limits that do not limit: for tests against a sandbox that does not limit either.

        Calls are not counted per window; 100 may be out at once, since every one needs a connection of the pool.
        """
        return cls(max_calls=None, max_concurrency=100, interactive_reserve=0, concurrency_reserve=0, pacing="off")


def _whole(name: str, given: object, *, least: int, below: int | None = None, total: str = "") -> None:
    # `True` is an int to Python, but nobody who writes max_calls=True means one call.
    fits = (
        isinstance(given, int) and not isinstance(given, bool) and given >= least and (below is None or given < below)
    )
    if not fits:
        most = f", less than {total}={below}" if below is not None else ""
        raise ArgumentError(name, given, f"a whole number, {least} or more{most}")


def _seconds(name: str, given: object, *, zero: bool) -> None:
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        least = 0.0 if zero else math.ulp(0.0)
        if least <= given < math.inf:
            return
    raise ArgumentError(name, given, f"seconds, {'0 or more' if zero else 'more than 0'}")


def _one_of(name: str, given: object, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise ArgumentError(name, given, f"one of {', '.join(map(repr, allowed))}")

"""The numbers: how much of an instance's limits one program may use, and how it shares them out."""

from __future__ import annotations

from typing import Literal

import attrs

from marketo_async.errors import ArgumentError
from marketo_async.transport.limits.adaptive import Adaptive
from marketo_async.transport.limits.ranges import one_of, seconds, whole


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Limits:
    """How many calls, how close together, how many at once, and who goes first.

    The defaults are Marketo's own limits, kept without a single refusal, with a little held back so that single calls
    need not wait behind a listing. Make variants with `attrs.evolve(Limits.batch(), daily_budget=20_000)`: a reserve
    that was not given follows its total.

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
            the last three windows), or while the limit gives way to other integrations; else a listing runs at full
            speed. Without single calls it may use the reserves too.
        cold_start: "trust" takes Marketo's window to be empty at the start; "ramp" takes it to be full of an earlier
            run's calls, evenly old, so that the first calls go out one by one at the steady rate.
        daily_budget: Calls of one US Central day, 1 or more, beyond which none is sent (`DailyBudgetError`); None sets
            no budget, and leaves it to Marketo to say when its quota is used up.
        budget_reserve: Calls, 0 to `daily_budget - 1`, that bulk calls leave of the budget; a twentieth of it unless
            given. Without a budget there is nothing to reserve.
        quota_closes: Whether a 607 ends the day: nothing more is sent until the quota's next day begins.
        adaptive: How the limits give way to other integrations of the instance when Marketo refuses a call, and come
            back; the reserves shrink and grow with them. None keeps `max_calls` and `max_concurrency` whatever
            Marketo says, which ends at nothing for everybody where others use the instance too.

    Raises:
        ArgumentError: a number outside the range above; its `argument` says which.
    """

    max_calls: int | None = 100
    window: float = 20.0
    window_margin: float = 0.25
    max_concurrency: int = 10
    _interactive_reserve: int | None = attrs.field(default=None, alias="interactive_reserve")
    _concurrency_reserve: int | None = attrs.field(default=None, alias="concurrency_reserve")
    bulk_burst: int = 10
    pacing: Literal["auto", "on", "off"] = "auto"
    cold_start: Literal["trust", "ramp"] = "trust"
    daily_budget: int | None = None
    _budget_reserve: int | None = attrs.field(default=None, alias="budget_reserve")
    quota_closes: bool = True
    adaptive: Adaptive | None = attrs.field(default=Adaptive())

    def __attrs_post_init__(self) -> None:
        # Reserves are checked against the totals, so the totals come first.
        if self.max_calls is not None:
            whole("max_calls", self.max_calls, least=1)
        seconds("window", self.window, zero=False)
        seconds("window_margin", self.window_margin, zero=True)
        whole("max_concurrency", self.max_concurrency, least=1)
        whole("interactive_reserve", self.interactive_reserve, least=0, below=self.max_calls, total="max_calls")
        whole(
            "concurrency_reserve",
            self.concurrency_reserve,
            least=0,
            below=self.max_concurrency,
            total="max_concurrency",
        )
        whole("bulk_burst", self.bulk_burst, least=1)
        one_of("pacing", self.pacing, ("auto", "on", "off"))
        one_of("cold_start", self.cold_start, ("trust", "ramp"))
        if self.daily_budget is not None:
            whole("daily_budget", self.daily_budget, least=1)
        elif self._budget_reserve:
            raise ArgumentError("budget_reserve", self._budget_reserve, "with `daily_budget` only: a part of it")
        whole("budget_reserve", self.budget_reserve, least=0, below=self.daily_budget, total="daily_budget")
        _adaptive(self.adaptive)

    @property
    def interactive_reserve(self) -> int:
        """Slots that bulk calls leave free."""
        if self._interactive_reserve is not None:
            return self._interactive_reserve
        return 0 if self.max_calls is None else min(5, self.max_calls // 10)

    @property
    def concurrency_reserve(self) -> int:
        """Places that bulk calls leave free."""
        if self._concurrency_reserve is not None:
            return self._concurrency_reserve
        return min(1, self.max_concurrency // 4)

    @property
    def budget_reserve(self) -> int:
        """Calls that bulk calls leave of the day's budget."""
        if self._budget_reserve is not None:
            return self._budget_reserve
        return 0 if self.daily_budget is None else self.daily_budget // 20

    def _numbers(self) -> dict[str, object]:
        """Return all numbers by name, the reserves as they are kept."""
        names = (field.name.removeprefix("_") for field in attrs.fields(Limits))
        return {name: getattr(self, name) for name in names}

    def __eq__(self, other: object) -> bool:
        return self._numbers() == other._numbers() if isinstance(other, Limits) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._numbers().values()))

    def __repr__(self) -> str:
        return f"Limits({', '.join(f'{name}={number!r}' for name, number in self._numbers().items())})"

    @classmethod
    def batch(cls) -> Limits:
        """Return limits for a job that has the instance to itself: no reserves, no margin, no pacing.

        About 98 % of what Marketo allows, at 0.3 s a call. They give way where the job has company after all.
        """
        return cls(window_margin=0.0, interactive_reserve=0, concurrency_reserve=0, pacing="off")

    @classmethod
    def shared(cls) -> Limits:
        """Return Adobe's advice for one integration beside others: 50 calls per 20 s, 5 at once.

        Where the others leave less, these give way as well. `Limits()` finds its share by itself and gets more, at the
        price of a refusal now and then.
        """
        return cls(max_calls=50, max_concurrency=5)

    @classmethod
    def off(cls) -> Limits:
        """Return limits that do not limit: for tests against a sandbox that does not limit either.

        Calls are not counted per window; 100 may be out at once, since every one needs a connection of the pool.
        """
        return cls(
            max_calls=None,
            max_concurrency=100,
            interactive_reserve=0,
            concurrency_reserve=0,
            pacing="off",
            quota_closes=False,
            adaptive=None,
        )


def checked_limits(limits: object) -> Limits:
    """Return these limits, or the default ones for None.

    Raises:
        ArgumentError: it is something else.
    """
    if limits is None:
        return Limits()
    if not isinstance(limits, Limits):
        raise ArgumentError("limits", limits, "Limits(...)")
    return limits


def _adaptive(given: object) -> None:
    if given is not None and not isinstance(given, Adaptive):
        raise ArgumentError("adaptive", given, "Adaptive(...) or None")

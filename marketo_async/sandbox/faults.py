"""What goes wrong on purpose: refusals, web server pages, broken, slow and lost answers; scripted or at random."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

import attrs

from marketo_async.sandbox.words import NOTHING_DONE, WORDS

if TYPE_CHECKING:
    import random
    from collections.abc import Collection

Kind = Literal["code", "status", "half JSON", "dropped", "cut short", "slow body", "delay"]
Stage = Literal["door", "limits", "work"]


@attrs.frozen
class Fault:
    """One thing that goes wrong; made by the class methods.

    Attributes:
        kind: What happens.
        code: Marketo's error code.
        message: Its words.
        status: The HTTP status of a web server's page.
        after_work: Whether the request is carried out first and only its answer is lost.
        seconds: How much longer it takes.
    """

    kind: Kind
    code: str = ""
    message: str = ""
    status: int = 200
    after_work: bool = False
    seconds: float = 0.0

    @classmethod
    def error(cls, code: str | int, message: str | None = None, *, after_work: bool = False) -> Fault:
        """Answer `success: false`. 601 and 602 kill the token, 606 and 615 count like real ones.

        Args:
            code: Marketo's code, such as 604.
            message: Other words than Marketo's own.
            after_work: Carry the request out first (604, 611, 713, 719 and the like may be told so).

        Raises:
            ValueError: `after_work` with a code that promises that nothing was done.
        """
        code = str(code)
        if after_work and code in NOTHING_DONE:
            raise ValueError(f"{code} says that nothing was done: it cannot come after the work")
        return cls("code", code, WORDS.get(code, f"Error {code}") if message is None else message, 200, after_work)

    @classmethod
    def page(cls, status: int, *, after_work: bool = False) -> Fault:
        """Answer with the web server's HTML page: 413, 414, 429, 500, 502, 503, 504.

        Args:
            status: The HTTP status.
            after_work: Carry the request out first.

        Raises:
            ValueError: `after_work` with 413 or 414, which turn a request away at the door.
        """
        if after_work and status in {413, 414}:
            raise ValueError(f"{status} turns the request away: it cannot come after the work")
        return cls("status", status=status, after_work=after_work)

    @classmethod
    def half_json(cls) -> Fault:
        """Carry the request out and answer with the first half of the JSON, as if it were all."""
        return cls("half JSON", after_work=True)

    @classmethod
    def dropped(cls, *, after_work: bool = False) -> Fault:
        """Close the connection without an answer.

        In process, where there is no connection, `ConnectionResetError` leaves the app.

        Args:
            after_work: Carry the request out first.
        """
        return cls("dropped", after_work=after_work)

    @classmethod
    def cut_short(cls) -> Fault:
        """Carry the request out and close the connection in the middle of the answer."""
        return cls("cut short", after_work=True)

    @classmethod
    def slow_body(cls, seconds: float) -> Fault:
        """Answer rightly, but let the body trickle in over some seconds."""
        return cls("slow body", after_work=True, seconds=seconds)

    @classmethod
    def delay(cls, seconds: float) -> Fault:
        """Answer rightly, but work that many seconds longer and hold the concurrency place meanwhile."""
        return cls("delay", after_work=True, seconds=seconds)

    @property
    def stage(self) -> Stage:
        """Where it strikes: before the token is looked at, at the limits, or in place of the work."""
        if self.code in {"600", "601", "602", "603"} or self.status in {413, 414}:
            return "door"
        return "limits" if self.code in {"606", "607", "615"} else "work"

    @property
    def name(self) -> str:
        """What the arrival log calls it."""
        return f"{self.code or (self.kind if self.kind != 'status' else self.status)}"


MIX: tuple[Fault, ...] = (
    *(Fault.error(code) for code in (601, 602, 604, 606, 608, 611, 615, 713)),
    *(Fault.error(code, after_work=True) for code in (604, 713)),
    *(Fault.page(status) for status in (502, 503)),
    *(Fault.page(status, after_work=True) for status in (502, 504)),
    Fault.half_json(),
    Fault.dropped(),
    Fault.dropped(after_work=True),
    Fault.cut_short(),
)
"""What goes wrong on a bad day; a client that repeats reads survives each of them."""


@attrs.define(eq=False)
class Rule:
    """When a fault happens.

    Attributes:
        faults: One of them is drawn.
        path: A pattern (`*`, `?`) for the path or the route's template.
        method: The verb; None for every verb.
        calls: Which of the matching calls, the first being 1; None for every one.
        rate: The share of those that is hit, at random.
        times: How often it happens at most.
        seen: How many matching calls came so far.
        injected: How often it has happened.
    """

    faults: tuple[Fault, ...]
    path: str
    method: str | None
    calls: frozenset[int] | None
    rate: float
    times: int | None
    seen: int = 0
    injected: int = 0

    def draw(self, method: str, paths: tuple[str, str], rng: random.Random) -> Fault | None:
        """Return the fault that this call meets, or None."""
        if self.method not in {None, method} or not any(fnmatchcase(path, self.path) for path in paths if path):
            return None
        self.seen += 1
        if self.calls is not None and self.seen not in self.calls:
            return None
        if self.rate < 1 and rng.random() >= self.rate:
            return None
        if self.times is not None and self.injected >= self.times:
            return None
        self.injected += 1
        return self.faults[0] if len(self.faults) == 1 else rng.choice(self.faults)


class Faults:
    """The script of what goes wrong. The first rule that fires wins."""

    def __init__(self, rng: random.Random) -> None:
        """Begin with nothing wrong; `rng` decides what is left to chance."""
        self._rng = rng
        self._rules: list[Rule] = []

    def add(
        self,
        *faults: Fault,
        path: str = "/rest/*",
        method: str | None = None,
        calls: int | Collection[int] | None = None,
        rate: float = 1.0,
        times: int | None = None,
    ) -> Rule:
        """Let calls go wrong.

        A call that is refused for another reason before its fault can strike (say, for lack of a token) uses it up.

        Args:
            faults: What happens; one of them is drawn where there are several.
            path: A pattern (`*`, `?`) for the path or for the route's template, such as
                `/rest/asset/v1/program/{id}.json`. Identity is left alone unless it is named: `/identity/*`.
            method: Only this verb.
            calls: Only these of the matching calls, counted from 1 when the rule is added.
            rate: The share of those calls that is hit, 0 to 1, drawn from the sandbox's seed.
            times: How often at most.

        Returns:
            The rule: how often it saw a call and struck, and what `remove` takes.

        Raises:
            ValueError: no fault was given, or `rate` is no share.
        """
        if not faults or not 0 <= rate <= 1:
            raise ValueError(f"A rule needs a fault and a rate from 0 to 1, not {len(faults)} faults and rate={rate}")
        numbers = None if calls is None else frozenset({calls} if isinstance(calls, int) else calls)
        rule = Rule(faults, path, method, numbers, rate, times)
        self._rules.append(rule)
        return rule

    def at_random(self, rate: float, *faults: Fault, path: str = "/rest/*", method: str | None = None) -> Rule:
        """Let a share of all calls go wrong, in one of the ways of `MIX` unless others are given."""
        return self.add(*(faults or MIX), path=path, method=method, rate=rate)

    def remove(self, rule: Rule) -> None:
        """Take a rule back."""
        self._rules.remove(rule)

    def clear(self) -> None:
        """Take every rule back."""
        self._rules.clear()

    def draw(self, method: str, path: str, template: str) -> Fault | None:
        """Return what this call meets, or None; every matching rule counts the call."""
        drawn = [rule.draw(method, (path, template), self._rng) for rule in self._rules]
        return next((fault for fault in drawn if fault is not None), None)

"""Limits that give way to others, and the theory of it. Pure: it is told the time and never waits.

Marketo counts the calls of all integrations of an instance together and tells nobody what the others do. The only news
is a refusal. A limit that takes no notice of it ends badly: a refused call is counted too, so beside one steady
competitor a static 100 keeps the window full of refused calls, and both get nothing at all.

**The cut.** A refusal says: the window is full, and of its 100 calls `own` are ours (in flight or cooling; that *is*
the share that the others left us). So the limit becomes a little less than what we measurably have, not a little less
than what we believed in: `decrease * own`. Calls that were under way at the time of a cut know nothing of it, and their
refusals are news of the same event: **only a refusal of a call sent after the last cut cuts again** (TCP's "once per
round trip"; with a timer in its place the refusals are tenfold). What drains after a cut is the pause; there is no
other. Where we have shrunk by six slots within a window and are refused still, others are growing as fast as we shrink:
each earlier cut that was made that far above makes this one deeper, by `decrease` again, `escalate` powers at most. By
fewer slots the count of a steady neighbour wanders of itself, and deeper cuts would answer nothing; a share of 20 used
to fall to 11 within twelve seconds. Nobody is starved: `min_calls` stay.

**The regrowth.** Others leave, and nothing tells us so; one has to try. `increase` slots per window keep the price of
trying small: a share of 20 is tried out every two windows, one of 80 every four or five. After `quiet_windows` without
a refusal it is likelier that somebody left than that the limit is near, and the growth is multiplied by `acceleration`
with each further window: the whole limit is back in some seven windows. Measured over steady, bursting and on/off
neighbours, a slot or a little less with threefold acceleration gets as much as two with twofold, at three quarters of
the refusals.

Programs that follow this rule come to equal shares, as in TCP: a cut takes in proportion, the growth adds the same to
each. (Growth that is less where the share is less would be refused less still, a fifth less by eight programs with its
fourth root and a later acceleration; but two of them came to 60 and 40, for whoever came first kept more.)

**What it costs.** Beside a steady 80 we get 77 % of the 20 that are left. Of the 4.6 slots that are missing half a one
goes to our refused calls, and four stay empty: what others make wanders by three slots either way, and a limit that
stood nearer would be refused more often. (Beside a 20 or a 50 seven or five and a half stay empty, but of more.) Cuts
by a number of slots, shallower ones, a quicker pace and quick growth to the last measured share were tried: they trade
share for refusals, or one neighbour for another. Of interactive calls the slowest hundredth waits thirteen seconds or
more, two of them for its turn after a refusal, the rest for slots of ours to cool; nearly half was never refused.

**The pace.** While the limit gives way the bulk lane is paced (`pace.py`): a clump of ours would meet theirs.

**The reserve.** What bulk calls leave to interactive ones shrinks in proportion, but three slots of it stay until they
are a fifth of the limit. In proportion one of a share of 20 would be left, and every second interactive call would wait
for one to cool: with 80 of 100 taken by others the mean wait is 1.5 s instead of 2.2. (All five would cost four
programs side by side 6 % of the instance.) The drain after a cut is for interactive calls as well: let through early
they meet a full window, and each refusal cuts again (tried: nearly three times the refusals).

**Places.** 615 says that ten calls were in progress, and all but one of `in flight` were ours. The places
become `decrease * (in flight - 1)`, at least one, and one comes back every `concurrency_step` seconds.

Nothing here can raise a limit above the one that was set, so the proof in `slots.py` stands; alone on an instance there
is no refusal, hence no cut.
"""

from __future__ import annotations

import math

import attrs

from marketo_async.transport.limits.ranges import number, seconds, whole

RATE_REFUSALS = frozenset({"429", "606"})
"""Answers that say that too many calls were made of late."""

PLACE_REFUSALS = frozenset({"615"})
"""Answers that say that too many calls are in progress."""

_GROWN = 6
"""Slots that we must have lost within a window, to be sure that others are growing."""

_HAIR = 1e-6
"""What floating-point numbers may be short of a whole one, far less than a slot and more than a clock's rounding."""


@attrs.frozen(kw_only=True)
class Adaptive:
    """How a limit gives way to the other integrations of an instance, and how it comes back.

    Attributes:
        decrease: More than 0, less than 1: what a refusal leaves of our share of the window.
        escalate: Whole number, 1 or more: a refusal leaves `decrease ** k`, with k up to this, where k - 1 cuts of the
            last window were made when we had six slots more than now, or more still: others are growing.
        increase: Slots, more than 0, that come back per window.
        quiet_windows: Windows, 0 or more, without a refusal after which the increase is multiplied with each further
            window.
        acceleration: 1 or more: by how much it is multiplied.
        min_calls: Slots, 1 or more, that are always left (or `max_calls`, where that is less).
        concurrency_step: Seconds, more than 0, after which one place comes back.

    Raises:
        ArgumentError: a number outside the range above; its `argument` says which.
    """

    decrease: float = 0.9
    escalate: int = 3
    increase: float = 0.9
    quiet_windows: int = 3
    acceleration: float = 3.0
    min_calls: int = 5
    concurrency_step: float = 15.0

    def __attrs_post_init__(self) -> None:
        number("decrease", self.decrease, above=0.0, below=1.0)
        whole("escalate", self.escalate, least=1)
        number("increase", self.increase, above=0.0)
        whole("quiet_windows", self.quiet_windows, least=0)
        number("acceleration", self.acceleration, least=1.0)
        whole("min_calls", self.min_calls, least=1)
        seconds("concurrency_step", self.concurrency_step, zero=False)


@attrs.frozen(kw_only=True)
class Regrowth:
    """How fast a limit comes back.

    Attributes:
        amount: What comes back per step.
        step: Seconds.
        quiet: Steps after which `amount` is multiplied with each further step; None: it never is.
        acceleration: By how much.
    """

    amount: float
    step: float
    quiet: int | None = None
    acceleration: float = 1.0

    def after(self, elapsed: float, *, enough: float) -> float:
        """Return what has come back after `elapsed` seconds; from `enough` on, no more need be counted."""
        left, steps, amount, back = elapsed / self.step, 0, self.amount, 0.0
        while left >= 1 and back < enough:
            back, left, steps = back + amount, left - 1, steps + 1
            amount = self._next(amount, steps)
        return back + amount * min(left, 1.0)

    def until(self, wanted: float) -> float:
        """Return the seconds after which `wanted` has come back."""
        steps, amount, back = 0, self.amount, 0.0
        while back + amount < wanted:
            back, steps = back + amount, steps + 1
            amount = self._next(amount, steps)
        return (steps + (wanted - back) / amount) * self.step

    def _next(self, amount: float, steps: int) -> float:
        return amount if self.quiet is None or steps < self.quiet else self.acceleration * amount


@attrs.frozen
class Cut:
    """When a limit was cut, and what was in use then."""

    at: float
    in_use: int = 0


@attrs.frozen(kw_only=True)
class GivingWay:
    """One limit at all times until the next refusal: a value.

    Attributes:
        most: What was set; it never becomes more.
        regrowth: How it comes back after a cut.
        after_cut: What the last cut left; None before the first one.
        cuts: The latest last, as far back as the next cut needs to know.
    """

    most: int
    regrowth: Regrowth
    after_cut: float | None = None
    cuts: tuple[Cut, ...] = ()

    def at(self, now: float) -> int:
        """Return the limit at that time."""
        return min(self.most, math.floor(self._level(now) + _HAIR))

    def next_growth(self, now: float) -> float | None:
        """Return when the limit will be more than it is; None where it is as high as it gets."""
        limit = self.at(now)
        if self.after_cut is None or limit >= self.most:
            return None
        return self.cuts[-1].at + self.regrowth.until(limit + 1 - self.after_cut)

    def is_news(self, sent_at: float) -> bool:
        """Tell whether a call was sent after the last cut, so that its refusal says something new."""
        return not self.cuts or sent_at > self.cuts[-1].at

    def cut(self, left: float, *, now: float, remember: int = 1, in_use: int = 0) -> GivingWay:
        """Return the limit after a cut to `left`, which never makes it more."""
        cuts = (*self.cuts, Cut(now, in_use))[-remember:]
        return attrs.evolve(self, after_cut=min(left, self._level(now)), cuts=cuts)

    def _level(self, now: float) -> float:
        if self.after_cut is None:
            return self.most
        return self.after_cut + self.regrowth.after(now - self.cuts[-1].at, enough=self.most)


def rate_at_first(adaptive: Adaptive | None, *, max_calls: int, window: float) -> GivingWay:
    """Return the limit of calls per window before anything was refused."""
    adaptive = adaptive or Adaptive()
    regrowth = Regrowth(
        amount=adaptive.increase, step=window, quiet=adaptive.quiet_windows, acceleration=adaptive.acceleration
    )
    return GivingWay(most=max_calls, regrowth=regrowth)


def rate_after(
    rate: GivingWay, adaptive: Adaptive, *, sent_at: float, in_use: int, now: float, window: float
) -> GivingWay:
    """Return the limit of calls per window after one was refused for the rate.

    Args:
        rate: The limit before.
        adaptive: The numbers.
        sent_at: When the refused call was sent.
        in_use: Slots in use, that of the refused call included.
        now: When the refusal came, on the clock of `sent_at`.
        window: Seconds.
    """
    if not rate.is_news(sent_at):
        return rate
    in_vain = sum(now - cut.at < window and cut.in_use - in_use >= _GROWN for cut in rate.cuts)
    left = adaptive.decrease ** min(1 + in_vain, adaptive.escalate) * in_use
    return rate.cut(max(adaptive.min_calls, left), now=now, remember=adaptive.escalate, in_use=in_use)


def places_at_first(adaptive: Adaptive | None, *, max_concurrency: int) -> GivingWay:
    """Return the limit of calls at once before anything was refused."""
    adaptive = adaptive or Adaptive()
    return GivingWay(most=max_concurrency, regrowth=Regrowth(amount=1.0, step=adaptive.concurrency_step))


def places_after(places: GivingWay, adaptive: Adaptive, *, sent_at: float, in_flight: int, now: float) -> GivingWay:
    """Return the limit of calls at once after one was refused for want of a place; `in_flight` includes that call."""
    if not places.is_news(sent_at):
        return places
    return places.cut(max(1.0, adaptive.decrease * (in_flight - 1)), now=now)

"""Slots and places, and the theory of Marketo's limits. Pure: it is told the time and never waits.

Marketo refuses a call when 100 calls were counted in the past 20 seconds (606) or when 10 are in progress (615), over
all users of an instance. Nobody outside knows at which moment between sending and answering a call is counted, and a
refused call probably counts as well. So it does not do to count what is sent: a delay on the way squeezes calls
together, the first refusal makes the next one likelier, and a run at the limit ends with half of its calls refused.
A token bucket of 100 per 20 seconds is worse still: it lets 199 calls into the worst 20 seconds.

**Slots.** There are `max_calls` slots. A call takes one when it is sent, and the slot is free again `window` (W) after
the *answer*. Let use k of one slot be sent at S(k), counted at c(k) and answered at R(k). Two things are certain:

    S(k) <= c(k) <= R(k)        a call is not counted before it is sent, nor after it was answered
    S(k+1) > R(k) + W           by construction, on one clock that never goes back

    so   c(k+1) >= S(k+1) > R(k) + W >= c(k) + W.

Two uses of one slot are more than W apart *on the server*, whatever the delays, and whether it counts arrivals or
completions. A window of length W, both ends included, holds each slot at most once: at most `max_calls` calls. Fixed
windows are a special case, and a bucket of N that refills at N / W never sees more than N + T N / W calls in time T.

**Places.** A place is held from sending to the answer. That interval contains the server's, so no more than
`max_concurrency` calls are ever in progress there.

The price is N calls per W + margin + latency in place of W: 98.5 % at 0.3 s, and never worse than 10 % below the best.
`window_margin` covers what breaks the premises a little: two clocks that run differently (10 ms in 20 s), front-end
servers that disagree, counting in whole seconds.

The premises fail outright in three places, each with a rule of its own:

*   *No answer* (time-out, lost connection): the server may not have counted yet, and still works. The place is held
    until no work can be left, and only then does the slot begin to cool. A server that hangs would take all places
    away for minutes, so at most half of them are held like that; then the oldest is let go: better a rare 615 than a
    standstill. A server that closed the connection works no more: nothing is held.
*   *An earlier process*: its calls are still in the window. `replay` takes them in where they are known;
    `cold_start="ramp"` supposes a full window, evenly old.
*   *Others on the instance*: their calls are counted with ours and are not in this book. A limit that gives way to them
    belongs in `Ledger.limit_now` and `places_now`, which are asked anew for every call.
"""

from __future__ import annotations

import heapq
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.transport.limits.ledger import Booking
    from marketo_async.transport.limits.limits import Limits

_GRAIN = max(0.0001, 2 * time.get_clock_info("monotonic").resolution)
"""Seconds that turn "at least W apart" into "more than W", on a clock that ticks: a timer may fire one tick early."""


class Slots:
    """What is taken: slots by calls on their way or cooling, places by calls on their way or held.

    Attributes:
        entered: Places taken, held ones included.
        held: Calls of unknown outcome, oldest first, and until when their places are kept, in loop time.
    """

    def __init__(self, limits: Limits) -> None:
        self._counts = limits.max_calls is not None
        self._cool_for = limits.window + limits.window_margin + _GRAIN
        self._booked = 0
        self._cooling: list[float] = []
        self.entered = 0
        self.held: dict[Booking, float] = {}

    @property
    def in_use(self) -> int:
        """Slots that are not free."""
        return self._booked + len(self._cooling)

    @property
    def cooling(self) -> int:
        """Slots whose call has ended."""
        return len(self._cooling)

    def book(self) -> None:
        """Take a slot."""
        self._booked += 1

    def enter(self, booking: Booking) -> None:
        """Take a place."""
        self.entered += 1
        booking.entered = True

    def give_back(self, booking: Booking, *, cools_from: float | None) -> None:
        """Free the place, if there was one, and the slot.

        Args:
            booking: The call that ended.
            cools_from: Loop time from which the slot cools; None where nothing was sent, so it is free at once.
        """
        self._booked -= 1
        if booking.entered:
            self.entered -= 1
        if cools_from is not None and self._counts:
            heapq.heappush(self._cooling, cools_from + self._cool_for)

    def hold(self, booking: Booking, *, until: float, most: int, now: float) -> None:
        """Keep the place until `until`, but no more than `most` places like that: the oldest is let go now."""
        self.held[booking] = until
        while len(self.held) > most:
            self._let_go(next(iter(self.held)), now)

    def let_time_pass(self, now: float) -> None:
        """Free what time alone frees by `now`."""
        for booking in [booking for booking, until in self.held.items() if until <= now]:
            self._let_go(booking, self.held[booking])
        while self._cooling and self._cooling[0] <= now:
            heapq.heappop(self._cooling)

    def next_change(self) -> float | None:
        """Return the loop time at which time alone frees something next; None if it never does."""
        return min([*self.held.values(), *self._cooling[:1]], default=None)

    def fill(self, slots: int, *, now: float) -> None:
        """Suppose that many earlier calls, evenly old."""
        self._cooling = [now + self._cool_for * (age + 1) / slots for age in range(slots)]

    def replay(self, remaining: Iterable[float], *, most: int, now: float) -> None:
        """Take in earlier calls by the seconds for which they still count; of more than `most`, the youngest."""
        known = [now + seconds for seconds in remaining if seconds > 0]
        self._cooling = heapq.nlargest(most, [*self._cooling, *known])
        heapq.heapify(self._cooling)

    def footprint(self, now: float) -> tuple[float, ...]:
        """Return the seconds until each used slot is free, at best."""
        on_their_way = [self._cool_for] * (self._booked - len(self.held) if self._counts else 0)
        held = [until - now + self._cool_for for until in self.held.values() if self._counts]
        return tuple(sorted([*(free_at - now for free_at in self._cooling), *on_their_way, *held]))

    def _let_go(self, booking: Booking, at: float) -> None:
        del self.held[booking]
        self.give_back(booking, cools_from=at)

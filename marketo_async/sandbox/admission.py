"""Who is let in: calls in any window of time, calls at once, calls a day. Pure: it is told the time and never waits."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date


class Admission:
    """Marketo's three limits over all integrations of one instance.

    Attributes:
        admitted: Calls let in so far.
        refused: Calls refused so far, by code.
        most_in_window: The largest number of counted calls that any closed window has held.
        most_at_once: The largest number of calls that were in at the same time.
        in_flight: Calls that are in now.
        counted_today: Calls counted against the quota of the current day.
    """

    def __init__(
        self,
        *,
        rate: int | None = 100,
        window: float = 20.0,
        concurrency: int | None = 10,
        daily: int | None = 50_000,
        counts_refused: bool = True,
        counting: Literal["arrival", "completion"] = "arrival",
    ) -> None:
        """Open an instance at rest.

        Args:
            rate: Counted calls that `[now - window, now]` may hold; None enforces nothing.
            window: Seconds; both ends belong to the window.
            concurrency: Calls that may be in at once; None enforces nothing.
            daily: Counted calls a day; None enforces nothing.
            counts_refused: Whether a refused call is counted too, as Marketo's footnotes say.
            counting: Whether an admitted call is counted when it arrives or when it is answered; nobody knows
                which one Marketo does, so a client must be safe with both. A refused call is counted at once.
        """
        self.rate = rate
        self.window = window
        self.concurrency = concurrency
        self.daily = daily
        self.counts_refused = counts_refused
        self.counting = counting
        self.admitted = 0
        self.refused: Counter[str] = Counter()
        self.most_in_window = 0
        self.most_at_once = 0
        self.in_flight = 0
        self.counted_today = 0
        self._counted: deque[float] = deque()
        self._day: date | None = None
        self._day_began = float("-inf")

    def arrive(self, now: float, day: date | None = None) -> tuple[str, str] | None:
        """Let a call in or refuse it.

        Args:
            now: Seconds on any clock that never goes back.
            day: The day whose quota it is; without one there is a single day.

        Returns:
            None where the call is in: `leave` must then be called exactly once. Else the code and the words of
            the refusal: 606, 607 or 615.
        """
        self._begin(now, day)
        refusal = self._refusal(now)
        if refusal is None:
            self.admitted += 1
            self.in_flight += 1
            self.most_at_once = max(self.most_at_once, self.in_flight)
            if self.counting == "arrival":
                self._count(now)
        else:
            self._refuse(now, refusal[0])
        return refusal

    def refuse(self, now: float, code: str, day: date | None = None) -> tuple[str, str]:
        """Refuse a call whatever the limits say: the words of 606, 607 or 615, counted like a real refusal."""
        self._begin(now, day)
        self._refuse(now, code)
        return code, self._words(code)

    def note(self, now: float, day: date | None = None) -> None:
        """Count a call that was turned away before the limits, for want of permission, but is not free."""
        self._begin(now, day)
        self._count(now)

    def leave(self, now: float, *, forgive: float | None = None) -> None:
        """End a call that was let in.

        Args:
            now: Seconds, on the clock of `arrive`.
            forgive: When the call arrived, if its answer is one of those that cost nothing (604, 605, 608, 611).

        Raises:
            RuntimeError: more calls left than were let in.
        """
        if self.in_flight == 0:
            raise RuntimeError("A call left that was never let in")
        self.in_flight -= 1
        if self.counting == "completion":
            if forgive is None:
                self._count(now)
        elif forgive is not None:
            self._uncount(forgive)

    def in_window(self, now: float) -> int:
        """Return how many counted calls lie in `[now - window, now]`."""
        counted = self._counted
        while counted and now - counted[0] > self.window:
            counted.popleft()
        return len(counted)

    def _refusal(self, now: float) -> tuple[str, str] | None:
        if self.rate is not None and self.in_window(now) >= self.rate:
            code = "606"
        elif self.daily is not None and self.counted_today >= self.daily:
            code = "607"
        elif self.concurrency is not None and self.in_flight >= self.concurrency:
            code = "615"
        else:
            return None
        return code, self._words(code)

    def _words(self, code: str) -> str:
        if code == "606":
            return f"Max rate limit '{100 if self.rate is None else self.rate}' exceeded with in '{self.window:g}' secs"
        if code == "615":
            return f"Concurrent access limit '{10 if self.concurrency is None else self.concurrency}' reached"
        return "Daily quota reached"

    def _refuse(self, now: float, code: str) -> None:
        self.refused[code] += 1
        if self.counts_refused:
            self._count(now)

    def _begin(self, now: float, day: date | None) -> None:
        if day != self._day:
            self._day, self._day_began, self.counted_today = day, now, 0

    def _count(self, now: float) -> None:
        self.counted_today += 1
        self._counted.append(now)
        self.most_in_window = max(self.most_in_window, self.in_window(now))

    def _uncount(self, arrived: float) -> None:
        if arrived in self._counted:
            self._counted.remove(arrived)
        if arrived >= self._day_began:
            self.counted_today -= 1

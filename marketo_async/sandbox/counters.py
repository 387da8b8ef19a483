"""Calls and errors per day and user, as the usage endpoints and the Admin pages show them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Counters:
    """What was counted; days are days in US Central time."""

    def __init__(self) -> None:
        self._calls: defaultdict[date, Counter[str]] = defaultdict(Counter)
        self._errors: defaultdict[date, Counter[str]] = defaultdict(Counter)
        self.refusals: Counter[str] = Counter()

    def call(self, day: date, user: str) -> None:
        """Count a call."""
        self._calls[day][user] += 1

    def forgive(self, day: date, user: str) -> None:
        """Take back a call whose answer costs nothing."""
        self._calls[day][user] -= 1

    def error(self, day: date, code: str) -> None:
        """Count an answer that was an error of Marketo's."""
        self._errors[day][code] += 1

    def calls(self, day: date) -> dict[str, int]:
        """Return the calls of a day by user, in the order of the logins."""
        return {user: count for user, count in sorted(self._calls[day].items()) if count} if day in self._calls else {}

    def errors(self, day: date) -> dict[str, int]:
        """Return the errors of a day by code, in the order of the codes."""
        return dict(sorted(self._errors[day].items(), key=lambda item: int(item[0]))) if day in self._errors else {}

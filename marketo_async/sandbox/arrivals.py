"""What arrived at the sandbox, and when: tests count on the server's side."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, overload

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator


@attrs.define(eq=False)
class Arrival:
    """One call, as the server saw it. It is filled in when the answer is known.

    Attributes:
        time: When it arrived: seconds on the sandbox's clock (`Clock.monotonic`).
        method: The verb, after `_method=` was applied.
        path: The path as it was sent, without query.
        template: The path of the route, such as `/rest/asset/v1/program/{id}.json`; "" where none matched.
        user: The API user; "" where the call had no valid token.
        status: The HTTP status; None while the call is under way, and where the connection was dropped.
        code: The code of the first error; None for success, a web server's page or no answer.
        answered_at: When the answer was ready, on the same clock; None while the call is under way.
        counted: Whether it counted against the rate when it arrived; identity calls do not.
        fault: The name of the fault that was injected, or None.
    """

    time: float
    method: str
    path: str
    template: str = ""
    user: str = ""
    status: int | None = None
    code: str | None = None
    answered_at: float | None = None
    counted: bool = False
    fault: str | None = None


class Arrivals:
    """The log of calls, oldest first; the oldest are forgotten beyond a generous number."""

    def __init__(self, keep: int = 250_000) -> None:
        """Begin an empty log.

        Args:
            keep: How many calls are remembered.
        """
        self._calls: deque[Arrival] = deque(maxlen=keep)

    def record(self, arrival: Arrival) -> None:
        """Add a call."""
        self._calls.append(arrival)

    def clear(self) -> None:
        """Forget everything so far."""
        self._calls.clear()

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Arrival]:
        return iter(tuple(self._calls))

    @overload
    def __getitem__(self, index: int) -> Arrival: ...
    @overload
    def __getitem__(self, index: slice) -> list[Arrival]: ...
    def __getitem__(self, index: int | slice) -> Arrival | list[Arrival]:
        return self._calls[index] if isinstance(index, int) else list(self._calls)[index]

    def to(self, template: str, method: str | None = None) -> list[Arrival]:
        """Return the calls to one route, or to one literal path.

        Args:
            template: The route's template, or a path.
            method: Only this verb.
        """
        return [
            call for call in self._calls if template in {call.template, call.path} and method in {None, call.method}
        ]

    def codes(self) -> Counter[str]:
        """Return how often each error code was answered."""
        return Counter(call.code for call in self._calls if call.code is not None)

    def most_in_window(self, seconds: float = 20.0) -> int:
        """Return the largest number of counted calls that arrived in any closed window.

        Args:
            seconds: How long the window is; both ends belong to it.
        """
        window: deque[float] = deque()
        most = 0
        for call in self._calls:
            if not call.counted:
                continue
            window.append(call.time)
            while call.time - window[0] > seconds:
                window.popleft()
            most = max(most, len(window))
        return most

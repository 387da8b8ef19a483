"""One call's permission to be sent, which ends in exactly one way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from marketo_async.errors import NotSentError
from marketo_async.transport.limits.ledger import Answered, Unknown, Unsent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from marketo_async.transport.limits.ledger import Ending, Lane


class Lease:
    """A slot and a place, held for one attempt.

    Whoever acquires it ends it once: `answered`, `unsent` or `unknown`; none of them waits. A second ending is a
    mistake that would free somebody else's place, so it raises `RuntimeError`.

    Attributes:
        lane: The lane that it was granted in.
        granted_at: Loop time in seconds.
        waited: Seconds from asking to the grant.
        sent_at: Loop time in seconds at which the request began to leave; `granted_at` until `sending` is called.
        left: Whether `sending` let it leave.
        forgone: Whether nobody wants the answer any more.
    """

    __slots__ = ("_end", "_ended", "_lapsed", "forgone", "granted_at", "lane", "left", "sent_at", "waited")

    def __init__(
        self,
        lane: Lane,
        *,
        granted_at: float,
        waited: float,
        end: Callable[[Ending], None],
        lapsed: Callable[[], bool] = lambda: False,
    ) -> None:
        self.lane: Lane = lane
        self.granted_at = granted_at
        self.waited = waited
        self.sent_at = granted_at
        self.left = False
        self.forgone = False
        self._end = end
        self._lapsed = lapsed
        self._ended = False

    def __repr__(self) -> str:
        return f"<Lease {self.lane} {'ended' if self._ended else 'open'}, waited {self.waited:.3f} s>"

    def forgo(self) -> None:
        """Note that nobody wants the answer any more: what has not begun to leave does not leave."""
        self.forgone = True

    def sending(self) -> None:
        """Note that the request leaves now; worth a call where a token had to be fetched after the grant.

        Raises:
            NotSentError: nobody wants the answer any more, or the lease may be another's by now, because this process
                was stopped for long. It has ended as unsent.
        """
        if self.forgone or self._lapsed():
            self.unsent()
            raise NotSentError(
                "Nobody wants the answer any more"
                if self.forgone
                else "This process was stopped for so long that its place may be another's"
            )
        self.left = True
        self.sent_at = asyncio.get_running_loop().time()

    def answered(self, code: str | None = None, *, resets_at: datetime | None = None) -> None:
        """End it with an answer: the place is free at once, the slot `window + window_margin` from now.

        Args:
            code: Marketo's code where it said no, such as "606" or "615"; None for a success. A refused call keeps its
                slot: Marketo counts it.
            resets_at: With "607", the day's quota: when calls are taken again; the next midnight US Central unless
                given. Until then nothing more is granted.
        """
        self._finish(Answered(code, self.sent_at, resets_at))

    def unsent(self) -> None:
        """End it with nothing sent (no token, no connection): slot and place are free at once."""
        self._finish(Unsent())

    def unknown(self, hold: float) -> None:
        """End it without an answer, as after a time-out: Marketo may still be working on the call.

        Args:
            hold: Seconds, 0 or more, that Marketo may work on such a call at most, counted from sending. The place is
                kept until then, and only then does the slot begin to cool; but of all places never more than half
                are kept this way, the oldest is let go first. 0: the server is known to have let go (it
                closed the connection), so the place is free at once and the slot cools from now.
        """
        self._finish(Unknown(self.sent_at + hold))

    def _finish(self, ending: Ending) -> None:
        if self._ended:
            raise RuntimeError(f"{self!r} has ended already; a lease ends exactly once")
        self._ended = True
        self._end(ending)

"""The pacer of the bulk lane: a token bucket (aiolimiter) that follows the limit without being rebuilt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiolimiter import AsyncLimiter

if TYPE_CHECKING:
    from marketo_async.transport.limits.ledger import Ledger
    from marketo_async.transport.limits.limits import Limits


class Pace:
    """The pace of the bulk calls of one limiter.

    Args:
        limits: The numbers.
        ledger: Says what the bulk lane's share is, and who is about; one that paces bulk calls itself needs no pacer.
    """

    def __init__(self, limits: Limits, ledger: Ledger) -> None:
        self._limits = limits
        self._ledger = ledger
        self._pacer: AsyncLimiter | None = None
        self._paid = False
        if limits.max_calls is not None and not ledger.paces_bulk:
            seconds = limits.bulk_burst * (limits.window + limits.window_margin) / limits.max_calls
            self._pacer = AsyncLimiter(limits.bulk_burst, seconds)

    @property
    def kept(self) -> bool:
        """Whether bulk calls are spread evenly at this moment."""
        if self._limits.max_calls is None or self._limits.pacing == "off":
            return False
        return self._limits.pacing == "on" or not self._ledger.bulk_alone or self._others_are_about

    @property
    def _others_are_about(self) -> bool:
        """Whether the limit gives way: calls of ours that come in a clump would meet theirs in the worst window."""
        return self._ledger.limit_now != self._limits.max_calls

    async def wait(self) -> None:
        """Wait until the next bulk call may go; a head that is cancelled later leaves what it paid to the next."""
        if self._pacer is not None and self.kept and not self._paid:
            await self._pacer.acquire(self._amount())
            self._paid = True

    def went(self) -> None:
        """Note that a bulk call went."""
        self._paid = False

    def headroom(self, free: int, *, bound: bool) -> int:
        """Return how many of `free` bulk calls the pace lets go right now; `bound` to a loop, that is: used before."""
        if self._pacer is None or not self.kept:
            return free
        if not bound:
            return min(free, self._limits.bulk_burst)
        amount, calls = self._amount(), 0
        while calls < free and self._pacer.has_capacity((calls + 1) * amount):
            calls += 1
        return calls

    def _amount(self) -> float:
        """Tokens per bulk call: the bucket fills for `max_calls`, so a smaller share pays more for each."""
        return min(self._limits.bulk_burst, (self._limits.max_calls or 1) / (self._ledger.share("bulk") or 1))

"""How long calls take: on the way there, and while Marketo works on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import random


@attrs.frozen
class Spread:
    """Durations in seconds: even between two bounds, and now and then a spike.

    Attributes:
        low: The shortest.
        high: The longest that is no spike.
        spikes: The share of spikes, 0 to 1.
        longest: The longest spike.
    """

    low: float = 0.0
    high: float = 0.0
    spikes: float = 0.0
    longest: float = 0.0

    def __attrs_post_init__(self) -> None:
        """Refuse what is no duration."""
        if not 0 <= self.low <= self.high or not 0 <= self.spikes <= 1 or (self.spikes and self.longest < self.high):
            raise ValueError(f"{self} is no spread: 0 <= low <= high <= longest, 0 <= spikes <= 1")

    def draw(self, rng: random.Random) -> float:
        """Return one duration in seconds; nothing is drawn where there is nothing to choose."""
        if self.spikes and rng.random() < self.spikes:
            return rng.uniform(self.high, self.longest)
        return self.low if self.low == self.high else rng.uniform(self.low, self.high)


@attrs.frozen
class Latency:
    """What a call waits for.

    Attributes:
        there: From the client to Marketo, before the arrival is counted: it squeezes calls together or apart.
        work: Inside Marketo, while the call holds a concurrency place.
    """

    there: Spread = Spread()
    work: Spread = Spread()

    @classmethod
    def none(cls) -> Latency:
        """Answer at once."""
        return cls()

    @classmethod
    def fixed(cls, seconds: float) -> Latency:
        """Work the same time on every call."""
        return cls(work=Spread(seconds, seconds))

    @classmethod
    def uniform(cls, low: float, high: float) -> Latency:
        """Spread the whole latency evenly; a tenth of it is the way there."""
        return cls(there=Spread(low * 0.1, high * 0.1), work=Spread(low * 0.9, high * 0.9))

    @classmethod
    def spiky(
        cls, low: float = 0.15, high: float = 0.45, *, spikes: float = 0.02, longest: float = 3.0, jitter: float = 0.1
    ) -> Latency:
        """Mostly spread evenly, with spikes both on the way there and in the work.

        Args:
            low: Seconds of work, at least.
            high: Seconds of work, at most, but for spikes.
            spikes: The share of calls that meet a spike, for the way and for the work each.
            longest: Seconds of the longest spike.
            jitter: Seconds on the way there, at most, but for spikes.
        """
        return cls(there=Spread(0.0, jitter, spikes, longest), work=Spread(low, high, spikes, longest))

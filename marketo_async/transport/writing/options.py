"""How a write is walked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from marketo_async.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from marketo_async.records.write_result import WriteProgress
    from marketo_async.transport.paging import OnMisfit


LINGER: Final = 2.0
"""Seconds that an incomplete batch waits for an input that gives nothing.

A call counts the same with one record as with 300, and an instance has 50,000 of them a day, one in 1.7 seconds: with
two seconds not even an input that trickles all day can spend them all.
"""


@attrs.frozen(kw_only=True)
class WriteOptions:
    """How a write is walked.

    Attributes:
        in_flight: Batches in flight at most, 1 to 10; the limiter may allow fewer.
        on_misfit: What becomes of a record that cannot be sent: it ends the walk, or is skipped.
        most_unknown: Batches in a row whose outcome is unknown after which the walk ends, 1 or more.
        linger: Seconds that an incomplete batch waits for an async input that gives nothing, 0 or more.
        progress: Called after each batch, on the loop; None for nothing.
        departs: Called with the records of each batch before it is sent, on the loop; None for nothing.
        strict: Whether a record that was skipped, or whose outcome is unknown, ends the walk.
    """

    in_flight: int = 10
    on_misfit: OnMisfit = "raise"
    most_unknown: int = 10
    linger: float = LINGER
    progress: Callable[[WriteProgress], object] | None = None
    departs: Callable[[Sequence[Any]], object] | None = None
    strict: bool = False

    def __attrs_post_init__(self) -> None:
        if not _is_integer(self.in_flight) or not 1 <= self.in_flight <= 10:  # noqa: PLR2004 - the documented range: Marketo's own
            raise ArgumentError("in_flight", self.in_flight, "1 to 10 batches")
        if self.on_misfit not in {"raise", "skip"}:
            raise ArgumentError("on_misfit", self.on_misfit, '"raise" or "skip"')
        if not _is_integer(self.most_unknown) or self.most_unknown < 1:
            raise ArgumentError("most_unknown", self.most_unknown, "1 or more batches")
        if not _is_time(self.linger):
            raise ArgumentError("linger", self.linger, "0 or more seconds; math.inf waits for full batches")
        if self.progress is not None and not callable(self.progress):
            raise ArgumentError("progress", self.progress, "a callable that takes a WriteProgress, or None")
        if self.departs is not None and not callable(self.departs):
            raise ArgumentError("departs", self.departs, "a callable that takes a list of records, or None")


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and value >= 0  # nor is it nan

"""How a write is walked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from marketo_async.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.records.write_result import WriteProgress
    from marketo_async.transport.paging import OnMisfit


@attrs.frozen(kw_only=True)
class WriteOptions:
    """How a write is walked.

    Attributes:
        in_flight: Batches in flight at most, 1 to 10; the limiter may allow fewer.
        on_misfit: What becomes of a record that cannot be sent: it ends the walk, or is skipped.
        most_unknown: Batches in a row whose outcome is unknown after which the walk ends, 1 or more.
        progress: Called after each batch, on the loop; None for nothing.
        strict: Whether a record that was skipped, or whose outcome is unknown, ends the walk.
    """

    in_flight: int = 10
    on_misfit: OnMisfit = "raise"
    most_unknown: int = 10
    progress: Callable[[WriteProgress], object] | None = None
    strict: bool = False

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.in_flight <= 10:  # noqa: PLR2004 - the documented range: Marketo's own
            raise ArgumentError("in_flight", self.in_flight, "1 to 10 batches")
        if self.on_misfit not in {"raise", "skip"}:
            raise ArgumentError("on_misfit", self.on_misfit, '"raise" or "skip"')
        if self.most_unknown < 1:
            raise ArgumentError("most_unknown", self.most_unknown, "1 or more batches")

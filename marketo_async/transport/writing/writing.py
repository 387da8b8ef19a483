"""A write of many records as the user holds it: nothing is sent until it is walked, and it is walked once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from marketo_async.errors import ArgumentError, ClientStateError, MarketoError
from marketo_async.records.write_result import WriteProgress, WriteSummary
from marketo_async.transport.writing.options import WriteOptions
from marketo_async.transport.writing.walk import WriteWalk

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Iterable, Sequence

    from marketo_async.records.write_result import RecordResult
    from marketo_async.transport.paging import OnMisfit
    from marketo_async.transport.transport import Transport
    from marketo_async.transport.writing.plan import WritePlan

R = TypeVar("R")


class Writing(Generic[R]):
    """A write of many records; iterate it for a `RecordResult` of each, in input order.

    Nothing is sent until it is walked: by `async for`, by `collect()` or by `summary()`. It is walked once, since the
    records would be written again. Batches travel several at once, within the limits; records that are about the same
    lead never do, and keep their order. At most some thousands of records are held, however many there are: a slow
    consumer stops the reading.

    A batch whose outcome is unknown (time-out, lost connection, 502 ...) is repeated only where the operation says that
    it is safe; else its records come as `"unknown"` and the walk goes on. Later records about the same leads are
    written nevertheless, once Marketo can no longer be at work on the first ones. A batch that is too large for
    something on the way (413) is sent in halves, and those after it are no larger. What Marketo refuses as a whole ends
    the walk: batches that are out finish, every result comes, then the error, whose `position` is the index of the
    first record without one.

    Leaving the walk early starts nothing more. Batches that are out finish; `settle()` says what became of them.
    """

    def __init__(
        self,
        transport: Transport,
        plan: WritePlan[R],
        records: Iterable[R] | AsyncIterable[R],
        options: WriteOptions | None = None,
    ) -> None:
        self._transport = transport
        self._plan = plan
        self._records = records
        self._options = options or WriteOptions()
        self._walk: WriteWalk[R] | None = None
        self._collected: list[RecordResult[R]] = []

    def with_options(
        self,
        *,
        in_flight: int | None = None,
        on_misfit: OnMisfit | None = None,
        most_unknown: int | None = None,
        linger: float | None = None,
        progress: Callable[[WriteProgress], object] | None = None,
        departs: Callable[[Sequence[R]], object] | None = None,
    ) -> Writing[R]:
        """Return the same write, walked in another way; what is None stays as it is.

        Args:
            in_flight: Batches in flight at most, 1 to 10; 1 writes one after the other.
            on_misfit: What becomes of a record that cannot be sent, since a value cannot be JSON or it is larger than
                1 MB: `"raise"` ends the walk with an `ArgumentError` that names it, `"skip"` makes it a skipped one.
            most_unknown: Batches in a row whose outcome is unknown after which the walk ends with the last one's error.
            linger: Seconds that an incomplete batch waits for an async input that gives nothing, 0 or more; 2 unless
                said. A call counts the same with one record as with 300: less is answered sooner and costs more calls.
                `math.inf` sends full batches only, until the input ends.
            progress: Called after each batch with a `WriteProgress`.
            departs: Called with the records of each batch before it is sent, which is what a journal written ahead
                needs. Where it raises, the batch is not sent, and that error ends the walk.

        Raises:
            ArgumentError: an argument cannot be right.
            ClientStateError: it is being walked.
        """
        before = self._options
        return self._with(
            WriteOptions(
                in_flight=before.in_flight if in_flight is None else in_flight,
                on_misfit=before.on_misfit if on_misfit is None else on_misfit,
                most_unknown=before.most_unknown if most_unknown is None else most_unknown,
                linger=before.linger if linger is None else linger,
                progress=before.progress if progress is None else progress,
                departs=before.departs if departs is None else departs,
                strict=before.strict,
            )
        )

    def raise_for_skipped(self) -> Writing[R]:
        """Return the same write, whose walk ends at the first record that is skipped or whose outcome is unknown.

        The walk then raises what `RecordResult.raise_for_skipped` does: `position` is the index of that record, and
        `partial` are its result and those of the records behind it that were sent as well.

        Raises:
            ClientStateError: it is being walked.
        """
        return self._with(attrs.evolve(self._options, strict=True))

    def _with(self, options: WriteOptions) -> Writing[R]:
        self._check_fresh()
        return Writing(self._transport, self._plan, self._records, options)

    def __aiter__(self) -> Results[R]:
        """Walk through the results.

        Raises:
            ClientStateError: it was walked before.
        """
        self._check_fresh()
        self._walk = WriteWalk(self._transport, self._plan, self._records, self._options)
        return Results(self._walk, self._options)

    async def collect(self) -> list[RecordResult[R]]:
        """Write everything and return the result of every record, in input order.

        Raises:
            MarketoError: with the results of all records that were sent in `partial`, and in `position` the index of
                the first record without one.
        """
        everything: list[RecordResult[R]] = []
        try:
            async for result in self:
                everything.append(result)  # noqa: PERF401 - what was read when the walk fails must be kept
        except MarketoError as error:
            error.partial = [*everything, *error.partial]
            raise
        except BaseException:  # the input's own error, or cancelled: `settle()` has them
            self._collected = everything
            raise
        return everything

    async def summary(self, *, keep: int = 100) -> WriteSummary[R]:
        """Write everything and return how many records came to which status.

        Args:
            keep: How many results of records that were not written are kept, 0 or more: the first ones.

        Raises:
            ArgumentError: `keep` cannot be right.
            MarketoError: as `collect`; `partial` are the results that would have been kept and those that were not
                looked at yet, `progress` has the counts.
        """
        if keep < 0:
            raise ArgumentError("keep", keep, "0 or more")
        not_done: list[RecordResult[R]] = []
        try:
            async for result in self:
                if (result.skipped or result.unknown) and len(not_done) < keep:
                    not_done.append(result)
        except MarketoError as error:
            error.partial = [*not_done, *error.partial]
            raise
        except BaseException:  # as in `collect`
            self._collected = not_done
            raise
        now = self.progress
        return WriteSummary(records=now.records, calls=now.calls, statuses=now.statuses, not_done=tuple(not_done))

    async def settle(self) -> list[RecordResult[R]]:
        """End the walk and return the results that were not delivered, in input order, once all of them are known.

        Those that a `collect()` had gathered when it was cancelled, or when the input failed, are among them; of a
        `summary()` those that it would have kept, while `progress` has the counts of all.

        Nothing more is sent; what is out is waited for, as long as its answer takes. Together with what was delivered
        that is every record that Marketo may have seen: a record without a result was not written. After a walk that
        came to its end it returns nothing.
        """
        rest = [] if self._walk is None else await self._walk.rest()
        collected, self._collected = self._collected, []
        return [*collected, *rest]

    @property
    def progress(self) -> WriteProgress:
        """How far the walk is; may run ahead of what was delivered."""
        return WriteProgress() if self._walk is None else self._walk.progress

    @property
    def position(self) -> int | None:
        """After a walk that ended early: the index of the first record without a result; else None."""
        return None if self._walk is None else self._walk.position

    def _check_fresh(self) -> None:
        if self._walk is not None:
            raise ClientStateError("a write is walked once: make another one to write again")


class Results(Generic[R]):
    """One walk through a write, record by record."""

    def __init__(self, walk: WriteWalk[R], options: WriteOptions) -> None:
        self._walk = walk
        self._options = options
        self._told = 0

    def __aiter__(self) -> Results[R]:
        return self

    async def __anext__(self) -> RecordResult[R]:
        self._tell()  # before a result is taken: what the callback raises must not cost one
        try:
            try:
                result = await self._walk.next()
            except BaseException:
                self._tell()
                raise
            if result is None:
                self._tell()
                raise StopAsyncIteration
            if self._options.strict:
                try:
                    result.raise_for_skipped()
                except MarketoError as error:
                    error.partial = [result, *await self._walk.rest()]
                    raise
            return result
        finally:
            del self  # who keeps an exception, as a cancelled task does, keeps its frames, but not the walk

    async def aclose(self) -> None:
        """Start nothing more; leaving the loop does the same."""
        self._walk.stop()

    def _tell(self) -> None:
        if self._options.progress is not None and self._told != self._walk.batches:
            self._told = self._walk.batches
            self._options.progress(self._walk.progress)

    def __del__(self) -> None:
        self._walk.stop()

"""One write: a reader that runs ahead within bounds, batches on their way, and results in input order.

Nothing here waits but the reader, for room, and the consumer, for results. Everything else happens when something
happens: a record was read, a batch ended, a result was taken. `_pump` then starts what may be started.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Generic, TypeVar

from marketo_async.errors import ClientStateError, MarketoError
from marketo_async.records.write_result import WriteProgress
from marketo_async.transport.retry import may_still_run
from marketo_async.transport.writing.answers import outcome_of
from marketo_async.transport.writing.cutter import Cutter
from marketo_async.transport.writing.delivery import Delivery
from marketo_async.transport.writing.in_flight import InFlight
from marketo_async.transport.writing.reading import Reading
from marketo_async.wire.request import BODY_LIMIT

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable, Sequence

    from marketo_async.records.write_result import RecordResult
    from marketo_async.transport.transport import Journey, Transport
    from marketo_async.transport.writing.carrying import Ending
    from marketo_async.transport.writing.options import WriteOptions
    from marketo_async.transport.writing.plan import Item, WritePlan

R = TypeVar("R")

_WINDOW = 2
"""Records that may be read and not delivered, in multiples of what may be in flight."""


class WriteWalk(Generic[R]):
    """One walk through the records of a write.

    Attributes:
        delivery: What was read, and the results that wait for their turn.
        position: Once it has ended early: the index of the first record without a result.
        batches: Batches that came to an end.
    """

    def __init__(
        self,
        transport: Transport,
        plan: WritePlan[R],
        records: Iterable[R] | AsyncIterable[R],
        options: WriteOptions,
    ) -> None:
        self._transport = transport
        self._plan = plan
        self._options = options
        self._cutter: Cutter[R] = Cutter(plan.batch_size, plan.most_bytes)
        self.delivery: Delivery[R] = Delivery(
            _WINDOW * options.in_flight * plan.batch_size, (options.in_flight + _WINDOW) * BODY_LIMIT
        )
        self._reading: Reading[R] = Reading(
            plan,
            records,
            options.on_misfit,
            linger=options.linger,
            cutter=self._cutter,
            delivery=self.delivery,
            settle=self._settle,
            pump=self._pump,
        )
        self.position: int | None = None
        self.batches = 0
        self._reader: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._out: InFlight[R] = InFlight(transport, plan, options, self._take_in)
        self._holds: set[asyncio.TimerHandle] = set()
        self._news = asyncio.Event()
        self._ended = False  # nothing more is read
        self._closing = False  # nothing more is started
        self._finished = False
        self._error: Exception | None = None
        self._in_doubt = 0
        self._calls = 0
        self._statuses: Counter[str] = Counter()

    async def next(self) -> RecordResult[R] | None:
        """Return the next result, or None after the last one. A consumer that is cancelled meanwhile loses nothing.

        Raises:
            Exception: what ended the walk, once every result that there is has been returned.
        """
        self._begin()
        while True:
            result = self.delivery.pop()
            if result is not None:
                if self.delivery.low:
                    self._reading.room.set()
                return result
            if self._over:
                self._finish()
                if self.delivery.left:
                    continue
                error, self._error = self._error, None
                if error is not None:
                    raise error
                return None
            if not self.delivery.full:
                self._reading.room.set()
            self._pump()
            self._news.clear()
            await self._news.wait()

    async def rest(self) -> list[RecordResult[R]]:
        """Stop, wait for what is out, and return the results that are left; being cancelled meanwhile loses none."""
        self.stop()
        while not self._over:
            self._news.clear()
            await self._news.wait()
        self._finish()
        self._error = None  # whoever leaves early does not ask why it would have ended
        return list(iter(self.delivery.pop, None))

    @property
    def progress(self) -> WriteProgress:
        """How far it is."""
        return WriteProgress(records=self._statuses.total(), calls=self._calls, statuses=dict(self._statuses))

    def stop(self) -> None:
        """Start nothing more; what is out is heard out. May be called from any thread, at any time, more than once."""
        if self._loop is None or self._loop.is_closed():
            self._closing = self._ended = True
            return
        try:
            here = asyncio.get_running_loop() is self._loop
        except RuntimeError:
            here = False
        if here:
            self._close()
        else:
            self._loop.call_soon_threadsafe(self._close)

    # ---------------------------------------------------------------- reading

    def _begin(self) -> None:
        if self._loop is not None or self._closing:  # begun, or stopped before
            return
        self._transport.attempts.check_usable()
        self._loop = asyncio.get_running_loop()
        self._reader = self._transport.attempts.walk(self._reading.read())
        self._reader.add_done_callback(self._read_all)

    def _read_all(self, reader: asyncio.Task[None]) -> None:
        self._ended = True
        if reader.cancelled():
            if not self._closing:
                self._fail(ClientStateError("the client was closed while records were written"))
        elif (error := reader.exception()) is not None:
            self._fail(error if isinstance(error, Exception) else ClientStateError(repr(error)))
        self._pump()
        self._news.set()

    # ---------------------------------------------------------------- sending

    def _pump(self) -> None:
        """Start every batch that may be started now."""
        started = 0
        while not self._closing and self._out.has_room(started):
            batch = self._cutter.take(flush=self._may_flush)
            if batch is None:
                return
            self._out.start(batch, alone=self._ended and not len(self._cutter))
            started += 1

    @property
    def _may_flush(self) -> bool:
        """Whether an incomplete batch may go: where waiting for more would be in vain."""
        if self._ended or self._reading.quiet:
            return not self._cutter.behind or not len(self._out)  # those behind may still join it
        return self.delivery.full and not len(self._out) and not self.delivery.ready

    def _take_in(self, batch: list[Item[R]], journey: Journey, ending: Ending) -> None:
        self._calls += journey.attempts
        self.batches += 1
        if ending.too_large and len(batch) > 1 and not self._closing:
            self._cutter.halve(batch)
            self._pump()
            return
        results, ending = outcome_of(self._plan, batch, ending, unsure=journey.unsure)
        self._settle(results)
        self._in_doubt = self._in_doubt + 1 if ending.unknown else 0
        if ending.fatal or not results or self._in_doubt >= self._options.most_unknown:
            # Without results, and not stopped by this walk, it was stopped by the client, which is closing.
            self._fail(ending.error or ClientStateError("the client was closed while records were written"))
        if not self._closing:
            self._free(batch, journey, ending)
            self._pump()
        self._news.set()

    def _settle(self, results: Sequence[RecordResult[R]]) -> None:
        for result in results:
            self.delivery.put(result)
            self._statuses[result.status] += 1
        self._news.set()

    def _free(self, batch: list[Item[R]], journey: Journey, ending: Ending) -> None:
        """Let those go that stand behind a batch: at once, or when the server can no longer be working on it."""
        if not (ending.unknown and may_still_run(ending.error)):
            self._cutter.release(batch)
            return

        def free() -> None:
            self._holds.discard(hold)
            self._cutter.release(batch)
            self._pump()

        hold = asyncio.get_running_loop().call_at(journey.settled_at(self._plan.call), free)
        self._holds.add(hold)

    # ---------------------------------------------------------------- ending

    @property
    def _over(self) -> bool:
        return self._ended and not len(self._out) and (self._closing or not len(self._cutter))

    def _fail(self, error: Exception) -> None:
        """End the walk with an error: nothing new is sent, what was sent at least once goes its way to the end."""
        if self._closing:
            return  # what else goes wrong while it ends does not say more
        self._error = error
        self._close(unsent_only=True)

    def _close(self, *, unsent_only: bool = False) -> None:
        self._closing = True
        self._drop_holds()
        if self._reader is not None:
            self._reader.cancel()
        self._out.stop(unsent_only=unsent_only)

    def _finish(self) -> None:
        """Note where the walk stands, and let the results out that have none before them."""
        if self._finished:
            return
        self._finished = True
        self._drop_holds()
        if self._closing:
            self.position = self.delivery.first_missing
        if isinstance(self._error, MarketoError):
            self._error.position = self.position
        self.delivery.skip_gaps()

    def _drop_holds(self) -> None:
        for hold in self._holds:
            hold.cancel()
        self._holds.clear()

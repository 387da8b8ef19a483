"""Reading the records of a write: ahead of what is sent, and never further than may be held."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Generic, TypeVar

from marketo_async.errors import ArgumentError
from marketo_async.transport.writing.answers import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from marketo_async.records.write_result import RecordResult
    from marketo_async.transport.paging import OnMisfit
    from marketo_async.transport.writing.cutter import Cutter
    from marketo_async.transport.writing.delivery import Delivery
    from marketo_async.transport.writing.plan import WritePlan

R = TypeVar("R")


class Reading(Generic[R]):
    """Takes the records one by one, makes them ready, and gives them to the cutter.

    Args:
        plan: The operation.
        records: The records.
        on_misfit: What becomes of a record that cannot be sent.
        linger: Seconds without a record after which an async input counts as quiet.
        cutter: Takes the records that can.
        delivery: Says how many may be held.
        settle: Takes the results of those that will not be sent.
        pump: Called where a batch may be there to be started.

    Attributes:
        room: Set when there may be room for more records.
        quiet: Whether the input has given nothing for a while.
    """

    def __init__(
        self,
        plan: WritePlan[R],
        records: Iterable[R] | AsyncIterable[R],
        on_misfit: OnMisfit,
        *,
        linger: float,
        cutter: Cutter[R],
        delivery: Delivery[R],
        settle: Callable[[list[RecordResult[R]]], None],
        pump: Callable[[], None],
    ) -> None:
        self._plan = plan
        self._records = records
        self._on_misfit = on_misfit
        self._linger = linger
        self._given_at = 0.0
        self._look: asyncio.TimerHandle | None = None
        self._cutter = cutter
        self._delivery = delivery
        self._settle = settle
        self._pump = pump
        self.room = asyncio.Event()
        self.quiet = False

    async def read(self) -> None:
        """Read until there is nothing more.

        Raises:
            ArgumentError: a record cannot be sent, and is not to be skipped.
            Exception: whatever the records' own iterator raises.
        """
        if not isinstance(self._records, AsyncIterable):
            for record in self._records:
                await self._take(record)
            return
        clock = asyncio.get_running_loop().time
        try:
            async for record in self._records:
                self.quiet = False
                await self._take(record)
                self._given_at = clock()
                if self._look is None and self._linger < math.inf:
                    self._look_at(self._given_at + self._linger)
        finally:
            if self._look is not None:
                self._look.cancel()

    async def _take(self, record: R) -> None:
        index = self._delivery.read
        try:
            item = self._plan.item(index, record)
        except ArgumentError as error:
            if self._on_misfit == "raise":
                raise
            item = error
        if isinstance(item, ArgumentError):
            self._delivery.expect(0)
            self._settle([refused(index, record, item)])
        else:
            self._delivery.expect(len(item.body))
            self._cutter.add(item)
            if self._cutter.full:
                self._pump()
        if self._delivery.read % self._plan.batch_size == 0:
            await asyncio.sleep(0)  # a million records must not keep the loop from everybody else
        while self._delivery.full:
            self.room.clear()
            self._pump()
            await self.room.wait()

    def _look_at(self, when: float) -> None:
        self._look = asyncio.get_running_loop().call_at(when, self._listen)

    def _listen(self) -> None:
        """Look whether the input is quiet: once in a while, since a timer for each record would cost too much."""
        self._look = None
        if self._delivery.full:
            return  # it is not asked for anything; the next record looks again
        due = self._given_at + self._linger
        if asyncio.get_running_loop().time() < due:
            self._look_at(due)
            return
        self.quiet = True
        self._pump()

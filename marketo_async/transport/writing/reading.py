"""Reading the records of a write: ahead of what is sent, and never further than may be held."""

from __future__ import annotations

import asyncio
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
        cutter: Takes the records that can.
        delivery: Says how many may be held.
        settle: Takes the results of those that will not be sent.
        pump: Called where a batch may be there to be started.
    """

    def __init__(
        self,
        plan: WritePlan[R],
        records: Iterable[R] | AsyncIterable[R],
        on_misfit: OnMisfit,
        *,
        cutter: Cutter[R],
        delivery: Delivery[R],
        settle: Callable[[list[RecordResult[R]]], None],
        pump: Callable[[], None],
    ) -> None:
        self._plan = plan
        self._records = records
        self._on_misfit = on_misfit
        self._cutter = cutter
        self._delivery = delivery
        self._settle = settle
        self._pump = pump
        self.room = asyncio.Event()

    async def read(self) -> None:
        """Read until there is nothing more.

        Raises:
            ArgumentError: a record cannot be sent, and is not to be skipped.
            Exception: whatever the records' own iterator raises.
        """
        if isinstance(self._records, AsyncIterable):
            async for record in self._records:
                await self._take(record)
        else:
            for record in self._records:
                await self._take(record)

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

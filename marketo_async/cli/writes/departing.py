"""A write that tells which records are about to leave, before they do: what a journal written ahead needs.

The engine asks its plan for a batch's call at the moment at which it sends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from marketo_async.transport.writing.plan import WritePlan
from marketo_async.transport.writing.writing import Writing
from marketo_async.wire.batch import BatchBody

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from marketo_async.transport.writing.plan import Item
    from marketo_async.wire.call import Call

R = TypeVar("R")


def plan_of(writing: Writing[R]) -> WritePlan[R]:
    """Return what a write is to the engine."""
    return writing._plan  # noqa: SLF001 - the write does not show it, and a copy of its rules would go its own way


def departing(writing: Writing[R], departs: Callable[[Sequence[R]], None]) -> Writing[R]:
    """Return the same write, which tells of each batch before that is sent.

    Args:
        writing: The write, before it is walked.
        departs: Called with the records of a batch; where it raises, the batch is not sent, and that ends the walk.
    """
    plan = _TellingPlan(departs=departs, **attrs.asdict(plan_of(writing), recurse=False))
    return Writing(writing._transport, plan, writing._records, writing._options)  # noqa: SLF001 - as above: all but the plan


@attrs.frozen(kw_only=True)
class _TellingPlan(WritePlan[R]):
    departs: Callable[[Sequence[R]], None]

    def call_for(self, items: Sequence[Item[R]]) -> Call:
        call = super().call_for(items)
        try:
            self.departs([item.record for item in items])
        except Exception as error:  # noqa: BLE001 - nobody waits here; who sends the call will meet it
            return call.json(_NotToBeSent({}, (), error))
        return call


@attrs.frozen(eq=False)
class _NotToBeSent(BatchBody, Generic[R]):
    """A body that cannot be sent, and says why when it is to be."""

    error: Exception

    def encoded(self) -> bytes:
        raise self.error

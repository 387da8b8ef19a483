"""A walk whose task was cancelled and is still held by somebody, as every set of background tasks holds them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from marketo_async import Limits, MarketoClient
from marketo_async.sandbox import Latency, SandboxLimits
from marketo_async.testing import sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Callable, Iterator

pytestmark = pytest.mark.virtual_time


async def through(listing: Callable[[], AsyncIterable[object]]) -> None:
    """Go through a walk that only the loop holds, and keep nothing of it."""
    async for _ in listing():
        pass


def people() -> Iterator[dict[str, object]]:
    """Make up more records than anybody writes here."""
    return ({"email": f"{number}@example.com"} for number in range(100_000))


PAGE = 20
WALKS: dict[str, Callable[[MarketoClient], Awaitable[object]]] = {
    "records": lambda marketo: through(lambda: marketo.programs.browse(page_size=PAGE)),
    "pages": lambda marketo: through(lambda: marketo.programs.browse(page_size=PAGE).pages()),
    "records collected": lambda marketo: marketo.programs.browse(page_size=PAGE).collect(),
    "changes": lambda marketo: through(lambda: marketo.programs.changes(page_size=PAGE)),
    "batches of changes": lambda marketo: through(lambda: marketo.programs.changes(page_size=PAGE).batches()),
    "changes collected": lambda marketo: marketo.programs.changes(page_size=PAGE).collect(),
    "results": lambda marketo: through(lambda: marketo.leads.sync(people())),
    "results collected": lambda marketo: marketo.leads.sync(people()).collect(),
}


@pytest.mark.parametrize("walk", WALKS)
async def test_a_cancelled_task_that_is_kept_keeps_no_walk_going(walk: str) -> None:
    """With the cancellation of its task a walk begins no further call, though the task, and its error, are kept."""
    ample = SandboxLimits(rate=None, concurrency=None, daily=None)
    scarce = Limits(max_calls=30, adaptive=None)  # so that pages fetched ahead queue for a slot
    opened = sandbox(programs=3_000, limits=scarce, sandbox_limits=ample, latency=Latency.fixed(0.3))
    async with opened as (marketo, itself):
        going = asyncio.ensure_future(WALKS[walk](marketo))
        await asyncio.sleep(3.1)
        assert not going.done()
        going.cancel()
        await asyncio.wait((going,))
        await asyncio.sleep(1)
        begun = len(itself.arrivals)
        assert marketo.limiter.stats().waiting == {"interactive": 0, "bulk": 0}
        await asyncio.sleep(60)
        assert len(itself.arrivals) == begun
        assert going.cancelled()

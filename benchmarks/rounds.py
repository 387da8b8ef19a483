"""CPU time of rivals in one process: interleaved rounds, each time in another order, and medians."""

from __future__ import annotations

import asyncio
import gc
import random
import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping


def cpu_seconds(rivals: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """Return the median CPU seconds of this process that each rival takes.

    Args:
        rivals: What to run, by name; each is run once unmeasured first.
        rounds: How often.
    """

    def awaitable(run: Callable[[], object]) -> Callable[[], Awaitable[object]]:
        async def once() -> object:
            return run()

        return once

    return asyncio.run(cpu_seconds_of_calls({name: awaitable(run) for name, run in rivals.items()}, rounds=rounds))


async def cpu_seconds_of_calls(
    rivals: Mapping[str, Callable[[], Awaitable[object]]], *, rounds: int
) -> dict[str, float]:
    """Return the same for rivals that are awaited.

    Args:
        rivals: What to await, by name; each is awaited once unmeasured first.
        rounds: How often.
    """
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for run in rivals.values():
        await run()
    order = list(rivals)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            gc.collect()
            began = time.process_time()
            await rivals[name]()
            taken[name].append(time.process_time() - began)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}

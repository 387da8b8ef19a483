"""Reading a whole instance: ours against one page after the other, as the sandbox's own counters saw it.

python benchmarks/paging.py [--programs 16000] [--latency 0.3]

Runs on a virtual clock, so that minutes of limits take seconds: the seconds below are the clock's.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import virtual_time

from marketo_async import Limits
from marketo_async.sandbox import Clock, Latency, SandboxLimits
from marketo_async.testing import sandbox


async def walk(programs: int, latency: float, prefetch: int, limits: Limits) -> tuple[float, int, int, int]:
    """Return the seconds, calls, refusals and most calls in any window that one walk took."""
    loop = asyncio.get_running_loop()
    async with sandbox(
        programs,
        limits=limits,
        sandbox_limits=SandboxLimits(),
        latency=Latency.fixed(latency),
        clock=Clock(monotonic=loop.time),
    ) as (marketo, marketo_itself):
        began = loop.time()
        ids = {program.id async for program in marketo.programs.browse().with_options(prefetch=prefetch)}
        taken = loop.time() - began
        assert len(ids) == programs
        refusals = sum(marketo_itself.refusals.values())
        return taken, len(marketo_itself.arrivals), refusals, marketo_itself.arrivals.most_in_window(20.0)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--programs", type=int, default=16_000)
    arguments.add_argument("--latency", type=float, default=0.3)
    given = arguments.parse_args()
    print(f"{given.programs} programs, {given.latency} s a page")
    floor = 0.0
    for name, prefetch, limits in (
        ("one page after the other", 1, Limits()),
        ("ours, defaults", 8, Limits()),
        ("ours, Limits.batch()", 8, Limits.batch()),
    ):
        seconds, calls, refusals, most = virtual_time.run(walk(given.programs, given.latency, prefetch, limits))
        floor = floor or seconds
        print(
            f"{name:26} {seconds:7.2f} s   {floor / seconds:5.2f} x as fast   "
            f"{calls} calls, {refusals} refused, at most {most} in 20 s"
        )


if __name__ == "__main__":
    main()

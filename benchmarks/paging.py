"""Reading a whole instance while it changes: ours, one page after another, and the design that everybody writes first.

python benchmarks/paging.py [--programs 20000] [--plot docs/plots/reading.svg]

Against the sandbox with Marketo's limits and 0.2 to 0.4 s a call, on a virtual clock: the seconds below are the
clock's. Lost and doubled are counted against the sandbox's own state: a program is lost that was there from the first
call to the last and never came out.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from collections import Counter
from pathlib import Path

import attrs

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import virtual_time
from moving_marketo import BROWSE
from readers import BACKING_OFF, OURS, READERS, SEQUENTIAL, WAITING, Instance, Reader
from reading_plot import Curve, draw_reading
from table import print_table

SEEDS = 3


@attrs.frozen
class Reading:
    """What one reading took, and what came of it.

    Attributes:
        seconds: From the first call to the last record.
        calls: Listing calls that arrived.
        refused: Of these, how many were refused.
        most_in_window: The most calls in any 20 s.
        lost: Programs that were there all the time and never came out.
        doubled: Programs that came out more than once.
        arrived: How many programs had come out, after how many seconds.
    """

    seconds: float
    calls: int
    refused: int
    most_in_window: int
    lost: int
    doubled: int
    arrived: list[tuple[float, int]]


def reading(reader: Reader, programs: int, changes_per_call: int, seed: int = 1) -> Reading:
    """Read an instance once, on a clock of its own."""

    async def measure() -> Reading:
        time = asyncio.get_running_loop().time
        instance = Instance(programs, changes_per_call, seed)
        async with instance.http:
            began, seen = time(), Counter[int]()
            arrived = [(0.0, 0)]
            async for ids in reader(instance):
                seen.update(ids)
                arrived.append((time() - began, len(seen)))
            taken = time() - began
        return Reading(
            seconds=taken,
            calls=len(instance.sandbox.arrivals.to(BROWSE)),
            refused=instance.sandbox.refusals.total(),
            most_in_window=instance.sandbox.arrivals.most_in_window(20.0),
            lost=len(instance.programs.throughout - seen.keys()),
            doubled=sum(times > 1 for times in seen.values()),
            arrived=arrived,
        )

    return virtual_time.run(measure())


def readings(programs: int, changes_per_call: int, seeds: int) -> dict[str, list[Reading]]:
    """Let every reader read that many instances."""
    return {
        name: [reading(reader, programs, changes_per_call, seed) for seed in range(1, seeds + 1)]
        for name, reader in READERS.items()
    }


def print_readings(programs: int, changes: int, found: dict[str, list[Reading]]) -> None:
    """Print a row per reader: medians over its runs, and what was lost and doubled on average."""
    print_table(
        f"{programs:,} programs, {changes or 'no'} change{'' if changes == 1 else 's'} per call",
        ["reader", "seconds", "calls", "refused", "most in 20 s", "lost", "doubled"],
        [
            [
                name,
                f"{statistics.median(run.seconds for run in runs):.1f}",
                f"{statistics.median(run.calls for run in runs):.0f}",
                f"{statistics.median(run.refused for run in runs):.0f}",
                max(run.most_in_window for run in runs),
                f"{statistics.mean(run.lost for run in runs):.0f}",
                f"{statistics.mean(run.doubled for run in runs):.0f}",
            ]
            for name, runs in found.items()
        ],
    )


def curves(still: dict[str, list[Reading]], moving: dict[str, list[Reading]]) -> list[Curve]:
    """Return what the plot shows: the run of median length, and what was lost and doubled in the others."""
    found: list[Curve] = []
    for name, said, how in (
        (OURS, "marketo_async", "defaults"),
        (WAITING, "AsyncLimiter(100, 20)", "waits 20 s when refused"),
        (SEQUENTIAL, SEQUENTIAL, "page, wait, next page"),
        (BACKING_OFF, "AsyncLimiter(100, 20)", "backs off when refused"),
    ):
        middle = sorted(still[name], key=lambda run: run.seconds)[len(still[name]) // 2]
        found.append(
            Curve(
                said,
                how,
                middle.arrived,
                middle.refused,
                lost=statistics.mean(run.lost for run in moving[name]),
                doubled=statistics.mean(run.doubled for run in moving[name]),
            )
        )
    return found


def main() -> None:
    """Measure, print, and draw where asked to."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--programs", type=int, default=20_000)
    arguments.add_argument("--plot", type=Path, help="draw how reading them, and five times as many, goes")
    given = arguments.parse_args()
    programs: int = given.programs
    plots: list[tuple[int, list[Curve]]] = []

    print_readings(programs * 4 // 5, 0, readings(programs * 4 // 5, 0, 1))
    for size, seeds in ((programs, SEEDS), (programs * 5, 1)):
        still, moving = readings(size, 0, seeds), readings(size, 1, seeds)
        print_readings(size, 0, still)
        print_readings(size, 1, moving)
        plots.append((size, curves(still, moving)))
    if given.plot:
        draw_reading(given.plot, plots)


if __name__ == "__main__":
    main()

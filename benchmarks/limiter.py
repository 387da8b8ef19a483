"""Limiters on a saturating job, as the server saw them: how much of Marketo's limit they use, and what is refused.

python benchmarks/limiter.py [--minutes 30] [--plot docs/plots/window.svg]

40 tasks that always have a next call, for that many virtual minutes, against the sandbox's own `Admission` (100 calls
in any closed window of 20 s, 10 at once). A call takes about 0.3 s; "spiky" and "lossy" say how much that varies.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from aiolimiter import AsyncLimiter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import virtual_time
from simulated_marketo import DELAYS, SimulatedMarketo, limited_call, saturate
from table import print_table
from window_plot import draw_window

from marketo_async import Limits
from marketo_async.sandbox.admission import Admission
from marketo_async.transport.limits import Limiter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

WINDOW = 20.0
RATE = 100


class SendLog:
    """At most 100 calls *sent* in any 20 s: the next obvious design, and what several clients do."""

    def __init__(self) -> None:
        self._sent: deque[float] = deque()
        self._gate = asyncio.Lock()

    async def acquire(self) -> None:
        """Wait until fewer than 100 calls were sent in the past 20 s."""
        loop = asyncio.get_running_loop()
        async with self._gate:
            if len(self._sent) == RATE:
                # A hair more than 20 s: the server's window is closed, and this is not what we measure.
                await asyncio.sleep(max(0.0, self._sent.popleft() + WINDOW + 0.0001 - loop.time()))
            self._sent.append(loop.time())


def ours(limits: Limits) -> Callable[[SimulatedMarketo], Callable[[], Awaitable[object]]]:
    """Return our limiter with these limits, as a design to measure."""

    def calls_to(marketo: SimulatedMarketo) -> Callable[[], Awaitable[object]]:
        limiter = Limiter(limits)
        return lambda: limited_call(limiter, marketo)

    return calls_to


def bucket(calls: float, seconds: float) -> Callable[[SimulatedMarketo], Callable[[], Awaitable[object]]]:
    """Return `AsyncLimiter(calls, seconds)` and `Semaphore(10)`, as a design to measure."""

    def calls_to(marketo: SimulatedMarketo) -> Callable[[], Awaitable[object]]:
        limiter, at_once = AsyncLimiter(calls, seconds), asyncio.Semaphore(10)

        async def call() -> None:
            async with at_once, limiter:
                await marketo.call()

        return call

    return calls_to


def send_log(marketo: SimulatedMarketo) -> Callable[[], Awaitable[object]]:
    """Return a log of send times and `Semaphore(10)`, as a design to measure."""
    log, at_once = SendLog(), asyncio.Semaphore(10)

    async def call() -> None:
        async with at_once:
            await log.acquire()
            await marketo.call()

    return call


OURS = "ours, Limits()"
OBVIOUS = "AsyncLimiter(100, 20)"
DESIGNS: dict[str, Callable[[SimulatedMarketo], Callable[[], Awaitable[object]]]] = {
    OURS: ours(Limits()),
    "ours, beside single calls": ours(Limits(pacing="on")),
    "ours, Limits.batch()": ours(Limits.batch()),
    OBVIOUS: bucket(RATE, WINDOW),
    "AsyncLimiter(1, 0.2)": bucket(1, 0.2),
    "log of 100 sends in 20 s": send_log,
}


@attrs.frozen
class Seen:
    """One run, as the server saw it.

    Attributes:
        calls: When each call arrived, in seconds, and whether it was let in.
        most_at_once: Calls that were in at the same time.
    """

    calls: list[tuple[float, bool]]
    most_at_once: int

    def used(self) -> float:
        """Return the calls let in, as a share of 5 a second, from the second window on.

        By whole rounds of 100, from the middle of one to the middle of another: where calls come in bursts, a span of
        time would cut one.
        """
        let_in = [at for at, ok in self.calls if ok]
        rounds = (len(let_in) - RATE // 2 - 1) // RATE
        took = let_in[rounds * RATE + RATE // 2] - let_in[RATE + RATE // 2]
        return (rounds - 1) * WINDOW / took

    def refused_per_10_minutes(self) -> float:
        """Return the calls refused, per 600 s."""
        return 600 * sum(not ok for _, ok in self.calls) / self.calls[-1][0]

    def most_in_window(self) -> int:
        """Return the most calls, refused ones included, in any closed window."""
        window: deque[float] = deque()
        most = 0
        for at, _ in self.calls:
            window.append(at)
            while at - window[0] > WINDOW:
                window.popleft()
            most = max(most, len(window))
        return most


def run(design: str, delays: str, minutes: float, *, counts_refused: bool = True) -> Seen:
    """Run one design for that many virtual minutes."""

    async def measure() -> Seen:
        admission = Watched(counts_refused=counts_refused)
        marketo = SimulatedMarketo(DELAYS[delays], admission=admission)
        await saturate(DESIGNS[design](marketo), seconds=60 * minutes)
        return Seen(admission.calls, admission.most_at_once)

    return virtual_time.run(measure())


class Watched(Admission):
    """The sandbox's door, with a log of who came when and whether they were let in."""

    def __init__(self, *, counts_refused: bool) -> None:
        super().__init__(daily=None, counts_refused=counts_refused)
        self.calls: list[tuple[float, bool]] = []

    def arrive(self, now: float, day: date | None = None) -> tuple[str, str] | None:
        """Let a call in or refuse it, and write it down."""
        refusal = super().arrive(now, day)
        self.calls.append((now, refusal is None))
        return refusal


def main() -> None:
    """Measure, print, and draw where asked to."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--plot", type=Path, help="draw the first minutes of ours and the obvious design here")
    given = arguments.parse_args()

    ways = [("normal", True), ("spiky", True), ("lossy", True), ("spiky", False)]
    rows: list[list[object]] = []
    for design in DESIGNS:
        runs = [run(design, delays, given.minutes, counts_refused=counted) for delays, counted in ways]
        assert all(seen.most_at_once <= 10 for seen in runs)
        rows.append([
            design,
            *(f"{seen.used():.0%} / {seen.refused_per_10_minutes():.0f} / {seen.most_in_window()}" for seen in runs),
        ])  # fmt: skip
    print_table(
        f"A saturating job of {given.minutes:g} min: % of 5 calls/s / refused (606) per 10 min / most calls in 20 s",
        ["design (all with 10 calls at once)", "normal", "spiky", "lossy", "spiky, refusals free"],
        rows,
        "Beside single calls, a listing is paced and leaves a reserve to them; here nobody uses it.",
        "A refused call counts against the limit too, as Adobe's footnotes say; not so in the last column.",
    )
    if given.plot:
        named = (("marketo_async", OURS), (OBVIOUS, OBVIOUS))
        draw_window(given.plot, [(name, run(design, "spiky", 3).calls) for name, design in named])


if __name__ == "__main__":
    main()

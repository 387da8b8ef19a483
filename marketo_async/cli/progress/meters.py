"""Three ways to show progress: a live line on a terminal, now and then a plain one elsewhere, or nothing."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from marketo_async.cli.progress.tally import calls
from marketo_async.cli.saying import count, note, span

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from marketo_async.cli.progress.tally import Tally
    from marketo_async.transport.limits.stats import LimiterStats


class Meter(Protocol):
    """Shows progress."""

    every: float
    """Seconds between two showings."""

    def show(self, tally: Tally, stats: LimiterStats) -> None:
        """Show how far it is."""
        ...

    def close(self) -> None:
        """Take the display away."""
        ...


class Silence:
    """Shows nothing."""

    every = 3600.0

    def show(self, tally: Tally, stats: LimiterStats) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Do nothing."""


class PlainLines:
    """A line every ten seconds: for logs."""

    every = 10.0

    def __init__(self, thing: str) -> None:
        self._thing = thing

    def show(self, tally: Tally, stats: LimiterStats) -> None:
        """Write a line."""
        left = "" if tally.seconds_left is None else f", about {span(tally.seconds_left)} left"
        note(f"{count(tally.items, self._thing)} so far, {tally.rate:,.0f}/s, {count(calls(stats), 'call')}{left}")

    def close(self) -> None:
        """Do nothing."""


def meter_for(thing: str, *, quiet: bool, output_is_terminal: bool) -> Meter:
    """Return the meter that fits where standard error goes.

    Args:
        thing: What is counted, in the singular.
        quiet: Whether nothing is wanted.
        output_is_terminal: Whether the records themselves appear on the terminal, where a moving line would disturb.
    """
    if quiet or output_is_terminal:
        return Silence()
    if not sys.stderr.isatty():
        return PlainLines(thing)
    from rich.console import Console  # noqa: PLC0415 - only for a terminal

    console = Console(stderr=True)
    if console.is_dumb_terminal:
        return PlainLines(thing)
    from marketo_async.cli.progress.gauge import Gauge  # noqa: PLC0415 - as above

    return Gauge(thing, console)


@asynccontextmanager
async def shown(meter: Meter, tally: Tally, stats: Callable[[], LimiterStats]) -> AsyncGenerator[None, None]:
    """Keep a meter up to date for as long as the block runs."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(meter.every)
            meter.show(tally, stats())

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        meter.close()

from __future__ import annotations

import asyncio
import io
import re
import sys
import time
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from marketo_async.cli.progress.gauge import Gauge
from marketo_async.cli.progress.meters import PlainLines, Silence, meter_for, shown
from marketo_async.cli.progress.tally import Tally, refused
from marketo_async.transport.limits import Limiter, Limits
from marketo_async.transport.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.transport.limits.stats import LimiterStats


def page(items: int, *, next_position: int | None) -> Page[object]:
    return Page(items=(None,) * items, position=0, next_position=next_position)


def test_which_meter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live line needs a terminal that can, to itself; logs get plain lines; quiet is quiet."""
    monkeypatch.setenv("TERM", "xterm")
    assert isinstance(meter_for("program", quiet=True, output_is_terminal=False), Silence)
    assert isinstance(meter_for("program", quiet=False, output_is_terminal=True), Silence)
    assert isinstance(meter_for("program", quiet=False, output_is_terminal=False), PlainLines)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    gauge = meter_for("program", quiet=False, output_is_terminal=False)
    assert isinstance(gauge, Gauge)
    gauge.close()
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(meter_for("program", quiet=False, output_is_terminal=False), PlainLines)


@pytest.mark.virtual_time
async def test_plain_lines_are_few(capsys: pytest.CaptureFixture[str]) -> None:
    """A log gets a line every ten seconds, however many pages come."""
    tally = Tally()
    async with shown(PlainLines("program"), tally, Limiter().stats):
        for number in range(350):
            await asyncio.sleep(0.1)
            tally.add(page(200, next_position=200 * (number + 1)))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("19,800 programs so far, ")
    assert lines[0].endswith("/s, 0 calls")


async def stats_of(limits: Limits, *, calls: int, refusals: int = 0, waiting: bool = False) -> LimiterStats:
    limiter = Limiter(limits)
    for number in range(calls):
        (await limiter.acquire("bulk")).answered("606" if number < refusals else None)
    waiter = asyncio.create_task(limiter.acquire("bulk")) if waiting else None
    await asyncio.sleep(0)
    stats = limiter.stats()
    if waiter is not None:
        waiter.cancel()
    return stats


async def line_of(stats: LimiterStats, tally: Tally | None = None) -> str:
    console = Console(file=io.StringIO(), width=150, force_terminal=True, color_system=None)
    gauge = Gauge("program", console)
    tally = tally or Tally()
    tally.add(page(12_400, next_position=12_400))
    gauge.show(tally, stats)
    gauge.close()
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


async def test_gauge_shows_the_limit() -> None:
    """The line shows the share of the limit in use, refusals, and that it waits for the next window."""
    line = await line_of(await stats_of(Limits.batch(), calls=62))
    assert "12,400 programs" in line
    assert "62/100 calls" in line
    assert "refused" not in line
    full = Limits(max_calls=10, interactive_reserve=0, concurrency_reserve=0, pacing="off", adaptive=None)
    line = await line_of(await stats_of(full, calls=10, refusals=2, waiting=True))
    assert "10/10 calls" in line
    assert "waiting for the next window" in line
    assert "2 refused" in line
    assert "3 calls" in await line_of(await stats_of(Limits.off(), calls=3))


def test_time_left() -> None:
    """The time that is left follows this run's rate, and is not known without a count to expect or a rate."""
    tally = Tally(items=500, before=500, expected=2_000, began=time.monotonic() - 10)
    assert tally.seconds_left is None
    tally.add(page(500, next_position=1_000))
    assert tally.seconds_left == pytest.approx(20, rel=0.01)
    tally.add(page(1_000, next_position=2_000))
    assert tally.seconds_left is None
    assert Tally(items=5, began=time.monotonic() - 10).seconds_left is None


async def test_gauge_shows_the_time_left() -> None:
    """The line ends with the time that is left, where that is known."""
    tally = Tally(expected=24_800, began=time.monotonic() - 125)
    assert "about 2 min 5 s left" in await line_of(await stats_of(Limits.batch(), calls=62), tally)


def test_an_earlier_export_tells_what_to_expect(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second export to a file knows how many programs to expect, unless it is one of something else."""
    monkeypatch.setattr(PlainLines, "every", 0.01)
    words = ("export", "programs", "--sandbox", "--sandbox-programs", 300, "--page-size", 50, "--latency", 0.03)
    out = ("--out", tmp_path / "p.jsonl")
    assert " left" not in run(*words, *out).err
    assert re.search(r"\d programs so far, [\d,]+/s, \d+ calls, about [\d.]+ s left\n", run(*words, *out).err)
    assert " left" not in run(*words, *out, "--start", 1).err


def test_refusals_in_words() -> None:
    """Refusals are counted by Marketo's code."""
    assert refused({}) == "0 refused"
    assert refused({"615": 1, "606": 2}) == "3 refused (606: 2, 615: 1)"

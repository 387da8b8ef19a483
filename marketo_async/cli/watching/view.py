"""The live view of a fleet: what of Marketo's limits is in use at this moment, and who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from marketo_async.cli.saying import count, counted
from marketo_async.cli.watching.displays import NOBODY

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from marketo_async.cli.watching.sight import Sight
    from marketo_async.transport.limits.fleet import FleetStats

_BARS = "▁▂▃▄▅▆▇█"
_WIDTH = 40
_SCARCE = 0.1
"""The share of the day's budget from which on what is left of it is called scarce."""


class LiveView:
    """Draws each look in the place of the last one; what was seen last stays when it is closed."""

    def __init__(self, instance: str, console: Console) -> None:
        self._instance = instance
        self._live = Live(Text(""), console=console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)
        self._live.start()

    def show(self, sight: Sight) -> None:
        """Draw it anew."""
        self._live.update(drawn(sight, self._instance), refresh=True)

    def close(self) -> None:
        """Leave the last look on the screen."""
        self._live.stop()


def drawn(sight: Sight, instance: str) -> RenderableType:
    """Return what one look shows."""
    stats = sight.stats
    heading = Text(instance, style="bold")
    lines: list[RenderableType] = [heading]
    if sight.trouble is not None:
        lines.append(Text(sight.trouble, style="bold red"))
    if stats is None:
        if sight.trouble is None:
            lines.append(Text(f"{NOBODY}; waiting for the first call", style="yellow"))
        return Group(*lines)
    heading.append(f" · {count(stats.workers, 'worker')} · {stats.at:%H:%M:%S} UTC", style="not bold dim")
    table = Table.grid(padding=(0, 2))
    for name, *cells in _rows(stats, sight):
        table.add_row(Text(name, style="dim"), *cells)
    lines.append(table)
    return Group(*lines)


def _rows(stats: FleetStats, sight: Sight) -> list[tuple[str, RenderableType, RenderableType]]:
    speed = "" if sight.rate is None else f"{sight.rate:.1f} calls/s"
    return [
        (f"calls in {stats.window:g} s", *_share(stats.in_use, stats.limit, stats.max_calls)),
        ("places", *_share(stats.in_flight, stats.places, stats.max_concurrency, held=stats.held)),
        ("waiting", _waiting(stats), Text("listings are paced" if stats.paced else "", style="dim")),
        ("refusals", _refusals(stats), _since(sight)),
        ("today", _today(stats), Text("")),
        ("speed", Text(spark(sight.rates), style="cyan"), Text(speed, style="cyan")),
    ]


def _share(used: int, limit: int | None, most: int | None, *, held: int = 0) -> tuple[RenderableType, RenderableType]:
    if limit is None:
        return Text("not limited", style="dim"), Text(f"{used:,}")
    colour = "yellow" if used >= limit else "green"
    bar = ProgressBar(
        total=max(limit, 1), completed=min(used, limit), width=_WIDTH, complete_style=colour, finished_style=colour
    )
    said = Text(f"{used} of {limit}", style=colour)
    if most is not None and limit < most:
        said.append(f" · gives way to others, {most} at best", style="yellow")
    if held:
        said.append(f" · {held} held for unknown outcomes", style="yellow")
    return bar, said


def _waiting(stats: FleetStats) -> Text:
    said = Text()
    for lane, callers in stats.waiting.items():
        said.append(f"{callers:,} {lane}", style="yellow" if callers else "")
        said.append("   ")
    return said


def _refusals(stats: FleetStats) -> Text:
    if not stats.refusals:
        return Text("none", style="green")
    return Text(counted(sorted(stats.refusals.items())), style="red")


def _since(sight: Sight) -> Text:
    if not sight.refused:
        return Text("")
    return Text(f"since you watch: {counted(sorted(sight.refused.items()))}", style="bold red")


def _today(stats: FleetStats) -> Text:
    said = Text(count(stats.calls_today, "call"))
    if stats.budget_left is not None:
        budget = stats.calls_today + stats.budget_left
        scarce = stats.budget_left <= budget * _SCARCE
        said.append(f", {stats.budget_left:,} left of the budget", style="bold red" if scarce else "")
    return said


def spark(rates: tuple[float, ...]) -> str:
    """Return speeds as a line of bars, the highest of them full."""
    highest = max(rates, default=0.0)
    if not highest:
        return _BARS[0] * len(rates)
    return "".join(_BARS[round(rate / highest * (len(_BARS) - 1))] for rate in rates)

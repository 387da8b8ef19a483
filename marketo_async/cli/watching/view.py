"""The live view of a fleet: what of Marketo's limits is in use at this moment, and who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from marketo_async.cli.saying import count, counted
from marketo_async.cli.watching.displays import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from marketo_async.cli.watching.sight import Sight
    from marketo_async.transport.limits.fleet import FleetStats

_BARS = "▁▂▃▄▅▆▇█"
_WIDTH = 40
"""Columns that a bar takes at most."""
_NARROW = 50
"""Columns beside the names up to which there are no bars, only words."""
_SPEED = "{:.1f} calls/s"
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
    """Return what one look shows, for as wide a terminal as there is when it is drawn."""
    return _Picture(sight, instance)


@attrs.frozen
class _Picture:
    sight: Sight
    instance: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        sight, stats = self.sight, self.sight.stats
        heading = Text(self.instance, style="bold")
        if stats is not None:
            seen = f" · {count(stats.workers, 'worker')} · {stats.at:%H:%M:%S} UTC"
            heading.append(seen, style="not bold dim")
        yield heading
        if sight.trouble is not None:
            yield Text(sight.trouble, style="bold red")
        if stats is None:
            if sight.trouble is None:
                yield Text(f"{NOBODY}; waiting for the first call", style="yellow")
            return
        rows = _rows(stats, sight)
        names = max(len(name) for name, *_ in rows)
        room = options.max_width - names
        table = Table.grid(padding=(0, 2 if room > _NARROW else 1))
        table.add_column(no_wrap=True, style="dim")
        if room > _NARROW:
            wide = min(_WIDTH, (room - 4) // 2)
            table.add_column(width=wide)
            for name, left, right in rows:
                table.add_row(name, left(wide), right)
        else:
            for name, left, right in rows:
                table.add_row(name, _together(left(room - len(_SPEED.format(99)) - 2), right))
        yield table


def _together(left: RenderableType, right: Text) -> Text:
    """Return a row for a terminal that is too narrow for bars: a bar says nothing that the words do not."""
    if not isinstance(left, Text) or not left:
        return right
    return Text("  ").join([left, right]) if right else left


def _rows(stats: FleetStats, sight: Sight) -> list[tuple[str, Callable[[int], RenderableType], Text]]:
    """Return name, what is drawn in a given width, and what is said beside it."""
    speed = "" if sight.rate is None else _SPEED.format(sight.rate)
    waiting, refusals, today = _waiting(stats), _refusals(stats), _today(stats)
    return [
        (f"calls in {stats.window:g} s", *_share(stats.in_use, stats.limit, stats.max_calls)),
        ("places", *_share(stats.in_flight, stats.places, stats.max_concurrency, held=stats.held)),
        ("waiting", lambda _: waiting, Text("listings are paced" if stats.paced else "", style="dim")),
        ("refusals", lambda _: refusals, _since(sight)),
        ("today", lambda _: today, Text("")),
        ("speed", lambda width: Text(spark(sight.rates[-max(width, 1) :]), style="cyan"), Text(speed, style="cyan")),
    ]


def _share(
    used: int, limit: int | None, most: int | None, *, held: int = 0
) -> tuple[Callable[[int], RenderableType], Text]:
    if limit is None:
        return lambda _: Text("not limited", style="dim"), Text(f"{used:,}")
    colour = "yellow" if used >= limit else "green"
    bar = ProgressBar(
        total=max(limit, 1), completed=min(used, limit), width=None, complete_style=colour, finished_style=colour
    )
    said = Text(f"{used} of {limit}", style=colour)
    if most is not None and limit < most:
        said.append(f" · gives way to others, {most} at best", style="yellow")
    if held:
        said.append(f" · {held} held for unknown outcomes", style="yellow")
    return lambda _: bar, said


def _waiting(stats: FleetStats) -> Text:
    callers = [Text(f"{number:,} {lane}", style="yellow" if number else "") for lane, number in stats.waiting.items()]
    return Text("   ").join(callers)


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

"""The live line: how many, how fast, and how much of Marketo's limit is in use.

A listing of Marketo's has no total, so there is nothing of which a bar could show the share done. What has an end is
the limit: the bar shows how many of the calls that Marketo allows in a window are used at this moment. Where an earlier
export to the same file tells how many records to expect, the time that is left stands at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from marketo_async.cli.progress.tally import calls
from marketo_async.cli.saying import count, span

if TYPE_CHECKING:
    from rich.console import Console

    from marketo_async.cli.progress.tally import Tally
    from marketo_async.transport.limits.stats import LimiterStats


class Gauge:
    """A live line on a terminal; it is gone when the work is done."""

    every = 0.1

    def __init__(self, thing: str, console: Console) -> None:
        self._thing = thing
        self._spinner = Spinner("dots", style="cyan")
        self._live = Live(Text(""), console=console, auto_refresh=False, transient=True, redirect_stdout=False)
        self._live.start()

    def show(self, tally: Tally, stats: LimiterStats) -> None:
        """Draw the line anew."""
        self._live.update(self._line(tally, stats), refresh=True)

    def close(self) -> None:
        """Take the line away."""
        self._live.stop()

    def _line(self, tally: Tally, stats: LimiterStats) -> Table:
        line = Table.grid(padding=(0, 1))
        cells: list[Spinner | Text | ProgressBar] = [
            self._spinner,
            Text(count(tally.items, self._thing), style="bold"),
            Text(f"{tally.rate:,.0f}/s", style="cyan"),
        ]
        if stats.limit is None:
            cells.append(Text(count(calls(stats), "call")))
        else:
            full = stats.in_use >= stats.limit
            colour = "yellow" if full else "green"
            cells += [
                Text(" limit"),
                ProgressBar(
                    total=stats.limit, completed=stats.in_use, width=20, complete_style=colour, finished_style=colour
                ),
                Text(f"{stats.in_use}/{stats.limit} calls", style=colour),
            ]
            if full and stats.waiting["bulk"]:
                cells.append(Text("waiting for the next window", style="dim"))
        refusals = sum(stats.refusals.values())
        if refusals:
            cells.append(Text(f"{refusals} refused", style="red"))
        cells.append(Text(f"{int(tally.seconds) // 60}:{int(tally.seconds) % 60:02}", style="dim"))
        if tally.seconds_left is not None:
            cells.append(Text(f"about {span(tally.seconds_left)} left", style="cyan"))
        for _ in cells:
            line.add_column(no_wrap=True)
        line.add_row(*cells)
        return line

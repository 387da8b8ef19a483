"""Reading a listing to its end while somebody keeps its pages."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from marketo_async.cli.exit_codes import OutputError
from marketo_async.cli.exports.journal import Spent
from marketo_async.cli.exports.threads import to_the_end
from marketo_async.cli.progress.meters import shown
from marketo_async.cli.progress.tally import calls
from marketo_async.cli.saying import count, words
from marketo_async.transport.page import Resume

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from marketo_async.cli.exports.stage import Stage
    from marketo_async.cli.progress.meters import Meter
    from marketo_async.cli.progress.tally import Tally
    from marketo_async.records import Program
    from marketo_async.transport.limits.stats import LimiterStats
    from marketo_async.transport.page import Page
    from marketo_async.transport.paging import Pager, Pages

Keep: TypeAlias = "Callable[[Page[Program], Pages[Program]], Awaitable[int]]"
"""Keeps a page and returns how many of its misfits are new; in a thread, for a slow disk must not stop the calls."""

_MISFITS_NAMED = 3
_EMPTY = "No assets found"  # no news where something was: the last look at what changed meanwhile found nothing


async def pour(
    listing: Pager[Program], keep: Keep, tally: Tally, meter: Meter, stats: Callable[[], LimiterStats]
) -> list[str]:
    """Keep all pages; return what is worth saying about them.

    Args:
        listing: What to read.
        keep: Keeps a page.
        tally: What counts.
        meter: What shows how far it is.
        stats: Returns what the limiter is doing.
    """
    said: list[str] = []
    async with shown(meter, tally, stats):
        pages = listing.pages()
        async for page in pages:
            new_misfits = await keep(page, pages)
            if tally.misfits < _MISFITS_NAMED:
                said += [f"left out: {words(misfit)}" for misfit in page.misfits[: _MISFITS_NAMED - tally.misfits]]
            tally.add(page, misfits=new_misfits)
            said += [f"Marketo says: {text}" for text in page.warnings if not (tally.items and text.startswith(_EMPTY))]
    if tally.misfits:
        said.append(f"{count(tally.misfits, 'program')} left out that did not have the documented shape")
    return list(dict.fromkeys(said))


async def read_into(
    stage: Stage, listing: Pager[Program], tally: Tally, meter: Meter, stats: Callable[[], LimiterStats]
) -> list[str]:
    """Keep all pages that the stage does not have yet; return what is worth saying about them.

    Args:
        stage: Where they are kept.
        listing: What to read, from its beginning.
        tally: What counts.
        meter: What shows how far it is.
        stats: Returns what the limiter is doing.
    """
    before = stage.mark
    if before.rows and before.began is not None:
        # Without a position, which a listing of one call and one read in passes have not, it is read once more.
        listing = listing.resume(Resume(position=before.position or 0, began=before.began, seen=tuple(stage.seen)))
        stage.seen.clear()

    def spent() -> Spent:
        now = stats()
        return before.spent.and_then(Spent(calls=calls(now), refusals=now.refusals, seconds=tally.seconds, runs=1))

    async def keep(page: Page[Program], pages: Pages[Program]) -> int:
        return await to_the_end(stage.add, page, pages.began, spent())

    try:
        said = await pour(listing, keep, tally, meter, stats)
    except BaseException:
        with suppress(OutputError):  # why it ended is what is told
            stage.set_down(spent=spent(), whole=False)
        raise
    stage.set_down(spent=spent(), whole=True)
    return said

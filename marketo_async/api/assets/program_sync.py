"""Programs: keeping a copy of them in step, by what changed and by what is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from marketo_async.api._base import ASSET_PAGE, Group, decoder, refuse_resume
from marketo_async.api._checks import check_flag, check_id, check_moment, check_range, items_of
from marketo_async.errors import ArgumentError
from marketo_async.records import IdResult, Program
from marketo_async.transport.change_feed import ChangeFeed
from marketo_async.transport.change_walk import ChangeWalk, Changing
from marketo_async.transport.missing_walk import MissingWalk
from marketo_async.transport.offset_walk import OffsetWalk
from marketo_async.transport.paging import Pager
from marketo_async.transport.watermark import Watermark
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.transport.paging import PagerOptions
    from marketo_async.wire.call import Call

OVERLAP = timedelta(minutes=5)
"""How late a change may show up, unless told otherwise."""

_LONGEST_OVERLAP = timedelta(days=1)


class ProgramSync(Group):
    """What a copy of the programs needs."""

    def changes(
        self,
        since: Watermark | datetime | None = None,
        *,
        overlap: timedelta = OVERLAP,
        page_size: int = ASSET_PAGE,
    ) -> ChangeFeed[Program]:
        """Read the programs that were made or changed since a watermark, without tags and costs.

        Every change that shows in `updatedAt` is delivered at least once, and a watermark may be stored as soon as the
        batch that it came with is processed: after a crash, reading goes on from there::

            async for batch in marketo.programs.changes(since=stored).batches():
                replace_by_id(batch.items)
                store(str(batch.watermark))  # read it back with Watermark.parse(text)

        Without changes it costs one call. Before a first watermark, everything there is is delivered, however much it
        changes meanwhile; until the end of that, the watermark stands at the beginning. A run goes up to three seconds
        before the server's time at its first call; what is younger comes with the next one. Changes of tags and costs
        alone may not move `updatedAt`, and then do not show here.

        Args:
            since: The watermark that the last run ended with; a moment with a time zone, to begin there; None, to
                begin with everything.
            overlap: How late a change may show up: what the watermark keeps behind the server's clock, 0 to 24 hours.
            page_size: Programs a call, 1 to 200.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.
            ListingUnstableError: while iterating, where the instance changes faster than it can be read.

        Source: browseProgramsUsingGET
        """
        check_range("page_size", page_size, 1, ASSET_PAGE)
        _check_overlap(overlap)
        begin = _watermark(since)

        def walk(options: PagerOptions) -> ChangeWalk[Program]:
            return ChangeWalk(
                self._transport,
                Changing(_changed, decoder(Program, options), program_seam, _version),
                since=begin,
                overlap=overlap,
                page_size=page_size,
                options=options,
            )

        return ChangeFeed(walk, begin)

    def find_deleted(
        self, known_ids: Iterable[int], *, confirm: bool = True, page_size: int = ASSET_PAGE
    ) -> Pager[int]:
        """List those of the ids you know that are no longer there, ascending: Marketo has no feed of deletions.

        The whole instance is listed and compared with them. A program that the API user may no longer see counts as
        deleted.

        Args:
            known_ids: The ids of your copy, any number of them.
            confirm: Whether to look at each one that the listing does not have, which costs a call for each. The
                listing misses none that is there all the time; this makes a copy safe from a listing gone wrong. Where
                thousands were deleted, False saves thousands of calls.
            page_size: Programs a call, 1 to 200.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.
            ListingUnstableError: while iterating, where the instance changes faster than it can be read.

        Source: browseProgramsUsingGET
        """
        known: set[int] = set()
        for index, program_id in enumerate(items_of("known_ids", known_ids, "ids")):
            check_id(f"known_ids[{index}]", program_id)
            known.add(program_id)  # type: ignore[arg-type]  # check_id has seen to it
        check_flag("confirm", confirm)
        check_range("page_size", page_size, 1, ASSET_PAGE)

        def walk(options: PagerOptions) -> MissingWalk[IdResult]:
            refuse_resume(options)
            listing = OffsetWalk(
                self._transport,
                _changed(None, None),
                decoder(IdResult, options),  # only the ids matter, so that an odd record is there like any other
                lambda row: (row.id, str(row.extra.get("name"))),
                page_size=page_size,
                start=0,
                options=options,
                look=lambda moment: _changed(moment, None),
            )
            return MissingWalk(
                self._transport,
                listing,
                lambda row: row.id,
                known,
                (lambda one: GET("/rest/asset/v1/program/{id}.json", id=one)) if confirm else None,
                page_size=page_size,
                prefetch=options.prefetch,
            )

        return Pager(walk)


def program_seam(program: Program) -> tuple[int, str]:
    """Return a program's id, and the name that Marketo sorts programs by."""
    return program.id, program.name


def _version(program: Program) -> tuple[int, datetime] | None:
    return None if program.updated_at is None else (program.id, program.updated_at)


def _changed(since: datetime | None, until: datetime | None) -> Call:
    return GET("/rest/asset/v1/programs.json").query(earliestUpdatedAt=since, latestUpdatedAt=until)


def _watermark(since: object) -> Watermark:
    if since is None:
        return Watermark()
    if isinstance(since, Watermark):
        return since
    if isinstance(since, str):
        raise ArgumentError("since", since, "a watermark: read its text with Watermark.parse(text)")
    check_moment("since", since)
    return Watermark(since)  # type: ignore[arg-type]  # check_moment has seen to it


def _check_overlap(overlap: object) -> None:
    if not isinstance(overlap, timedelta) or not timedelta(0) <= overlap <= _LONGEST_OVERLAP:
        raise ArgumentError("overlap", overlap, "a timedelta from 0 to 24 hours")

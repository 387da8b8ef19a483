"""`programs.changes`: what a run delivers, what it costs, and what its watermark is worth."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from changing_marketo import Copy, Late, changing
from moving_marketo import BROWSE, Change, busy
from recording_transport import RecordingTransport, answering, groups_on, rows

from marketo_async import AccessDeniedError, ArgumentError, DecodeError, Program, Watermark
from marketo_async.sandbox import Clock, Fault, Latency

if TYPE_CHECKING:
    from typing import Any

    from changing_marketo import ChangingPrograms

    from marketo_async import MarketoClient

pytestmark = pytest.mark.virtual_time

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
DAY = 86_400.0
OVERLAP = timedelta(minutes=5)
MARGIN = timedelta(seconds=4)
"""Three seconds, and what the first call took, cut to whole seconds."""


def clock(start: datetime = NOON) -> Clock:
    return Clock(monotonic=asyncio.get_running_loop().time, start=start)


def many(count: int, *, every: float = 60.0, youngest: float = 3600.0) -> list[tuple[str, float]]:
    """Return programs whose names say nothing about when they changed."""
    return [(f"p{number * 7919 % count:05}", youngest + number * every) for number in range(count)]


def past(query: dict[str, str]) -> datetime:
    """Return where a query's window ends."""
    return datetime.fromisoformat(query.get("latestUpdatedAt", "1970-01-01T00:00:00Z"))


# ---------------------------------------------------------------- what it costs


async def test_an_empty_run_costs_one_call() -> None:
    """A run that finds nothing new is one call and one empty batch, whose watermark has moved on."""
    async with changing(many(3), clock=clock()) as (marketo, programs):
        since = Watermark(NOON - timedelta(minutes=30))
        batches = [batch async for batch in marketo.programs.changes(since).batches()]
    assert [batch.items for batch in batches] == [()]
    assert batches[0].watermark == Watermark(NOON - MARGIN - OVERLAP)
    assert programs.queries == [
        {"earliestUpdatedAt": "2026-03-03T11:30:00Z", "maxReturn": "200", "offset": "0"},
    ]


async def test_a_small_instance_is_read_in_one_call() -> None:
    """Without a watermark, an instance that fits into a page costs one call; the next run has nothing new."""
    async with changing(many(150), clock=clock()) as (marketo, programs):
        copy = Copy()
        assert await copy.sync(marketo) == 1
        assert (copy.states, len(programs.queries)) == (programs.now(), 1)
        await copy.sync(marketo)
        assert (len(copy.versions), len(programs.queries)) == (150, 2)


async def test_a_first_run_costs_one_call_more_than_a_listing() -> None:
    """Without a watermark everything is one unfiltered listing, after the call that asks for the time."""
    async with changing(many(1000), clock=clock()) as (marketo, programs):
        await marketo.programs.browse(page_size=50).with_options(prefetch=1).collect()
        listing = len(programs.queries)
        programs.queries.clear()
        copy = Copy()
        await copy.sync(marketo, page_size=50, prefetch=1)
        assert copy.states == programs.now()
        assert len(programs.queries) == listing + 1
        assert not any("latestUpdatedAt" in query for query in programs.queries)


async def test_what_is_more_than_a_page_is_read_up_to_the_servers_time() -> None:
    """A longer run is bounded by the server's clock at its first call, less a margin, however long it takes."""
    async with changing(many(300), clock=clock(), latency=Latency.fixed(7.0)) as (marketo, programs):
        copy = Copy()
        copy.stored = str(Watermark(NOON - timedelta(days=30)))
        await copy.sync(marketo, page_size=50, prefetch=2)
        assert copy.states == programs.now()
        assert {past(query) for query in programs.queries[1:]} == {NOON - MARGIN}
        assert Watermark.parse(copy.stored) == Watermark(NOON - MARGIN - OVERLAP)


# ---------------------------------------------------------------- windows


async def test_a_window_with_too_much_is_narrowed() -> None:
    """A long backlog is read in windows of a width that fits, the watermark moves on with each, and few calls more."""
    async with changing(many(1800, every=600.0), clock=clock()) as (marketo, programs):
        copy = Copy()
        pages: Counter[datetime | None] = Counter()
        async for batch in marketo.programs.changes(NOON - timedelta(days=30), page_size=10).batches():
            for program in batch.items:
                copy.process(program)
            pages[batch.watermark.moment] += 1
        assert copy.states == programs.now()
        assert len(copy.versions) == 1800
        assert max(pages.values()) <= 60
        assert len(pages) >= 4
        calls = len(programs.queries)
        programs.queries.clear()
        await marketo.programs.browse(page_size=10).collect()
        assert calls < len(programs.queries) * 1.4


async def test_a_window_grows_where_little_happened() -> None:
    """After a crowded time the windows widen again, so that quiet years cost a handful of calls."""
    crowded = [(f"c{number:03}", 1000 * DAY + number * 60) for number in range(300)]
    async with changing([*crowded, ("last", DAY)], clock=clock()) as (marketo, programs):
        copy = Copy()
        copy.stored = str(Watermark(NOON - timedelta(days=1001)))
        await copy.sync(marketo, page_size=2, prefetch=1)
        assert copy.states == programs.now()
        quiet = [query for query in programs.queries if past(query) > NOON - timedelta(days=999)]
        assert len(quiet) < 60


@pytest.mark.parametrize("page_size", [1, 7, 50])
async def test_thousands_in_one_second_are_read_whole(page_size: int) -> None:
    """A mass edit, all with one `updatedAt`, is more than any window should hold, and is read all the same."""
    crowd = [(f"p{number:05}", 5 * DAY) for number in range(page_size * 60)]
    async with changing([*crowd, ("before", 6 * DAY), ("after", DAY)], clock=clock()) as (marketo, programs):
        copy = Copy()
        copy.stored = str(Watermark(NOON - timedelta(days=7)))
        await copy.sync(marketo, page_size=page_size)
        assert copy.states == programs.now()
        assert len(copy.versions) == len(copy.states)


# ---------------------------------------------------------------- time


async def test_two_changes_in_one_second_with_a_run_between() -> None:
    """A run leaves the second that is not over to the next one, so a second change of the same date is not lost."""
    async with changing(many(3), clock=clock()) as (marketo, programs):
        copy = Copy()
        await copy.sync(marketo)
        programs.sandbox.instance.clock.advance(60)
        for name in ("first", "second"):
            programs.programs.rename(programs.ids[0], name)
            await copy.sync(marketo)
            programs.sandbox.instance.clock.advance(0.25)
        dates = {program.updated_at for program in programs.programs if program.name == "second"}
        assert len(dates) == 1
        programs.sandbox.instance.clock.advance(10)
        await copy.sync(marketo)
        assert copy.states == programs.now()
        assert len(copy.versions) == 3 + 1


@pytest.mark.parametrize(("since", "dated"), [(None, True), (NOON - timedelta(days=1), True), (NOON, False)])
async def test_a_first_run_in_the_middle_of_a_second(since: datetime | None, *, dated: bool) -> None:
    """What a first run, or one without dates, delivers of a second that is not over, is not taken for its last word."""
    async with changing(many(3), clock=clock(), dated=dated) as (marketo, programs):
        copy = Copy()
        copy.stored = None if since is None else str(Watermark(since))
        for name in ("first", "second"):
            programs.programs.rename(programs.ids[0], name)
            await copy.sync(marketo)
        programs.sandbox.instance.clock.advance(10)
        await copy.sync(marketo)
        assert copy.states[programs.ids[0]] == programs.now()[programs.ids[0]]


async def test_windows_share_a_second() -> None:
    """Dates may be kept finer than they are shown: a window begins where the last one ended, and nothing is between."""
    ages = [(f"p{number * 7 % 150:04}", 3600.5 + number) for number in range(150)]
    async with changing(ages, clock=clock()) as (marketo, programs):
        copy = Copy()
        copy.stored = str(Watermark(NOON - timedelta(days=1)))
        await copy.sync(marketo, page_size=2, prefetch=1)
        assert copy.states == programs.now()
        assert len(copy.versions) == 150


async def test_two_runs_in_the_same_second() -> None:
    """Two runs in the same second deliver every version once, and the second changes nothing."""
    async with changing(many(5, every=1.0, youngest=10.0), clock=clock()) as (marketo, programs):
        copy = Copy()
        await copy.sync(marketo)
        stored = copy.stored
        await copy.sync(marketo)
        assert (len(copy.versions), copy.stored, copy.states) == (5, stored, programs.now())


@pytest.mark.parametrize(("overlap", "found"), [(timedelta(minutes=5), True), (timedelta(0), False)])
async def test_what_is_committed_late_is_found_within_the_overlap(overlap: timedelta, *, found: bool) -> None:
    """A change that shows up later than its date says is found by the next run as far as the overlap reaches (A15)."""
    async with changing(many(3), clock=clock()) as (marketo, programs):
        copy = Copy()
        await copy.sync(marketo, overlap=overlap)
        programs.make(Late("late", 200.0))
        programs.sandbox.instance.clock.advance(60)
        await copy.sync(marketo, overlap=overlap)
        assert (copy.states == programs.now()) is found


@pytest.mark.parametrize("year", [1999, 2077])
async def test_this_machines_clock_has_no_say(year: int) -> None:
    """Bounds and watermarks are the server's time alone, whatever this machine believes."""
    start = datetime(year, 7, 1, tzinfo=UTC)
    async with changing(many(30), clock=clock(start)) as (marketo, programs):
        copy = Copy()
        await copy.sync(marketo, page_size=10)
        assert copy.states == programs.now()
        assert copy.stored == str(Watermark(start - MARGIN - OVERLAP))


async def test_without_a_date_header_the_newest_change_tells_the_time() -> None:
    """Where answers carry no `Date`, everything is delivered all the same, and the watermark stays on the safe side."""
    async with changing(many(30), clock=clock(), dated=False) as (marketo, programs):
        copy = Copy()
        for _ in range(2):
            await copy.sync(marketo, page_size=10)
        newest = NOON - timedelta(hours=1)
        assert copy.states == programs.now()
        assert Watermark.parse(copy.stored or "").moment == newest - timedelta(seconds=3) - OVERLAP
        programs.sandbox.instance.clock.advance(30)
        programs.make(Change("rename", 0.5, "renamed"))
        await copy.sync(marketo, page_size=10)
        assert copy.states == programs.now()


async def test_an_empty_instance_without_a_date_header_stays_at_the_beginning() -> None:
    """Where nothing tells the time, the watermark does not move, and the next run begins anew."""
    async with changing([], clock=clock(), dated=False) as (marketo, programs):
        copy = Copy()
        await copy.sync(marketo)
        assert copy.stored == str(Watermark())
        programs.make(Late("first", 60.0))
        await copy.sync(marketo)
        assert copy.states == programs.now()


@pytest.mark.parametrize("fold", [0, 1])
async def test_daylight_saving_does_not_matter(fold: int) -> None:
    """The hour that a clock shows twice is two different hours here, and on the wire it is UTC."""
    zone = ZoneInfo("America/Chicago")
    since = datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=fold)
    start = datetime(2026, 11, 1, 9, tzinfo=UTC)
    async with changing([(f"p{hour}", hour * 3600.0) for hour in range(1, 9)], clock=clock(start)) as (
        marketo,
        programs,
    ):
        found = await marketo.programs.changes(since).collect()
    assert programs.queries[0]["earliestUpdatedAt"] == f"2026-11-01T0{6 + fold}:30:00Z"
    assert len(found) == 2 - fold


async def test_any_time_zone_is_the_same_moment() -> None:
    """A moment is sent in UTC, in whole seconds, rounded to the safe side."""
    since = datetime(2026, 3, 3, 17, 15, 0, 999_999, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    async with changing([], clock=clock()) as (marketo, programs):
        await marketo.programs.changes(since).collect()
    assert programs.queries[0]["earliestUpdatedAt"] == "2026-03-03T11:30:00Z"


# ---------------------------------------------------------------- while it moves


@pytest.mark.parametrize("per_call", [1, 3])
async def test_a_first_run_is_complete_while_the_instance_moves(per_call: int) -> None:
    """Whatever is there from the first call to the last is delivered exactly once, however often it is renamed."""
    async with changing(many(5000), clock=clock(), happens=busy(3, per_call), latency=Latency.uniform(0.1, 0.5)) as (
        marketo,
        programs,
    ):
        items = [program.id async for program in marketo.programs.changes()]
    assert programs.throughout <= set(items)
    assert len(items) == len(set(items))


async def test_a_version_comes_once_over_many_runs() -> None:
    """Over any number of runs each version, id and `updatedAt`, comes once, and nothing is missing at the end."""
    happening = busy(7, 2)
    moves = True
    async with changing(
        many(300), clock=clock(), happens=lambda: happening() if moves else [], latency=Latency.fixed(0.3)
    ) as (marketo, programs):
        copy = Copy()
        copy.stored = str(Watermark(NOON - timedelta(days=300)))
        for run in range(30):
            await copy.sync(marketo, page_size=20)
            programs.sandbox.instance.clock.advance((run * 37) % 400)
        moves = False
        programs.sandbox.instance.clock.advance(10)
        await copy.sync(marketo, page_size=20)
    assert {key: copy.states[key] for key in programs.now()} == programs.now()
    assert set(Counter(copy.versions).values()) == {1}


# ---------------------------------------------------------------- how it is used


async def pages_of(programs: ChangingPrograms, marketo: MarketoClient) -> tuple[list[Watermark], list[Program]]:
    """Read record by record, and return where the watermark stood at each."""
    feed = marketo.programs.changes(NOON - timedelta(days=2), page_size=10)
    standing: list[Watermark] = []
    items: list[Program] = []
    async for program in feed:
        standing.append(feed.watermark)
        items.append(program)
    assert len(items) == len(programs.now())
    return [*standing, feed.watermark], items


async def test_record_by_record_the_watermark_covers_what_was_processed() -> None:
    """Inside the loop the watermark does not cover the record at hand; after it, it covers all."""
    async with changing(many(35), clock=clock()) as (marketo, programs):
        standing, items = await pages_of(programs, marketo)
        assert standing[0] == Watermark(NOON - timedelta(days=2))
        for place, program in enumerate(items):
            assert program.updated_at is not None
            assert (program.id, program.updated_at) not in standing[place].delivered
        assert standing[-1].moment == NOON - MARGIN - OVERLAP
        first = {(program.id, program.updated_at) for program in items[:10]}
        assert first <= standing[10].delivered
        assert await marketo.programs.changes(standing[-1]).collect() == []


async def test_a_loop_that_is_left_covers_whole_batches_only() -> None:
    """Whoever leaves a loop in the middle of a page gets that page again."""
    async with changing(many(35), clock=clock()) as (marketo, _):
        feed = marketo.programs.changes(NOON - timedelta(days=2), page_size=10)
        taken: list[int] = []
        async for program in feed:
            taken.append(program.id)
            if len(taken) == 15:
                break
        again = [program.id for program in await marketo.programs.changes(feed.watermark, page_size=10).collect()]
    assert len(again) == 25
    assert set(taken) | set(again) == set(range(1001, 1036))


async def test_a_feed_is_a_value() -> None:
    """Each loop over a feed begins afresh, and `batches()` leaves its watermark alone."""
    async with changing(many(12), clock=clock()) as (marketo, _):
        feed = marketo.programs.changes()
        assert feed.watermark == Watermark()
        assert [len(batch.items) async for batch in feed.batches()] == [12]
        assert feed.watermark == Watermark()
        assert len(await feed.collect()) == len(await feed.collect()) == 12
        assert feed.watermark.moment is not None


async def test_an_error_carries_the_watermark_and_may_be_survived() -> None:
    """An error carries the watermark to go on from, `collect` keeps what was read, the next step tries again (A6)."""
    async with changing(many(35), clock=clock()) as (marketo, programs):
        programs.sandbox.faults.add(Fault.error(603), path=BROWSE, calls=range(4, 5))
        feed = marketo.programs.changes(NOON - timedelta(days=2), page_size=10).with_options(prefetch=1)
        with pytest.raises(AccessDeniedError) as caught:
            await feed.collect()
        read = [item.id for item in caught.value.partial if isinstance(item, Program)]
        rest = await marketo.programs.changes(caught.value.position).collect()
        assert len(read) + len(rest) == 35
        assert {*read, *(program.id for program in rest)} == set(programs.ids)

        programs.sandbox.faults.add(Fault.error(603), path=BROWSE, calls=range(1, 9, 2))
        batches = feed.batches()
        found: list[int] = []
        for _ in range(30):
            try:
                found += [program.id for program in (await batches.__anext__()).items]
            except AccessDeniedError:
                continue
            except StopAsyncIteration:
                break
        assert sorted(found) == sorted(programs.ids)


async def test_records_that_do_not_fit_are_skipped_where_told_to() -> None:
    """A record that does not fit ends a run, or is left out and kept in `misfits`; the watermark moves on then."""
    good = {"id": 1, "name": "a", "type": "Default", "channel": "c", "updatedAt": "2026-03-03T11:00:00Z+0000"}
    bad = {**good, "id": "two"}
    with pytest.raises(DecodeError):
        await groups_on(answering(rows(good, bad))).programs.changes().collect()
    feed = groups_on(answering(rows(good, bad, warnings=["odd"]))).programs.changes().with_options(on_misfit="skip")
    batches = [batch async for batch in feed.batches()]
    assert [[program.id for program in batch.items] for batch in batches] == [[1]]
    assert (len(batches[0].misfits), batches[0].warnings, batches[0].request_id) == (1, ("odd",), "a1b2#18c")
    assert batches[0].watermark.moment is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": "2026-03-03T12:00:00Z"},
        {"since": str(Watermark(NOON))},
        {"since": datetime(2026, 3, 3)},  # noqa: DTZ001 - that is the point
        {"since": 5},
        {"overlap": timedelta(seconds=-1)},
        {"overlap": timedelta(days=2)},
        {"overlap": 300},
        {"page_size": 0},
        {"page_size": 201},
    ],
)
async def test_arguments_that_cannot_be_right_are_refused(wrong: dict[str, Any]) -> None:
    """What cannot be right is refused before anything is sent, under its Python name."""
    transport = RecordingTransport()
    with pytest.raises(ArgumentError, match=next(iter(wrong))):
        groups_on(transport).programs.changes(**wrong)
    assert transport.calls == []

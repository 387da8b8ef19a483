"""A listing that moves while it is read: whatever is there from the first call to the last is yielded exactly once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import virtual_time
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from moving_marketo import BROWSE, Change, busy, moving

from marketo_async import ArgumentError, Limits, ListingUnstableError, Resume
from marketo_async.sandbox import Clock, Latency, Sandbox
from marketo_async.sandbox.areas.programs import Programs, Tag
from marketo_async.testing import client_of

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = st.integers(0, 400).map(lambda number: f"{'pP'[number % 2]}{number:03}")
CHANGES = st.one_of(
    st.builds(Change, kind=st.just("insert"), name=NAMES),
    st.builds(Change, kind=st.just("delete"), which=st.floats(0, 1)),
    st.builds(Change, kind=st.just("rename"), which=st.floats(0, 1), name=NAMES),
)


def clock() -> Clock:
    return Clock(monotonic=asyncio.get_running_loop().time)


async def read_while_moving(
    names: list[str],
    happens: Callable[[], list[Change]],
    *,
    page_size: int,
    prefetch: int,
    latency: Latency,
    limits: Limits | None = None,
) -> int:
    """Read everything while it moves, hold the promise against the sandbox's state, and return the calls."""
    async with moving(names, happens, clock=clock(), latency=latency, limits=limits) as (marketo, programs):
        listing = marketo.programs.browse(page_size=page_size).with_options(prefetch=prefetch)
        seen = Counter([program.id async for program in listing])
        assert set(seen.values()) <= {1}, "yielded twice"
        assert programs.throughout <= set(seen), "lost"
        return len(programs.sandbox.arrivals.to(BROWSE))


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(NAMES, max_size=60, unique=True),
    batches=st.lists(st.lists(CHANGES, max_size=4), max_size=60),
    page_size=st.integers(1, 25),
    prefetch=st.integers(1, 8),
    slow=st.floats(0, 2),
)
def test_nothing_that_stays_is_lost_or_doubled(
    names: list[str], batches: list[list[Change]], page_size: int, prefetch: int, slow: float
) -> None:
    """Any inserts, renames and deletes between any two calls, any page size, prefetch depth and order of answers."""
    left = list(batches)

    async def walk() -> None:
        try:
            await read_while_moving(
                names,
                lambda: left.pop(0) if left else [],
                page_size=page_size,
                prefetch=prefetch,
                latency=Latency.uniform(0, slow),
            )
        except ListingUnstableError:
            event("moved faster than it could be read")
        else:
            event("read whole")

    virtual_time.run(walk())


@settings(max_examples=30, deadline=None)
@given(
    names=st.lists(NAMES, min_size=10, max_size=60, unique=True),
    batches=st.lists(st.lists(CHANGES, max_size=3), max_size=40),
    page_size=st.integers(1, 12),
    stops=st.lists(st.integers(1, 4), min_size=1, max_size=5),
)
@example(  # delivered in another order than the list's, since a seam broke: that is no listing without an order
    names=[*("p000", "P001", "p002", "P003", "p004", "P005", "p006", "P007", "p008", "P009")],
    batches=[[], [Change("insert", name="p000"), Change("insert", name="p000")]],
    page_size=1,
    stops=[3, 1],
)
def test_a_walk_that_is_taken_up_again_keeps_the_promise(
    names: list[str], batches: list[list[Change]], page_size: int, stops: list[int]
) -> None:
    """A11: stopped after any pages and taken up again, however much changed meanwhile: nothing lost or doubled."""
    left = list(batches)

    async def walk() -> None:
        def happens() -> list[Change]:
            return left.pop(0) if left else []

        async with moving(names, happens, clock=clock(), latency=Latency.uniform(0, 1)) as (marketo, programs):
            listing = marketo.programs.browse(page_size=page_size)
            seen: list[tuple[int, str]] = []
            resume: Resume | None = None
            for stop in [*stops, None]:
                pages = (listing if resume is None else listing.resume(resume)).pages()
                position, taken, whole = None, 0, True
                async for page in pages:
                    seen += [(program.id, program.name) for program in page.items]
                    position, taken = page.next_position, taken + 1
                    if taken == stop:
                        whole = False
                        break
                if whole or position is None:
                    break
                assert pages.began is not None
                resume = Resume(position=position, began=pages.began, seen=tuple(seen))
                await asyncio.sleep(3600)
            counts = Counter(program_id for program_id, _ in seen)
            assert set(counts.values()) <= {1}, "yielded twice"
            if whole or position is None:
                assert programs.throughout <= set(counts), "lost"

    with suppress(ListingUnstableError):
        virtual_time.run(walk())


@pytest.mark.parametrize(("per_call", "most"), [(0, 1.05), (1, 1.35), (3, 1.5), (10, 1.8)])
@pytest.mark.virtual_time
async def test_what_reading_a_moving_instance_costs(per_call: int, most: float) -> None:
    """16,000 programs with that many changes at every call: nothing lost, at a cost that grows gracefully."""
    rng = random.Random(5)
    names = [f"{rng.choice('abcdefghijklmnopqrstuvwxyz')}{number:05}" for number in range(16_000)]
    calls = await read_while_moving(
        names, busy(1, per_call), page_size=200, prefetch=8, latency=Latency.uniform(0.1, 0.5), limits=Limits()
    )
    assert 80 <= calls <= 80 * most + 8


@pytest.mark.virtual_time
async def test_a_still_listing_costs_at_most_three_percent_more() -> None:
    """From 400 pages on, overlap, last look and overshoot together cost at most 3 % more calls."""
    calls = await read_while_moving(
        [f"p{number:05}" for number in range(400 * 100)],
        list,
        page_size=100,
        prefetch=2,
        latency=Latency.fixed(0.3),
    )
    assert calls <= 401 * 1.03


@pytest.mark.virtual_time
async def test_a_listing_that_moves_faster_than_it_can_be_read_says_so() -> None:
    """When more is renamed during each last look than fits into a page, the walk ends with an honest error."""
    numbers = iter(range(10_000_000))

    def happens() -> list[Change]:
        return [Change("rename", which / 40, f"n{next(numbers):08}") for which in range(40)]

    async with moving(
        [f"p{number:03}" for number in range(40)], happens, clock=clock(), latency=Latency.fixed(0.3)
    ) as (marketo, _):
        with pytest.raises(ListingUnstableError) as caught:
            await marketo.programs.browse(page_size=5).collect()
    assert isinstance(caught.value.position, int)
    assert caught.value.retryable


@pytest.mark.virtual_time
async def test_a_listing_that_ends_in_the_past_needs_no_last_look() -> None:
    """With `updated_until` in the past, what changes now leaves the listing, so nobody looks for it."""
    async with moving([f"p{number}" for number in range(90)], list, clock=clock(), latency=Latency.fixed(0.3)) as (
        marketo,
        programs,
    ):
        until = programs.sandbox.instance.now() - timedelta(days=1)
        past = marketo.programs.browse(updated_until=until, page_size=50).with_options(prefetch=1)
        assert len(await past.collect()) == 90
        assert len(programs.sandbox.arrivals.to(BROWSE)) == 2
        assert len(await marketo.programs.browse(page_size=50).with_options(prefetch=1).collect()) == 90
        assert len(programs.sandbox.arrivals.to(BROWSE)) == 5


@pytest.mark.virtual_time
async def test_one_page_is_one_call_even_while_it_moves() -> None:
    """A listing that fits into one call needs no last look: one call is one instant."""
    calls = await read_while_moving(["a", "b"], busy(1, 3), page_size=200, prefetch=8, latency=Latency.fixed(0.3))
    assert calls == 1


@pytest.mark.parametrize("tagged", [3, 60, 160])
@pytest.mark.virtual_time
async def test_a_listing_without_order_is_read_until_nothing_new_comes(tagged: int) -> None:
    """`find_by_tag` (random order) yields every program once, says how sure it is, and ends."""
    sandbox = Sandbox(0, limits=None, clock=clock())
    programs = sandbox.instance.state(Programs)
    for number in range(tagged):
        programs.add(f"tagged {number}", tags=(Tag("Presenter", "Dennis"),))
    async with client_of(sandbox) as marketo:
        pages = [page async for page in marketo.programs.find_by_tag("Presenter", "Dennis", page_size=20).pages()]
        ids = [program.id for page in pages for program in page.items]
        assert len(ids) == len(set(ids)) == tagged
        calls = len(sandbox.arrivals.to("/rest/asset/v1/program/byTag.json"))
        if tagged < 20:
            assert (calls, pages[-1].warnings) == (1, ())
        else:
            assert "as many as it counts" in pages[-1].warnings[0]
        assert calls < 400
        assert await marketo.programs.find_by_tag("Presenter", "Nobody").collect() == []


@pytest.mark.virtual_time
async def test_an_order_that_changes_is_noticed_and_read_in_passes() -> None:
    """Where two pages of a listing show two records in different order, the walk goes over to passes and says so."""
    sandbox = Sandbox(0, limits=None, clock=clock())
    programs = sandbox.instance.state(Programs)
    for number in range(120):
        programs.add(f"p{number:03}")
    rng = random.Random(2)
    whole = programs.window

    def shuffled(offset: int, size: int) -> list[object]:
        everything = whole(0, 10_000)
        rng.shuffle(everything)
        return list(everything[offset : offset + size])

    programs.window = shuffled  # type: ignore[method-assign, assignment]
    async with client_of(sandbox) as marketo:
        pages = [page async for page in marketo.programs.browse(page_size=20).pages()]
        ids = [program.id for page in pages for program in page.items]
        assert len(ids) == len(set(ids)) == 120
        assert "order of this listing changes" in pages[-1].warnings[0]
        assert pages[-1].next_position is None

        listing = marketo.programs.browse(page_size=20)
        seen: list[tuple[int, str]] = []
        first = listing.pages()
        async for page in first:
            seen += [(program.id, program.name) for program in page.items]
            if page.next_position == 0:  # in passes: there is no other place to go on from
                break
        assert first.began is not None
        resume = Resume(position=0, began=first.began, seen=tuple(seen))
        later = [program.id async for program in listing.resume(resume)]
        assert sorted([*later, *(program_id for program_id, _ in seen)]) == sorted(ids)


@pytest.mark.virtual_time
async def test_only_an_ordered_offset_listing_can_be_taken_up() -> None:
    """A listing without order, and one that is paged by tokens, refuse to be taken up, by name."""
    sandbox = Sandbox(0, limits=None, clock=clock())
    resume = Resume(position=3, began=datetime.now(UTC), seen=())
    async with client_of(sandbox) as marketo:
        for listing in (marketo.programs.find_by_tag("Presenter", "Dennis"), marketo.leads.find("id", [1])):
            with pytest.raises(ArgumentError, match="resume"):
                await listing.resume(resume).collect()
        assert not sandbox.arrivals.to(BROWSE)

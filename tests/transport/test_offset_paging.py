"""Offset listings: every record once and in order, as fast as the limits allow, and no more calls than that takes."""

from __future__ import annotations

import asyncio
import gc
import random
from typing import TYPE_CHECKING

import httpx
import pytest
import virtual_time
from hypothesis import given, settings
from hypothesis import strategies as st
from stub_marketo import Answer, StubMarketo, client_of, failure, listing, success

from marketo_async import (
    ArgumentError,
    ClientStateError,
    DecodeError,
    Limits,
    MarketoClient,
    Pager,
    Progress,
    RetryPolicy,
    ValidationError,
)
from marketo_async.api._base import Group
from marketo_async.records import IdResult
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.virtual_time


def pager_of(marketo: MarketoClient, *, page_size: int = 200, start: int = 0) -> Pager[IdResult]:
    """Return a listing of the stub."""
    call = GET("/rest/asset/v1/programs.json")
    return Group(marketo._transport)._offset_pages(
        IdResult, call, lambda item: (item.id, item.id), page_size=page_size, start=start
    )


def shuffled_latency(seed: int) -> Callable[[], float]:
    rng = random.Random(seed)
    return lambda: rng.choice([0.0, 0.05, 0.3, 0.3, 2.0]) * rng.random()


@settings(max_examples=40, deadline=None)
@given(
    size=st.integers(0, 1200),
    page_size=st.integers(1, 200),
    prefetch=st.integers(1, 8),
    seed=st.integers(0, 10_000),
    start=st.integers(0, 1300),
)
def test_every_item_once_and_in_order(size: int, page_size: int, prefetch: int, seed: int, start: int) -> None:
    """Any listing size, page size, prefetch depth and latency gives every item from `start` on once, in order."""

    async def walk() -> None:
        stub = StubMarketo(listing(size, latency=shuffled_latency(seed)))
        async with client_of(stub) as marketo:
            pager = pager_of(marketo, page_size=page_size, start=start).with_options(prefetch=prefetch)
            ids = [item.id async for item in pager]
        assert ids == list(range(start, size))
        rows = max(2, page_size)
        needed = 1 if len(ids) < rows else 1 + -(-(len(ids) - rows + 1) // (rows - 1))
        assert needed <= len(stub.calls) <= needed + prefetch - 1
        assert stub.most_at_once <= prefetch

    virtual_time.run(walk())


async def test_one_page_costs_one_call() -> None:
    """A listing that fits into one page costs one call, and so does leaving any listing within its first page."""
    stub = StubMarketo(listing(199))
    async with client_of(stub) as marketo:
        assert len(await pager_of(marketo).collect()) == 199
        assert len(stub.calls) == 1
    stub = StubMarketo(listing(5000))
    async with client_of(stub) as marketo:
        assert (await pager_of(marketo).first()) is not None
        assert len(stub.calls) == 1


async def test_sixteen_thousand_programs_five_times_as_fast_with_few_calls_too_many() -> None:
    """16,000 rows at 0.3 s a page: at least 5 times as fast as one page after the other, with at most 92 calls."""
    loop = asyncio.get_running_loop()
    times: dict[int, float] = {}
    for prefetch in (1, 8):
        stub = StubMarketo(listing(16_000))
        async with client_of(stub, limits=Limits()) as marketo:
            began = loop.time()
            assert len(await pager_of(marketo).with_options(prefetch=prefetch).collect()) == 16_000
            times[prefetch] = loop.time() - began
        assert len(stub.calls) <= 92
    assert times[1] >= 5 * times[8]


async def test_two_pages_in_flight_once_the_rate_is_the_bottleneck() -> None:
    """Once the rate limit is the bottleneck, two pages in flight keep it busy; little is fetched past the end."""
    stub = StubMarketo(listing(200 * 180))
    loop = asyncio.get_running_loop()
    async with client_of(stub, limits=Limits(pacing="on")) as marketo:
        assert len(await pager_of(marketo).collect()) == 36_000
    assert len(stub.calls) <= 181 + 1 + 2
    paced = (182 - 10) * 20.25 / 95
    assert loop.time() <= paced * 1.05


async def test_a_slow_consumer_stops_the_fetching() -> None:
    """Pages wait for the consumer in bounded number: 8 at most are fetched and not yet used."""
    stub = StubMarketo(listing(200 * 100))
    async with client_of(stub) as marketo:
        used = 0
        async for _ in pager_of(marketo).pages():
            used += 1
            await asyncio.sleep(60)
            assert len(stub.calls) - used <= 8


@pytest.mark.parametrize("left_at", [1, 2, 5, 11])
async def test_leaving_early_stops_fetching_and_leaks_nothing(left_at: int) -> None:
    """`break` stops fetching ahead: no task, place or slot stays behind, and no call is made afterwards."""
    stub = StubMarketo(listing(200 * 100))
    async with client_of(stub, limits=Limits()) as marketo:
        before = len(asyncio.all_tasks())
        seen = 0
        async for _ in pager_of(marketo).pages():
            seen += 1
            if seen == left_at:
                break
        gc.collect()
        await asyncio.sleep(5)
        calls = len(stub.calls)
        await asyncio.sleep(120)
        assert len(stub.calls) == calls <= left_at + 8
        assert len(asyncio.all_tasks()) == before
        assert marketo.limiter.stats().in_use == 0


async def test_calls_that_queue_at_the_limiter_leave_with_the_walk() -> None:
    """Leaving a walk takes back the fetches that still wait for a slot: they are never sent."""
    stub = StubMarketo(listing(200 * 1000))
    async with client_of(stub, limits=Limits(max_calls=4, interactive_reserve=0)) as marketo:
        async for page in pager_of(marketo).pages():
            if page.offset == 597:
                break
        gc.collect()
        calls = len(stub.calls)
        await asyncio.sleep(300)
        assert len(stub.calls) == calls
        assert marketo.limiter.stats().waiting == {"interactive": 0, "bulk": 0}


async def test_each_walk_starts_afresh() -> None:
    """A pager is a value: it can be walked as often as one likes, even twice at the same time."""
    stub = StubMarketo(listing(450))
    async with client_of(stub) as marketo:
        pager = pager_of(marketo)
        both = await asyncio.gather(pager.collect(), pager.collect())
        assert both[0] == both[1] == await pager.collect()


async def test_pages_say_where_they_stand_and_the_walk_resumes_there() -> None:
    """A11: every page knows its offset and the next position; `start=` resumes exactly there."""
    stub = StubMarketo(listing(1050))
    async with client_of(stub) as marketo:
        pages = [page async for page in pager_of(marketo).pages()]
        assert [page.offset for page in pages] == [0, 199, 398, 597, 796, 995]
        assert [page.next_position for page in pages] == [200, 399, 598, 797, 996, None]
        assert {page.request_id for page in pages} == {"1a2b#14d9bd96352"}
        for page in pages[:-1]:
            rest = await pager_of(marketo, start=page.next_position).collect()
            assert [item.id for item in rest] == list(range(page.next_position, 1050))
            again = await pager_of(marketo, start=page.position).first()
            assert again is not None
            assert again.id == page.offset


async def test_an_error_carries_the_position_and_what_was_read() -> None:
    """An error inside a walk says where it stood; `collect()` also hands over what it had read (A6, A11)."""
    whole = listing(2000)
    broken = True

    async def answer(request: httpx.Request, query: dict[str, str]) -> Answer:
        if broken and query["offset"] == "995":
            return failure("1003", "Invalid request. Please check and try again.")
        return await whole(request, query)

    async with client_of(StubMarketo(answer)) as marketo:
        with pytest.raises(ValidationError) as caught:
            await pager_of(marketo).collect()
        assert caught.value.position == 996
        assert [item.id for item in caught.value.partial if isinstance(item, IdResult)] == list(range(996))
        broken = False
        rest = await pager_of(marketo, start=996).collect()
        assert [item.id for item in rest] == list(range(996, 2000))


async def test_a_walk_goes_on_after_an_error() -> None:
    """P1: after an error the same walk tries the same page again; it never skips one."""
    whole = listing(1000)
    refusals = {"398": 2, "0": 1}

    async def answer(request: httpx.Request, query: dict[str, str]) -> Answer:
        offset = query["offset"]
        if refusals.get(offset):
            refusals[offset] -= 1
            return failure("1003")
        return await whole(request, query)

    ids: list[int] = []
    errors = 0
    async with client_of(StubMarketo(answer)) as marketo:
        pages = pager_of(marketo).pages()
        while True:
            try:
                page = await anext(pages)
            except StopAsyncIteration:
                break
            except ValidationError:
                errors += 1
                continue
            ids.extend(item.id for item in page.items)
    assert ids == list(range(1000))
    assert errors == 3


async def test_a_cancelled_consumer_loses_nothing() -> None:
    """A consumer that times out while it waits for a page can go on with the same walk and misses no record."""
    stub = StubMarketo(listing(1000, latency=lambda: 5.0))
    ids: list[int] = []
    async with client_of(stub) as marketo:
        pages = pager_of(marketo).pages()
        while True:
            try:
                async with asyncio.timeout(2.0):
                    page = await anext(pages)
            except TimeoutError:
                continue
            except StopAsyncIteration:
                break
            ids.extend(item.id for item in page.items)
    assert ids == list(range(1000))
    assert len({call.url.query for call in stub.calls}) == len(stub.calls)


async def test_progress_is_reported_page_by_page() -> None:
    """A12: the progress callback hears of every page, and of the end."""
    heard: list[Progress] = []
    async with client_of(StubMarketo(listing(400))) as marketo:
        await pager_of(marketo).with_options(progress=heard.append).collect()
    assert [(report.items, report.pages, report.position) for report in heard] == [
        (200, 1, 200),
        (399, 2, 399),
        (400, 3, None),
    ]


async def test_misfits_are_skipped_and_counted_when_asked_for() -> None:
    """A record that does not fit ends the walk with its place, or is left out and kept as an error on request."""

    async def answer(_request: httpx.Request, _query: dict[str, str]) -> Answer:
        return success({"id": 1}, {"id": "one"}, {"id": 3})

    async with client_of(StubMarketo(answer)) as marketo:
        with pytest.raises(DecodeError) as caught:
            await pager_of(marketo).collect()
        assert caught.value.path == "$.result[1].id"
        assert caught.value.raw == {"id": "one"}
        assert caught.value.position == 0
        (page,) = [page async for page in pager_of(marketo).with_options(on_misfit="skip").pages()]
        assert [item.id for item in page.items] == [1, 3]
        assert [misfit.path for misfit in page.misfits] == ["$.result[1].id"]


async def test_warnings_of_an_empty_listing_stay_readable() -> None:
    """A16: nothing found is an empty listing, and Marketo's warning stands on its only page."""
    async with client_of(StubMarketo(listing(0))) as marketo:
        (page,) = [page async for page in pager_of(marketo).pages()]
        assert page.items == ()
        assert page.warnings == ("No assets found for the given search criteria.",)
        assert page.next_position is None
        assert await pager_of(marketo).first() is None


async def test_closing_the_client_ends_a_walk_with_a_clear_error() -> None:
    """A walk whose client is closed under it ends with ClientStateError, not with a cancellation out of nowhere."""
    stub = StubMarketo(listing(200 * 50))
    async with client_of(stub, retries=RetryPolicy.never()) as marketo:
        pages = pager_of(marketo).pages()
        await anext(pages)
        await anext(pages)
        await marketo.aclose()
        with pytest.raises(ClientStateError):
            while True:
                await anext(pages)


@pytest.mark.parametrize(("page_size", "start"), [(0, 0), (201, 0), (True, 0), (200, -1)])
async def test_bad_page_sizes_and_starts_are_refused_before_sending(page_size: int, start: int) -> None:
    """A page size outside 1 to 200 or a negative start is refused by name, and nothing is sent."""
    stub = StubMarketo(listing(10))
    async with client_of(stub) as marketo:
        with pytest.raises(ArgumentError, match=r"page_size|start"):
            pager_of(marketo, page_size=page_size, start=start)
    assert not stub.calls

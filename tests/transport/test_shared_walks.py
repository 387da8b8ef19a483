"""One walk that several tasks share, and one that somebody closes: nothing is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

import pytest
from stub_marketo import Answer, StubMarketo, client_of, success

from marketo_async import ClientStateError, MarketoClient
from marketo_async.testing import sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from marketo_async import Lead, Program
    from marketo_async.transport.paging import Items

pytestmark = pytest.mark.virtual_time

T = TypeVar("T")
LEADS = 2000


async def found(_request: httpx.Request, query: dict[str, str]) -> Answer:
    """Answer a search by values with one lead for each of them."""
    await asyncio.sleep(0.3)
    return success(*({"id": int(value)} for value in query["filterValues"].split(",")), moreResult=False)


def leads(marketo: MarketoClient) -> Items[Lead]:
    """Begin a search by many values."""
    return aiter(marketo.leads.find("id", range(1, LEADS + 1), fields=["id"]))


async def consume(walk: AsyncIterator[T], taken: list[T]) -> None:
    """Take what comes, with a pause after each."""
    async for item in walk:
        taken.append(item)
        await asyncio.sleep(0)


async def test_workers_may_share_the_walk_through_a_listing() -> None:
    """Several tasks that take from one walk have all records between them, each once."""
    async with sandbox(programs=300) as (marketo, _):
        programs: list[Program] = []
        walk = aiter(marketo.programs.browse(page_size=10))
        await asyncio.gather(*(consume(walk, programs) for _ in range(4)))
    assert len({program.id for program in programs}) == len(programs) == 300


async def test_workers_may_share_the_walk_through_what_a_search_finds() -> None:
    """Several tasks that take records, or pages, from one search have all of them between them, each once."""
    async with client_of(StubMarketo(found)) as marketo:
        each: list[Lead] = []
        walk = leads(marketo)
        await asyncio.gather(*(consume(walk, each) for _ in range(4)))
        assert sorted(lead.id or 0 for lead in each) == list(range(1, LEADS + 1))
        pages = marketo.leads.find("id", range(1, LEADS + 1), fields=["id"]).pages()
        by_page: list[int] = []

        async def take() -> None:
            async for page in pages:
                by_page.extend(lead.id or 0 for lead in page.items)

        await asyncio.gather(*(take() for _ in range(4)))
        assert sorted(by_page) == list(range(1, LEADS + 1))


async def test_one_worker_of_a_shared_walk_may_be_cancelled() -> None:
    """P12: a task that is cancelled while it waits for a page takes nothing from the others."""
    async with client_of(StubMarketo(found)) as marketo:
        taken: list[Lead] = []
        walk = leads(marketo)
        workers = [asyncio.ensure_future(consume(walk, taken)) for _ in range(3)]
        await asyncio.sleep(0.1)
        workers[0].cancel()
        await asyncio.wait(workers)
        assert len({lead.id for lead in taken}) == len(taken) == LEADS


async def test_a_closed_walk_ends_as_a_generator_does() -> None:
    """What is asked of a walk after `aclose()` is its end: it does not go on somewhere, having left something out."""
    async with client_of(StubMarketo(found)) as marketo:
        walk = leads(marketo)
        await anext(walk)
        await walk.aclose()
        assert [item async for item in walk] == []


async def test_who_waits_for_a_page_of_a_walk_that_is_closed_is_told() -> None:
    """A task that waits for the next page while another one closes the walk gets an error, not an end."""
    async with client_of(StubMarketo(found)) as marketo:
        walk = leads(marketo)
        waiting = asyncio.ensure_future(anext(walk))
        await asyncio.sleep(0.1)
        await walk.aclose()
        with pytest.raises(ClientStateError, match="closed"):
            await waiting
    assert marketo.limiter.stats().in_flight == 0

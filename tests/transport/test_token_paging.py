"""Token listings and searches by many values: one stop rule, tested on every shape that was ever seen."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import httpx
import pytest
import virtual_time
from hypothesis import given, settings
from hypothesis import strategies as st
from stub_marketo import Answer, StubMarketo, client_of, failure, success

from marketo_async import ApiError, FindPosition, Limits, MarketoClient, Pager, ProtocolError, ValidationError
from marketo_async.api._base import Group, decoder
from marketo_async.records import IdResult
from marketo_async.transport.value_walk import ValueWalk
from marketo_async.wire.call import GET
from marketo_async.wire.request import encoded_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketo_async.transport.paging import PagerOptions

pytestmark = pytest.mark.virtual_time


def token_pager(marketo: MarketoClient, *, start: str | None = None) -> Pager[IdResult]:
    call = GET("/rest/v1/lists.json")
    return Group(marketo._transport)._token_pages(IdResult, call, page_size=300, start=start)


def scripted(*pages: dict[str, object]) -> StubMarketo:
    """Return a stub whose page n names page n + 1 by the token `T<n+1>`."""

    async def answer(_request: httpx.Request, query: dict[str, str]) -> Answer:
        await asyncio.sleep(0.3)
        return pages[int(query.get("nextPageToken", "T0")[1:])]

    return StubMarketo(answer)


@pytest.mark.parametrize(
    ("pages", "ids"),
    [
        pytest.param([success({"id": 1})], [1], id="one page, no token"),
        pytest.param(
            [success({"id": 1}, nextPageToken="T1"), success({"id": 2})], [1, 2], id="token without moreResult"
        ),
        pytest.param(
            [success({"id": 1}, nextPageToken="T1", moreResult=True), success({"id": 2}, moreResult=False)],
            [1, 2],
            id="both",
        ),
        pytest.param(
            [success({"id": 1}, nextPageToken="T1", moreResult=False)], [1], id="a token after the end (activities)"
        ),
        pytest.param(
            [success(nextPageToken="T1", moreResult=True), success({"id": 2}, moreResult=False, nextPageToken="T2")],
            [2],
            id="moreResult on an empty page",
        ),
        pytest.param([{"requestId": "a#1", "success": True}], [], id="no result at all"),
        pytest.param([success()], [], id="an empty result"),
        pytest.param([success(nextPageToken="T0")], [], id="an empty page that names itself, without moreResult"),
        pytest.param(
            [success({"id": 1}, nextPageToken="T1"), success(nextPageToken="T1")],
            [1],
            id="an empty last page with token",
        ),
    ],
)
async def test_one_stop_rule_for_every_shape(pages: list[dict[str, object]], ids: list[int]) -> None:
    """P6: no shape of last page loses rows or loops for ever."""
    stub = scripted(*pages)
    async with client_of(stub) as marketo:
        assert [item.id async for item in token_pager(marketo)] == ids
    assert len(stub.calls) <= len(pages)


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([success({"id": 1}, moreResult=True)], id="moreResult without a token"),
        pytest.param(
            [success({"id": 1}, nextPageToken="T1"), success({"id": 2}, nextPageToken="T1")], id="the same token twice"
        ),
        pytest.param(
            [success({"id": 1}, nextPageToken="T1"), success(nextPageToken="T1", moreResult=True)],
            id="the same token twice on an empty page",
        ),
    ],
)
async def test_a_listing_that_cannot_go_on_is_an_error(pages: list[dict[str, object]]) -> None:
    """P1, P6: an answer that says that there is more, but not where, is never a silent end nor an endless loop."""
    async with client_of(scripted(*pages)) as marketo:
        with pytest.raises(ProtocolError) as caught:
            await token_pager(marketo).collect()
    assert caught.value.position == (None if len(pages) == 1 else "T1")


async def test_token_listings_resume_and_tell_their_position() -> None:
    """A11: a page names the token of the next one, and `start=` resumes there."""
    pages = [success({"id": n}, nextPageToken=f"T{n + 1}", moreResult=True) for n in range(5)] + [success({"id": 5})]
    async with client_of(scripted(*pages)) as marketo:
        seen = [page async for page in token_pager(marketo).pages()]
        assert [page.next_page_token for page in seen] == ["T1", "T2", "T3", "T4", "T5", None]
        assert [page.offset for page in seen] == [None] * 6
        assert [item.id for item in await token_pager(marketo, start="T3").collect()] == [3, 4, 5]


async def test_the_next_token_page_is_fetched_while_the_consumer_works() -> None:
    """Token pages come one after the other; from the second on the next one is under way while this one is used."""
    pages = [success({"id": n}, nextPageToken=f"T{n + 1}", moreResult=True) for n in range(9)] + [success({"id": 9})]
    loop = asyncio.get_running_loop()
    async with client_of(scripted(*pages)) as marketo:
        async for _ in token_pager(marketo).pages():
            await asyncio.sleep(0.3)
    assert loop.time() < 10 * 0.6 - 8 * 0.3 + 0.5


# ---------------------------------------------------------------- many values


def matching(counts: dict[str, int], *, page: int = 300, most: int = 1000) -> StubMarketo:
    """Return a stub that finds `counts[value]` rows for a value, pages by `page` and refuses more than `most`."""
    numbers = {value: index for index, value in enumerate(counts)}

    async def answer(_request: httpx.Request, query: dict[str, str]) -> Answer:
        await asyncio.sleep(0.05 + len(query["filterValues"]) % 7 / 10)
        values = query["filterValues"].split(",")
        rows = [{"id": numbers[value] * 10_000 + n} for value in values for n in range(counts[value])]
        if len(rows) > most:
            return failure("1003", "Too many results match the filter")
        begin = int(query.get("nextPageToken", "0"))
        more = begin + page < len(rows)
        token = {"nextPageToken": str(begin + page)} if more else {}
        return success(*rows[begin : begin + page], moreResult=more, **token)

    return StubMarketo(answer)


def find(
    marketo: MarketoClient, values: Sequence[str], *, start: FindPosition | None = None, most_bytes: int = 100_000
) -> Pager[IdResult]:
    def walk(options: PagerOptions) -> ValueWalk[IdResult]:
        return ValueWalk(
            marketo._transport,
            lambda chunk: GET("/rest/v1/leads.json").query(filterType="email", filterValues=chunk),
            iter(values),
            encoded_length,
            decoder(IdResult, options),
            start=start or FindPosition(0),
            options=options,
            most_values=300,
            most_bytes=most_bytes,
        )

    return Pager(walk)


@settings(max_examples=60, deadline=None)
@given(
    counts=st.lists(st.integers(0, 40), max_size=900),
    most_bytes=st.sampled_from([50, 1000, 100_000]),
    prefetch=st.integers(1, 8),
    cut=st.integers(0, 40),
)
def test_any_number_of_values_gives_every_row_once_in_input_order(
    counts: list[int], most_bytes: int, prefetch: int, cut: int
) -> None:
    """A18, A19: values are cut by number and bytes, big chunks halved, tokens followed; rows come in input order."""

    async def walk() -> None:
        values = {f"v{index}": count for index, count in enumerate(counts)}
        expected = [index * 10_000 + n for index, count in enumerate(counts) for n in range(count)]
        async with client_of(matching(values), limits=Limits(max_calls=None)) as marketo:
            pager = find(marketo, list(values), most_bytes=most_bytes).with_options(prefetch=prefetch)
            pages = [page async for page in pager.pages()]
            assert [item.id for page in pages for item in page.items] == expected
            if cut < len(pages):
                # A page's own position reads it again, with everything behind it; the next position goes on after it.
                resumed = find(marketo, list(values), most_bytes=most_bytes, start=_position(pages[cut].position))
                done = sum(len(page.items) for page in pages[:cut])
                assert [item.id async for item in resumed] == expected[done:]
                if pages[cut].next_position is not None:
                    onwards = find(
                        marketo, list(values), most_bytes=most_bytes, start=_position(pages[cut].next_position)
                    )
                    done += len(pages[cut].items)
                    assert [item.id async for item in onwards] == expected[done:]

    virtual_time.run(walk())


def _position(position: object) -> FindPosition:
    assert isinstance(position, FindPosition)
    return position


async def test_ten_thousand_values_use_few_calls_and_several_at_once() -> None:
    """A19: 10,000 values are one call of ours: 34 of Marketo's, made concurrently."""
    values = {f"lead{n}@example.com": 1 for n in range(10_000)}
    stub = matching(values)
    async with client_of(stub) as marketo:
        assert len(await find(marketo, list(values)).collect()) == 10_000
    assert len(stub.calls) == 34
    assert 4 <= stub.most_at_once <= 8
    assert max(len(call.url.raw_path) for call in stub.calls) < 8000
    assert {call.url.query for call in stub.calls if call.method == "POST"} == {b"_method=GET"}


async def test_one_value_with_too_many_matches_is_an_error_with_its_position() -> None:
    """A single value that matches too much cannot be halved: Marketo's answer is passed on, with the place."""
    async with client_of(matching({"a": 1, "b": 2000, "c": 1})) as marketo:
        with pytest.raises(ValidationError) as caught:
            await find(marketo, ["a", "b", "c"]).collect()
        assert caught.value.position == FindPosition(1, 1)
        assert [json.loads(repr(item.id)) for item in caught.value.partial if isinstance(item, IdResult)] == [0]


async def test_another_refusal_is_not_taken_for_too_many_matches() -> None:
    """Only "too many results" halves a chunk; any other refusal ends the walk, which can be tried again."""
    refusals = ["1003"]
    whole = matching({"a": 1, "b": 1})

    async def answer(request: httpx.Request, query: dict[str, str]) -> Answer:
        if refusals:
            return failure(refusals.pop(), "Invalid value")
        return await whole._answer(request, query)

    async with client_of(StubMarketo(answer)) as marketo:
        pages = find(marketo, ["a", "b"]).pages()
        with pytest.raises(ApiError):
            await anext(pages)
        assert [item.id for item in (await anext(pages)).items] == [0, 10_000]


async def test_no_values_cost_no_call() -> None:
    """A search by no values finds nothing and asks nobody."""
    stub = matching({})
    async with client_of(stub) as marketo:
        assert await find(marketo, []).collect() == []
    assert not stub.calls

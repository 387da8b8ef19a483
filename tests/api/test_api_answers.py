"""What the groups make of Marketo's answers."""

from __future__ import annotations

import pytest
from recording_transport import NOTHING, answering, groups_on, rows

from marketo_async.api._base import Group
from marketo_async.errors import ArgumentError, DecodeError, NotFoundError
from marketo_async.records import FolderId, IdResult
from marketo_async.wire.call import GET
from marketo_async.wire.envelope import Envelope


def program(number: int, name: str = "Webinar") -> dict[str, object]:
    """Return a program as a listing shows it."""
    return {"id": number, "name": name, "type": "Event", "channel": "Webinar"}


async def test_get_of_nothing_is_not_found() -> None:
    """`get` raises when Marketo answers with its empty form, in Marketo's words and with the request's id (A16)."""
    groups = groups_on(answering(NOTHING))
    with pytest.raises(NotFoundError, match="No assets found for the given search criteria") as caught:
        await groups.programs.get(1)
    assert caught.value.request_id == "a1b2#18c"
    assert caught.value.operation == "GET /rest/asset/v1/program/{id}.json"


async def test_get_of_nothing_without_words() -> None:
    """An empty answer that does not even warn is not found, too (P6)."""
    with pytest.raises(NotFoundError, match="nothing found"):
        await groups_on(answering(rows())).programs.get(1)


async def test_find_of_nothing_is_none() -> None:
    """`find_by_name` returns None for what is not there, in each group (A16)."""
    groups = groups_on(answering(NOTHING, NOTHING, NOTHING, rows()))
    assert await groups.programs.find_by_name("x") is None
    assert await groups.channels.find_by_name("x") is None
    assert await groups.tags.find_by_name("x") is None
    assert await groups.folders.find_by_name("x") is None


async def test_listing_of_nothing_is_empty() -> None:
    """A listing of nothing has no items, and its only page keeps the warning (A16)."""
    pages = [page async for page in groups_on(answering(NOTHING)).programs.browse().pages()]
    assert [(page.items, page.warnings) for page in pages] == [
        ((), ("No assets found for the given search criteria.",))
    ]


async def test_first_of_several_by_name() -> None:
    """Of several programs with one name `find_by_name` gives the first, `find_all_by_name` all of them (A17)."""
    twins = rows(program(2), program(1))
    groups = groups_on(answering(twins, twins))
    found = await groups.programs.find_by_name("Webinar")
    assert found is not None
    assert found.id == 2
    assert [each.id for each in await groups.programs.find_all_by_name("Webinar").collect()] == [2, 1]


async def test_by_tag_gives_each_program_once() -> None:
    """Pages of the listing by tag overlap, since its order is random: each program comes once in a walk."""
    pages = (rows(program(1), program(2)), rows(program(2), program(3)), rows(program(1)), NOTHING, NOTHING)
    pager = groups_on(answering(*pages)).programs.find_by_tag("Region", "EMEA", page_size=2)
    found = [each.id async for each in pager.with_options(prefetch=1)]
    assert found == [1, 2, 3]


async def test_by_tag_starts_afresh() -> None:
    """A second walk through a listing by tag gives everything again: what was seen belongs to the walk."""
    page = rows(program(1))
    pager = groups_on(answering(page, page)).programs.find_by_tag("Region", "EMEA")
    assert [each.id async for each in pager] == [1]
    assert [each.id async for each in pager] == [1]


async def test_by_tag_skips_misfits() -> None:
    """A listing by tag that is told to skip misfits keeps their errors on the page."""
    pager = groups_on(answering(rows(program(1), {"id": "x"}, program(1)))).programs.find_by_tag("Region", "EMEA")
    pages = [page async for page in pager.with_options(on_misfit="skip").pages()]
    assert [each.id for each in pages[0].items] == [1]
    assert [error.path for error in pages[0].misfits] == ["$.result[1].id"]


async def test_misfit_says_where() -> None:
    """A program that does not fit is a `DecodeError` with its place in the answer."""
    with pytest.raises(DecodeError, match=r"\$\.result\[1\]\.id"):
        await groups_on(answering(rows(program(1), {**program(2), "id": "two"}))).programs.browse().collect()


async def test_writes_return_ids() -> None:
    """Approve, unapprove, delete and the operations on single tags return the id that Marketo answers with."""
    groups = groups_on(answering(*[rows({"id": number}) for number in range(1, 8)]))
    assert await groups.programs.approve(1) == 1
    assert await groups.programs.unapprove(2) == 2
    assert await groups.programs.delete(3) == 3
    assert await groups.programs.update_tag(4, "Region", "EMEA") == 4
    assert await groups.programs.delete_tag(5, "Region") == 5
    assert await groups.folders.delete(FolderId(6)) == 6
    assert await groups.tokens.delete("T", folder=FolderId(7), type="text") == 7


async def test_folder_without_tokens() -> None:
    """A folder that has no tokens has none, whether Marketo leaves them out or sends null."""
    folder = {"type": "Folder", "value": 416}
    groups = groups_on(answering(rows({"folder": folder}), rows({"folder": folder, "tokens": None})))
    assert (await groups.tokens.get(FolderId(416))).tokens == ()
    assert (await groups.tokens.get(FolderId(416))).tokens == ()


async def test_a_day_without_errors() -> None:
    """A day for which Marketo has no errors to count is None or a day with none, never an exception."""
    groups = groups_on(answering(rows(), rows({"date": "2026-01-05", "total": 0, "errors": []})))
    assert await groups.usage.daily_errors() is None
    day = await groups.usage.daily_errors()
    assert day is not None
    assert (day.total, day.errors) == (0, ())


async def test_token_listing() -> None:
    """A listing by page token follows the tokens, is sized by `batchSize`, and begins where it is told to."""
    transport = answering(
        Envelope([{"id": 1}], next_page_token="TWO", more_result=True), Envelope([{"id": 2}], more_result=False)
    )
    group = Group(groups_on(transport)._transport)
    call = GET("/rest/v1/lists.json")
    pager = group._token_pages(IdResult, call, page_size=1, start="ONE")
    assert [row.id async for row in pager] == [1, 2]
    assert [dict(call.query_pairs) for call in transport.calls] == [
        {"batchSize": "1", "nextPageToken": "ONE"},
        {"batchSize": "1", "nextPageToken": "TWO"},
    ]
    with pytest.raises(ArgumentError, match="page_size"):
        group._token_pages(IdResult, call, page_size=301, start=None)
    with pytest.raises(ArgumentError, match="start"):
        group._token_pages(IdResult, call, page_size=300, start="")

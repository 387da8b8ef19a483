"""Static lists: which there are, and who is on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from recording_transport import RecordingTransport, answering, groups_on, rows

from marketo_async.errors import ArgumentError, NotFoundError
from marketo_async.transport.value_walk import FindPosition
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.api.groups import Groups
    from marketo_async.api.lead_database.lists import ListSpelling
    from marketo_async.transport.paging import Pager
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope


def ids_of(call: Call) -> list[int]:
    """Return the ids that a call asks for."""
    return [int(value) for name, value in call.query_pairs if name == "id"]


def odd_ones(call: Call) -> Envelope:
    """Answer that the odd ids are members, and that there is no lead 10."""
    return rows(*(_status(number) for number in ids_of(call)))


def _status(number: int) -> dict[str, object]:
    if number == 10:
        reasons = [{"code": "1004", "message": "Lead not found"}]
        return {"id": number, "status": "skipped", "reasons": reasons}
    return {"id": number, "status": "memberof" if number % 2 else "notmemberof"}


async def test_no_such_list() -> None:
    """A list that is not there is a `NotFoundError`, in Marketo's words (1013)."""
    transport = answering(NotFoundError("List not found", code="1013"))
    with pytest.raises(NotFoundError, match="1013: List not found"):
        await groups_on(transport).lists.get(5)


async def test_browsing_by_filters() -> None:
    """Each filter travels as one parameter, joined by commas; without any, all lists are asked for."""
    transport = RecordingTransport(lambda _: rows())
    lists = groups_on(transport).lists
    await lists.browse().collect()
    await lists.browse(
        ids=(number for number in (3, 1, 3)), names=["Ann & Bob"], program_names=["A", "B"], workspace_names=["D"]
    ).collect()
    assert [encode(call).target for call in transport.calls] == [
        "/rest/v1/lists.json?batchSize=300",
        "/rest/v1/lists.json?id=3%2C1&name=Ann%20%26%20Bob&programName=A%2CB&workspaceName=D&batchSize=300",
    ]


async def test_browsing_goes_page_by_page() -> None:
    """Lists come page by page until there is no token, and go on from the token of any page (A11)."""
    pages = {None: (1, "B"), "B": (2, "C"), "C": (3, None)}

    def answer(call: Call) -> Envelope:
        number, token = pages[dict(call.query_pairs).get("nextPageToken")]
        return rows({"id": number, "name": "x"}, token=token)

    lists = groups_on(RecordingTransport(answer)).lists
    assert [each.id async for each in lists.browse()] == [1, 2, 3]
    assert [each.id async for each in lists.browse(start="B")] == [2, 3]


@pytest.mark.parametrize("spelling", ["lists", "list"])
async def test_leads_of_a_list(spelling: ListSpelling) -> None:
    """The leads of a list come by either of Marketo's two paths; an empty list has none."""
    transport = answering(rows({"id": 8, "leadScore": 5}), rows())
    lists = groups_on(transport).lists
    (lead,) = await lists.leads(1001, fields=["leadScore"], spelling=spelling).collect()
    assert (lead.id, lead["leadScore"]) == (8, 5)
    assert await lists.leads(1002).collect() == []
    assert encode(transport.calls[0]).target == f"/rest/v1/{spelling}/1001/leads.json?fields=leadScore&batchSize=300"
    assert transport.calls[0].server_limit == 60.0


async def test_membership_of_a_thousand() -> None:
    """A thousand ids are asked for 300 a call, as repeated parameters, and answered in the order given (A18, A19)."""
    transport = RecordingTransport(odd_ones)
    ids = [*range(1000, 0, -1)]
    statuses = await groups_on(transport).lists.are_members(1001, ids).collect()
    assert [status.lead_id for status in statuses] == ids
    assert [status.lead_id for status in statuses if status.is_member] == ids[1::2]
    assert sorted(len(ids_of(call)) for call in transport.calls) == [100, 300, 300, 300]
    assert encode(transport.calls[0]).target.startswith("/rest/v1/lists/1001/leads/ismember.json?id=1000&id=999&")


async def test_membership_of_nobody() -> None:
    """An id that no lead has is data beside the others, with Marketo's reason (A27)."""
    statuses = await groups_on(RecordingTransport(odd_ones)).lists.are_members(1001, [9, 10]).collect()
    assert [status.status for status in statuses] == ["memberof", "skipped"]
    assert [reason.message for reason in statuses[1].reasons] == ["Lead not found"]


async def test_membership_each_id_once() -> None:
    """An id that is given twice is asked for once; no ids cost no call."""
    transport = RecordingTransport(odd_ones)
    lists = groups_on(transport).lists
    assert [status.lead_id async for status in lists.are_members(1001, [7, 8, 7])] == [7, 8]
    assert await lists.are_members(1001, []).collect() == []
    assert len(transport.calls) == 1


async def test_membership_goes_on_from_a_position() -> None:
    """A test of many ids goes on from the position of any of its pages (A11)."""
    lists = groups_on(RecordingTransport(odd_ones)).lists
    ids = [*range(1, 701)]
    pages = [page async for page in lists.are_members(1001, ids).pages()]
    assert [page.position for page in pages] == [FindPosition(0, 300), FindPosition(300, 300), FindPosition(600, 100)]
    rest = [status.lead_id async for status in lists.are_members(1001, ids, start=pages[1].position)]
    assert rest == ids[300:]


async def test_long_ids_go_by_post() -> None:
    """300 ids of any length go in one call: in a form body with `_method=GET` where the URI would be too long (A14)."""
    transport = RecordingTransport(odd_ones)
    ids = [10**30 + number for number in range(400)]
    await groups_on(transport).lists.are_members(1001, ids).collect()
    long, short = (encode(call) for call in transport.calls)
    assert (long.method, long.target) == ("POST", "/rest/v1/lists/1001/leads/ismember.json?_method=GET")
    assert long.body.startswith(b"id=1000000000000000000000000000000&id=1000000000000000000000000000001&")
    assert short.method == "GET"


@pytest.mark.parametrize(
    ("use", "argument"),
    [
        (lambda m: m.lists.browse(ids=[0]), "ids[0]"),
        (lambda m: m.lists.browse(ids=[]), "ids"),
        (lambda m: m.lists.browse(ids="12"), "ids"),
        (lambda m: m.lists.browse(names=["a,b"]), "names[0]"),
        (lambda m: m.lists.browse(program_names=[]), "program_names"),
        (lambda m: m.lists.browse(workspace_names="Default"), "workspace_names"),
        (lambda m: m.lists.browse(page_size=301), "page_size"),
        (lambda m: m.lists.leads(True), "list_id"),
        (lambda m: m.lists.leads(1, spelling="listen"), "spelling"),
        (lambda m: m.lists.leads(1, fields=["a,b"]), "fields[0]"),
        (lambda m: m.lists.are_members("1", [1]), "list_id"),
        (lambda m: m.lists.are_members(1, [1, "2"]), "lead_ids[1]"),
        (lambda m: m.lists.are_members(1, [1], start=FindPosition(2)), "start"),
        (lambda m: m.lists.are_members(1, [1], start="B"), "start"),
    ],
)
def test_refused_arguments(use: Callable[[Groups], Pager[object]], argument: str) -> None:
    """What cannot be right is refused with the argument's name, before anything is sent."""
    transport = RecordingTransport()
    with pytest.raises(ArgumentError) as caught:
        use(groups_on(transport))
    assert caught.value.argument == argument
    assert transport.calls == []

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from marketo_async.sandbox.areas.activities import Activities
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.lists import Lists
from marketo_async.sandbox.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox_caller import Caller

BORN = datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)
ADD_TO_LIST, REMOVE_FROM_LIST = 24, 25


def skip(lead_id: int, code: str, message: str) -> dict[str, Any]:
    return {"id": lead_id, "status": "skipped", "reasons": [{"code": code, "message": message}]}


def given(marketo: Caller, count: int = 3) -> tuple[int, list[int], str]:
    """Return a list, some leads, and where the leads of the list are."""
    leads = marketo.instance.state(Leads)
    list_id = marketo.instance.state(Lists).add_list("Customers").id
    return list_id, [leads.add().id for _ in range(count)], f"/rest/v1/lists/{list_id}/leads"


FORMS: dict[str, Callable[[list[int]], dict[str, Any]]] = {
    "repeated": lambda ids: {"id": [*ids]},
    "commas": lambda ids: {"id": ",".join(map(str, ids))},
    "JSON": lambda ids: {"body": {"input": [{"id": one} for one in ids]}},
    "JSON with texts": lambda ids: {"body": {"input": [{"id": str(one)} for one in ids]}},
}


@pytest.mark.parametrize("form", FORMS)
async def test_adding_asking_and_removing(marketo: Caller, form: str) -> None:
    """Leads are added (twice is `added` again), looked up and removed in the recorded words, however they are named."""
    _, (ann, bob, _), path = given(marketo)
    named = FORMS[form]
    reply = await marketo.send("POST", f"{path}.json", **named([ann, 999, ann]))
    assert list(reply) == ["requestId", "result", "success"]
    added = {"id": ann, "status": "added"}
    assert reply["result"] == [added, skip(999, "1004", "Lead not found"), added]
    assert list(reply["result"][1]) == ["id", "status", "reasons"]
    reply = await marketo.send("GET", f"{path}/ismember.json", **named([bob, ann, 999]))
    assert reply["result"] == [
        {"id": bob, "status": "notmemberof"},
        {"id": ann, "status": "memberof"},
        skip(999, "1004", "Lead not found"),
    ]
    reply = await marketo.send("DELETE", f"{path}.json", **named([ann, bob, 999, ann]))
    assert reply["result"] == [
        {"id": ann, "status": "removed"},
        skip(bob, "1015", "Lead not in list"),
        skip(999, "1004", "Lead not found"),
        skip(ann, "1015", "Lead not in list"),
    ]
    assert (await marketo.get(f"{path}.json"))["result"] == []


async def test_other_verbs_in_the_clothes_of_a_post(marketo: Caller) -> None:
    """Asking and removing may come as a POST that says `_method=GET` or `_method=DELETE`."""
    list_id, (ann, bob, _), path = given(marketo)
    marketo.instance.state(Lists).add(list_id, [ann])
    body = {"input": [{"id": ann}, {"id": bob}]}
    reply = await marketo.send("POST", f"{path}/ismember.json", body, _method="GET")
    assert [row["status"] for row in reply["result"]] == ["memberof", "notmemberof"]
    reply = await marketo.send("POST", f"{path}.json", body, _method="DELETE")
    assert [row["status"] for row in reply["result"]] == ["removed", "skipped"]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({}, "1002"),
        ({"body": {}}, "1002"),
        ({"body": {"input": []}}, "1002"),
        ({"body": {"input": [{"leadId": 1}]}}, "1002"),
        ({"body": {"input": [{"id": "x"}]}}, "1001"),
        ({"id": "x"}, "1001"),
        ({"body": [1]}, "609"),
        ({"body": {"input": [1]}}, "609"),
        ({"id": [*range(1, 302)]}, "1003"),
        ({"body": {"input": [{"id": one} for one in range(1, 302)]}}, "1003"),
    ],
)
async def test_calls_that_name_nobody_rightly(marketo: Caller, call: dict[str, Any], code: str) -> None:
    """No leads, what is no id, and more than 300 are refused as a whole by all three operations."""
    _, _, path = given(marketo)
    for method, end in (("POST", ".json"), ("DELETE", ".json"), ("GET", "/ismember.json")):
        reply = await marketo.send(method, path + end, **call)
        assert reply["success"] is False
        assert reply["errors"][0]["code"] == code, (method, reply)
    assert (await marketo.get(f"{path}.json"))["result"] == []


async def test_three_hundred_at_once(marketo: Caller) -> None:
    """A call carries 300 ids, in JSON; an unknown list is 1013 for all three operations."""
    list_id, ids, path = given(marketo, 300)
    reply = await marketo.send("POST", f"{path}.json", {"input": [{"id": one} for one in ids]})
    assert [row["status"] for row in reply["result"]] == ["added"] * 300
    assert marketo.instance.state(Lists).size(list_id) == 300
    for method, end in (("POST", ".json"), ("DELETE", ".json"), ("GET", "/ismember.json")):
        reply = await marketo.send(method, f"/rest/v1/lists/7/leads{end}", id=1)
        assert reply["errors"] == [{"code": "1013", "message": "List not found"}]


async def test_activities_are_written(marketo: Caller) -> None:
    """Who comes on a list and goes off it has Add to List and Remove from List; what changes nothing writes nothing."""
    list_id, (ann, bob, _), path = given(marketo)
    for _ in range(2):
        await marketo.send("POST", f"{path}.json", id=ann)
    await marketo.send("DELETE", f"{path}.json", id=[ann, bob])
    activities = marketo.instance.state(Activities)
    logged = [(one.type_id, one.primary_id, one.primary_value) for one in activities.of(ann)]
    assert logged == [(ADD_TO_LIST, list_id, "Customers"), (REMOVE_FROM_LIST, list_id, "Customers")]
    assert activities.of(bob) == []


async def test_the_lists_of_a_lead(marketo: Caller) -> None:
    """A lead's lists come by id with the time it was put on them, page after page; an unknown lead is 1004."""
    lists, lead = marketo.instance.state(Lists), marketo.instance.state(Leads).add().id
    made = [lists.add_list(f"List {number}").id for number in range(5)]
    path = f"/rest/v1/leads/{lead}/listMembership.json"
    reply = await marketo.get(path)
    assert (list(reply), reply["result"]) == (["requestId", "result", "success", "moreResult"], [])
    for list_id in made[::-1]:
        lists.add(list_id, [lead], at=BORN)
    first = await marketo.get(path, batchSize=3)
    assert first["moreResult"] is True
    assert first["result"][0] == {
        "listId": made[0], "createdAt": "2015-08-24T20:17:23Z", "updatedAt": "2015-08-24T20:17:23Z",
    }  # fmt: skip
    second = await marketo.get(path, batchSize=3, nextPageToken=first["nextPageToken"])
    assert second["moreResult"] is False
    assert "nextPageToken" not in second
    assert [row["listId"] for page in (first, second) for row in page["result"]] == made
    assert await marketo.not_read("/rest/v1/leads/99/listMembership.json") == ("1004", "Lead '99' not found")


async def test_lists_follow_what_becomes_of_leads(marketo: Caller) -> None:
    """A deleted lead is on no list; who was merged hands its lists to the winner, who keeps the earlier date."""
    leads, lists = marketo.instance.state(Leads), marketo.instance.state(Lists)
    one, two, three = (lists.add_list(name).id for name in ("One", "Two", "Three"))
    winner, loser, deleted = (leads.add().id for _ in range(3))
    lists.add(one, [winner, deleted])
    lists.add(one, [loser], at=BORN)
    lists.add(two, [loser, deleted])
    lists.add(three, [winner])
    leads.remove(deleted)
    leads.absorb(winner, [loser])
    assert [[*lists.lead_ids(list_id)] for list_id in (one, two, three)] == [[winner]] * 3
    assert [found.id for found, _ in lists.of_lead(winner)] == [one, two, three]
    assert next(at for _, at in lists.of_lead(winner)) == BORN
    assert [*lists.of_lead(loser)] == [*lists.of_lead(deleted)] == []


def test_the_doors_name_what_is_not_there() -> None:
    """The doors for tests raise a KeyError for a list, a lead or a program that does not exist."""
    instance = Instance()
    lists, lead = instance.state(Lists), instance.state(Leads).add().id
    made = lists.add_list("One").id
    with pytest.raises(KeyError):
        lists.add(7, [lead])
    with pytest.raises(KeyError):
        lists.add(made, [99])
    with pytest.raises(KeyError):
        lists.remove(7, [lead])
    with pytest.raises(KeyError):
        lists.add_list("Local", program_id=7)

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import USER

from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.lists import Lists
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from sandbox_caller import Caller

LISTS = "/rest/v1/lists.json"
BORN = datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)


def people(marketo: Caller, count: int) -> list[int]:
    leads = marketo.instance.state(Leads)
    return [leads.add(email=f"p{number}@acme.example").id for number in range(count)]


async def names(marketo: Caller, **query: object) -> list[str]:
    reply = await marketo.send("GET", LISTS, **query)
    assert reply["success"], reply
    return [row["name"] for row in reply["result"]]


async def test_a_list_by_id(marketo: Caller) -> None:
    """A list of the lead database has no program and, if nobody wrote one, no description; an unknown one is 1013."""
    lists, programs = marketo.instance.state(Lists), marketo.instance.state(Programs)
    plain = lists.add_list("Customers", created_at=BORN)
    local = lists.add_list("Guests", program_id=programs.add("Dinner").id, description="of the dinner")
    reply = await marketo.get(f"/rest/v1/lists/{plain.id}.json")
    assert list(reply) == ["requestId", "result", "success"]
    assert [list(row.items()) for row in reply["result"]] == [
        [
            ("id", plain.id), ("name", "Customers"), ("workspaceName", "Default"),
            ("createdAt", "2015-08-24T20:17:23Z"), ("updatedAt", "2015-08-24T20:17:23Z"),
        ]
    ]  # fmt: skip
    (row,) = (await marketo.get(f"/rest/v1/lists/{local.id}.json"))["result"]
    assert list(row) == [
        "id", "name", "description", "programName", "workspaceName", "createdAt", "updatedAt",
    ]  # fmt: skip
    assert (row["description"], row["programName"]) == ("of the dinner", "Dinner")
    assert await marketo.not_read("/rest/v1/lists/77.json") == ("1013", "List not found")
    assert (await marketo.not_read("/rest/v1/lists/x.json"))[0] == "1001"


async def test_lists_are_filtered(marketo: Caller) -> None:
    """Each filter takes comma lists and repetitions, and a list has to pass all that are given."""
    lists, programs = marketo.instance.state(Lists), marketo.instance.state(Programs)
    marketo.instance.state(Folders).add_workspace("EMEA")
    dinner = programs.add("Dinner").id
    one, two = lists.add_list("One"), lists.add_list("Two", program_id=dinner)
    three = lists.add_list("Three", workspace="EMEA")
    assert await names(marketo) == ["One", "Two", "Three"]
    assert await names(marketo, id=f"{three.id}, {one.id},99") == ["One", "Three"]
    assert await names(marketo, id=[three.id, one.id]) == ["One", "Three"]
    assert await names(marketo, name=["Two", "One,Four"]) == ["One", "Two"]
    assert await names(marketo, name="two") == []
    assert await names(marketo, programName="Dinner") == ["Two"]
    assert await names(marketo, workspaceName="EMEA") == ["Three"]
    assert await names(marketo, workspaceName="EMEA,Default", name="Two,Three", id=two.id) == ["Two"]
    assert await names(marketo, id="", name="") == ["One", "Two", "Three"]
    assert (await marketo.not_read(LISTS, id="x"))[0] == "1001"


async def test_lists_come_by_pages(marketo: Caller) -> None:
    """Tokens lead through the lists once; the last page has none, and a token is good for its own search only."""
    lists = marketo.instance.state(Lists)
    made = [lists.add_list(f"List {number}").id for number in range(5)]
    found, query = list[int](), dict[str, Any]()
    for size in (2, 2, 1):
        reply = await marketo.get(LISTS, batchSize=2, **query)
        assert len(reply["result"]) == size
        found += [row["id"] for row in reply["result"]]
        query = {"nextPageToken": reply.get("nextPageToken")}
    assert found == made
    assert query == {"nextPageToken": None}
    token = (await marketo.get(LISTS, batchSize=2))["nextPageToken"]
    assert (await marketo.not_read(LISTS, name="List 1", nextPageToken=token))[0] == "1003"
    for size in (0, 301):
        assert (await marketo.not_read(LISTS, batchSize=size))[0] == "1003"


async def test_lists_that_are_out_of_sight(marketo: Caller) -> None:
    """Lists of workspaces that the API user cannot see do not exist for it; a list goes with its program."""
    lists, programs = marketo.instance.state(Lists), marketo.instance.state(Programs)
    folders = marketo.instance.state(Folders)
    folders.add_workspace("EMEA")
    program = programs.add("Dinner", workspace="EMEA")
    open_, hidden = lists.add_list("Open"), lists.add_list("Hidden", program_id=program.id)
    gone = lists.add_list("Gone", program_id=programs.add("Supper").id)
    assert hidden.workspace == "EMEA"
    (lead,) = people(marketo, 1)
    for one in (open_, hidden, gone):
        lists.add(one.id, [lead])
    programs.remove(gone.program_id or 0)
    assert await names(marketo) == ["Open", "Hidden"]
    folders.hide_workspaces(USER, ["EMEA"])
    assert await names(marketo) == ["Open"]
    rows = (await marketo.get(f"/rest/v1/leads/{lead}/listMembership.json"))["result"]
    assert [row["listId"] for row in rows] == [open_.id]
    for one in (hidden, gone):
        for path in (f"{one.id}.json", f"{one.id}/leads.json"):
            assert await marketo.not_read(f"/rest/v1/lists/{path}") == ("1013", "List not found")
        reply = await marketo.send("POST", f"/rest/v1/lists/{one.id}/leads.json", id=lead)
        assert reply["errors"][0]["code"] == "1013"


@pytest.mark.parametrize("word", ["list", "lists"])
async def test_the_leads_of_a_list(marketo: Caller, word: str) -> None:
    """Under both spellings the leads come by id, with the usual fields or those asked for, through page tokens."""
    lists = marketo.instance.state(Lists)
    customers, nobody = lists.add_list("Customers").id, lists.add_list("Nobody").id
    ids = people(marketo, 7)
    lists.add(customers, [*ids[5:], *ids[:4]])
    path = f"/rest/v1/{word}/{customers}/leads.json"
    reply = await marketo.get(path)
    assert list(reply) == ["requestId", "result", "success"]
    assert [row["id"] for row in reply["result"]] == [*ids[:4], *ids[5:]]
    assert list(reply["result"][0]) == ["id", "firstName", "lastName", "email", "updatedAt", "createdAt"]
    query: dict[str, Any] = {"batchSize": 4, "fields": "email"}
    first = await marketo.get(path, **query)
    assert first["result"][0] == {"id": ids[0], "email": "p0@acme.example"}
    lists.remove(customers, [ids[1], ids[5]])
    lists.add(customers, [ids[4]])
    second = await marketo.get(path, **query, nextPageToken=first["nextPageToken"])
    assert "nextPageToken" not in second
    assert [row["id"] for page in (first, second) for row in page["result"]] == [*ids[:5], ids[6]]
    assert (await marketo.get(f"/rest/v1/{word}/{nobody}/leads.json"))["result"] == []
    assert await marketo.not_read(path, fields="noField") == ("1006", "Field 'noField' not found")
    assert await marketo.not_read(f"/rest/v1/{word}/1/leads.json") == ("1013", "List not found")
    strange = {"nextPageToken": first["nextPageToken"]}
    assert (await marketo.not_read(f"/rest/v1/{word}/{nobody}/leads.json", **strange))[0] == "1003"


async def test_the_leads_of_a_list_by_post(marketo: Caller) -> None:
    """The leads of a list may be asked for by a form that says `_method=GET`, as recorded."""
    lists = marketo.instance.state(Lists)
    customers, (lead,) = lists.add_list("Customers").id, people(marketo, 1)
    lists.add(customers, [lead])
    form = {"listId": customers, "_method": "GET", "fields": "email"}
    reply = await marketo.post(f"/rest/v1/list/{customers}/leads.json", **form)
    assert reply["result"] == [{"id": lead, "email": "p0@acme.example"}]
    assert (await marketo.post(f"/rest/v1/list/{customers}/leads.json"))["errors"][0]["code"] == "605"

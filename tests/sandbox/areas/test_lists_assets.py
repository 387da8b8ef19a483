from __future__ import annotations

import json
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

LISTS = "/rest/asset/v1/staticLists.json"
BORN = datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)


def one(list_id: int, action: str = "") -> str:
    return f"/rest/asset/v1/staticList/{list_id}{action}.json"


def home(marketo: Caller, name: str = "Group Lists") -> int:
    return marketo.instance.state(Folders).named(name)[0].id


def folder(folder_id: int, kind: str = "Folder") -> str:
    return json.dumps({"id": folder_id, "type": kind})


async def test_a_list_as_an_asset(marketo: Caller) -> None:
    """A list is created in the folder for lists or in a program, and read by id and by name, in the recorded order."""
    program = marketo.instance.state(Programs).add("Dinner").id
    place = home(marketo)
    made = await marketo.done(LISTS, name="Customers", folder=folder(place), description="all of them")
    assert list(made.items()) == [
        ("id", 1001), ("name", "Customers"), ("description", "all of them"),
        ("createdAt", "2025-09-01T12:00:00Z+0000"), ("updatedAt", "2025-09-01T12:00:00Z+0000"),
        ("folder", {"id": place, "type": "Folder"}),
        ("computedUrl", "https://app-sj01.marketo.com/#ST1001A1"), ("workspace", "Default"),
    ]  # fmt: skip
    local = await marketo.done(LISTS, name="Customers", folder=folder(program, "Program"))
    assert local["folder"] == {"id": program, "type": "Program"}
    assert "description" not in local
    assert await marketo.rows(one(made["id"])) == [made]
    assert await marketo.rows("/rest/asset/v1/staticList/byName.json", name="Customers") == [made, local]
    assert await marketo.rows("/rest/asset/v1/staticList/byName.json", name="customers") == []
    (row,) = (await marketo.get(f"/rest/v1/lists/{local['id']}.json"))["result"]
    assert (row["name"], row["programName"]) == ("Customers", "Dinner")


async def test_lists_are_browsed(marketo: Caller) -> None:
    """Lists come by name whatever its case, by windows, in one folder, and between two times of change."""
    lists = marketo.instance.state(Lists)
    program = marketo.instance.state(Programs).add("Dinner").id
    lists.add_list("beta", created_at=BORN)
    lists.add_list("Alpha", program_id=program)
    lists.add_list("Gamma", created_at=BORN.replace(year=2016))

    async def names(**query: Any) -> list[str]:
        return [row["name"] for row in await marketo.rows(LISTS, **query)]

    assert await names() == ["Alpha", "beta", "Gamma"]
    assert await names(offset=1, maxReturn=1) == ["beta"]
    assert await names(offset=9) == []
    assert await names(folder=folder(program, "Program")) == ["Alpha"]
    assert await names(folder=folder(home(marketo))) == ["beta", "Gamma"]
    assert await names(earliestUpdatedAt="2015-08-24T20:17:23Z", latestUpdatedAt="2016-08-24T20:17:23Z") == [
        "beta", "Gamma",
    ]  # fmt: skip
    assert await names(earliestUpdatedAt="2015-08-24T20:17:24Z") == ["Alpha", "Gamma"]
    assert await names(latestUpdatedAt="2016-08-24T20:17:22Z") == ["beta"]
    assert (await marketo.not_read(LISTS, maxReturn=201))[0] == "1003"
    marketo.instance.state(Folders).hide_workspaces(USER, ["Default"])
    assert await names() == []


async def test_lists_are_changed_and_deleted(marketo: Caller) -> None:
    """Name and description change, and `updatedAt` with them; a deleted list is 702 here and 1013 there."""
    lists, lead = marketo.instance.state(Lists), marketo.instance.state(Leads).add().id
    made = lists.add_list("Customers", description="old", created_at=BORN).id
    lists.add(made, [lead])
    row = await marketo.done(one(made), name="CUSTOMERS")
    assert (row["name"], row["description"], row["createdAt"]) == ("CUSTOMERS", "old", "2015-08-24T20:17:23Z+0000")
    assert row["updatedAt"] > row["createdAt"]
    assert (await marketo.done(one(made), description=""))["description"] == ""
    assert await marketo.done(one(made, "/delete")) == {"id": made}
    gone = ("702", "Static List not found or it has been deleted")
    assert await marketo.not_read(one(made)) == gone
    assert await marketo.refused(one(made), name="Back") == await marketo.refused(one(made, "/delete")) == gone
    assert (await marketo.not_read(f"/rest/v1/lists/{made}.json"))[0] == "1013"
    assert (await marketo.get(f"/rest/v1/leads/{lead}/listMembership.json"))["result"] == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": None}, "701"),
        ({"name": " "}, "701"),
        ({"folder": None}, "701"),
        ({"folder": "{"}, "609"),
        ({"folder": folder(999)}, "710"),
        ({"folder": folder(999, "Program")}, "710"),
        ({"name": "x" * 256}, "701"),
        ({"name": "TAKEN"}, "709"),
    ],
)
async def test_lists_that_are_not_made(marketo: Caller, fields: dict[str, Any], code: str) -> None:
    """Blank, long and taken names, and places that do not exist, are refused, and nothing is made."""
    lists = marketo.instance.state(Lists)
    lists.add_list("Taken")
    refused = await marketo.refused(LISTS, **{"name": "New", "folder": folder(home(marketo))} | fields)
    assert refused[0] == code
    assert [found.name for found in lists] == ["Taken"]


async def test_where_lists_can_live(marketo: Caller) -> None:
    """Folders of marketing activities hold no lists; a name is taken in its own program or workspace only."""
    folders, lists = marketo.instance.state(Folders), marketo.instance.state(Lists)
    folders.add_workspace("EMEA")
    wrong = await marketo.refused(LISTS, name="New", folder=folder(folders.marketing().id))
    assert wrong == ("711", "Invalid folder type for static list")
    one_, other = lists.add_list("One"), lists.add_list("Other")
    elsewhere = lists.add_list("One", workspace="EMEA")
    assert elsewhere.workspace == "EMEA"
    taken = ("709", "Static List with the same name already exists")
    assert await marketo.refused(one(other.id), name="ONE") == taken
    assert await marketo.refused(one(other.id), name=" ") == ("701", "name cannot be blank")
    assert (await marketo.done(one(one_.id), name="One"))["name"] == "One"
    with pytest.raises(KeyError):
        lists.add_list("Nowhere", workspace="Atlantis")


async def test_a_folder_with_lists_is_not_empty(marketo: Caller) -> None:
    """A folder of lists is deleted once no list is in it."""
    parent = folder(home(marketo))
    made = await marketo.done("/rest/asset/v1/folders.json", name="By region", parent=parent)
    inside = await marketo.done(LISTS, name="EMEA", folder=folder(made["id"]))
    delete = f"/rest/asset/v1/folder/{made['id']}/delete.json"
    assert (await marketo.refused(delete, type="Folder"))[0] == "709"
    await marketo.done(one(inside["id"], "/delete"))
    assert await marketo.done(delete, type="Folder") == {"id": made["id"]}

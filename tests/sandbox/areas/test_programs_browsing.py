from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sandbox_caller import calling

from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from sandbox_caller import Caller

BROWSE = "/rest/asset/v1/programs.json"
BAD_REQUEST = ("1003", "Invalid request. Please check and try again.")


async def names(marketo: Caller, **query: object) -> list[str]:
    return [row["name"] for row in await marketo.rows(BROWSE, **query)]


async def test_the_order_is_by_name_without_case_then_id(marketo: Caller) -> None:
    """Programs come by name whatever its case, namesakes by id, and a listing row has the documented members only."""
    programs = marketo.instance.state(Programs)
    for name in ("beta", "Alpha", "alpha", "ALPHA 2", "Übersicht", "zulu", "10 first"):
        programs.add(name)
    assert await names(marketo) == ["10 first", "Alpha", "alpha", "ALPHA 2", "beta", "zulu", "Übersicht"]
    (row, *_) = await marketo.rows(BROWSE)
    assert list(row) == [
        "id", "name", "description", "createdAt", "updatedAt", "url", "type", "channel", "folder", "status",
        "workspace", "headStart",
    ]  # fmt: skip


async def test_pages_of_any_size_add_up(marketo: Caller) -> None:
    """Twenty are answered by default, up to 200 on request, every program once, and past the end there is nothing."""
    for number in range(431):
        marketo.instance.state(Programs).add(f"program {number:03}")
    assert len(await names(marketo)) == 20
    read = [name for offset in range(0, 431, 200) for name in await names(marketo, offset=offset, maxReturn=200)]
    assert read == [f"program {number:03}" for number in range(431)]
    assert await names(marketo, offset=430) == ["program 430"]
    assert await names(marketo, offset=10_000) == []


@pytest.mark.parametrize(
    "query",
    [
        {"maxReturn": 0},
        {"maxReturn": 201},
        {"offset": -1},
        {"filterType": "id"},
        {"filterType": "no", "filterValues": 1},
    ],
)
async def test_what_cannot_be_browsed(marketo: Caller, query: dict[str, object]) -> None:
    """Page sizes outside 1 to 200, negative offsets and half or unknown filters are 1003."""
    assert await marketo.not_read(BROWSE, **query) == BAD_REQUEST


async def test_numbers_must_be_numbers(marketo: Caller) -> None:
    """A page size or a filter value that is no number is 1001, a parameter that nobody knows is ignored."""
    marketo.instance.state(Programs).add("one")
    refusal = ("1001", "Invalid value 'many'. Required of type 'Integer'")
    assert await marketo.not_read(BROWSE, maxReturn="many") == refusal
    assert await marketo.not_read(BROWSE, filterType="id", filterValues="many") == refusal
    assert await names(marketo, unheardOf="x") == ["one"]


async def test_filters(marketo: Caller) -> None:
    """Programs can be browsed by id, by the folder or program they stand in, and by workspace."""
    programs, folders = marketo.instance.state(Programs), marketo.instance.state(Folders)
    folder = folders.add("folder")
    folders.add_workspace("Test Space")
    outer = programs.add("outer", kind="Engagement", parent=folder.ref)
    nested = programs.add("nested", kind="Email", parent=outer.ref)
    programs.add("elsewhere", workspace="Test Space")
    assert await names(marketo, filterType="id", filterValues=f"{outer.id},{nested.id} , 7") == ["nested", "outer"]
    assert await names(marketo, filterType="folderId", filterValues=folder.id) == ["outer"]
    assert await names(marketo, filterType="programId", filterValues=outer.id) == ["nested"]
    assert await names(marketo, filterType="workspace", filterValues="Test Space") == ["elsewhere"]
    assert await names(marketo, filterType="workspace", filterValues="Default,Test Space") == [
        "elsewhere", "nested", "outer",
    ]  # fmt: skip
    assert await names(marketo, filterType="workspace", filterValues="None") == []


async def test_dates_are_inclusive_on_the_last_update(marketo: Caller) -> None:
    """Both bounds belong to the range and look at the last update, in whatever spelling of the offset."""
    programs = marketo.instance.state(Programs)
    born = datetime(2017, 1, 10, 12, tzinfo=UTC)
    for hours in range(4):
        programs.add(f"hour {hours}", created_at=born + timedelta(hours=hours))
    assert await names(marketo, earliestUpdatedAt="2017-01-10T14:00:00Z") == ["hour 2", "hour 3"]
    assert await names(marketo, latestUpdatedAt="2017-01-10T13:00:00+0000") == ["hour 0", "hour 1"]
    both = {"earliestUpdatedAt": "2017-01-10T07:00:00-06:00", "latestUpdatedAt": "2017-01-10T14:00:00Z+0000"}
    assert await names(marketo, **both) == ["hour 1", "hour 2"]
    programs.rename(programs.named("hour 0")[0].id, "renamed")
    assert await names(marketo, earliestUpdatedAt="2025-09-01T12:00:00Z") == ["renamed"]
    for bad in (
        "yesterday",
        "2017-13-01T00:00:00Z",
        "2017-01-01T00:00:00 05:00",
        "0000-01-01",
        "0001-01-01T00:00:00+14",
    ):
        code, _ = await marketo.not_read(BROWSE, earliestUpdatedAt=bad)
        assert code == "704"


async def test_status_finds_only_types_that_have_one(marketo: Caller) -> None:
    """`status` finds engagement programs that are on or off and e-mail programs that are unlocked, nothing else."""
    programs = marketo.instance.state(Programs)
    for kind in ("Default", "Event", "Engagement", "Email"):
        programs.add(kind, kind=kind)
    programs.add("running", kind="Engagement").switch = "on"
    assert await names(marketo, status="on") == ["running"]
    assert await names(marketo, status="Off") == ["Engagement"]
    assert await names(marketo, status="unlocked") == ["Email"]
    assert await names(marketo, status="whatever") == []


async def test_changes_underneath_a_reader_show_at_once(marketo: Caller) -> None:
    """A program added, renamed or removed between two pages shifts the listing, as it does in Marketo."""
    programs = marketo.instance.state(Programs)
    made = [programs.add(f"n{number}") for number in range(6)]
    assert await names(marketo, maxReturn=3) == ["n0", "n1", "n2"]
    programs.add("a new one")
    assert await names(marketo, maxReturn=3, offset=3) == ["n2", "n3", "n4"]
    programs.rename(made[5].id, "Aardvark")
    programs.remove(made[0].id)
    assert await names(marketo) == ["a new one", "Aardvark", "n1", "n2", "n3", "n4"]


async def test_a_large_instance_reads_completely() -> None:
    """A seeded instance is read page by page, every program once, in order."""
    async with calling(programs=1_000) as marketo:
        rows = [
            row for offset in range(0, 1_000, 200) for row in await marketo.rows(BROWSE, offset=offset, maxReturn=200)
        ]
        keys = [(row["name"].casefold(), row["id"]) for row in rows]
        assert keys == sorted(keys)
        assert len({row["id"] for row in rows}) == 1_000

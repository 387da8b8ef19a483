"""Folders, tokens, channels and tag types through the public client, against the sandbox."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

import pytest

from marketo_async.errors import BusinessRuleError, NotFoundError, SystemFailureError
from marketo_async.records import FolderId, ProgramId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketo_async import MarketoClient
    from marketo_async.api.assets.tokens import TokenType, TokenValue
    from marketo_async.records import Folder
    from marketo_async.sandbox import Sandbox


async def home_of(marketo: MarketoClient) -> Folder:
    """Return the folder of the default workspace in Marketing Activities."""
    root = await marketo.folders.find_by_name("Marketing Activities", type="Folder")
    assert root is not None
    tops = [each async for each in marketo.folders.browse(root=root, max_depth=1, workspace="Default")]
    return next(each for each in tops if each.parent is not None and each.parent.id == root.id)


async def test_a_folders_life(marketo: MarketoClient) -> None:
    """A folder is made, found, renamed, described, archived and deleted, but not while something is in it."""
    home = await home_of(marketo)
    made = await marketo.folders.create("Größe, & +1", parent=home, description="all")
    assert (made.name, made.description, made.is_archive, made.is_system) == ("Größe, & +1", "all", False, False)
    assert made.parent is not None
    assert made.parent.id == home.id
    assert await marketo.folders.get(made) == made
    assert await marketo.folders.get(FolderId(made.id)) == made

    renamed = await marketo.folders.update(made, name="Webinars", description="", is_archive=True)
    assert (renamed.name, renamed.description or "", renamed.is_archive) == ("Webinars", "", True)
    back = await marketo.folders.update(made, is_archive=False)
    assert (back.name, back.is_archive) == ("Webinars", False)
    found = await marketo.folders.find_by_name("Webinars", root=home)
    assert found is not None
    assert found.id == made.id

    child = await marketo.folders.create("Child", parent=FolderId(made.id))
    program = await marketo.programs.create("P", folder=child, type="Event", channel="Tradeshow")
    assert [(each.id, each.is_folder) async for each in marketo.folders.contents(made)] == [(child.id, True)]
    items = await marketo.folders.contents(child).collect()
    assert [(each.id, each.is_program) for each in items] == [(program.id, True)]
    with pytest.raises(BusinessRuleError, match="not empty"):
        await marketo.folders.delete(made)
    await marketo.programs.delete(program.id)
    assert await marketo.folders.delete(child) == child.id
    assert await marketo.folders.delete(FolderId(made.id)) == made.id
    with pytest.raises(NotFoundError, match="Folder not found"):
        await marketo.folders.delete(made)
    with pytest.raises(NotFoundError, match="No assets found"):
        await marketo.folders.get(made)
    assert await marketo.folders.find_by_name("Webinars", root=home) is None


async def test_a_program_seen_as_a_folder(marketo: MarketoClient) -> None:
    """A program can be read as a folder, and the folder of the same number is another thing."""
    program = await marketo.programs.browse().first()
    assert program is not None
    seen = await marketo.folders.get(program)
    assert (seen.id, seen.name) == (program.id, program.name)
    assert seen.folder_id is not None
    assert seen.folder_id.is_program
    assert await marketo.folders.get(ProgramId(program.id)) == seen
    named = await marketo.folders.find_by_name(program.name, type="Program")
    assert named is not None
    assert named.name == program.name
    with pytest.raises(NotFoundError):
        await marketo.folders.get(FolderId(program.id + 1_000_000))


async def test_browse_goes_as_deep_as_told(marketo: MarketoClient) -> None:
    """Browsing gives the root alone at depth 0, each folder once, and the same folders at any page size."""
    home = await home_of(marketo)
    alone = await marketo.folders.browse(root=home, max_depth=0).collect()
    assert [each.id for each in alone] == [home.id]
    deep = [each.id async for each in marketo.folders.browse(root=home, max_depth=9)]
    assert len(deep) == len(set(deep)) > len(alone)
    assert [each.id async for each in marketo.folders.browse(root=home, max_depth=9, page_size=7)] == deep
    with pytest.raises(SystemFailureError):
        await marketo.folders.browse(workspace="no such workspace").first()


TOKENS: Sequence[tuple[str, TokenValue, str]] = [
    ("date", date(2026, 4, 1), "2026-04-01"),
    ("date", "2026-12-24", "2026-12-24"),
    ("number", 1.5, "1.5"),
    ("number", "-3", "-3"),
    ("score", "+5", "+5"),
    ("score", -5, "-5"),
    ("text", "a, b & ü + 100 %", "a, b & ü + 100 %"),
    ("rich text", "<a href='?a=1&b=2'>x</a>", "<a href='?a=1&b=2'>x</a>"),
    ("sfdc campaign", "Spring", "Spring"),
]


@pytest.mark.parametrize("where", ["folder", "program"])
async def test_tokens_life(marketo: MarketoClient, where: str) -> None:
    """Tokens of each type are made, given other values, listed and deleted, in folders and in programs."""
    program = await marketo.programs.browse().first()
    assert program is not None
    home = await home_of(marketo)
    place = program if where == "program" else await marketo.folders.create("With tokens", parent=home)
    before = {(each.name, each.type): each.value for each in (await marketo.tokens.get(place)).tokens}
    expected = dict(before)
    for kind, value, text in TOKENS:
        made = await marketo.tokens.create("My + token", folder=place, type=cast("TokenType", kind), value=value)
        assert [(each.name, each.type, each.value) for each in made.tokens] == [("My + token", kind, text)]
        expected["My + token", kind] = text
    listed = await marketo.tokens.get(place)
    assert {(each.name, each.type): each.value for each in listed.tokens} == expected
    assert (listed.folder.id, listed.folder.is_program) == (place.id, where == "program")

    assert await marketo.tokens.delete("My + token", folder=place, type="date") == place.id
    del expected["My + token", "date"]
    left = await marketo.tokens.get(place)
    assert {(each.name, each.type): each.value for each in left.tokens} == expected
    with pytest.raises(NotFoundError):
        await marketo.tokens.delete("My + token", folder=place, type="date")


async def test_tokens_of_nothing(marketo: MarketoClient) -> None:
    """The tokens of a folder that is not there are not found; those of one without tokens are none."""
    with pytest.raises(NotFoundError, match="999999 Folder not found"):
        await marketo.tokens.get(FolderId(999_999))
    empty = await marketo.folders.create("Without tokens", parent=await home_of(marketo))
    assert (await marketo.tokens.get(empty)).tokens == ()


async def test_channels(marketo: MarketoClient) -> None:
    """Channels are listed with their statuses in order, and found by name."""
    everything = await marketo.channels.browse(page_size=5).collect()
    assert len({each.name for each in everything}) == len(everything) > 5
    for channel in everything:
        assert await marketo.channels.find_by_name(channel.name) == channel
        assert channel.progression_statuses[0].name == "Not in Program"
    assert await marketo.channels.find_by_name("no such channel") is None


async def test_tag_types(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """Tag types are listed without their values and found with them."""
    everything = await marketo.tags.browse().collect()
    assert everything
    for kind in everything:
        assert kind.allowable_values is None
        found = await marketo.tags.find_by_name(kind.tag_type)
        assert found is not None
        assert found.allowable_values
        assert found.applicable_program_types == kind.applicable_program_types
    assert await marketo.tags.find_by_name("no such tag") is None
    assert not sandbox.refusals

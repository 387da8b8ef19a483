from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_caller import USER

from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.programs import Programs
from marketo_async.sandbox.areas.tokens import MyTokens

if TYPE_CHECKING:
    from sandbox_caller import Caller

FOLDER, FOLDERS, NAME = "/rest/asset/v1/folder", "/rest/asset/v1/folders.json", "/rest/asset/v1/folder/byName.json"


def root(number: int, kind: str = "Folder") -> str:
    return f'{{"id":{number},"type":"{kind}"}}'


async def test_the_roots_and_their_system_folders(marketo: Caller) -> None:
    """The three roots have no parent and no link; below them stand the workspace and its system folders."""
    paths = {}
    for name in ("Marketing Activities", "Design Studio", "Lead Database"):
        (row,) = await marketo.rows(NAME, name=name)
        assert (row["parent"], row["url"], row["folderType"], row["isSystem"]) == (None, None, "Zone", True)
        assert row["id"] == row["folderId"]["id"]
        below = await marketo.rows(FOLDERS, root=root(row["id"]), maxReturn=200)
        paths[name] = [item["path"] for item in below]
    assert paths["Marketing Activities"][:2] == ["/Marketing Activities", "/Marketing Activities/Default"]
    assert "/Design Studio/Default/Emails" in paths["Design Studio"]
    assert "/Lead Database/Default/Group Lists" in paths["Lead Database"]
    (lists,) = await marketo.rows(NAME, name="Group Lists", workSpace="Default")
    assert (lists["id"], lists["folderType"]) == (12, "List")


async def test_a_folder_has_marketos_members(marketo: Caller) -> None:
    """A folder reads in the recorded order, with a null description where there is none."""
    top = marketo.instance.state(Folders).marketing()
    made = await marketo.done(FOLDERS, name="Ünï & co", parent=root(top.id))
    assert list(made.items()) == [
        ("name", "Ünï & co"), ("description", None), ("createdAt", "2025-09-01T12:00:00Z+0000"),
        ("updatedAt", "2025-09-01T12:00:00Z+0000"), ("url", f"https://app-sj01.marketo.com/#MF{made['id']}A1"),
        ("folderId", {"id": made["id"], "type": "Folder"}), ("folderType", "Marketing Folder"),
        ("parent", {"id": top.id, "type": "Folder"}), ("path", "/Marketing Activities/Default/Ünï & co"),
        ("isArchive", False), ("isSystem", False), ("accessZoneId", 1), ("workspace", "Default"), ("id", made["id"]),
    ]  # fmt: skip
    assert await marketo.rows(f"{FOLDER}/{made['id']}.json", type="FOLDER") == [made]
    assert await marketo.rows(f"{FOLDER}/{made['id']}.json") == [made]
    assert await marketo.rows(f"{FOLDER}/{made['id']}.json", type="Program") == []
    refusal = ("1001", "Invalid value 'Unacceptable'. Required of type 'FolderVariantType'")
    assert await marketo.not_read(f"{FOLDER}/1.json", type="Unacceptable") == refusal


async def test_a_program_is_a_folder_too(marketo: Caller) -> None:
    """Every program has a view as a folder, of a type and with a link that say which kind of program it is."""
    folder = marketo.instance.state(Folders).add("2025")
    types = {}
    for kind in ("Default", "Event", "Event with Webinar", "Engagement", "Email"):
        program = marketo.instance.state(Programs).add(kind, kind=kind, parent=folder.ref)
        (row,) = await marketo.rows(f"{FOLDER}/{program.id}.json", type="Program")
        assert (row["folderId"], row["parent"]) == (
            {"id": program.id, "type": "Program"},
            {"id": folder.id, "type": "Folder"},
        )
        assert row["path"] == f"/Marketing Activities/Default/2025/{kind}"
        types[kind] = row["folderType"]
    assert types == {
        "Default": "Marketing Program", "Event": "Marketing Event", "Event with Webinar": "Marketing Event",
        "Engagement": "Nurture Program", "Email": "Email Batch Program",
    }  # fmt: skip


async def test_by_name_narrows(marketo: Caller) -> None:
    """A name finds every folder that has it, narrowed by root and workspace; a program only where its type is named."""
    folders = marketo.instance.state(Folders)
    other = folders.add_workspace("Test Space")
    parent = folders.add("parent")
    here, there = folders.add("same", parent.ref), folders.add("same", other.ref)
    marketo.instance.state(Programs).add("same")

    async def found(**query: object) -> list[int]:
        return [row["id"] for row in await marketo.rows(NAME, name="same", **query)]

    assert await found() == [here.id, there.id]
    assert await found(type="Folder", root=root(parent.id)) == [here.id]
    assert await found(type="Folder", root=root(99_999)) == []
    assert await found(workSpace="Test Space") == await found(workspace="Test Space") == [there.id]
    assert await found(type="Program") == [1001]
    assert await marketo.not_read(NAME) == ("1002", "Missing value for required parameter 'name'")
    bad = ("1003", "Invalid request. Please check and try again.")
    assert await marketo.not_read(NAME, name="same", type="Unacceptable") == bad
    assert await marketo.not_read(NAME, name="same", root=root(parent.id)) == bad
    assert await marketo.not_read(NAME, name="same", workSpace="No") == ("611", "Unable to get folder")


async def test_mistakes_of_tests_are_told(marketo: Caller) -> None:
    """Changing what is not there, or making a workspace twice, is a Python error at once."""
    with pytest.raises(KeyError):
        marketo.instance.state(Programs).rename(4, "x")
    with pytest.raises(KeyError):
        marketo.instance.state(Folders).remove(4_000)
    with pytest.raises(ValueError, match="already"):
        marketo.instance.state(Folders).add_workspace("Default")


async def test_browsing_goes_down_by_levels(marketo: Caller) -> None:
    """Browsing goes two levels down by default, as deep as asked, by name, and pages through what it finds."""
    folders = marketo.instance.state(Folders)
    top = folders.marketing()
    second = folders.add("b", top.ref)
    folders.add("A", top.ref)
    deep = folders.add("deep", folders.add("c", second.ref).ref)
    marketo.instance.state(Programs).add("program", parent=second.ref)

    async def seen(**query: object) -> list[str]:
        return [row["name"] for row in await marketo.rows(FOLDERS, root=root(top.id), **query)]

    assert await seen() == ["Default", "A", "b", "c", "program"]
    assert await seen(maxDepth=0) == ["Default"]
    assert await seen(maxDepth=1) == ["Default", "A", "b"]
    assert await seen(maxDepth=9, offset=3, maxReturn=2) == ["c", "deep"]
    assert await seen(offset=50) == []
    assert await seen(workSpace="Default", maxDepth=1) == ["Default", "A", "b"]
    assert [row["name"] for row in await marketo.rows(FOLDERS, root=root(deep.id))] == ["deep"]
    assert await marketo.rows(FOLDERS, root=root(5_000)) == []
    everything = [row["name"] for row in await marketo.rows(FOLDERS, maxDepth=0)]
    assert everything == ["Design Studio", "Lead Database", "Marketing Activities"]
    assert (await marketo.not_read(FOLDERS, maxDepth=-1))[0] == "1003"
    assert (await marketo.not_read(FOLDERS, root="x"))[0] == "1001"
    folders.hide_workspaces(USER, ["Default"])
    assert await seen() == []


async def test_contents(marketo: Caller) -> None:
    """The contents of a folder are ids and types of what stands directly in it."""
    folders, programs = marketo.instance.state(Folders), marketo.instance.state(Programs)
    folder = folders.add("folder")
    inner = folders.add("inner", folder.ref)
    program = programs.add("program", kind="Engagement", parent=folder.ref)
    nested = programs.add("nested", kind="Email", parent=program.ref)
    content = f"{FOLDER}/{folder.id}/content.json"
    assert await marketo.rows(content, type="Folder") == [
        {"id": inner.id, "type": "Folder"}, {"id": program.id, "type": "Program"},
    ]  # fmt: skip
    assert await marketo.rows(content, type="Folder", offset=1) == [{"id": program.id, "type": "Program"}]
    of_program = f"{FOLDER}/{program.id}/content.json"
    assert await marketo.rows(of_program, type="Program") == [{"id": nested.id, "type": "Program"}]
    assert await marketo.rows(f"{FOLDER}/{inner.id}/content.json", type="Folder") == []
    assert await marketo.rows(f"{FOLDER}/4000/content.json", type="Folder") == []


async def test_creating_folders(marketo: Caller) -> None:
    """A folder takes type and workspace from where it stands, and needs a name that is new there."""
    folders, programs = marketo.instance.state(Folders), marketo.instance.state(Programs)
    emails = folders.named("Emails")[0]
    made = await marketo.done(FOLDERS, name="Social Media", parent=root(emails.id), description="d")
    assert (made["folderType"], made["path"]) == ("Email", "/Design Studio/Default/Emails/Social Media")
    duplicate = ("709", "Folder with the same name already exists")
    assert await marketo.refused(FOLDERS, name="SOCIAL media", parent=root(emails.id)) == duplicate
    program, email = programs.add("p"), programs.add("e", kind="Email")
    local = await marketo.done(FOLDERS, name="local", parent=root(program.id, "Program"))
    assert (local["parent"], local["folderType"]) == ({"id": program.id, "type": "Program"}, "Marketing Folder")
    wrong = ("711", "Invalid folder type for folder")
    assert await marketo.refused(FOLDERS, name="x", parent=root(email.id, "Program")) == wrong
    assert await marketo.refused(FOLDERS, name="x", parent=root(folders.roots[0].id)) == wrong
    assert await marketo.refused(FOLDERS, name="x", parent=root(7_000)) == ("710", "Parent Folder Not Found")
    assert await marketo.refused(FOLDERS, parent=root(emails.id)) == ("701", "name cannot be blank")
    assert await marketo.refused(FOLDERS, name="x") == ("701", "parent cannot be blank")
    too_long = ("701", "description cannot exceed more than 2000 characters")
    assert await marketo.refused(FOLDERS, name="x", parent=root(emails.id), description="d" * 2001) == too_long


async def test_updating_folders(marketo: Caller) -> None:
    """Name, description and archiving of an own folder change and date it anew; programs and system folders stay."""
    folders = marketo.instance.state(Folders)
    folder = folders.add("old", created_at=marketo.instance.now().replace(year=2020, microsecond=0))
    folders.add("taken")
    path = f"{FOLDER}/{folder.id}.json"
    row = await marketo.done(path, type="Folder", name="new", description="d", isArchive=True)
    assert (row["name"], row["description"], row["isArchive"]) == ("new", "d", True)
    assert (row["createdAt"], row["updatedAt"]) == ("2020-09-01T12:00:00Z+0000", "2025-09-01T12:00:00Z+0000")
    assert (await marketo.done(path, type="Folder", isArchive=False))["isArchive"] is False
    assert (await marketo.done(path, type="Folder", name="NEW"))["name"] == "NEW"
    assert (await marketo.done(path, type="Folder"))["name"] == "NEW"
    assert await marketo.refused(path) == ("701", "type cannot be blank")
    assert await marketo.refused(path, type="Folder", name="") == ("701", "name cannot be blank")
    assert (await marketo.refused(path, type="Folder", name="TAKEN"))[0] == "709"
    assert (await marketo.refused(path, type="Folder", isArchive="so so"))[0] == "1001"
    program = marketo.instance.state(Programs).add("p")
    assert (await marketo.refused(f"{FOLDER}/{program.id}.json", type="Program", name="x"))[0] == "709"
    assert (await marketo.refused(f"{FOLDER}/12.json", type="Folder", name="x"))[0] == "709"
    assert await marketo.refused(f"{FOLDER}/75.json", type="Folder", name="x") == ("702", "75 Folder not found")


async def test_deleting_folders(marketo: Caller) -> None:
    """Only an empty folder that is not the system's can be deleted, and its tokens go with it."""
    folders = marketo.instance.state(Folders)
    folder = folders.add("folder")
    inner = folders.add("inner", folder.ref)
    marketo.instance.state(MyTokens).put(inner.ref, "t", "text", "v")
    assert (await marketo.refused(f"{FOLDER}/{folder.id}/delete.json", type="Folder"))[0] == "709"
    assert await marketo.done(f"{FOLDER}/{inner.id}/delete.json", type="Folder") == {"id": inner.id}
    assert await marketo.done(f"{FOLDER}/{folder.id}/delete.json") == {"id": folder.id}
    assert await marketo.rows(NAME, name="folder") == []
    assert marketo.instance.state(MyTokens).of(inner.ref) == []
    assert await marketo.refused(f"{FOLDER}/75/delete.json", type="Folder") == ("702", "75 Folder not found")
    assert (await marketo.refused(f"{FOLDER}/12/delete.json", type="Folder"))[0] == "709"

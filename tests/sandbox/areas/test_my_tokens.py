from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from sandbox_caller import Caller

FOLDER = "/rest/asset/v1/folder"
APRIL = {"name": "April Fools", "type": "date", "value": "2015-04-01", "folderType": "Folder"}


async def test_a_token_reads_as_marketo_writes_it(marketo: Caller) -> None:
    """A place without tokens is one row without the key; with tokens they come with links into the interface (B23)."""
    folder = marketo.instance.state(Folders).add("folder")
    path = f"{FOLDER}/{folder.id}/tokens.json"
    place = {"folder": {"type": "Folder", "value": folder.id}}
    assert await marketo.rows(path) == [place]
    link = f"https://app-sj01.marketo.com/#MF{folder.id}C3"
    full = place | {"tokens": [{"name": "April Fools", "type": "date", "value": "2015-04-01", "computedUrl": link}]}
    assert await marketo.done(path, **APRIL) == full
    assert await marketo.rows(path, folderType="Folder") == [full]


async def test_folders_and_programs_have_their_own(marketo: Caller) -> None:
    """`folderType` decides whose tokens are meant, and a program does not show those it inherits."""
    folder = marketo.instance.state(Folders).add("folder")
    program = marketo.instance.state(Programs).add("program", parent=folder.ref)
    await marketo.done(f"{FOLDER}/{folder.id}/tokens.json", **APRIL)
    path = f"{FOLDER}/{program.id}/tokens.json"
    assert "tokens" not in (await marketo.rows(path, folderType="Program"))[0]
    await marketo.done(path, **APRIL | {"folderType": "program", "type": "Rich Text", "value": "<b>1 & 2</b>"})
    (row,) = await marketo.rows(path, folderType="Program")
    assert row["folder"] == {"type": "Program", "value": program.id}
    assert (row["tokens"][0]["type"], row["tokens"][0]["value"]) == ("rich text", "<b>1 & 2</b>")
    assert row["tokens"][0]["computedUrl"].endswith(f"#PG{program.id}C3")


async def test_name_and_type_make_a_token(marketo: Caller) -> None:
    """The same name and type is the same token with a new value; another type is another token, deleted on its own."""
    folder = marketo.instance.state(Folders).add("folder")
    path = f"{FOLDER}/{folder.id}/tokens"
    for changes in ({}, {"value": "2016-04-01"}, {"type": "text", "value": "hello"}):
        await marketo.done(f"{path}.json", **APRIL | changes)
    (row,) = await marketo.rows(f"{path}.json")
    assert [(token["type"], token["value"]) for token in row["tokens"]] == [("date", "2016-04-01"), ("text", "hello")]
    target = {"name": "April Fools", "type": "date", "folderType": "Folder"}
    assert await marketo.done(f"{path}/delete.json", **target) == {"id": folder.id}
    (row,) = await marketo.rows(f"{path}.json")
    assert [token["type"] for token in row["tokens"]] == ["text"]
    assert await marketo.refused(f"{path}/delete.json", **target) == ("702", "Token 'April Fools' not found")


@pytest.mark.parametrize(
    ("token_type", "value", "code"),
    [
        ("date", "2015-04-31", "704"), ("date", "2015-04-01T00:00:00Z", "704"), ("date", "soon", "704"),
        ("number", "1.5", None), ("number", "-3", None), ("number", "three", "1001"), ("score", "+5", None),
        ("score", "=10", None), ("score", "-7", None), ("score", "2147483648", "1001"), ("score", "1.5", "1001"),
        ("sfdc campaign", "Campaign", None), ("script block", "x", "709"), ("iCalendar", "x", "709"),
        ("box", "x", "1001"),
    ],
)  # fmt: skip
async def test_values_fit_their_types(marketo: Caller, token_type: str, value: str, code: str | None) -> None:
    """Dates, numbers and scores must be such, and types that only the interface makes are refused."""
    path = f"{FOLDER}/{marketo.instance.state(Folders).add('folder').id}/tokens.json"
    fields = APRIL | {"type": token_type, "value": value}
    if code is None:
        assert (await marketo.done(path, **fields))["tokens"][0]["value"] == value
    else:
        assert (await marketo.refused(path, **fields))[0] == code
        assert "tokens" not in (await marketo.rows(path))[0]


async def test_what_a_token_needs(marketo: Caller) -> None:
    """Name, type, value and folder type are required, names have 50 characters, and the place must exist."""
    path = f"{FOLDER}/{marketo.instance.state(Folders).add('folder').id}/tokens.json"
    for name in ("name", "type", "value", "folderType"):
        assert await marketo.refused(path, **APRIL | {name: ""}) == ("701", f"{name} cannot be blank")
    too_long = ("701", "name cannot exceed more than 50 characters")
    assert await marketo.refused(path, **APRIL | {"name": "n" * 51}) == too_long
    assert (await marketo.refused(path, **APRIL | {"folderType": "Box"}))[0] == "1001"
    missing = ("702", "75 Folder not found")
    assert await marketo.refused(f"{FOLDER}/75/tokens.json", **APRIL) == missing
    assert await marketo.not_read(f"{FOLDER}/75/tokens.json") == missing

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.programs import Cost, Programs, Tag
from marketo_async.sandbox.areas.tags import TagTypes
from marketo_async.sandbox.areas.tokens import MyTokens

if TYPE_CHECKING:
    from sandbox_caller import Caller

CREATE = "/rest/asset/v1/programs.json"
PROGRAM = "/rest/asset/v1/program"


def reference(number: int, kind: str = "Folder") -> str:
    return json.dumps({"id": number, "type": kind})


def ordinary(marketo: Caller, **changes: object) -> dict[str, object]:
    folder = marketo.instance.state(Folders).marketing()
    fields = {"name": "API Test Program", "folder": reference(folder.id), "type": "Default", "channel": "Email Blast"}
    return {**fields, **changes}


async def test_what_is_created_can_be_browsed_at_once(marketo: Caller) -> None:
    """A new program is answered in full, dated in whole seconds, and in listings, look-ups and its folder at once."""
    costs = '[{"startDate":"2015-01-01","cost":2000}]'
    made = await marketo.done(CREATE, **ordinary(marketo, description="Sample", costs=costs))
    assert (made["name"], made["status"], made["tags"], made["description"]) == ("API Test Program", "", None, "Sample")
    assert made["costs"] == [{"startDate": "2015-01-01T06:00:00Z+0000", "cost": 2000, "note": ""}]
    assert made["createdAt"] == made["updatedAt"] == "2025-09-01T12:00:00Z+0000"
    assert [row["id"] for row in await marketo.rows(CREATE)] == [made["id"]]
    assert len(await marketo.rows(CREATE, latestUpdatedAt=made["updatedAt"])) == 1
    (looked_up,) = await marketo.rows(f"{PROGRAM}/{made['id']}.json")
    assert looked_up == made | {"tags": []}
    folder = marketo.instance.state(Folders).marketing()
    assert await marketo.rows(f"/rest/asset/v1/folder/{folder.id}/content.json") == [
        {"id": made["id"], "type": "Program"}
    ]


async def test_every_field_of_a_new_program(marketo: Caller) -> None:
    """Tags, costs with notes, dates and head start arrive; a type without dates or head start keeps none."""
    extras = {
        "tags": '[{"tagType":"Region","tagValue":"EMEA"}]',
        "costs": '[{"startDate":"2019-05-14T23:45:00.000Z","cost":2000,"note":"a & b"},'
        '{"startDate":"2016-01-01","cost":"3"}]',
        "startDate": "2022-10-19T15:00:00.000Z",
        "endDate": "2022-10-19T10:00:00-06:00",
        "headStart": True,
    }
    email = ordinary(marketo, name='Ünï "quoted" + & plus', type="email", channel="Email Send", **extras)
    made = await marketo.done(CREATE, **email)
    assert (made["name"], made["type"], made["status"]) == ('Ünï "quoted" + & plus', "Email", "unlocked")
    assert made["tags"] == [{"tagType": "Region", "tagValue": "EMEA"}]
    assert made["costs"] == [
        {"startDate": "2019-05-14T05:00:00Z+0000", "cost": 2000, "note": "a & b"},
        {"startDate": "2016-01-01T06:00:00Z+0000", "cost": 3, "note": ""},
    ]
    assert (made["startDate"], made["endDate"]) == ("2022-10-19T15:00:00Z+0000", "2022-10-19T16:00:00Z+0000")
    assert made["headStart"] is True
    default = await marketo.done(CREATE, **ordinary(marketo, **extras))
    assert (default["headStart"], "startDate" in default) == (False, False)


async def test_fields_as_other_clients_write_them(marketo: Caller) -> None:
    """Python dictionaries, unquoted words and any case of `Folder` are read as Marketo reads them (P10)."""
    folder = marketo.instance.state(Folders).marketing().id
    for number, text in enumerate((f"{{'id': {folder}, 'type': Folder}}", f'{{"id":"{folder}","type":"FOLDER"}}')):
        tags = str([{"tagType": "Region", "tagValue": "EMEA"}])
        made = await marketo.done(CREATE, **ordinary(marketo, name=f"p{number}", folder=text, tags=tags))
        assert made["folder"] == {"type": "Folder", "value": folder, "folderName": "Default"}
        assert made["tags"] == [{"tagType": "Region", "tagValue": "EMEA"}]


async def test_checks_come_in_marketos_order(marketo: Caller) -> None:
    """A request that is wrong in every respect is told of one mistake after the other, in Marketo's order."""
    elsewhere = marketo.instance.state(Folders).roots[0]
    marketo.instance.state(Programs).add("API Test Program")
    wrong = {
        "name": " ", "folder": "{", "type": "Nonsense", "channel": "Roadshow",
        "tags": '[{"tagType":"No","tagValue":"1"}]',
    }  # fmt: skip
    corrections: list[tuple[str, str, str]] = [
        ("701", "name cannot be blank", "name=" + "n" * 256),
        ("609", "Invalid JSON", "folder=7"),
        ("1001", "Invalid value '7'. Required of type 'Folder'", 'folder={"id":"x","type":"Folder"}'),
        ("1001", "Invalid value 'x'. Required of type 'Integer'", 'folder={"id":1,"type":"Box"}'),
        ("1001", "Invalid value 'Box'. Required of type 'FolderVariantType'", "folder=" + reference(99_999)),
        ("1001", "Invalid value 'Nonsense'. Required of type 'ProgramType'", "type=Event with Webinar"),
        ("701", "name cannot exceed more than 255 characters", "name=API Test Program"),
        ("710", "Parent Folder Not Found", "folder=" + reference(elsewhere.id)),
        (
            "711",
            "Invalid folder type for program",
            "folder=" + reference(marketo.instance.state(Folders).marketing().id),
        ),
        ("709", "Channel 'Roadshow' is not applicable to program type 'Event with Webinar'", "channel=Unheard of"),
        ("709", "Channel 'Unheard of' not found", "channel=Webinar"),
        ("709", "Tag type 'No' not found", 'tags=[{"tagType":"Product Line","tagValue":"Cloud"}]'),
        (
            "709",
            "Tag type 'Product Line' is not applicable to program type 'Event with Webinar'",
            'tags=[{"tagType":"Region","tagValue":"Mars"}]',
        ),
        ("709", "Invalid value 'Mars' for tag type 'Region'", 'tags=[{"tagType":"Region","tagValue":"EMEA"}]'),
        (
            "709",
            "Required tag 'Webinar Series' is missing",
            'tags=[{"tagType":"Webinar Series","tagValue":"Best Practices"}]',
        ),
        ("709", "Program with the same name already exists", "name=Another"),
    ]
    for code, message, correction in corrections:
        assert await marketo.refused(CREATE, **wrong) == (code, message)
        name, _, value = correction.partition("=")
        wrong[name] = value
    assert (await marketo.done(CREATE, **wrong))["name"] == "Another"


@pytest.mark.parametrize("name", ["name", "folder", "type", "channel"])
async def test_required_fields(marketo: Caller, name: str) -> None:
    """Each required field that is missing is named in Marketo's words."""
    assert await marketo.refused(CREATE, **ordinary(marketo, **{name: None})) == ("701", f"{name} cannot be blank")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("costs", "[{]", "609"), ("costs", '{"startDate":"2015-01-01","cost":1}', "1001"), ("costs", "[1]", "1001"),
        ("costs", '[{"cost":1}]', "701"), ("costs", '[{"startDate":"2015-01-01"}]', "701"),
        ("costs", '[{"startDate":"soon","cost":1}]', "704"),
        ("costs", '[{"startDate":"2015-01-01","cost":1.5}]', "1001"),
        ("costs", '[{"startDate":"2015-01-01","cost":true}]', "1001"), ("tags", '[{"tagType":"Region"}]', "701"),
        ("tags", "Region", "1001"), ("startDate", "tomorrow", "704"), ("headStart", "maybe", "1001"),
        ("folder", '{"id":1}', "1001"), ("folder", '{"type":"Folder"}', "1001"), ("folder", "[1", "609"),
    ],
)  # fmt: skip
async def test_values_that_cannot_be_read(marketo: Caller, field: str, value: str, code: str) -> None:
    """Costs, tags, dates and flags that cannot be read are refused with the code of what is wrong, nothing is made."""
    assert (await marketo.refused(CREATE, **ordinary(marketo, **{field: value})))[0] == code
    assert await marketo.rows(CREATE) == []


@pytest.mark.parametrize(
    ("outer", "allowed"),
    [
        ("Engagement", {"Default", "Event", "Event with Webinar", "Email"}),
        ("Default", {"Event", "Email"}),
        ("Event", {"Event", "Email"}),
        ("Event with Webinar", {"Event", "Email"}),
        ("Email", set()),
    ],
)
async def test_nesting(marketo: Caller, outer: str, allowed: set[str]) -> None:
    """Engagement programs hold every other type, e-mail programs none, the others events and e-mail programs."""
    channels = {"Default": "Content", "Event": "Roadshow", "Event with Webinar": "Webinar", "Email": "Email Send"}
    parent = marketo.instance.state(Programs).add("outer", kind=outer)
    series = '[{"tagType":"Webinar Series","tagValue":"Best Practices"}]'
    for kind, channel in (channels | {"Engagement": "Nurture"}).items():
        fields = {"type": kind, "channel": channel, "tags": series if kind == "Event with Webinar" else None}
        request = ordinary(marketo, name=kind, folder=reference(parent.id, "Program"), **fields)
        if kind in allowed:
            made = await marketo.done(CREATE, **request)
            assert made["folder"] == {"type": "Program", "value": parent.id, "folderName": "outer"}
        else:
            assert await marketo.refused(CREATE, **request) == ("711", "Invalid folder type for program")


async def test_names_are_unique_beside_each_other(marketo: Caller) -> None:
    """Two programs in one folder cannot share a name, whatever its case; in two folders they can (A17)."""
    await marketo.done(CREATE, **ordinary(marketo))
    refusal = ("709", "Program with the same name already exists")
    assert await marketo.refused(CREATE, **ordinary(marketo, name="api test PROGRAM")) == refusal
    folder = marketo.instance.state(Folders).add("another")
    await marketo.done(CREATE, **ordinary(marketo, folder=reference(folder.id)))
    assert len(await marketo.rows(f"{PROGRAM}/byName.json", name="API Test Program")) == 2


async def test_a_clone_has_what_marketo_copies(marketo: Caller) -> None:
    """A clone is answered without tags and costs; later it has its source's tags and tokens, no costs or dates."""
    programs = marketo.instance.state(Programs)
    source = programs.add(
        "source", kind="Event with Webinar", description="old", tags=[Tag("Webinar Series", "Best Practices")],
        costs=[Cost(marketo.instance.now().date(), 5, "")], start_date=marketo.instance.now(),
    )  # fmt: skip
    marketo.instance.state(MyTokens).put(source.ref, "t", "text", "v")
    folder = marketo.instance.state(Folders).add("target")
    fields = {"name": "copy", "folder": reference(folder.id), "description": "new"}
    made = await marketo.done(f"{PROGRAM}/{source.id}/clone.json", **fields)
    assert (made["tags"], made["costs"]) == (None, None)
    assert (made["name"], made["description"], made["channel"]) == ("copy", "new", "Webinar")
    assert made["id"] != source.id
    (later,) = await marketo.rows(f"{PROGRAM}/{made['id']}.json")
    assert later["tags"] == [{"tagType": "Webinar Series", "tagValue": "Best Practices"}]
    assert later["costs"] is None
    assert "startDate" not in later
    (tokens,) = await marketo.rows(f"/rest/asset/v1/folder/{made['id']}/tokens.json", folderType="Program")
    assert tokens["tokens"][0]["value"] == "v"
    programs.add("engaged", kind="Engagement").switch = "on"
    engaged = programs.named("engaged")[0]
    assert (await marketo.done(f"{PROGRAM}/{engaged.id}/clone.json", **fields | {"name": "c2"}))["status"] == "off"


async def test_what_cannot_be_cloned(marketo: Caller) -> None:
    """A clone needs a name that is new to the whole instance and a real folder in the same workspace."""
    programs, folders = marketo.instance.state(Programs), marketo.instance.state(Folders)
    source = programs.add("source")
    here, there = folders.add("here"), folders.add_workspace("Test Space")
    path = f"{PROGRAM}/{source.id}/clone.json"
    good = {"name": "copy", "folder": reference(here.id)}
    assert await marketo.refused(path, **good | {"name": ""}) == ("701", "name cannot be blank")
    assert await marketo.refused(path, name="copy") == ("701", "folder cannot be blank")
    long = ("701", "name cannot exceed more than 255 characters")
    assert await marketo.refused(path, **good | {"name": "n" * 256}) == long
    taken = ("709", "Program with the same name already exists")
    assert await marketo.refused(path, **good | {"name": "SOURCE"}) == taken
    wrong_type = ("711", "Invalid folder type for program")
    assert await marketo.refused(path, **good | {"folder": reference(source.id, "Program")}) == wrong_type
    assert await marketo.refused(path, **good | {"folder": reference(9999)}) == ("710", "Parent Folder Not Found")
    assert await marketo.refused(path, **good | {"folder": reference(there.id)}) == ("709", "Unable to clone program")
    assert await marketo.refused(f"{PROGRAM}/77/clone.json", **good) == ("702", "Program not found")
    programs.mark_unclonable(source.id, "Push Notification", "Report")
    unsupported = ("709", "The following assets are unsupported:Push Notification,Report")
    assert await marketo.refused(path, **good) == unsupported
    programs.mark_unclonable(source.id)
    assert (await marketo.done(path, **good))["name"] == "copy"


async def test_deleting_takes_the_content_along(marketo: Caller) -> None:
    """A deleted program is gone with the programs, folders and tokens in it."""
    programs, folders = marketo.instance.state(Programs), marketo.instance.state(Folders)
    outer = programs.add("outer", kind="Engagement")
    inner = programs.add("inner", kind="Event", parent=outer.ref)
    local = folders.add("local", inner.ref)
    programs.add("innermost", kind="Email", parent=local.ref)
    marketo.instance.state(MyTokens).put(inner.ref, "t", "text", "v")
    assert await marketo.done(f"{PROGRAM}/{outer.id}/delete.json") == {"id": outer.id}
    assert await marketo.rows(CREATE) == []
    assert await marketo.rows(f"/rest/asset/v1/folder/{local.id}.json", type="Folder") == []
    assert marketo.instance.state(MyTokens).of(inner.ref) == []
    assert await marketo.refused(f"{PROGRAM}/{outer.id}/delete.json") == ("702", "Program not found")


async def test_what_cannot_be_deleted(marketo: Caller) -> None:
    """Programs that are approved, needed elsewhere or in a shared folder stay, and so does what contains them."""
    programs, folders = marketo.instance.state(Programs), marketo.instance.state(Folders)
    folder = folders.add("shared")
    outer = programs.add("outer", kind="Engagement", parent=folder.ref)
    inner = programs.add("inner", kind="Email", parent=outer.ref)
    refusal = ("709", "Cannot delete program. The assets are in use elsewhere or not deletable")
    programs.mark_in_use(inner.id)
    assert await marketo.refused(f"{PROGRAM}/{outer.id}/delete.json") == refusal
    programs.mark_in_use(inner.id, in_use=False)
    inner.switch = "locked"
    assert await marketo.refused(f"{PROGRAM}/{inner.id}/delete.json") == refusal
    inner.switch = "unlocked"
    folder.shared = True
    code, message = await marketo.refused(f"{PROGRAM}/{inner.id}/delete.json")
    assert (code, message[:43]) == ("709", "Target program is in a shared folder and ca")
    folder.shared = False
    assert await marketo.done(f"{PROGRAM}/{outer.id}/delete.json") == {"id": outer.id}


async def test_a_tag_type_can_become_required(marketo: Caller) -> None:
    """Which tags a program needs is the instance's setting, which tests can change."""
    marketo.instance.state(TagTypes).add("Cost Centre", ["4711"], applicable=["program"], required=True)
    assert await marketo.refused(CREATE, **ordinary(marketo)) == ("709", "Required tag 'Cost Centre' is missing")

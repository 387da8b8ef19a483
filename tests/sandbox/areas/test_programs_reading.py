from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sandbox_caller import USER

from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.programs import Cost, Programs, SalesforceCampaign, Tag

if TYPE_CHECKING:
    from sandbox_caller import Caller

PROGRAM = "/rest/asset/v1/program"
BORN = datetime(2015, 5, 21, 22, 45, 13, tzinfo=UTC)


async def test_by_id_answers_what_marketo_answers(marketo: Caller) -> None:
    """A program looked up by id has every documented member, in Marketo's spelling of types, dates and folders."""
    folder = marketo.instance.state(Folders).add("ProgramQueryTestFolder")
    program = marketo.instance.state(Programs).add(
        "AAA2QueryProgramName",
        description="AssetAPI: getProgram tests",
        channel="Online Advertising",
        parent=folder.ref,
        tags=[Tag("Region", "EMEA")],
        created_at=BORN,
    )
    assert await marketo.rows(f"{PROGRAM}/{program.id}.json") == [
        {
            "id": program.id,
            "name": "AAA2QueryProgramName",
            "description": "AssetAPI: getProgram tests",
            "createdAt": "2015-05-21T22:45:13Z+0000",
            "updatedAt": "2015-05-21T22:45:13Z+0000",
            "url": f"https://app-sj01.marketo.com/#PG{program.id}A1",
            "type": "Default",
            "channel": "Online Advertising",
            "folder": {"type": "Folder", "value": folder.id, "folderName": "ProgramQueryTestFolder"},
            "status": "",
            "workspace": "Default",
            "headStart": False,
            "tags": [{"tagType": "Region", "tagValue": "EMEA"}],
            "costs": None,
        }
    ]


async def test_by_id_knows_no_such_program(marketo: Caller) -> None:
    """An unknown id is an empty success, an id that is no number is 1001 in Marketo's words."""
    assert await marketo.rows(f"{PROGRAM}/1001.json") == []
    refusal = ("1001", "Invalid value 'abc'. Required of type 'Integer'")
    assert await marketo.not_read(f"{PROGRAM}/abc.json") == refusal


async def test_costs_read_as_recorded(marketo: Caller) -> None:
    """A cost's day is its US Central midnight in UTC, in summer and in winter, and a missing note is empty."""
    costs = [Cost(date(2019, 5, 14), 2000, ""), Cost(date(2019, 1, 1), 10, "Google Adwords")]
    program = marketo.instance.state(Programs).add("costly", costs=costs)
    (row,) = await marketo.rows(f"{PROGRAM}/{program.id}.json")
    assert row["costs"] == [
        {"startDate": "2019-05-14T05:00:00Z+0000", "cost": 2000, "note": ""},
        {"startDate": "2019-01-01T06:00:00Z+0000", "cost": 10, "note": "Google Adwords"},
    ]


async def test_types_show_in_links_statuses_and_dates(marketo: Caller) -> None:
    """Each type of program has its own link and first status, and only look-ups show start, end and Salesforce ids."""
    programs = marketo.instance.state(Programs)
    shown: dict[str, tuple[str, str]] = {}
    for kind in ("Default", "Event", "Event with Webinar", "Engagement", "Email"):
        made = programs.add(kind, kind=kind)
        (row,) = await marketo.rows(f"{PROGRAM}/{made.id}.json")
        assert row["type"] == kind
        assert "startDate" not in row
        assert "sfdcId" not in row
        shown[kind] = (row["url"].partition("#")[2].replace(str(made.id), "1"), row["status"])
    assert shown == {
        "Default": ("PG1A1", ""),
        "Event": ("ME1A1", ""),
        "Event with Webinar": ("ME1A1", ""),
        "Engagement": ("NP1A1", "off"),
        "Email": ("EBP1A1", "unlocked"),
    }
    dated = programs.add("dated", kind="Event", start_date=BORN, end_date=BORN)
    dated.campaign = SalesforceCampaign("701500000001AAA", "Campaign")
    (row,) = await marketo.rows(f"{PROGRAM}/{dated.id}.json")
    assert (row["startDate"], row["endDate"]) == ("2015-05-21T22:45:13Z+0000",) * 2
    assert (row["sfdcId"], row["sfdcName"]) == ("701500000001AAA", "Campaign")
    listed = next(row for row in await marketo.rows("/rest/asset/v1/programs.json") if row["name"] == "dated")
    assert listed["sfdcId"] == "701500000001AAA"
    assert not {"startDate", "endDate", "tags", "costs"} & listed.keys()


async def test_by_name_answers_all_and_extras_on_request(marketo: Caller) -> None:
    """Programs of one name under different parents all come back, with tags and costs only when asked for (A17)."""
    programs = marketo.instance.state(Programs)
    folder = marketo.instance.state(Folders).add("another")
    first = programs.add("DefProg", tags=[Tag("Region", "EMEA")])
    second = programs.add("DefProg", parent=folder.ref)
    programs.add("defprog", parent=folder.ref)
    path = f"{PROGRAM}/byName.json"
    plain = await marketo.rows(path, name="DefProg")
    assert [row["id"] for row in plain] == [first.id, second.id]
    assert not {"tags", "costs"} & plain[0].keys()
    tagged = await marketo.rows(path, name="DefProg", includeTags=True)
    assert [row["tags"] for row in tagged] == [[{"tagType": "Region", "tagValue": "EMEA"}], []]
    assert "costs" not in tagged[0]
    costed = await marketo.rows(path, name="DefProg", includeCosts="TRUE", includeTags=False)
    assert [row["costs"] for row in costed] == [None, None]
    assert "tags" not in costed[0]
    assert [row["id"] for row in await marketo.rows(path, name="DefProg", offset=1, maxReturn=1)] == [second.id]
    assert await marketo.rows(path, name="DefPro") == []
    assert await marketo.not_read(path) == ("1002", "Missing value for required parameter 'name'")
    code, _ = await marketo.not_read(path, name="x", includeTags="perhaps")
    assert code == "1001"


async def test_a_name_with_a_comma_is_never_found(marketo: Caller) -> None:
    """`byName` takes a comma for the end of the name."""
    marketo.instance.state(Programs).add("Paris, London")
    assert await marketo.rows(f"{PROGRAM}/byName.json", name="Paris, London") == []


async def test_by_tag_differs_from_call_to_call(marketo: Caller) -> None:
    """Programs of a tag come with their tags, in an order that a second call does not repeat but a second run does."""
    programs = marketo.instance.state(Programs)
    for number in range(60):
        programs.add(f"tagged {number}", tags=[Tag("Region", "EMEA"), Tag("Business Unit", "Services")])
        programs.add(f"other {number}", tags=[Tag("Region", "APAC")])
    wanted = {"tagType": "Region", "tagValue": "EMEA", "maxReturn": "200"}
    once, twice = [await marketo.rows(f"{PROGRAM}/byTag.json", **wanted) for _ in range(2)]
    assert {row["name"] for row in once} == {f"tagged {number}" for number in range(60)}
    assert [row["id"] for row in once] != [row["id"] for row in twice]
    assert sorted(row["id"] for row in once) == sorted(row["id"] for row in twice)
    assert once[0]["tags"] == [
        {"tagType": "Region", "tagValue": "EMEA"},
        {"tagType": "Business Unit", "tagValue": "Services"},
    ]
    assert "costs" not in once[0]
    assert len(await marketo.rows(f"{PROGRAM}/byTag.json", tagType="Region", tagValue="EMEA")) == 20
    assert await marketo.rows(f"{PROGRAM}/byTag.json", tagType="Region", tagValue="Nowhere") == []
    assert await marketo.not_read(f"{PROGRAM}/byTag.json", tagType="Region") == (
        "1002",
        "Missing value for required parameter 'tagValue'",
    )


async def test_smart_list_of_an_email_program(marketo: Caller) -> None:
    """Only e-mail programs have a smart list here; its rules come when asked for and once it is set."""
    programs = marketo.instance.state(Programs)
    email, other = programs.add("email", kind="Email"), programs.add("default")
    path = f"{PROGRAM}/{email.id}/smartList.json"
    (row,) = await marketo.rows(path)
    assert row["folder"] == {"id": email.id, "type": "Program"}
    assert "rules" not in row
    (row,) = await marketo.rows(path, includeRules=True)
    assert row["rules"] == {"filterMatchType": "All", "triggers": [], "filters": []}
    programs.mark_smart_list_ready(email.id)
    (row,) = await marketo.rows(path, includeRules=True)
    assert len(row["rules"]["filters"]) == 1
    assert await marketo.rows(f"{PROGRAM}/{other.id}/smartList.json") == []
    assert await marketo.rows(f"{PROGRAM}/99/smartList.json") == []


async def test_a_hidden_workspace_is_not_there(marketo: Caller) -> None:
    """An API user reads and writes nothing in workspaces that its role does not cover."""
    folders, programs = marketo.instance.state(Folders), marketo.instance.state(Programs)
    folders.add_workspace("Secret")
    hidden = programs.add("hidden", workspace="Secret", tags=[Tag("Region", "EMEA")])
    programs.add("seen")
    assert hidden.workspace == "Secret"
    folders.hide_workspaces(USER, ["Secret"])
    assert [row["name"] for row in await marketo.rows("/rest/asset/v1/programs.json")] == ["seen"]
    assert await marketo.rows(f"{PROGRAM}/{hidden.id}.json") == []
    assert await marketo.rows(f"{PROGRAM}/byName.json", name="hidden") == []
    assert await marketo.rows(f"{PROGRAM}/byTag.json", tagType="Region", tagValue="EMEA") == []
    assert await marketo.refused(f"{PROGRAM}/{hidden.id}/delete.json") == ("702", "Program not found")

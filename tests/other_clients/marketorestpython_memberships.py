"""What marketorestpython does with static lists and with members of programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.lists import Lists
from marketo_async.sandbox.areas.members import CampaignMembers, Members
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from checklist import Checklist
    from marketorestpython_given import Given


def lists(checks: Checklist, given: Given) -> None:
    """Find lists, put leads on them, look for them there, and take them off."""
    state = given.sandbox.instance.state(Lists)
    ids = [one.id for one in state]
    with checks.check("lists: all, page after page"):
        assert [row["id"] for row in given.call("get_multiple_lists", batchSize=10)] == ids
    with checks.check("lists: by ids, names, programs and workspaces"):
        local = next(one for one in state if one.program_id is not None)
        name = state.program_name(local)
        assert [row["id"] for row in given.call("get_multiple_lists", id=[ids[3], ids[1]])] == [ids[1], ids[3]]
        assert local.id in [row["id"] for row in given.call("get_multiple_lists", name=local.name)]
        assert local.id in [row["id"] for row in given.call("get_multiple_lists", programName=[name])]
        rows = given.call("get_multiple_lists", workspaceName="EMEA Marketing,Partner Marketing")
        assert {row["workspaceName"] for row in rows} == {"EMEA Marketing", "Partner Marketing"}
        assert given.call("get_multiple_lists", name="no such list") == []
    fresh = state.add_list("Made for another client").id
    with checks.check("lists: add, look up and remove leads, in JSON"):
        added = given.call("add_leads_to_list", listId=fresh, id=[*range(1, 251), 999_999])
        assert [row["status"] for row in added] == ["added"] * 250 + ["skipped"]
        assert added[-1]["reasons"] == [{"code": "1004", "message": "Lead not found"}]
        found = given.call("member_of_list", listId=fresh, id=[250, 251, 999_999])
        assert [row["status"] for row in found] == ["memberof", "notmemberof", "skipped"]
        gone = given.call("remove_leads_from_list", listId=fresh, id=[250, 251])
        assert gone[0] == {"id": 250, "status": "removed"}
        assert gone[1]["reasons"] == [{"code": "1015", "message": "Lead not in list"}]
    with checks.check("lists: the leads of one, in forms with _method=GET, page after page"):
        rows = given.call("get_multiple_leads_by_list_id", listId=fresh, fields=["email", "company"], batchSize=100)
        assert [row["id"] for row in rows] == [*range(1, 250)]
        assert list(rows[0]) == ["id", "email", "company"]
        pages = list(given.call("get_multiple_leads_by_list_id_yield", listId=fresh, batchSize=200))
        assert [len(page) for page in pages] == [200, 49]
    with checks.check("lists: one that is not there is refused"):
        given.refused("1013", "get_multiple_leads_by_list_id", listId=7)
        given.refused("1013", "add_leads_to_list", listId=7, id=[1])


def list_assets(checks: Checklist, given: Given) -> None:
    """Make lists, find them as assets, rename and delete them."""
    state = given.sandbox.instance.state(Lists)
    home = given.one("get_folder_by_name", name="Group Lists", type="Folder", workSpace="Default")["id"]
    place = {"folderId": home, "folderType": "Folder"}
    with checks.check("lists as assets: create, by id, by name"):
        made = given.one("create_list", name="Été & co", description="a+b", **place)
        assert (made["name"], made["description"], made["folder"]) == (
            "Été & co",
            "a+b",
            {"id": home, "type": "Folder"},
        )
        assert given.one("get_list_by_id", id=made["id"]) == given.one("get_list_by_name", name="Été & co") == made
        given.refused("709", "create_list", name="Été & co", **place)
    with checks.check("lists as assets: update"):
        assert given.one("update_list", id=made["id"], name="Hiver")["name"] == "Hiver"
    with checks.check("lists as assets: browse, page after page, in a folder"):
        rows = given.call("browse_lists", maxReturn=10)
        assert {row["id"] for row in rows} == {one.id for one in state}
        pages = list(given.call("browse_lists_yield", maxReturn=5, **place))
        assert {row["id"] for page in pages for row in page} == {one.id for one in state if one.folder.id == home}
    with checks.check("lists as assets: delete"):
        assert given.one("delete_list", id=made["id"]) == {"id": made["id"]}
        given.refused("702", "get_list_by_id", id=made["id"])


def members(checks: Checklist, given: Given) -> None:
    """Read the members of a program, and move them on in it."""
    instance = given.sandbox.instance
    state = instance.state(Members)
    program = instance.state(Programs).add("Made for another client", kind="Event", channel="Live Event").id
    for lead_id in range(1, 251):
        state.join(program, lead_id, status="Registered" if lead_id % 2 else "Attended")
    with checks.check("members: the leads of a program, in forms with _method=GET, page after page"):
        rows = given.call("get_multiple_leads_by_program_id", programId=program, fields=["email"], batchSize=100)
        assert [row["id"] for row in rows] == [*range(1, 251)]
        assert list(rows[0]) == ["id", "email", "membership"]
        assert {row["membership"]["progressionStatus"] for row in rows} == {"Registered", "Attended"}
        pages = list(given.call("get_multiple_leads_by_program_id_yield", programId=program))
        assert [len(page) for page in pages] == [250]
    with checks.check("members: change of status"):
        rows = given.call("change_lead_program_status", id=program, leadIds=[1, 2, 999_999], status="No Show")
        assert rows[0] == {"id": 1, "status": "updated"}
        assert [row["reasons"][0]["code"] for row in rows[1:]] == ["1037", "1004"]
        given.refused("1025", "change_lead_program_status", id=program, leadIds=[1], status="Clicked")
    with checks.check("members: data"):
        rows = given.call(
            "sync_program_member_data", id=program,
            input=[{"leadId": 1, "registrationCode": "dcff5f12"}, {"leadId": 251, "registrationCode": "c0404b78"}],
        )  # fmt: skip
        assert rows[0] == {"seq": 0, "status": "updated", "leadId": 1}
        assert rows[1]["reasons"] == [{"code": "1013", "message": "Membership not found"}]
        member = state.get(program, 1)
        assert member is not None
        assert (member.status, member.values) == ("No Show", {"registrationCode": "dcff5f12"})
    with checks.check("members: describe"):
        described = given.one("describe_program_member")
        assert described["dedupeFields"] == ["leadId", "programId"]
        assert ["statusName"] in described["searchableFields"]
    with checks.check("members: the smart campaigns of a lead, page after page"):
        for campaign in range(1, 6):
            instance.state(CampaignMembers).pass_through(campaign, 700)
        rows = given.call("get_smart_campaigns_by_lead_id", lead_id=700, batchSize=2)
        assert [row["smartCampaignId"] for row in rows][:5] == [1, 2, 3, 4, 5]
        given.refused("1004", "get_smart_campaigns_by_lead_id", lead_id=999_999)

"""What marketorestpython's check does to leads: everything by which that client describes and writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marketo_async.sandbox.areas.intake import Forms
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.leads.partitions import Partitions
from marketo_async.sandbox.areas.members import Members
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from checklist import Checklist
    from marketorestpython_given import Given


def describing_leads(checks: Checklist, given: Given) -> None:
    """Read what fields, partitions and activities there are."""
    fields = given.sandbox.instance.state(Leads).fields
    with checks.check("leads: describe, old and new"):
        rows = given.call("describe")
        assert {row["rest"]["name"] for row in rows} == set(fields)
        row = given.one("describe2")
        assert row["name"] == "API Lead"
        assert ["email"] in row["searchableFields"]
    with checks.check("leads: partitions"):
        partitions = given.sandbox.instance.state(Partitions)
        assert [row["name"] for row in given.call("get_lead_partitions")] == [one.name for one in partitions]
    with checks.check("activities: types"):
        assert {2, 12, 13, 24, 25, 32, 37, 104} <= {row["id"] for row in given.call("get_activity_types")}


def writing_leads(checks: Checklist, given: Given) -> None:
    """Make leads, change them, move them, merge and delete them."""
    leads = given.sandbox.instance.state(Leads)
    ids: list[int] = []
    people = [{"email": f"new{number}@other.example", "firstName": "Zoë"} for number in range(3)]
    with checks.check("leads: create, then update by address"):
        rows = given.call("create_update_leads", leads=people)
        assert [row["status"] for row in rows] == ["created"] * 3
        ids = [row["id"] for row in rows]
        changed: list[dict[str, Any]] = [{**people[0], "firstName": None, "lastName": "Ünal"}]
        rows = given.call("create_update_leads", leads=changed, action="updateOnly", lookupField="email")
        assert rows == [{"id": ids[0], "status": "updated"}]
        row = given.one("get_lead_by_id", id=ids[0], fields="firstName,lastName")
        assert row == {"id": ids[0], "firstName": None, "lastName": "Ünal"}
    with checks.check("leads: skipped records say why"):
        wrong = [{"email": "bademail"}, people[1], {"email": "new9@other.example", "nonsense": 1}]
        rows = given.call("create_update_leads", leads=wrong, action="createOnly")
        assert [row["reasons"][0]["code"] for row in rows] == ["1003", "1005", "1006"]
    with checks.check("leads: 301 in one call are refused, as Marketo allows 300"):
        given.refused("1003", "create_update_leads", leads=[{"email": f"m{n}@other.example"} for n in range(301)])
    with checks.check("leads: to another partition"):
        partition = given.sandbox.instance.state(Partitions).add("Other Client")
        moves = [{"id": ids[2], "partitionName": partition.name}, {"id": 999_999, "partitionName": partition.name}]
        moved, unknown = given.call("update_leads_partition", input=moves)
        assert (moved["status"], unknown["reasons"][0]["code"]) == ("updated", "1004")
        row = given.one("get_lead_by_id", id=ids[2], fields="leadPartitionId")
        assert row["leadPartitionId"] == partition.id
    with checks.check("leads: associate with a cookie"):
        cookie = f"id:{given.sandbox.munchkin_id}&token:_mch-other.example-1594662481190-60776"
        assert given.call("associate_lead", id=ids[0], cookie=cookie) is True
        found = given.call("get_multiple_leads_by_filter_type", filterType="cookies", filterValues=[cookie])
        assert [row["id"] for row in found] == ids[:1]
        given.refused("1012", "associate_lead", id=ids[0], cookie="nonsense")
        given.refused("1004", "associate_lead", id=999_999, cookie=cookie)
    with checks.check("leads: merge"):
        assert given.call("merge_lead", id=ids[0], leadIds=[ids[1]], mergeInCRM=False) is True
        assert leads.get(ids[1]) is None
        given.refused("1004", "merge_lead", id=ids[0], leadIds=[ids[1]], mergeInCRM=False)
    with checks.check("leads: delete"):
        rows = given.call("delete_lead", id=[ids[0], ids[1]])
        assert [row["status"] for row in rows] == ["deleted", "skipped"]
        given.refused("1004", "get_lead_by_id", id=ids[0])


def incoming_leads(checks: Checklist, given: Given) -> None:
    """Let leads come in: pushed into a program, and through a form."""
    programs, members = given.sandbox.instance.state(Programs), given.sandbox.instance.state(Members)
    program = programs.add("Pushed: by another client", kind="Event", channel="Tradeshow")
    with checks.check("leads: push into a program"):
        pushed = [{"email": "pushed@other.example", "company": "Acme"}]
        (row,) = given.call(
            "push_lead", leads=pushed, programName=program.name, programStatus="Registered", lookupField="email",
            source="Booth", reason="Scanned",
        )  # fmt: skip
        assert row["status"] == "created"
        member = members.get(program.id, row["id"])
        assert member is not None
        assert member.status == "Registered"
        given.refused("1013", "push_lead", leads=pushed, programName="Nowhere", lookupField="email")
    with checks.check("leads: submit a form"):
        form = next(iter(given.sandbox.instance.state(Forms)))
        fields = {"leadFormFields": {"email": "pushed@other.example", "firstName": "Zoë"}}
        assert given.call("submit_form", formId=form.id, input=fields) == [{"id": row["id"], "status": "updated"}]
        given.refused("1013", "submit_form", formId=999_999, input=fields)

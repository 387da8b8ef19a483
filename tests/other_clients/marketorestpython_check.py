"""marketorestpython 0.5.25, unchanged, against the sandbox over HTTP; `nox -s other_clients` runs it.

Its way of calling is not ours: it asks for its token by GET, sends the arguments of most asset POSTs in the query under
a JSON content type and without a body, writes the JSON inside them as Python prints it (`{'id': 5, 'type': Folder}`),
and looks leads up with a form that says `_method=GET`.

It waits 0.2 s between two calls of one verb, so GETs and POSTs together come up to 10 a second, and what was refused
with 606 it repeats without its token. Marketo's limits would stop it half-way, as they do in real life; so there are
none here. All this takes about 20 s.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

from checklist import Checklist, serving
from marketorestpython_given import Given
from marketorestpython_leads import describing_leads, incoming_leads, writing_leads
from marketorestpython_memberships import list_assets, lists, members

from marketo_async.sandbox import Sandbox
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.programs import Programs
from marketo_async.sandbox.areas.references import FolderRef
from marketo_async.sandbox.faults import Fault

VALUES = 600


def reading_programs(checks: Checklist, given: Given) -> None:
    """Read programs in every way the client has."""
    programs = list(given.sandbox.instance.state(Programs))
    ids = [program.id for program in programs]
    with checks.check("programs: browse, page after page"):
        rows = given.call("browse_programs", maxReturn=50)
        assert [row["id"] for row in rows] == [row.id for row in given.sandbox.instance.state(Programs).window(0, 999)]
        assert sorted(row["id"] for row in rows) == sorted(ids)
    with checks.check("programs: browse as a generator, between two moments"):
        moments = sorted(program.updated_at for program in programs)
        first, last = (moments[place].strftime("%Y-%m-%dT%H:%M:%SZ") for place in (10, 30))
        pages = list(given.call("get_programs_yield", maxReturn=8, earliestUpdatedAt=first, latestUpdatedAt=last))
        assert [len(page) for page in pages] == [8, 8, 5], [len(page) for page in pages]
    with checks.check("programs: browse by ids"):
        (page,) = given.call("get_programs_yield", maxReturn=200, filterType="id", filterValues=f"{ids[3]},{ids[5]}")
        assert {row["id"] for row in page} == {ids[3], ids[5]}
    with checks.check("programs: browse by status"):
        rows = given.call("browse_programs", status="completed", maxReturn=200)
        assert rows
        assert {(row["type"], row["status"]) for row in rows} == {("Email", "completed")}
    with checks.check("programs: by id"):
        row = given.one("get_program_by_id", id=ids[7])
        assert row["name"] == programs[7].name
        assert {"tags", "costs"} <= set(row)
    with checks.check("programs: by name, with blanks, signs and letters of any alphabet"):
        for program in [program for program in programs if "," not in program.name][:5]:
            found = given.call("get_program_by_name", name=program.name)
            assert program.id in [row["id"] for row in found]
    with checks.check("programs: by tag, every one once although in no order"):
        rows = given.call("get_program_by_tag_type", tagType="Region", tagValue="EMEA", maxReturn=200)
        assert len(rows) == len({row["id"] for row in rows}) > 1
        assert all({"tagType": "Region", "tagValue": "EMEA"} in row["tags"] for row in rows)
    with checks.check("programs: smart list of an e-mail program"):
        email = next(program.id for program in programs if program.kind.name == "Email")
        assert given.one("get_smart_list_by_program_id", id=email)["folder"] == {"id": email, "type": "Program"}
    with checks.check("programs: one that is not there has no result"):
        given.found_nothing("get_program_by_id", id=999_999)


def changing_programs(checks: Checklist, given: Given) -> None:
    """Make a program, change it, copy it, and delete it."""
    where = given.folder("Made by another client")
    place = {"folderId": where, "folderType": "Folder"}
    tags = {"Region": "EMEA", "Target Audience": "Partners"}
    costs = [
        {"startDate": "2015-01-01", "cost": 2000, "note": 'it\'s "early", ok'},
        {"startDate": "2015-02-01", "cost": 5},
    ]
    made: dict[str, Any] = {}
    with checks.check("programs: create with description, tags and costs"):
        made = given.one(
            "create_program", **place, name="Été & co: 100 %", type="Default", channel="Content",
            description="a+b", tags=tags, costs=costs,
        )  # fmt: skip
        assert (made["name"], made["description"], made["type"]) == ("Été & co: 100 %", "a+b", "Default")
        assert {tag["tagType"]: tag["tagValue"] for tag in made["tags"]} == tags
        expected = [("2015-01-01T06:00:00Z+0000", 2000, 'it\'s "early", ok'), ("2015-02-01T06:00:00Z+0000", 5, "")]
        assert [(cost["startDate"], cost["cost"], cost["note"]) for cost in made["costs"]] == expected, made["costs"]
        assert given.one("get_program_by_id", id=made["id"]) == made
    with checks.check("programs: create twice is refused"):
        given.refused("709", "create_program", **place, name=made["name"], type="Default", channel="Content")
    with checks.check("programs: create with a channel of another type is refused"):
        given.refused("709", "create_program", **place, name="No", type="Event", channel="Content")
    with checks.check("programs: update of name, description and tags"):
        row = given.one(
            "update_program", id=made["id"], name="Été 2", description="new; = & text", tags={"Region": "APAC"}
        )
        assert (row["name"], row["description"]) == ("Été 2", "new; = & text")
        assert row["tags"] == [{"tagType": "Region", "tagValue": "APAC"}]
        assert row["costs"] == made["costs"]
    with checks.check("programs: clone"):
        copy = given.one("clone_program", id=made["id"], name="Été 3", **place, description="copy")
        assert copy["id"] != made["id"]
        assert (copy["name"], copy["channel"], copy["costs"]) == ("Été 3", "Content", None)
        given.refused("709", "clone_program", id=made["id"], name="Été 3", **place)
    with checks.check("programs: approve is refused before an e-mail is ready"):
        email = given.one("create_program", **place, name="Mail", type="Email", channel="Email Send")
        assert email["status"] == "unlocked"
        given.refused("709", "approve_program", id=email["id"])
        given.refused("709", "unapprove_program", id=email["id"])
    with checks.check("programs: approve and unapprove an e-mail that is ready"):
        # Dates, e-mail and smart list are not this client's to set.
        programs, now = given.sandbox.instance.state(Programs), given.sandbox.instance.now()
        ready = programs.add(
            "Ready", kind="Email", channel="Email Send", parent=FolderRef("Folder", where),
            start_date=now + timedelta(days=1), end_date=now + timedelta(days=2),
        )  # fmt: skip
        programs.mark_email_ready(ready.id)
        programs.mark_smart_list_ready(ready.id)
        for method, status in (("approve_program", "locked"), ("unapprove_program", "unlocked")):
            assert given.one(method, id=ready.id) == {"id": ready.id}
            assert given.one("get_program_by_id", id=ready.id)["status"] == status
    with checks.check("programs: delete"):
        assert given.one("delete_program", id=made["id"]) == {"id": made["id"]}
        given.found_nothing("get_program_by_id", id=made["id"])
        given.refused("702", "delete_program", id=made["id"])


def vocabulary(checks: Checklist, given: Given) -> None:
    """Read channels and tags."""
    with checks.check("channels: browse, page after page"):
        channels = given.call("get_channels", maxReturn=5)
        assert len({channel["name"] for channel in channels}) == len(channels) > 5
    with checks.check("channels: by name"):
        assert given.one("get_channel_by_name", name=channels[-1]["name"]) == channels[-1]
    with checks.check("tags: browse"):
        tags = given.call("get_tags")
        assert "Region" in [tag["tagType"] for tag in tags]
    with checks.check("tags: by name"):
        assert "EMEA" in given.one("get_tag_by_name", name="Region")["allowableValues"]


def folders(checks: Checklist, given: Given) -> None:
    """Make folders, look at them from all sides, and delete them."""
    top = given.folder("Folders of another client")
    with checks.check("folders: create"):
        made = given.one("create_folder", name="Ünder & it", parentId=top, parentType="Folder", description="d")
        assert made["parent"] == {"id": top, "type": "Folder"}
        assert made["path"].endswith("/Folders of another client/Ünder & it")
    with checks.check("folders: create beside one of that name is refused"):
        given.refused("709", "create_folder", name="Ünder & it", parentId=top, parentType="Folder")
    with checks.check("folders: by id"):
        assert given.one("get_folder_by_id", id=made["id"], type="Folder") == made
        given.refused("1001", "get_folder_by_id", id=made["id"], type="Unacceptable")
    with checks.check("folders: by name, below a root, in a workspace"):
        root = f"{{'id': {top}, 'type': Folder}}"
        assert given.one("get_folder_by_name", name="Ünder & it") == made
        assert given.one("get_folder_by_name", name="Ünder & it", type="Folder", root=root) == made
        assert given.one("get_folder_by_name", name="Ünder & it", type="Folder", workSpace="Default") == made
    with checks.check("folders: a program as a folder"):
        program = next(iter(given.sandbox.instance.state(Programs)))
        assert given.one("get_folder_by_id", id=program.id, type="Program")["name"] == program.name
    with checks.check("folders: browse, to a depth, page after page"):
        for number in range(6):
            given.call("create_folder", name=f"Inner {number}", parentId=made["id"], parentType="Folder")
        rows = given.call("browse_folders", root=root, maxDepth=2, maxReturn=3)
        assert [row["name"] for row in rows] == [
            "Folders of another client", "Ünder & it", *(f"Inner {number}" for number in range(6)),
        ]  # fmt: skip
        pages = list(given.call("browse_folders_yield", root=root, maxDepth=1, maxReturn=1))
        assert [page[0]["id"] for page in pages] == [top, made["id"]]
    with checks.check("folders: contents"):
        assert len(given.call("get_folder_contents", id=made["id"], type="Folder", maxReturn=4)) == 6
    with checks.check("folders: update"):
        row = given.one("update_folder", id=made["id"], name="Renamed", description="other", isArchive=True)
        assert (row["name"], row["description"], row["isArchive"]) == ("Renamed", "other", True)
    with checks.check("folders: delete, once empty"):
        given.refused("709", "delete_folder", id=made["id"])
        for item in given.call("get_folder_contents", id=made["id"], type="Folder"):
            given.call("delete_folder", id=item["id"])
        assert given.one("delete_folder", id=made["id"]) == {"id": made["id"]}
        given.refused("702", "delete_folder", id=made["id"])


def my_tokens(checks: Checklist, given: Given) -> None:
    """Make, read, change and delete My Tokens."""
    program = next(iter(given.sandbox.instance.state(Programs))).id
    folder = given.folder("Tokens of another client")
    for place, kind in ((folder, "Folder"), (program, "Program")):
        at = {"id": place, "folderType": kind}
        with checks.check(f"tokens of a {kind.lower()}: create, change, read, delete"):
            before = given.one("get_tokens", **at).get("tokens") or []
            given.call("create_token", **at, type="text", name="Étoile", value="a & b = 100 % + c")
            given.call("create_token", **at, type="rich text", name="Étoile", value="<p>ü</p>")
            given.call("create_token", **at, type="text", name="Étoile", value="changed")
            row = given.one("get_tokens", **at)
            assert row["folder"] == {"type": kind, "value": place}
            mine = {(token["type"], token["value"]) for token in row["tokens"] if token["name"] == "Étoile"}
            assert mine == {("text", "changed"), ("rich text", "<p>ü</p>")}
            for token_type in ("text", "rich text"):
                assert given.one("delete_tokens", **at, name="Étoile", type=token_type) == {"id": place}
            assert (given.one("get_tokens", **at).get("tokens") or []) == before


def leads(checks: Checklist, given: Given) -> None:
    """Read leads by id and by filter."""
    people = {lead.id: lead for lead in given.sandbox.instance.state(Leads)}
    with checks.check("leads: by id, with and without fields"):
        row = given.one("get_lead_by_id", id=7)
        assert list(row) == ["id", "firstName", "lastName", "email", "updatedAt", "createdAt"]
        assert list(given.one("get_lead_by_id", id=7, fields="company,country")) == ["id", "company", "country"]
        given.refused("1004", "get_lead_by_id", id=999_999)
    with checks.check(f"leads: {VALUES} values in forms with _method=GET, 300 at a time, in pages of 100"):
        ids = [str(number) for number in list(people)[:VALUES]]
        found = []
        for start in range(0, VALUES, 300):
            values = ids[start : start + 300]
            found += given.call(
                "get_multiple_leads_by_filter_type", filterType="id", filterValues=values, batchSize=100
            )
        assert [str(row["id"]) for row in found] == ids
    with checks.check(f"leads: {VALUES} values in one call are refused, as Marketo allows 300"):
        arguments: dict[str, object] = {"filterType": "id", "filterValues": ids}
        given.refused("1003", "get_multiple_leads_by_filter_type", **arguments)
    with checks.check("leads: by 300 long e-mail addresses, more than a URI holds"):
        mails = [str(lead.value("email")) for lead in people.values() if lead.value("email")][:300]
        assert len(",".join(mails)) > 2**12
        rows = given.call(
            "get_multiple_leads_by_filter_type", filterType="email", filterValues=mails, fields=["email", "company"]
        )
        assert {row["email"] for row in rows} == set(mails)
    with checks.check("leads: nobody found is an empty list"):
        arguments = {"filterType": "email", "filterValues": ["nobody+1@nowhere.example"]}
        assert given.call("get_multiple_leads_by_filter_type", **arguments) == []


def usage(checks: Checklist, given: Given) -> None:
    """Read what was used and what went wrong."""
    with checks.check("usage: today and the last seven days"):
        today = given.one("get_daily_usage")
        assert today["total"] == sum(user["count"] for user in today["users"]) > 0
        week = given.call("get_last_7_days_usage")
        assert week[0]["date"] == today["date"] or week[-1]["date"] == today["date"]
    with checks.check("errors: today and the last seven days"):
        today = given.one("get_daily_errors")
        counted = {error["errorCode"]: error["count"] for error in today["errors"]}
        assert counted["709"] > 1
        assert sum(counted.values()) == today["total"]
        assert given.call("get_last_7_days_errors")


def bad_days(checks: Checklist, given: Given) -> None:
    """Meet what goes wrong, in ways that the client knows."""
    with checks.check("wrong credentials are refused in OAuth's words"):
        stranger = Given(given.sandbox, given.url, client_secret="wrong")
        assert str(stranger.complaint("get_channels")) == "Bad client credentials"
    with checks.check("606 makes it wait and come again (without its token: its own mistake)"):
        given.sandbox.faults.add(Fault.error(606), times=1)
        given.sandbox.arrivals.clear()
        given.refused("603", "get_channels", maxReturn=200)
        assert [call.code for call in given.sandbox.arrivals] == ["606", "603"]
    with checks.check("602 makes it ask for a new token"):
        # While more than a minute of a token should be left, it takes no other.
        given.sandbox.instance.tokens.life = 45
        given.sandbox.instance.tokens.forget_all()
        given.sandbox.faults.add(Fault.error(602), times=1)
        assert Given(given.sandbox, given.url).call("get_channels", maxReturn=200)


AREAS = (
    reading_programs,
    changing_programs,
    vocabulary,
    folders,
    my_tokens,
    leads,
    describing_leads,
    writing_leads,
    incoming_leads,
    lists,
    list_assets,
    members,
    usage,
    bad_days,
)


def main() -> int:
    """Make every check and print the table."""
    checks = Checklist("marketorestpython 0.5.25")
    sandbox = Sandbox(programs=150, leads=700, limits=None)
    with serving(sandbox) as url:
        given = Given(sandbox, url)
        for area in AREAS:
            with checks.area(area.__name__):
                area(checks, given)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import USER

from marketo_async.sandbox.areas.activities import Activities
from marketo_async.sandbox.areas.channels import Channels, ProgressionStatus
from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.members import Members
from marketo_async.sandbox.areas.members.progress import first_step, may_move, named
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from sandbox_caller import Caller

BORN = datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)
PAST = {"code": "1037", "message": "Lead skipped because it is already in or past this status"}
CHANGE_STATUS = 104


def given(marketo: Caller, count: int = 3) -> tuple[int, list[int]]:
    """Return a program of the channel Live Event and some leads."""
    leads = marketo.instance.state(Leads)
    program = marketo.instance.state(Programs).add("Dinner", kind="Event", channel="Live Event")
    return program.id, [leads.add().id for _ in range(count)]


async def sync(marketo: Caller, program: int, status: object, *ids: object) -> Any:
    body = {"statusName": status, "input": [{"leadId": one} for one in ids]}
    reply = await marketo.send("POST", f"/rest/v1/programs/{program}/members/status.json", body)
    return reply["result"] if reply["success"] else reply["errors"][0]["code"]


async def change(marketo: Caller, program: int, status: object, *ids: object) -> Any:
    body = {"status": status, "input": [{"id": one} for one in ids]}
    reply = await marketo.send("POST", f"/rest/v1/leads/programs/{program}/status.json", body)
    return reply["result"] if reply["success"] else reply["errors"][0]["code"]


STATUSES = (
    ProgressionStatus("Not in Program", 0),
    ProgressionStatus("Sent", 10),
    ProgressionStatus("Opened", 20),
    ProgressionStatus("Unsubscribed", 20),
    ProgressionStatus("Clicked", 30, success=True),
)


@pytest.mark.parametrize(
    ("current", "wanted", "moves"),
    [
        (None, "Sent", True),
        (None, "Not in Program", False),
        ("Sent", "Sent", False),
        ("Sent", "Clicked", True),
        ("Clicked", "Sent", False),
        ("Opened", "Unsubscribed", True),
        ("Unsubscribed", "Opened", True),
        ("Clicked", "Not in Program", True),
        ("Of an older channel", "Sent", True),
    ],
)
def test_progress_goes_forward(current: str | None, wanted: str, *, moves: bool) -> None:
    """Members move to later steps and within one, never back and not to where they are; out they may always."""
    status = named(STATUSES, wanted)
    assert status is not None
    assert may_move(STATUSES, current, status) is moves


def test_who_joins_begins_at_the_first_step() -> None:
    """Without a status a member gets the lowest step that is in the program."""
    assert first_step(STATUSES).name == "Sent"


async def test_status_is_upserted(marketo: Caller) -> None:
    """Members are created and updated; who is there or past it, or does not exist, is skipped without a lead id."""
    program, (ann, bob, cid) = given(marketo)
    assert await sync(marketo, program, "Registered", ann) == [{"seq": 0, "status": "created", "leadId": ann}]
    await sync(marketo, program, "Attended", bob)
    rows = await sync(marketo, program, "No Show", bob, ann, 999, cid, str(cid))
    assert rows == [
        {"seq": 0, "status": "skipped", "reasons": [PAST]},
        {"seq": 1, "status": "updated", "leadId": ann},
        {"seq": 2, "status": "skipped", "reasons": [{"code": "1004", "message": "Lead not found"}]},
        {"seq": 3, "status": "created", "leadId": cid},
        {"seq": 4, "status": "skipped", "reasons": [PAST]},
    ]
    assert list(rows[1]) == ["seq", "status", "leadId"]
    members = marketo.instance.state(Members)
    held = [members.get(program, lead_id) for lead_id in (ann, bob, cid)]
    assert [(one.status, one.succeeded_at is not None) for one in held if one] == [
        ("No Show", False), ("Attended", True), ("No Show", False),
    ]  # fmt: skip


async def test_success_stays(marketo: Caller) -> None:
    """Success has the date of the status that brought it, and stays when another status follows."""
    program, (ann, *_) = given(marketo)
    steps = [("Won", 10, True), ("Won again", 20, True), ("After", 30, False)]
    marketo.instance.state(Channels).add("Odd", "event", [ProgressionStatus(*step) for step in steps])
    odd = marketo.instance.state(Programs).add("Odd", kind="Event", channel="Odd").id
    members = marketo.instance.state(Members)
    members.join(odd, ann, status="Won", at=BORN)
    for status in ("Won again", "After"):
        await sync(marketo, odd, status, ann)
        member = members.get(odd, ann)
        assert member is not None
        assert (member.status, member.joined_at, member.succeeded_at) == (status, BORN, BORN)
        assert member.updated_at > BORN
    assert members.get(program, ann) is None


async def test_what_stays_with_a_member(marketo: Caller) -> None:
    """Who was acquired stays so and keeps what is known of him, until he leaves: who comes back begins anew."""
    program, (ann, *_) = given(marketo)
    members = marketo.instance.state(Members)
    members.join(program, ann, acquired=True, at=BORN)
    members.change(program, ann, registrationCode="R")
    await sync(marketo, program, "Registered", ann)
    member = members.get(program, ann)
    assert member is not None
    assert (member.acquired, member.values, member.joined_at) == (True, {"registrationCode": "R"}, BORN)
    await sync(marketo, program, "Not in Program", ann)
    await sync(marketo, program, "Registered", ann)
    member = members.get(program, ann)
    assert member is not None
    assert (member.acquired, member.values, member.joined_at > BORN) == (False, {}, True)


async def test_not_in_program_takes_out(marketo: Caller) -> None:
    """The status Not in Program removes a member, and skips who is none."""
    program, (ann, bob, _) = given(marketo)
    await sync(marketo, program, "Registered", ann)
    rows = await sync(marketo, program, "Not in Program", ann, bob)
    assert [row["status"] for row in rows] == ["updated", "skipped"]
    assert rows[1]["reasons"] == [PAST]
    assert marketo.instance.state(Members).size(program) == 0
    assert [row["status"] for row in await sync(marketo, program, "Invited", ann)] == ["created"]


async def test_the_old_way_to_change_a_status(marketo: Caller) -> None:
    """The superseded operation moves members only, answers by `id`, and does not let anybody join."""
    program, (ann, bob, cid) = given(marketo)
    await sync(marketo, program, "Registered", ann)
    await sync(marketo, program, "Attended", bob)
    rows = await change(marketo, program, "No Show", ann, bob, cid, 999)
    assert rows == [
        {"id": ann, "status": "updated"},
        {"id": bob, "status": "skipped", "reasons": [PAST]},
        {"id": cid, "status": "skipped", "reasons": [{"code": "1037", "message": "Lead not in program"}]},
        {"id": 999, "status": "skipped", "reasons": [{"code": "1004", "message": "Lead not found"}]},
    ]
    assert marketo.instance.state(Members).size(program) == 2


async def test_deleting_members(marketo: Caller) -> None:
    """Members are deleted; who is none is skipped with 1037 and without a lead id."""
    program, (ann, bob, _) = given(marketo)
    await sync(marketo, program, "Registered", ann)
    body = {"input": [{"leadId": ann}, {"leadId": bob}]}
    reply = await marketo.send("POST", f"/rest/v1/programs/{program}/members/delete.json", body)
    assert list(reply) == ["requestId", "result", "success"]
    assert reply["result"] == [
        {"seq": 0, "status": "deleted", "leadId": ann},
        {"seq": 1, "status": "skipped", "reasons": [{"code": "1037", "message": "Lead not in program"}]},
    ]
    assert marketo.instance.state(Members).size(program) == 0


async def test_what_is_wrong_with_a_whole_call(marketo: Caller) -> None:
    """A status that the channel has not is 1025, an unknown program 1013, what is missing 1002, too much is 1003."""
    program, (ann, *_) = given(marketo)
    for call in (sync, change):
        assert await call(marketo, program, "Clicked", ann) == "1025"
        assert await call(marketo, program, "attended", ann) == "1025"
        assert await call(marketo, program, 5, ann) == "1025"
        assert await call(marketo, program, None, ann) == "1002"
        assert await call(marketo, program, "Attended") == "1002"
        assert await call(marketo, program, "Attended", None) == "1002"
        assert await call(marketo, program, "Attended", "x") == "1001"
        assert await call(marketo, 7, "Attended", ann) == "1013"
        assert await call(marketo, program, "Attended", *range(1, 302)) == "1003"
    members = f"/rest/v1/programs/{program}/members"
    for path in (f"{members}.json", f"{members}/delete.json"):
        too_many = {"input": [{"leadId": one} for one in range(1, 302)]}
        for body, code in (({}, "1002"), ({"input": [{"id": ann}]}, "1002"), (too_many, "1003"), ([], "609")):
            reply = await marketo.send("POST", path, body)
            assert reply["errors"][0]["code"] == code, reply
    assert marketo.instance.state(Members).size(program) == 0
    folders = marketo.instance.state(Folders)
    folders.hide_workspaces(USER, ["Default"])
    assert await sync(marketo, program, "Attended", ann) == "1013"


async def test_progress_is_logged(marketo: Caller) -> None:
    """Joining, moving on and leaving each write Change Status in Progression, with the old status and the new one."""
    program, (ann, *_) = given(marketo)
    await sync(marketo, program, "Registered", ann, ann)
    await sync(marketo, program, "Attended", ann)
    await sync(marketo, program, "Not in Program", ann)
    logged = marketo.instance.state(Activities).of(ann, CHANGE_STATUS)
    assert {(one.primary_id, one.primary_value) for one in logged} == {(program, "Dinner")}
    assert [
        (one.attributes["Old Status"], one.attributes["New Status"], one.attributes["Success"]) for one in logged
    ] == [
        ("Not in Program", "Registered", False),
        ("Registered", "Attended", True),
        ("Attended", "Not in Program", True),
    ]


async def test_memberships_follow_what_becomes_of_leads(marketo: Caller) -> None:
    """Deleted leads leave every program; the winner of a merge has the further status and the earlier beginning."""
    leads, members = marketo.instance.state(Leads), marketo.instance.state(Members)
    one, (winner, loser, deleted) = given(marketo)
    two = marketo.instance.state(Programs).add("Supper", kind="Event", channel="Live Event").id
    members.join(one, winner, status="Registered")
    members.join(one, loser, status="Attended", acquired=True, at=BORN)
    members.change(one, winner, registrationCode="mine")
    members.change(one, loser, registrationCode="theirs", webinarUrl="https://acme.example")
    members.join(one, deleted)
    members.join(two, winner, status="Invited", at=BORN)
    members.join(two, loser, status="Attended")
    members.join(two, deleted)
    leads.remove(deleted)
    leads.absorb(winner, [loser])
    assert members.size(one) == members.size(two) == 1
    member, other = members.of_lead(winner)
    assert (member.status, member.joined_at, member.acquired) == ("Attended", BORN, True)
    assert dict(member.values) == {"registrationCode": "mine", "webinarUrl": "https://acme.example"}
    assert (other.status, other.joined_at, other.succeeded_at) == ("Attended", BORN, other.updated_at)
    assert other.updated_at > BORN
    assert [*members.of_lead(loser)] == [*members.of_lead(deleted)] == []


async def test_the_doors_name_what_is_not_there(marketo: Caller) -> None:
    """The doors for tests raise a KeyError for a program, lead, status or membership that does not exist."""
    program, (ann, *_) = given(marketo)
    members = marketo.instance.state(Members)
    for program_id, lead_id, status in ((7, ann, None), (program, 99, None), (program, ann, "Not in Program")):
        with pytest.raises(KeyError):
            members.join(program_id, lead_id, status=status)
    with pytest.raises(KeyError):
        members.change(program, ann, registrationCode="x")
    members.leave(program, ann)
    assert members.join(program, ann).status == "Invited"
    assert members.join(program, ann).joined_at == marketo.instance.now().replace(microsecond=0)

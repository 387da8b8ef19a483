"""Members of programs and their field schema through the public client, against the sandbox."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import pytest

from marketo_async import NewField, marketo_field
from marketo_async.errors import ApiError, ArgumentError, NotFoundError, UnknownFieldError, ValidationError
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.members import filters
from marketo_async.sandbox.areas.members.progress import statuses_of
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.sandbox.areas.programs.state import Programs

if TYPE_CHECKING:
    from marketo_async import MarketoClient
    from marketo_async.sandbox import Sandbox

QUERY = "/rest/v1/programs/{programId}/members.json"
DESCRIBE = "/rest/v1/programs/members/describe.json"
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


@attrs.frozen
class Party:
    """A program with members.

    Attributes:
        program_id: The program.
        statuses: The names of its channel's statuses, but for `Not in Program`.
        successes: Those that are a success.
        lead_ids: Its members, in the order in which they joined: one every three hours since the new year.
        members: The sandbox's own members.
    """

    program_id: int
    statuses: list[str]
    successes: list[str]
    lead_ids: list[int]
    members: Members


@pytest.fixture
def party(sandbox: Sandbox) -> Party:
    """Return a program with 700 members."""
    members = sandbox.instance.state(Members)
    program = sandbox.instance.state(Programs).add("Garden party", kind="Event")
    steps = [status for status in statuses_of(sandbox.instance, program) if status.step]
    lead_ids = [lead.id for lead in sandbox.instance.state(Leads)][700:0:-1]
    for number, lead_id in enumerate(lead_ids):
        status = steps[number % len(steps)].name
        members.join(program.id, lead_id, status=status, at=NEW_YEAR + timedelta(hours=3 * number))
    names = [step.name for step in steps]
    return Party(program.id, names, [step.name for step in steps if step.success], lead_ids, members)


async def test_describe(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """Fields and filters are described, once a day; the superseded operation says less."""
    description = await marketo.program_members.describe()
    assert {"leadId", "reachedSuccess", "statusName"} <= set(description.filter_types)
    assert description.dedupe_fields == ("leadId", "programId")
    code = description.field("registrationCode")
    assert code is not None
    assert (code.length, code.updateable) == (100, True)
    assert await marketo.program_members.describe() == description
    assert len(sandbox.arrivals.to(DESCRIBE)) == 1
    superseded = await marketo.program_members.describe_superseded()
    assert [field.name for field in superseded.fields] == [field.name for field in description.fields]
    assert superseded.filter_types == ()


async def test_find_by_leads(marketo: MarketoClient, party: Party, sandbox: Sandbox) -> None:
    """Any number of leads are looked up in a program, 300 a call; who is no member is no error (A19)."""
    asked = [*party.lead_ids, 1_000_001, 1_000_002]
    found = await marketo.program_members.find(party.program_id, "leadId", asked).collect()
    assert {member.lead_id for member in found} == set(party.lead_ids)
    assert len(found) == 700
    assert len(sandbox.arrivals.to(QUERY)) == 3
    first = next(member for member in found if member.lead_id == party.lead_ids[0])
    assert (first.program_id, first.membership_date) == (party.program_id, NEW_YEAR)
    assert "statusName" not in first


async def test_find_by_status_and_success(marketo: MarketoClient, party: Party) -> None:
    """Members are found by status, and by whether they reached success; all of them are both together."""
    members = marketo.program_members
    status = party.statuses[0]
    with_status = await members.find(party.program_id, "statusName", [status], fields=["statusName"]).collect()
    assert {member.status_name for member in with_status} == {status}
    assert [member.lead_id for member in with_status] == sorted(party.lead_ids[:: len(party.statuses)])
    winners = await members.find(party.program_id, "reachedSuccess", [True], fields=["statusName"]).collect()
    assert {member.status_name for member in winners} == set(party.successes)
    everybody = [member.lead_id async for member in members.browse(party.program_id, page_size=77)]
    assert everybody == sorted(party.lead_ids)


async def test_find_updated(marketo: MarketoClient, party: Party, sandbox: Sandbox) -> None:
    """Two months of changes are read in windows of seven days, each member once, without those before and after."""
    first, last = NEW_YEAR + timedelta(days=1), NEW_YEAR + timedelta(days=60)
    found = [member.lead_id async for member in marketo.program_members.find_updated(party.program_id, first, last)]
    assert sorted(found) == sorted(party.lead_ids[8 : 60 * 8 + 1])
    assert len(sandbox.arrivals.to(QUERY)) == 9
    assert sandbox.refusals == {}


async def test_busy_windows(marketo: MarketoClient, party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Marketo counts what matches, windows and values are cut until every member is read."""
    monkeypatch.setattr(filters, "MEMBERS_LIMIT", 30)
    party.members.limit_counts = "matching"
    last = NEW_YEAR + timedelta(days=14)
    found = [member.lead_id async for member in marketo.program_members.find_updated(party.program_id, NEW_YEAR, last)]
    assert sorted(found) == sorted(party.lead_ids[: 14 * 8 + 1])


async def test_a_program_that_is_too_large(
    marketo: MarketoClient, party: Party, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    """A program with too many members is read by lead only; other filters say so, and what else would do (A28)."""
    monkeypatch.setattr(filters, "MEMBERS_LIMIT", 699)
    members = marketo.program_members
    with pytest.raises(ValidationError, match="exceeds the limit") as caught:
        await members.browse(party.program_id).collect()
    assert "leads.find_by_program" in caught.value.__notes__[0]
    assert len(sandbox.arrivals.to(QUERY)) == 1
    found = await members.find(party.program_id, "leadId", party.lead_ids).collect()
    assert len(found) == 700
    assert len(await marketo.leads.find_by_program(party.program_id).collect()) == 700


@attrs.frozen
class Guest:
    """A class of one's own."""

    lead_id: int
    status: str = attrs.field(metadata=marketo_field("statusName"))
    membership_date: date
    lunch: str | None = attrs.field(default=None, metadata=marketo_field("lunchPreference"))


async def test_own_class_and_types(marketo: MarketoClient, party: Party) -> None:
    """Members are read into a class of one's own, or with all their fields in the types that Marketo describes."""
    lead_id = party.lead_ids[0]
    party.members.change(party.program_id, lead_id, lunchPreference="fish", guests=2)
    members = marketo.program_members
    assert await members.find(party.program_id, "leadId", [lead_id], record=Guest).collect() == [
        Guest(lead_id=lead_id, status=party.statuses[0], membership_date=NEW_YEAR.date(), lunch="fish")
    ]
    (typed,) = await members.find(party.program_id, "guests", [2], fields="all", typed=True).collect()
    assert (typed.lead_id, typed["guests"], typed["createdAt"]) == (lead_id, 2, NEW_YEAR)
    assert isinstance(typed["isExhausted"], bool)


async def test_mistakes(marketo: MarketoClient, party: Party) -> None:
    """Unknown fields, filters and programs are refused with Marketo's codes; with the schema at hand, before a call."""
    members = marketo.program_members
    with pytest.raises(UnknownFieldError) as unknown:
        await members.find(party.program_id, "leadId", [1], fields=["statusNam"]).collect()
    assert "'statusName'" in unknown.value.__notes__[0]
    with pytest.raises(ArgumentError, match="'statusName'"):  # the help has read the schema
        await members.find(party.program_id, "leadId", [1], fields=["statusNam"]).collect()
    with pytest.raises(ApiError):
        await members.browse(999_999).collect()


async def test_members_come_and_go(marketo: MarketoClient, party: Party, sandbox: Sandbox) -> None:
    """Who is given a status is a member, with the data that is set, and is none any more when removed."""
    members = marketo.program_members
    newcomer = max(lead.id for lead in sandbox.instance.state(Leads))
    (joined,) = await members.sync_status(party.program_id, [newcomer], status_name=party.statuses[0]).collect()
    assert joined.status == "created"
    await members.sync_data(party.program_id, [{"leadId": newcomer, "registrationCode": "R7"}]).collect()
    (member,) = await members.find(
        party.program_id, "leadId", [newcomer], fields=["statusName", "registrationCode"]
    ).collect()
    assert (member.status_name, member["registrationCode"]) == (party.statuses[0], "R7")
    await members.delete(party.program_id, [newcomer]).collect()
    assert await members.find(party.program_id, "leadId", [newcomer]).collect() == []


async def test_field_schema(marketo: MarketoClient, party: Party) -> None:
    """A field is made, read, listed, changed and filled; the description knows it at once."""
    fields = marketo.program_member_fields
    before = await marketo.program_members.describe()
    made = await fields.create([NewField(name="seat", display_name="Seat", data_type="string", description="which")])
    assert [(status.name, status.status) for status in made] == [("seat", "created")]
    seat = await fields.get("seat")
    assert (seat.display_name, seat.data_type, seat.is_custom, seat.is_api_created) == ("Seat", "string", True, True)
    changed = await fields.update("seat", display_name="Seat number", description="", is_hidden=True)
    assert changed.status == "updated"
    by_name = {field.name: field async for field in fields.browse(page_size=7)}
    assert (by_name["seat"].display_name, by_name["seat"].is_hidden) == ("Seat number", True)
    assert {field.name for field in before.fields} == by_name.keys() - {"seat"}
    party.members.change(party.program_id, party.lead_ids[0], seat="A1")
    found = await marketo.program_members.find(party.program_id, "seat", ["A1"], fields=["seat"]).collect()
    assert [(member.lead_id, member["seat"]) for member in found] == [(party.lead_ids[0], "A1")]
    with pytest.raises(NotFoundError):
        await fields.get("nonsense")

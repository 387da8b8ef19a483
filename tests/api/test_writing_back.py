"""What was read, written back: without what Marketo makes itself, and without what it lets nobody write."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import attrs
import pytest
from recording_transport import RecordingTransport, groups_on, rows

from marketo_async import ArgumentError, Lead, ProgramMember, UnknownFieldError, marketo_field
from marketo_async.records import read
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async import MarketoClient, Writing
    from marketo_async.api.groups import Groups
    from marketo_async.sandbox import Sandbox
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope

IDS = {"seq": 0, "leadId": 7, "programId": 1001}
MADE = {"reachedSuccess": False, "acquiredBy": True, "statusName": "Member", "membershipDate": "2026-01-01T00:00:00Z"}
DATA = {"registrationCode": "R7", "statusReason": None, "myField": 3}
MEMBER = read(ProgramMember, IDS | MADE | DATA)


@attrs.frozen
class Guest:
    """A class of one's own for members, whose own id is another one."""

    id: int = attrs.field(metadata=marketo_field("guestNumber"))
    marketo_id: int = attrs.field(metadata=marketo_field("leadId"))
    status: str = attrs.field(metadata=marketo_field("statusName"))
    code: str | None = attrs.field(default=None, metadata=marketo_field("registrationCode"))


@dataclasses.dataclass
class Customer:
    """A class of one's own for leads, whose own number is another one."""

    lead: int = dataclasses.field(metadata=marketo_field("id"))
    number: int = dataclasses.field(default=99, metadata=marketo_field("customerNumber_c"))


async def sent(make: Callable[[Groups], Writing[object]]) -> object:
    """Return the records that a write of one record sends."""

    def updated(_: Call) -> Envelope:
        return rows({"status": "updated"})

    transport = RecordingTransport(updated)
    await make(groups_on(transport)).collect()
    (call,) = transport.calls
    return json.loads(encode(call).body or b"null")["input"]


async def test_a_member_is_written_without_what_marketo_makes() -> None:
    """A `ProgramMember` goes back with its data, without `seq`, the status, the dates and the program."""
    assert await sent(lambda m: m.program_members.sync_data(1001, [MEMBER])) == [{"leadId": 7} | DATA]
    assert await sent(lambda m: m.program_members.sync_data(1001, [{**IDS, **DATA}])) == [IDS | DATA]  # at its word


async def test_ones_own_member_is_written_without_what_marketo_makes() -> None:
    """A class of one's own that has the status reads and writes: the status stays at home, the lead is named."""
    guest = Guest(3, 7, "Attended", "R7")
    written = [{"guestNumber": 3, "leadId": 7, "registrationCode": "R7"}]
    assert await sent(lambda m: m.program_members.sync_data(1001, [guest])) == written


@pytest.mark.parametrize("record", [7, MEMBER, Lead(id=7), {"id": 7}, {"leadId": 7}, Customer(7), Guest(3, 7, "x")])
async def test_who_names_a_lead(record: object) -> None:
    """Ids, our records, mappings and classes of one's own name a lead, for lists and for programs alike."""
    assert await sent(lambda m: m.lists.add(1, [record])) == [{"id": 7}]
    assert await sent(lambda m: m.leads.delete([record])) == [{"id": 7}]
    assert await sent(lambda m: m.program_members.delete(1, [record])) == [{"leadId": 7}]


class Row:
    """Something with an id that is no lead's."""

    id = 7


async def test_what_names_no_lead(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """The id of something else is no lead's: a program among leads to be deleted is refused, not deleted by its id."""
    program = await marketo.programs.browse().first()
    for wrong in (program, Row(), Row, "7", True, 0, {"email": "a@example.com"}, None):
        with pytest.raises(ArgumentError, match=r"leads\[0\]") as refused:
            await marketo.leads.delete([wrong]).collect()
        assert "the id of a lead" in refused.value.allowed
    assert not sandbox.arrivals.to("/rest/v1/leads/delete.json")


async def test_leads_are_written_back(marketo: MarketoClient) -> None:
    """A lead goes back without its read-only fields, once they are described; what it had is what it has."""
    names = ["email", "firstName", "leadScore", "leadPartitionId", "personType", "createdAt"]
    lead = await marketo.leads.get(7, names)
    (before,) = await marketo.leads.sync([lead], action="updateOnly", lookup_field="id").collect()
    assert before.skipped
    await marketo.leads.describe()
    (result,) = await marketo.leads.sync([lead], action="updateOnly", lookup_field="id").collect()
    assert (result.status, result.reasons) == ("updated", ())
    assert await marketo.leads.get(7, names) == lead


async def test_whole_members_are_written_back(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """Members with all their fields go from one program into another one."""
    members = sandbox.instance.state(Members)
    one, other = [program.id async for program in marketo.programs.browse()][:2]
    for program in (one, other):
        members.join(program, 5)
    members.change(one, 5, registrationCode="R5")
    (member,) = await marketo.program_members.find(one, "leadId", [5], fields="all").collect()
    (result,) = await marketo.program_members.sync_data(other, [member]).collect()
    assert (result.status, result.reasons, result.input) == ("updated", (), member)
    (copy,) = await marketo.program_members.find(other, "leadId", [5], fields=["registrationCode"]).collect()
    assert copy["registrationCode"] == "R5"


async def test_records_of_the_wrong_kind(marketo: MarketoClient) -> None:
    """A member is no lead and a lead no member; who names nobody is refused before Marketo refuses the whole call."""
    with pytest.raises(ArgumentError, match="a Lead, or"):
        await marketo.leads.sync([MEMBER]).collect()
    with pytest.raises(ArgumentError, match="a ProgramMember, or"):
        await marketo.program_members.sync_data(1, [Lead(id=7)]).collect()
    with pytest.raises(ArgumentError, match="or ProgramMember"):
        marketo.program_members.browse(1, record=Lead)
    with pytest.raises(ArgumentError, match=r"records\[1\]\['leadId'\]=None") as nobody:
        await marketo.program_members.sync_data(1, [{"leadId": 7}, {"registrationCode": "x"}]).collect()
    assert nobody.value.position == 0


async def test_advice_for_a_whole_call(marketo: MarketoClient) -> None:
    """What Marketo refuses a whole call for gets the schema's help as well (A24, A28)."""
    await marketo.leads.describe()
    with pytest.raises(UnknownFieldError) as unknown:
        await marketo.leads.sync([{"emial": "a@example.com", "email": "a@example.com"}], lookup_field="emial").collect()
    assert "'email'" in unknown.value.__notes__[0]

"""Writing leads, lists and members through the public client, against the sandbox."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import attrs
import pytest
import virtual_time
from hypothesis import given, settings
from hypothesis import strategies as st

from marketo_async import AccessDeniedError, Limits, NotFoundError
from marketo_async.sandbox import Fault, Sandbox
from marketo_async.sandbox.areas.leads.partitions.state import Partitions
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.lists.state import Lists
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.faults import MIX
from marketo_async.testing import client_of

if TYPE_CHECKING:
    from marketo_async import MarketoClient, RecordResult

SYNC = "/rest/v1/leads.json"


@attrs.frozen
class Person:
    """A lead as a program of one's own knows it."""

    email: str
    first_name: str
    lead_score: int | None = None


@pytest.fixture
def leads(sandbox: Sandbox) -> Leads:
    """Return the sandbox's own leads."""
    return sandbox.instance.state(Leads)


def held(leads: Leads, address: str) -> list[int]:
    """Return the ids of the leads that have an address."""
    return [lead.id for lead in leads.with_emails([address])]


async def test_create_and_update(marketo: MarketoClient, leads: Leads) -> None:
    """New addresses are created, known ones updated, whatever their case; read back, they hold what was written."""
    before = len(leads)
    new = [Person(f"new.{number}@example.com", "Ann", number) for number in range(700)]
    made = await marketo.leads.sync(new).collect()
    assert {result.status for result in made} == {"created"}
    assert [result.input for result in made] == new
    again = await marketo.leads.sync({"email": person.email.upper(), "lastName": "Lee"} for person in new).collect()
    assert [(result.status, result.id) for result in again] == [("updated", result.id) for result in made]
    assert len(leads) == before + 700
    found = await marketo.leads.find(
        "id", [result.id or 0 for result in made], fields=["leadScore", "lastName"]
    ).collect()
    assert [(lead["leadScore"], lead["lastName"]) for lead in found] == [(number, "Lee") for number in range(700)]


async def test_one_address_many_times_makes_one_lead(marketo: MarketoClient, leads: Leads, sandbox: Sandbox) -> None:
    """Concurrent upserts of one key make duplicates in Marketo; a write never sends them, and the last record wins."""
    rng = random.Random(7)
    records = [{"email": f"twin{rng.randrange(30)}@example.com", "leadScore": number} for number in range(900)]
    results = await marketo.leads.sync(records, batch_size=20).collect()
    assert [result.index for result in results] == [*range(900)]
    last = {record["email"]: record["leadScore"] for record in records}
    for address, score in last.items():
        (lead_id,) = held(leads, str(address))
        lead = leads.get(lead_id)
        assert lead is not None
        assert lead.value("leadScore") == score


async def test_skipped_is_data(marketo: MarketoClient, leads: Leads) -> None:
    """What Marketo refuses is a result with its code and words, beside records that were written (A27)."""
    results = await marketo.leads.sync(
        [
            {"email": "a@example.com", "leadScore": "14c"},
            {"email": "b@example.com"},
            {"email": "c@example.com", "nonsense": 1},
        ]
    ).collect()
    assert [result.status for result in results] == ["skipped", "created", "skipped"]
    assert [reason.code for result in results for reason in result.reasons] == ["1003", "1006"]
    assert "'14c'" in results[0].reasons[0].message
    assert held(leads, "a@example.com") == []


async def test_the_schema_helps(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """Once described, what Marketo would refuse is not sent, and the reason names the nearest field (A24, A28)."""
    await marketo.leads.describe()
    record = {"email": "a@example.com", "ladScore": 1}
    results = await marketo.leads.sync([record, {"email": "b@example.com", "leadScore": "x"}]).collect()
    assert [result.status for result in results] == ["skipped", "skipped"]
    assert "leadScore" in results[0].reasons[0].message
    assert sandbox.arrivals.to(SYNC) == []


async def test_delete(marketo: MarketoClient, leads: Leads) -> None:
    """Leads are deleted by id; one that is not there is skipped with 1004."""
    ids = [lead.id for lead in leads][:650]
    results = await marketo.leads.delete([*ids, 999_999_999]).collect()
    assert [result.status for result in results] == ["deleted"] * 650 + ["skipped"]
    assert results[-1].reasons[0].code == "1004"
    assert results[-1].id == 999_999_999
    assert not any(lead_id in leads for lead_id in ids)


async def test_lists(marketo: MarketoClient, sandbox: Sandbox, leads: Leads) -> None:
    """Leads are put on a list and taken off; twice on is on, twice off is skipped with 1015."""
    list_id = next(iter(sandbox.instance.state(Lists))).id
    ids = [lead.id for lead in leads][:310]
    await marketo.lists.remove(list_id, ids).collect()
    for _ in range(2):
        assert {result.status for result in await marketo.lists.add(list_id, ids).collect()} == {"added"}
    assert {result.status for result in await marketo.lists.remove(list_id, ids).collect()} == {"removed"}
    off = await marketo.lists.remove(list_id, ids).collect()
    assert {(result.status, result.reasons[0].code) for result in off} == {("skipped", "1015")}


async def test_members(marketo: MarketoClient, sandbox: Sandbox, leads: Leads) -> None:
    """Leads become members with a status, get data, and leave; going back is skipped with 1037."""
    program = next(program for program in sandbox.instance.state(Programs) if program.channel == "Webinar")
    members = sandbox.instance.state(Members)
    ids = [lead.id for lead in leads if members.get(program.id, lead.id) is None][:20]
    write = marketo.program_members
    made = await write.sync_status(program.id, ids, status_name="Registered").collect()
    assert [(result.status, result.id) for result in made] == [("created", lead_id) for lead_id in ids]
    back = await write.sync_status(program.id, ids[:1], status_name="Registered").collect()
    assert (back[0].status, back[0].reasons[0].code) == ("skipped", "1037")
    data = await write.sync_data(program.id, [{"leadId": ids[0], "registrationCode": "R7"}]).collect()
    assert data[0].status == "updated"
    old = await marketo.leads.change_program_status(program.id, ids, status="Attended").collect()
    assert {result.status for result in old} == {"updated"}
    gone = await write.delete(program.id, ids).collect()
    assert {result.status for result in gone} == {"deleted"}
    assert all(members.get(program.id, lead_id) is None for lead_id in ids)


async def test_push_and_partitions(marketo: MarketoClient, sandbox: Sandbox, leads: Leads) -> None:
    """Pushed leads are members of the program; leads move to another partition."""
    program = next(program for program in sandbox.instance.state(Programs) if program.channel == "Webinar")
    pushed = await marketo.leads.push([{"email": "p@example.com"}], program_name=program.name, source="test").collect()
    assert pushed[0].status == "created"
    assert sandbox.instance.state(Members).get(program.id, pushed[0].id or 0) is not None
    partitions = sandbox.instance.state(Partitions)
    partitions.add("EMEA")
    moved = await marketo.leads.update_partitions([pushed[0].id], partition_name="EMEA").collect()
    assert [result.status for result in moved] == ["updated"]
    lead = leads.get(pushed[0].id or 0)
    assert lead is not None
    assert partitions.of(lead).name == "EMEA"


async def test_merge_and_associate(marketo: MarketoClient, leads: Leads) -> None:
    """Losers are gone after a merge; a second merge is not found (1004). A cookie is a lead's, a stranger's is not."""
    winner, *losers = [lead.id for lead in leads][:4]
    await marketo.leads.merge(winner, losers)
    assert winner in leads
    assert not any(loser in leads for loser in losers)
    with pytest.raises(NotFoundError) as gone:
        await marketo.leads.merge(winner, losers)
    assert gone.value.code == "1004"
    await marketo.leads.associate(winner, "id:287-GTJ-838&token:_mch-example.com-1600000000000-12345")
    with pytest.raises(NotFoundError):
        await marketo.leads.associate(999_999_999, "token:_mch-example.com-1600000000000-12345")


async def test_create_only_after_a_lost_answer(marketo: MarketoClient, leads: Leads, sandbox: Sandbox) -> None:
    """After half an answer createOnly is repeated; what that one created says that it may have been done (P5)."""
    sandbox.faults.add(Fault.half_json(), path=SYNC, method="POST", times=1)
    results = await marketo.leads.sync([{"email": "once@example.com"}], action="createOnly").collect()
    assert [(result.status, result.reasons[0].code, result.maybe_done) for result in results] == [
        ("skipped", "1005", True)
    ]
    assert len(held(leads, "once@example.com")) == 1


async def test_a_refusal_in_the_middle(marketo: MarketoClient, leads: Leads, sandbox: Sandbox) -> None:
    """After a refusal of a whole batch the rest can be written from `error.position` on, skipping what has a result."""
    sandbox.faults.add(Fault.error(603), path=SYNC, method="POST", calls=4)
    records = [{"email": f"again.{number}@example.com", "leadScore": number} for number in range(2000)]
    done: dict[int, RecordResult[dict[str, object]]] = {}
    with pytest.raises(AccessDeniedError) as denied:
        async for result in marketo.leads.sync(records):
            done[result.index] = result
    assert 0 < denied.value.position < 2000
    assert denied.value.position not in done
    rest = [number for number in range(denied.value.position, 2000) if number not in done]
    results = await marketo.leads.sync(records[number] for number in rest).collect()
    assert {result.status for result in results} == {"created"}
    assert all(len(held(leads, str(record["email"]))) == 1 for record in records)


# A call for which three tokens in a row are dead is given up, and the write with it: no passing failure.
PASSING = [fault for fault in MIX if fault.code not in {"601", "602"}]


@given(st.integers(0, 10**6), st.integers(1, 400), st.integers(1, 60))
@settings(max_examples=15, deadline=None)
def test_faults_law(seed: int, size: int, people: int) -> None:
    """Whatever goes wrong: what is reported as written is what the sandbox holds, and no address has two leads (P5)."""
    rng = random.Random(seed)
    records = [{"email": f"p{rng.randrange(people)}@example.com", "leadScore": number} for number in range(size)]

    async def main() -> tuple[Leads, list[RecordResult[dict[str, object]]]]:
        sandbox = Sandbox(programs=1, leads=0, seed=seed, limits=None)
        sandbox.faults.at_random(0.3, *PASSING, path=SYNC, method="POST")
        async with client_of(sandbox, limits=Limits.off()) as marketo:
            writing = marketo.leads.sync(records, batch_size=17).with_options(most_unknown=1000)
            return sandbox.instance.state(Leads), await writing.collect()

    leads, results = virtual_time.run(main())
    assert [result.index for result in results] == [*range(size)]
    last: dict[object, RecordResult[dict[str, object]]] = {}
    for result in results:
        assert result.status in {"created", "updated", "unknown"}
        last[result.input["email"]] = result
    for address, result in last.items():
        found = held(leads, str(address))
        assert len(found) <= 1
        if not result.unknown:
            lead = leads.get(found[0])
            assert lead is not None
            assert lead.value("leadScore") == result.input["leadScore"]
            assert result.id == found[0]

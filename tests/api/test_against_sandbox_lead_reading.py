"""Leads read as one wants them, their schema and memberships, through the public client against the sandbox."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import pytest

from marketo_async import ArgumentError, NewField, NotFoundError, UnknownFieldError, ValidationError, marketo_field
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.lists.state import Lists
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.sandbox.areas.programs.state import Programs

if TYPE_CHECKING:
    from marketo_async import MarketoClient
    from marketo_async.sandbox import Sandbox

MORNING = datetime(2026, 1, 5, 8, tzinfo=UTC)


@attrs.frozen
class Customer:
    """A class of somebody's own."""

    email: str | None
    id: int | None = None
    first_name: str | None = None
    score: int | None = attrs.field(default=None, metadata=marketo_field("leadScore"))
    renewal: date | None = attrs.field(default=None, metadata=marketo_field("renewalDate_c", none_clears=True))
    last_login: datetime | None = attrs.field(default=None, metadata=marketo_field("lastLogin_c"))
    newsletter: bool = attrs.field(default=False, metadata=marketo_field("newsletter_c"))
    created_at: datetime | None = None


@pytest.fixture
def leads(sandbox: Sandbox) -> Leads:
    """Return the sandbox's own leads."""
    return sandbox.instance.state(Leads)


async def test_every_field_of_everybody(marketo: MarketoClient, leads: Leads) -> None:
    """All fields of all leads come typed, with exactly the values that Marketo keeps."""
    schema = await marketo.leads.describe()
    names = [field.name for field in schema.fields]
    flags = {field.name for field in schema.fields if field.data_type == "boolean"}
    found = await marketo.leads.find("id", [lead.id for lead in leads], fields="all", typed=True).collect()
    assert len(found) == len(leads)
    for lead in found:
        truth = leads.get(lead.id)
        assert truth is not None
        assert set(names) <= set(lead)
        for name in names:
            value = truth.value(name)
            value = value.replace(microsecond=0) if isinstance(value, datetime) else value
            assert lead[name] == (False if value is None and name in flags else value), name


async def test_own_class_there_and_back(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """What is written from a class of one's own is read back into it; None clears only where the class says so."""
    written = [
        Customer(f"own.{number}@example.com", None, f"N{number}", number, date(2026, 2, 1), MORNING, newsletter=True)
        for number in range(5)
    ]
    results = await marketo.leads.sync(written).collect()
    assert [result.status for result in results] == ["created"] * 5
    emails = [customer.email for customer in written if customer.email is not None]
    found = await marketo.leads.find("email", emails, record=Customer).collect()
    assert [attrs.evolve(customer, id=None, created_at=None) for customer in found] == written
    assert all(customer.created_at is not None for customer in found)

    emptied = [attrs.evolve(customer, score=None, renewal=None) for customer in found]
    results = await marketo.leads.sync(emptied, action="updateOnly", lookup_field="id").collect()
    assert [result.status for result in results] == ["updated"] * 5
    again = await marketo.leads.get(found[3].id or 0, record=Customer)
    assert again == attrs.evolve(found[3], renewal=None)
    assert sandbox.refusals.total() == 0


async def test_leads_of_a_program(marketo: MarketoClient, sandbox: Sandbox, leads: Leads) -> None:
    """The leads of a program come page by page, each once, with their membership."""
    program = next(iter(sandbox.instance.state(Programs)))
    members = sandbox.instance.state(Members)
    everybody = sorted(lead.id for lead in leads)[:650]
    for lead_id in everybody:
        members.join(program.id, lead_id, acquired=lead_id % 2 == 0, at=MORNING)
    found = await marketo.leads.find_by_program(program.id, fields=["leadScore"]).collect()
    assert {lead.id for lead in found} >= set(everybody)
    assert len(found) == len({lead.id for lead in found})
    mine = next(lead for lead in found if lead.id == everybody[1])
    assert mine.membership is not None
    assert (mine.membership.membership_date, mine["leadScore"]) == (MORNING, _value(leads, mine.id, "leadScore"))
    with pytest.raises(NotFoundError):
        await marketo.leads.find_by_program(999_999).collect()


def _value(leads: Leads, lead_id: int, name: str) -> object:
    lead = leads.get(lead_id)
    assert lead is not None
    return lead.value(name)


async def test_memberships_of_a_lead(marketo: MarketoClient, sandbox: Sandbox, leads: Leads) -> None:
    """Lists and programs of a lead are listed, filtered by program and time; a lead that is not there is not found."""
    lead = leads.add(email="member@example.com")
    members, lists = sandbox.instance.state(Members), sandbox.instance.state(Lists)
    programs = [program.id for program in sandbox.instance.state(Programs)][:6]
    for number, program_id in enumerate(programs):
        members.join(program_id, lead.id, at=MORNING + timedelta(days=number))
    made = [lists.add_list(f"List {number}") for number in range(3)]
    for each in made:
        lists.add(each.id, [lead.id])

    everything = await marketo.leads.program_memberships(lead.id, page_size=2).collect()
    assert {membership.id for membership in everything} == set(programs)
    assert len(everything) == 6
    some = await marketo.leads.program_memberships(lead.id, program_ids=programs[:2]).collect()
    assert {membership.id for membership in some} == set(programs[:2])
    window = marketo.leads.program_memberships(
        lead.id, updated_from=MORNING + timedelta(days=1), updated_until=MORNING + timedelta(days=3)
    )
    assert {membership.id for membership in await window.collect()} == set(programs[1:4])
    on = await marketo.leads.list_memberships(lead.id, page_size=1).collect()
    assert {membership.list_id for membership in on} == {each.id for each in made}
    assert await marketo.leads.smart_campaign_memberships(lead.id, updated_from=MORNING).collect() == []
    with pytest.raises(NotFoundError):
        await marketo.leads.list_memberships(999_999).collect()


async def test_help(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """Before describe was asked Marketo refuses, and its words come with help; afterwards nothing need be sent."""
    with pytest.raises(UnknownFieldError, match="Field 'leadscore' not found") as refused:
        await marketo.leads.get(1, fields=["leadscore"])
    assert refused.value.__notes__ == ["The name of a field of this instance: the nearest is 'leadScore'."]
    with pytest.raises(ArgumentError, match="the nearest is 'leadScore'"):
        await marketo.leads.get(1, fields=["leadscore"])
    with pytest.raises(ArgumentError, match="the nearest is 'customField_c'"):
        await marketo.leads.find("customField", ["x"]).collect()
    assert dict(sandbox.refusals) == {"1006": 1}
    results = await marketo.leads.sync([{"email": "a@example.com", "leadscore": 5}]).collect()
    assert results[0].status == "skipped"
    assert "'leadScore'" in results[0].reasons[0].message


async def test_help_with_a_search(marketo: MarketoClient) -> None:
    """A search by a field that cannot be searched by is refused in Marketo's words, with the ones that can (1011)."""
    with pytest.raises(ValidationError, match="Field 'firstName' not supported") as refused:
        await marketo.leads.find("firstName", ["Ann"]).collect()
    assert "loyaltyNumber_c" in refused.value.__notes__[0]


async def test_fields(marketo: MarketoClient) -> None:
    """A field that is made can be read, described, written and changed at once."""
    await marketo.leads.describe()
    (made,) = await marketo.lead_fields.create(
        [NewField(name="pets", display_name="Pets", data_type="integer", description="how many")]
    )
    assert (made.name, made.status) == ("pets", "created")
    field = await marketo.lead_fields.get("pets")
    assert (field.display_name, field.data_type, field.is_custom) == ("Pets", "integer", True)
    assert (await marketo.leads.describe()).field("pets") is not None
    results = await marketo.leads.sync([{"email": "pets@example.com", "pets": 3}]).collect()
    assert [result.status for result in results] == ["created"]
    (lead,) = await marketo.leads.find("pets", [3], fields=["pets"]).collect()
    assert lead["pets"] == 3
    changed = await marketo.lead_fields.update("pets", description="cats and dogs", is_sensitive=True)
    assert changed.status == "updated"
    field = await marketo.lead_fields.get("pets")
    assert (field.description, field.is_sensitive) == ("cats and dogs", True)
    every = await marketo.lead_fields.browse(page_size=40).collect()
    assert len({each.name for each in every}) == len(every) == len((await marketo.leads.describe()).fields)
    with pytest.raises(NotFoundError) as unknown:
        await marketo.lead_fields.get("petz")
    assert "'pets'" in unknown.value.__notes__[0]


async def test_what_is_described(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """Fields, partitions and activity types are each asked for once a day, by all groups of a client together."""
    other = marketo.with_options(deadline=30)
    for groups in (marketo, other):
        assert "email" in (await groups.leads.describe()).filter_types
        names = {attribute.rest.name for attribute in await groups.leads.describe_superseded() if attribute.rest}
        assert {"email", "customField_c"} <= names
        assert "Default" in {partition.name for partition in await groups.leads.partitions()}
        assert {12: "New Lead"}.items() <= {kind.id: kind.name for kind in await groups.activities.types()}.items()
    calls = [arrival.path for arrival in sandbox.arrivals if arrival.path.startswith("/rest/")]
    assert len(calls) == len(set(calls)) == 4

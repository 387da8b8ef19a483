"""Static lists through the public client, against the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import attrs
import pytest

from marketo_async import marketo_field
from marketo_async.api.lead_database.lists import ListSpelling
from marketo_async.errors import ArgumentError, NotFoundError, UnknownFieldError
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.lists.state import Lists
from marketo_async.sandbox.areas.programs.state import Programs

if TYPE_CHECKING:
    from marketo_async import MarketoClient
    from marketo_async.sandbox import Sandbox

IS_MEMBER = "/rest/v1/lists/{listId}/leads/ismember.json"


@pytest.fixture
def lists(sandbox: Sandbox) -> Lists:
    """Return the sandbox's own lists."""
    return sandbox.instance.state(Lists)


@pytest.fixture
def lead_ids(sandbox: Sandbox) -> list[int]:
    """Return the ids of the sandbox's leads."""
    return [lead.id for lead in sandbox.instance.state(Leads)]


async def test_get(marketo: MarketoClient, lists: Lists, sandbox: Sandbox) -> None:
    """A list is read by its id, with the name of its program; an unknown one is not found (1013)."""
    program = next(iter(sandbox.instance.state(Programs)))
    truth = lists.add_list("Guests", description="who said yes", program_id=program.id)
    found = await marketo.lists.get(truth.id)
    assert (found.id, found.name, found.description) == (truth.id, "Guests", "who said yes")
    assert (found.program_name, found.workspace_name) == (program.name, truth.workspace)
    assert found.created_at == truth.created_at.replace(microsecond=0)
    with pytest.raises(NotFoundError, match="List not found") as nobody:
        await marketo.lists.get(999_999)
    assert nobody.value.code == "1013"


async def test_browse(marketo: MarketoClient, lists: Lists, sandbox: Sandbox) -> None:
    """All lists come in pages of any size; filters by id, name, program and workspace narrow them down together."""
    taken = {one.program_id for one in lists}
    program = next(one for one in sandbox.instance.state(Programs) if one.id not in taken)
    local = lists.add_list("Guests of honour", program_id=program.id)
    others = [lists.add_list(f"List {number}") for number in range(12)]
    everything = [one.id for one in lists]
    for page_size in (300, 5, 1):
        assert [one.id async for one in marketo.lists.browse(page_size=page_size)] == everything

    async def ids(**filters: object) -> list[int]:
        return [one.id async for one in marketo.lists.browse(**filters)]  # type: ignore[arg-type]

    assert await ids(ids=[others[0].id, local.id, 999_999]) == sorted([others[0].id, local.id])
    assert await ids(names=["Guests of honour", "List 3"]) == [local.id, others[3].id]
    assert await ids(program_names=[program.name]) == [local.id]
    assert await ids(workspace_names=["Nowhere"]) == []
    assert await ids(names=["List 3"], program_names=[program.name]) == []


@pytest.mark.parametrize("spelling", get_args(ListSpelling))
async def test_leads_of_a_list(
    marketo: MarketoClient, lists: Lists, lead_ids: list[int], spelling: ListSpelling
) -> None:
    """The leads of a list come in pages of any size, by both of Marketo's paths, with the fields asked for."""
    guests = lists.add_list("Guests")
    lists.add(guests.id, lead_ids[:700])
    for page_size in (300, 99):
        found = await marketo.lists.leads(
            guests.id, fields=["leadScore"], page_size=page_size, spelling=spelling
        ).collect()
        assert [lead.id for lead in found] == lead_ids[:700]
        assert all(isinstance(lead["leadScore"], int) for lead in found)
    pages = [page async for page in marketo.lists.leads(guests.id, spelling=spelling).pages()]
    rest = marketo.lists.leads(guests.id, spelling=spelling, start=pages[1].position)
    assert [lead.id async for lead in rest] == lead_ids[300:700]


@attrs.frozen
class Person:
    """A class of one's own."""

    id: int
    score: int | None = attrs.field(metadata=marketo_field("leadScore"))


async def test_leads_as_one_wants_them(marketo: MarketoClient, lists: Lists, lead_ids: list[int]) -> None:
    """The leads of a list are read into a class of one's own, or with all fields in the types that are described."""
    guests = lists.add_list("Guests")
    lists.add(guests.id, lead_ids[:3])
    people = await marketo.lists.leads(guests.id, record=Person).collect()
    raw = await marketo.lists.leads(guests.id, fields=["leadScore"]).collect()
    assert [(person.id, person.score) for person in people] == [(lead.id, lead["leadScore"]) for lead in raw]
    typed = await marketo.lists.leads(guests.id, fields="all", typed=True).collect()
    names = {field.name for field in (await marketo.leads.describe()).fields}
    assert [set(lead) for lead in typed] == [names] * 3
    with pytest.raises(ArgumentError, match="the nearest is 'leadScore'"):
        await marketo.lists.leads(guests.id, fields=["leadscore"]).collect()


async def test_leads_of_lists_that_have_none(marketo: MarketoClient, lists: Lists) -> None:
    """An empty list has no leads, a list that is not there is not found, and an unknown field is named."""
    empty = lists.add_list("Nobody")
    assert await marketo.lists.leads(empty.id).collect() == []
    with pytest.raises(NotFoundError, match="List not found"):
        await marketo.lists.leads(999_999).collect()
    with pytest.raises(UnknownFieldError, match="nonsense"):
        await marketo.lists.leads(empty.id, fields=["nonsense"]).collect()


async def test_membership(marketo: MarketoClient, lists: Lists, lead_ids: list[int], sandbox: Sandbox) -> None:
    """A thousand leads are tested in four calls; each is told beside its id, and who does not exist is skipped."""
    guests = lists.add_list("Guests")
    lists.add(guests.id, lead_ids[::2])
    asked = [*lead_ids[998::-1], 999_999]
    statuses = await marketo.lists.are_members(guests.id, asked).collect()
    assert [status.lead_id for status in statuses] == asked
    on_it = set(lead_ids[::2])
    assert [status.is_member for status in statuses] == [lead_id in on_it for lead_id in asked]
    assert (statuses[-1].status, statuses[-1].reasons[0].code) == ("skipped", "1004")
    assert len(sandbox.arrivals.to(IS_MEMBER)) == 4


async def test_on_and_off_again(marketo: MarketoClient, lists: Lists, lead_ids: list[int]) -> None:
    """Who is put on a list is a member, and is none any more when taken off."""
    guests = lists.add_list("Guests")
    some = lead_ids[:5]
    assert {result.status async for result in marketo.lists.add(guests.id, some)} == {"added"}
    assert all(status.is_member for status in await marketo.lists.are_members(guests.id, some).collect())
    assert {result.status async for result in marketo.lists.remove(guests.id, some[:2])} == {"removed"}
    assert [lead.id async for lead in marketo.lists.leads(guests.id)] == some[2:]

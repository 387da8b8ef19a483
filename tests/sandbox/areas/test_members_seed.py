from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox_caller import START, calling

from marketo_async.sandbox.areas.activities import Activities
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.lists import Lists
from marketo_async.sandbox.areas.members import CampaignMembers, Members
from marketo_async.sandbox.areas.members.progress import named, statuses_of
from marketo_async.sandbox.areas.programs import Programs
from marketo_async.sandbox.clock import Clock
from marketo_async.sandbox.instance import Instance
from marketo_async.sandbox.seed import seed

if TYPE_CHECKING:
    from datetime import datetime

    from marketo_async.sandbox.areas.members import Member


def seeded(programs: int, leads: int, *, number: int = 1, start: datetime = START) -> Instance:
    instance = Instance(seed=number, clock=Clock(monotonic=lambda: 0.0, start=start))
    seed(instance, programs=programs, leads=leads)
    return instance


def memberships(instance: Instance) -> list[Member]:
    members = instance.state(Members)
    return [member for lead in instance.state(Leads) for member in members.of_lead(lead.id)]


def on_lists(instance: Instance) -> list[tuple[int, str, datetime]]:
    lists = instance.state(Lists)
    return [(lead.id, one.name, at) for lead in instance.state(Leads) for one, at in lists.of_lead(lead.id)]


def test_a_seed_makes_the_same_memberships() -> None:
    """The same seed makes the same lists and memberships on any day, another others; programs stay as they are."""
    one, same, other = seeded(60, 300), seeded(60, 300, start=START.replace(year=2031)), seeded(60, 300, number=2)
    assert memberships(one) == memberships(same) != memberships(other)
    assert on_lists(one) == on_lists(same) != on_lists(other)
    campaigns = [
        [[*each.state(CampaignMembers).of_lead(lead.id)] for lead in each.state(Leads)] for each in (one, same, other)
    ]
    assert campaigns[0] == campaigns[1] != campaigns[2]
    alone = [(program.id, program.name, program.updated_at) for program in seeded(60, 0).state(Programs)]
    assert alone == [(program.id, program.name, program.updated_at) for program in one.state(Programs)]
    assert [*seeded(60, 0).state(Lists)] == memberships(seeded(60, 0)) == []


def test_seeded_memberships_are_believable() -> None:
    """Members have statuses of their channel, success with its date, and nothing before lead and program were there."""
    instance = seeded(200, 3_000)
    leads, programs = instance.state(Leads), instance.state(Programs)
    made = memberships(instance)
    assert 3_000 < len(made) == len(instance.state(Members)) < 7_000
    for member in made:
        lead, program = leads.get(member.lead_id), programs[member.program_id]
        assert lead is not None
        status = named(statuses_of(instance, program), member.status)
        assert status is not None
        assert status.step > 0
        assert (member.succeeded_at is not None) is status.success
        assert max(lead.created_at, program.created_at) <= member.joined_at <= member.updated_at <= instance.now()
    assert {member.acquired for member in made} == {member.paused for member in made} == {True, False}
    assert {"registrationCode", "lunchPreference"} == {name for member in made for name in member.values}
    assert len({member.status for member in made}) > 10
    assert len(instance.state(Activities)) == 0


def test_seeded_lists_are_believable() -> None:
    """Lists are of all workspaces, some local to an older program; nobody is on one before it was made."""
    instance = seeded(200, 3_000)
    lists, programs = [*instance.state(Lists)], instance.state(Programs)
    assert [one.id for one in sorted(lists, key=lambda one: one.created_at)] == [one.id for one in lists]
    assert len({one.workspace for one in lists}) == 3
    local = [one for one in lists if one.program_id is not None]
    assert 0 < len(local) < len(lists)
    for one in local:
        assert programs[one.program_id or 0].created_at <= one.created_at
        assert programs[one.program_id or 0].workspace == one.workspace
    free = [one.name for one in lists if one.program_id is None]
    assert len(free) == len({name.casefold() for name in free})
    assert {one.description is None for one in lists} == {True, False}
    assert max(instance.state(Lists).size(one.id) for one in lists) > 300
    begun = {one.id: one.created_at for one in lists}
    for lead in instance.state(Leads):
        for one, at in instance.state(Lists).of_lead(lead.id):
            assert max(begun[one.id], lead.created_at) <= at <= instance.now()


async def test_seeded_lists_and_members_are_read() -> None:
    """What was seeded at once is read page after page as if it had come by and by."""
    async with calling(programs=40, leads=900) as marketo:
        lists, members = marketo.instance.state(Lists), marketo.instance.state(Members)
        one = max(lists, key=lambda one: lists.size(one.id))
        program = max(marketo.instance.state(Programs), key=lambda one: members.size(one.id))
        sizes = {
            f"/rest/v1/lists/{one.id}/leads.json": lists.size(one.id),
            f"/rest/v1/leads/programs/{program.id}.json": members.size(program.id),
        }
        for path, size in sizes.items():
            found, token = list[int](), None
            while not found or token:
                page = await marketo.get(path, batchSize=40, nextPageToken=token)
                found, token = found + [row["id"] for row in page["result"]], page.get("nextPageToken")
            assert found == sorted(set(found))
            assert len(found) == size > 40


async def test_the_smallest_instances() -> None:
    """A single lead, and leads without a program to be in, make an instance that can be read."""
    for programs, leads in ((0, 1), (0, 30), (1, 1), (3, 2)):
        async with calling(programs=programs, leads=leads) as marketo:
            for what in ("listMembership", "programMembership", "smartCampaignMembership"):
                assert (await marketo.get(f"/rest/v1/leads/1/{what}.json"))["success"]
            assert (await marketo.get("/rest/v1/lists.json"))["result"]

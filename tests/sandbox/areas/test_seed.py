from __future__ import annotations

import gc
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sandbox_caller import START, calling

from marketo_async.sandbox.areas.channels import Channels
from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.folders.tree import node, path
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.programs import Programs
from marketo_async.sandbox.areas.programs.checks import check_channel, check_place, check_tags
from marketo_async.sandbox.clock import Clock
from marketo_async.sandbox.instance import Instance
from marketo_async.sandbox.seed import seed

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.programs import Program


def seeded(programs: int = 0, leads: int = 0, *, number: int = 1, start: datetime = START) -> Instance:
    instance = Instance(seed=number, clock=Clock(monotonic=lambda: 0.0, start=start))
    seed(instance, programs=programs, leads=leads)
    return instance


def essence(program: Program) -> tuple[object, ...]:
    return (
        program.id,
        program.name,
        program.kind.name,
        program.tags,
        program.costs,
        program.updated_at,
        program.switch,
    )


def test_a_seed_makes_the_same_instance() -> None:
    """The same seed makes the same programs and leads, on any day; another seed makes others."""
    one, same, other = (
        seeded(300, 300),
        seeded(300, 300, start=datetime(2031, 1, 1, tzinfo=UTC)),
        seeded(300, 300, number=2),
    )
    programs = [[essence(program) for program in each.state(Programs)] for each in (one, same, other)]
    assert programs[0] == programs[1] != programs[2]
    leads = [[(lead.id, lead.created_at, lead.values) for lead in each.state(Leads)] for each in (one, same, other)]
    assert leads[0] == leads[1] != leads[2]


def test_seeding_leaves_the_garbage_collector_as_it_was() -> None:
    """Seeding pauses the collector and leaves it as it found it."""
    assert gc.isenabled()
    seeded(1)
    assert gc.isenabled()
    gc.disable()
    try:
        seeded(1)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_seeded_programs_are_believable() -> None:
    """Names differ in more than case, carry capitals, accents, quotes, plus and ampersand, and every type is there."""
    instance = seeded(5_000)
    programs = list(instance.state(Programs))
    names = [program.name for program in programs]
    assert len(programs) == len({name.casefold() for name in names}) == 5_000
    assert not any("," in name for name in names)
    assert max(map(len, names)) <= 255
    for mark in ('"', "+", "&", "'", "ü", "東"):
        assert any(mark in name for name in names), mark
    assert any(name[0].islower() for name in names)
    assert len({program.kind.name for program in programs}) == 5
    statuses = Counter(program.status(instance.now()) for program in programs)
    assert set(statuses) == {"", "on", "off", "unlocked", "locked", "completed"}
    assert {program.channel for program in programs} == {channel.name for channel in instance.state(Channels)}
    assert {len(program.costs) for program in programs} == {0, 1, 2, 3}
    assert len({program.created_at.year for program in programs}) >= 7
    assert any(program.campaign for program in programs)
    assert any(program.start_date for program in programs)
    emails = [program for program in programs if program.kind.name == "Email"]
    assert {(program.email_ready, program.smart_list_ready) for program in emails} > {(True, True), (False, False)}


def test_seeded_programs_obey_the_rules() -> None:
    """Every seeded program could have been created through the API: place, channel and tags fit."""
    instance = seeded(2_000)
    folders = instance.state(Folders)
    for program in instance.state(Programs):
        parent = node(instance, program.parent)
        assert parent is not None
        check_place(program.kind, parent)
        check_channel(instance, program.kind, program.channel)
        check_tags(instance, program.kind, program.tags)
        assert parent.workspace == program.workspace in folders.workspaces
        assert path(instance, program).startswith(f"/Marketing Activities/{program.workspace}/")
        assert program.created_at <= program.updated_at <= instance.now()
    assert len(folders.workspaces) == len({program.workspace for program in instance.state(Programs)}) == 3


def test_a_seed_ends_before_the_clock() -> None:
    """On a clock that stands in the past nothing comes from the future."""
    instance = seeded(200, 50, start=datetime(2015, 5, 1, tzinfo=UTC))
    assert max(program.updated_at for program in instance.state(Programs)) <= instance.now()
    assert max(lead.updated_at for lead in instance.state(Leads)) <= instance.now()


def test_seeded_leads_are_believable() -> None:
    """Leads have unset fields, shared addresses, addresses with capitals and with plus, and only ASCII addresses."""
    leads = list(seeded(leads=3_000).state(Leads))
    emails = [str(lead.values["email"]) for lead in leads if "email" in lead.values]
    assert len(leads) == 3_000 > len(emails) > len(set(emails))
    assert all(email.isascii() and "@" in email for email in emails)
    assert any("+" in email for email in emails)
    assert any(email != email.lower() for email in emails)
    assert any("cookies" in lead.values for lead in leads)


@pytest.mark.parametrize("count", [0, 1, 7])
async def test_small_instances(count: int) -> None:
    """An instance of any size can be browsed, down to an empty one with its folders and channels."""
    async with calling(programs=count, leads=count) as marketo:
        assert len(await marketo.rows("/rest/asset/v1/programs.json")) == count
        assert len(await marketo.rows("/rest/asset/v1/folders.json", maxReturn=200)) > 10
        for program in marketo.instance.state(Programs):
            assert len(await marketo.rows(f"/rest/asset/v1/program/{program.id}.json")) == 1

"""Seeds memberships of leads in programs, and what smart campaigns they went through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.dates import second_of
from marketo_async.sandbox.areas.members.campaigns import CampaignMembers
from marketo_async.sandbox.areas.members.progress import statuses_of
from marketo_async.sandbox.areas.members.record import ACQUIRED, EXHAUSTED, NEVER, PAUSED
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.sandbox.areas.programs.kinds import ENGAGEMENT, EVENT, WEBINAR
from marketo_async.sandbox.areas.programs.state import Programs

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.instance import Instance
    from marketo_async.sandbox.seeding.crowd import Crowd

_FIRST_CAMPAIGN = 3001
_CAMPAIGNS = 12
_MOST_PROGRAMS = 2_000
_LUNCHES = ("Vegetarian", "Vegan", "Kosher", "no nuts", "")


def seed_members(instance: Instance, crowd: Crowd) -> None:
    """Let some of the leads be members of programs, most of them of a few."""
    rng = instance.stream("seed members")
    programs = sorted(instance.state(Programs), key=lambda program: program.id)
    if len(programs) > _MOST_PROGRAMS:
        chosen = sorted(rng.sample(range(len(programs)), _MOST_PROGRAMS))
        programs = [programs[place] for place in chosen]
    wanted = min(2 * len(crowd), 20_000 + len(crowd) * 28 // 100)
    for program, size in zip(programs, crowd.shares(wanted, len(programs), rng), strict=True):
        _fill(instance, crowd, program, crowd.some(size, rng), rng)
    instance.state(Members).settle()


def seed_campaigns(instance: Instance, crowd: Crowd) -> None:
    """Let some of the leads go through smart campaigns."""
    rng, campaigns = instance.stream("seed campaigns"), instance.state(CampaignMembers)
    wanted = min(len(crowd), 2_000 + len(crowd) // 50)
    for number, size in enumerate(crowd.shares(wanted, _CAMPAIGNS, rng)):
        places = crowd.some(size, rng)
        first = crowd.moments(places, 0, rng)
        last = [at if rng.random() < 0.7 else at + int((crowd.end - at) * rng.random()) for at in first]  # noqa: PLR2004 - a share
        campaigns.fill(_FIRST_CAMPAIGN + number, [crowd.ids[place] for place in places], first, last)
    campaigns.settle()


def _fill(instance: Instance, crowd: Crowd, program: Program, places: Sequence[int], rng: random.Random) -> None:
    members, chance, end = instance.state(Members), rng.random, crowd.end
    statuses = [status for status in statuses_of(instance, program) if status.step > 0]
    if not statuses or not places:
        return
    # Fewer get to each further step.
    given = rng.choices(statuses, [0.6**number for number in range(len(statuses))], k=len(places))
    joined = crowd.moments(places, second_of(program.created_at), rng)
    first = statuses[0]
    updated = [
        at if status is first else at + int((end - at) * chance() ** 4)
        for at, status in zip(joined, given, strict=True)
    ]
    succeeded = [at if status.success else NEVER for at, status in zip(updated, given, strict=True)]
    numbers = {status.name: members.number_of(status.name) for status in statuses}
    flags = [ACQUIRED if chance() < 0.08 else 0 for _ in places]  # noqa: PLR2004 - a share
    if program.kind is ENGAGEMENT:
        flags = [flag | (EXHAUSTED, PAUSED, 0, 0, 0, 0, 0, 0)[int(chance() * 8)] for flag in flags]
    ids = [crowd.ids[place] for place in places]
    members.fill(program.id, ids, joined, updated, succeeded, [numbers[status.name] for status in given], flags)
    if program.kind in {EVENT, WEBINAR}:
        for lead_id in ids[:: 1 + len(ids) // 20]:
            known: dict[str, object] = {"registrationCode": f"{int(chance() * 16**12):012x}"}
            lunch = _LUNCHES[int(chance() * len(_LUNCHES))]
            members.note(program.id, lead_id, known | ({"lunchPreference": lunch} if lunch else {}))

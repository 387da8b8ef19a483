"""What one has to know of a sandbox for its operations on static lists to be answered with more than a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.lists import Lists, StaticList
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from marketo_async.sandbox import Sandbox

Known = dict[str, object]

PAGE: Known = {"offset": 0, "maxReturn": 200}
SEVERAL = 6
NOBODY = 999_999_999


def about_lists(sandbox: Sandbox) -> dict[str, list[Known]]:
    """Return, by operation, arguments to which the sandbox has an answer.

    Args:
        sandbox: A sandbox with programs and leads; it is given a list with a description, and one of a program.
    """
    lists, leads = sandbox.instance.state(Lists), [lead.id for lead in sandbox.instance.state(Leads)]
    program = next(iter(sandbox.instance.state(Programs)))
    made = [
        lists.add_list("Known", description="Known to the check"),
        lists.add_list("Known of a program", program_id=program.id),
    ]
    for one in made:
        lists.add(one.id, leads[:SEVERAL])
    # Who is on the lists, who is not, and who is no lead at all.
    ids = [leads[0], leads[-1], NOBODY]
    acted_on: Known = {"id": ids, "input": [{"id": lead_id} for lead_id in ids]}
    by_id: list[Known] = [{"listId": one.id} for one in made]
    some: list[Known] = [one | acted_on for one in by_id]
    short: Known = {"batchSize": 2}
    two_fields: Known = {"fields": ["email", "leadScore"]}
    read: list[Known] = [one | how for one in by_id for how in ({}, short, two_fields)]
    return {
        "getListsUsingGET": [
            {"batchSize": 2},
            {"name": [one.name for one in made]},
            {"id": [one.id for one in made], "workspaceName": [made[0].workspace]},
            {"programName": [program.name]},
        ],
        "getListByIdUsingGET": by_id,
        "getLeadsByListIdUsingGET": read,
        "getLeadsByListIdUsingGET_1": read,
        "addLeadsToListUsingPOST": some,
        "removeLeadsFromListUsingDELETE": some,
        "areLeadsMemberOfListUsingGET": some,
        **_about_assets(made, [{"id": one.id} for one in lists]),
    }


def _about_assets(made: list[StaticList], everyone: list[Known]) -> dict[str, list[Known]]:
    by_id: list[Known] = [{"id": one.id} for one in made]
    places = [{"id": one.folder.id, "type": one.folder.type} for one in made]
    return {
        "getStaticListsUsingGET": [
            PAGE,
            {"earliestUpdatedAt": "2015-01-01T00:00:00Z", "latestUpdatedAt": "2100-01-01T00:00:00Z", **PAGE},
            *({"folder": f'{{"id":{one.folder.id},"type":"{one.folder.type}"}}', **PAGE} for one in made),
        ],
        "getStaticListByIdUsingGET": by_id,
        "getStaticListByNameUsingGET": [{"name": one.name} for one in made],
        "createStaticListUsingPOST": [
            {"name": f"New {number}", "folder": place} for number in range(SEVERAL) for place in places
        ],
        "updateStaticListUsingPOST": [one | {"name": f"Renamed {one['id']}", "description": "D"} for one in by_id],
        "deleteStaticListByIdUsingPOST": everyone,
    }

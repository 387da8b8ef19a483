from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from marketo_async.sandbox.areas.folders import Folders
from marketo_async.sandbox.areas.programs import Cost, Programs, Tag

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox_caller import Caller

    from marketo_async.sandbox.areas.programs import Program

PROGRAM = "/rest/asset/v1/program"
BORN = datetime(2019, 1, 1, tzinfo=UTC)
NOW = "2025-09-01T12:00:00Z+0000"
THEN = "2019-01-01T00:00:00Z+0000"
FIRST = Cost(date(2019, 5, 1), 100, "")
SECOND = '[{"startDate":"2019-06-01","cost":200,"note":"n"}]'


def add(marketo: Caller, name: str = "program", kind: str = "Default", **more: object) -> Program:
    return marketo.instance.state(Programs).add(name, kind=kind, created_at=BORN, **more)  # type: ignore[arg-type] # tests pass what fits


async def test_metadata_changes_and_moves_the_program(marketo: Caller) -> None:
    """A new name and description are answered in full, date the program anew and move it in listings."""
    program = add(marketo, "zz")
    add(marketo, "mm")
    row = await marketo.done(f"{PROGRAM}/{program.id}.json", name="Aa", description="This is an updated description")
    assert (row["name"], row["description"]) == ("Aa", "This is an updated description")
    assert (row["createdAt"], row["updatedAt"]) == (THEN, NOW)
    assert (row["tags"], row["costs"]) == ([], None)
    assert [row["name"] for row in await marketo.rows("/rest/asset/v1/programs.json")] == ["Aa", "mm"]
    assert (await marketo.done(f"{PROGRAM}/{program.id}.json", description=""))["description"] == ""


async def test_costs_are_appended_replaced_and_cleared(marketo: Caller) -> None:
    """Costs are appended; with the destructive flag they replace all, and the flag alone clears; dates stay (B8)."""
    path = f"{PROGRAM}/{add(marketo, costs=[FIRST]).id}.json"

    async def after(**fields: object) -> object:
        row = await marketo.done(path, **fields)
        assert row["updatedAt"] == THEN
        return None if row["costs"] is None else [cost["cost"] for cost in row["costs"]]

    assert await after(costs=SECOND) == [100, 200]
    assert await after(costsDestructiveUpdate=False) == [100, 200]
    assert await after(costs=SECOND, costsDestructiveUpdate=False) == [100, 200, 200]
    assert await after(costs=SECOND, costsDestructiveUpdate=True) == [200]
    assert await after() == [200]
    assert await after(costsDestructiveUpdate="true") is None


async def test_tags_replace_those_that_are_not_required(marketo: Caller) -> None:
    """Given tags replace the others, required ones stay unless given another value, the date stays (B15)."""
    required = Tag("Webinar Series", "Best Practices")
    program = add(marketo, kind="Event with Webinar", tags=[Tag("Region", "EMEA"), required])
    path = f"{PROGRAM}/{program.id}.json"

    async def after(tags: str) -> dict[str, str]:
        row = await marketo.done(path, tags=tags)
        assert row["updatedAt"] == THEN
        return {tag["tagType"]: tag["tagValue"] for tag in row["tags"]}

    assert await after('[{"tagType":"Presenter","tagValue":"Dennis"}]') == {
        "Presenter": "Dennis", "Webinar Series": "Best Practices",
    }  # fmt: skip
    assert await after('[{"tagType":"Webinar Series","tagValue":"Customer Stories"}]') == {
        "Webinar Series": "Customer Stories"
    }
    assert await after("[]") == {"Webinar Series": "Customer Stories"}
    refusal = ("709", "Invalid value 'Nobody' for tag type 'Presenter'")
    assert await marketo.refused(path, tags='[{"tagType":"Presenter","tagValue":"Nobody"}]') == refusal


async def test_what_an_update_cannot_change(marketo: Caller) -> None:
    """Type, channel and folder stay as they were created, and types without dates take none."""
    program = add(marketo)
    folder = marketo.instance.state(Folders).add("elsewhere")
    fields = {"type": "Event", "channel": "Roadshow", "folder": f'{{"id":{folder.id},"type":"Folder"}}'}
    row = await marketo.done(f"{PROGRAM}/{program.id}.json", **fields)
    assert (row["type"], row["channel"], row["folder"]["folderName"]) == ("Default", "Content", "Default")
    row = await marketo.done(f"{PROGRAM}/{program.id}.json", startDate="2022-10-19T15:00:00Z", headStart=True)
    assert ("startDate" in row, row["headStart"]) == (False, False)


async def test_an_email_program_is_scheduled_in_parts(marketo: Caller) -> None:
    """Start, end and head start of an e-mail program change one by one, each dates the program anew."""
    path = f"{PROGRAM}/{add(marketo, kind='Email').id}.json"
    row = await marketo.done(path, startDate="2026-10-19T15:00:00.000Z")
    assert (row["startDate"], "endDate" in row, row["updatedAt"]) == ("2026-10-19T15:00:00Z+0000", False, NOW)
    row = await marketo.done(path, endDate="2026-10-20T15:00:00.000Z", headStart=True)
    assert (row["startDate"][:10], row["endDate"][:10], row["headStart"]) == ("2026-10-19", "2026-10-20", True)
    assert (await marketo.done(path, headStart=False))["headStart"] is False
    assert (await marketo.refused(path, startDate="soon"))[0] == "704"


async def test_refused_updates_change_nothing(marketo: Caller) -> None:
    """An update that fails any check leaves the program as it was."""
    program = add(marketo, costs=[FIRST])
    add(marketo, "taken")
    path = f"{PROGRAM}/{program.id}.json"
    taken = ("709", "Program with the same name already exists")
    assert await marketo.refused(path, name="TAKEN", costs=SECOND, description="new") == taken
    assert await marketo.refused(path, name=" ") == ("701", "name cannot be blank")
    assert (await marketo.refused(path, name="n" * 256))[0] == "701"
    assert (await marketo.refused(path, costs="nonsense"))[0] == "1001"
    assert (await marketo.refused(path, costsDestructiveUpdate="yes"))[0] == "1001"
    assert await marketo.refused(f"{PROGRAM}/1.json", name="x") == ("702", "Program not found")
    assert (program.name, program.description, program.costs) == ("program", "", (FIRST,))
    assert (await marketo.done(path, name="PROGRAM"))["name"] == "PROGRAM"


async def test_single_tags(marketo: Caller) -> None:
    """One tag is set and taken off by its own path, required ones only set, and the date stays (B14)."""
    program = add(marketo, kind="Event with Webinar", tags=[Tag("Webinar Series", "Best Practices")])
    path = f"{PROGRAM}/{program.id}/tag"
    assert await marketo.done(f"{path}/Target%20Audience.json?tagValue=Executives%20%2F%20Board") == {"id": program.id}
    assert await marketo.done(f"{path}/Webinar%20Series.json", tagValue="Customer Stories") == {"id": program.id}
    assert dict(program.tags) == {"Target Audience": "Executives / Board", "Webinar Series": "Customer Stories"}
    assert await marketo.done(f"{path}/Target%20Audience/delete.json") == {"id": program.id}
    assert dict(program.tags) == {"Webinar Series": "Customer Stories"}
    assert program.updated_at == BORN
    assert await marketo.refused(f"{path}/Region.json") == ("701", "tagValue cannot be blank")
    assert await marketo.refused(f"{path}/Region.json", tagValue="Mars") == (
        "709",
        "Invalid value 'Mars' for tag type 'Region'",
    )
    assert (await marketo.refused(f"{path}/Webinar%20Series/delete.json"))[0] == "709"
    assert (await marketo.refused(f"{path}/Region/delete.json"))[0] == "702"


async def test_approving_needs_everything(marketo: Caller) -> None:
    """An e-mail program is approved once it has dates, an e-mail and a smart list, and completed after its end."""
    programs = marketo.instance.state(Programs)
    program = add(marketo, kind="Email")
    path = f"{PROGRAM}/{program.id}"
    refusal = ("709", "Unable to approve program")
    soon = marketo.instance.now() + timedelta(minutes=10)
    steps: list[Callable[[object], None]] = [
        lambda given: programs.mark_email_ready(program.id, ready=bool(given)),
        lambda given: programs.mark_smart_list_ready(program.id, ready=bool(given)),
        lambda given: setattr(program, "start_date", given),
        lambda given: setattr(program, "end_date", given),
    ]
    for step in steps:
        step(soon)
    for step in steps:
        step(None)
        assert await marketo.refused(f"{path}/approve.json") == refusal
        step(soon)
    assert await marketo.done(f"{path}/approve.json") == {"id": program.id}
    assert await marketo.refused(f"{path}/approve.json") == refusal
    (row,) = await marketo.rows(f"{path}.json")
    assert (row["status"], row["updatedAt"]) == ("locked", NOW)
    assert await marketo.done(f"{path}/unapprove.json") == {"id": program.id}
    assert (await marketo.rows(f"{path}.json"))[0]["status"] == "unlocked"
    unapprove = ("709", "Unable to unapprove program")
    assert await marketo.refused(f"{path}/unapprove.json") == unapprove
    await marketo.done(f"{path}/approve.json")
    marketo.instance.clock.advance(10 * 60)
    assert (await marketo.rows(f"{path}.json"))[0]["status"] == "completed"
    assert await marketo.refused(f"{path}/unapprove.json") == unapprove


@pytest.mark.parametrize("kind", ["Default", "Event", "Event with Webinar", "Engagement"])
async def test_only_email_programs_are_approved(marketo: Caller, kind: str) -> None:
    """Other types can be neither approved nor unapproved, and unknown programs are not found."""
    program = add(marketo, kind=kind)
    assert await marketo.refused(f"{PROGRAM}/{program.id}/approve.json") == ("709", "Unable to approve program")
    assert await marketo.refused(f"{PROGRAM}/{program.id}/unapprove.json") == ("709", "Unable to unapprove program")
    assert await marketo.refused(f"{PROGRAM}/3/approve.json") == ("702", "Program not found")

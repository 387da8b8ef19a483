"""Programs through the public client, against the sandbox."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from marketo_async.errors import BusinessRuleError, ConnectionLostError, NotFoundError, ValidationError
from marketo_async.records import Cost, FolderId, Program, ProgramId, Tag
from marketo_async.sandbox import Fault
from marketo_async.sandbox.areas.programs.state import Programs

if TYPE_CHECKING:
    from marketo_async import MarketoClient
    from marketo_async.records import Folder
    from marketo_async.sandbox import Sandbox

CREATE = "/rest/asset/v1/programs.json"
UPDATE = "/rest/asset/v1/program/{id}.json"
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)


@pytest.fixture
async def folder(marketo: MarketoClient) -> Folder:
    """Return an empty folder in the default workspace."""
    top = await marketo.folders.find_by_name("Default", type="Folder")
    root = await marketo.folders.find_by_name("Marketing Activities", type="Folder")
    assert root is not None
    below = [each async for each in marketo.folders.browse(root=root, max_depth=1)]
    home = next((each for each in below if each.id != root.id and each.workspace == "Default"), top)
    assert home is not None
    return await marketo.folders.create("Tests, all of them", parent=home)


async def test_a_whole_life(marketo: MarketoClient, folder: Folder, sandbox: Sandbox) -> None:
    """A program is made, found, changed, cloned, approved, and deleted, and each answer is what the next look shows."""
    made = await marketo.programs.create(
        'Größe & "Webinar" +7',
        folder=folder,
        type="Email",
        channel="Email Send",
        description="a, b & ü + 100 %",
        costs=[Cost(start_date=date(2026, 1, 1), cost=0), Cost(start_date=date(2026, 7, 1), cost=2000, note="1 + 1")],
        tags=[Tag(type="Region", value="EMEA")],
    )
    assert (made.name, made.type, made.channel, made.status) == (
        'Größe & "Webinar" +7',
        "Email",
        "Email Send",
        "unlocked",
    )
    assert made.description == "a, b & ü + 100 %"
    assert made.folder is not None
    assert (made.folder.id, made.folder.is_folder) == (folder.id, True)
    program = made.id

    found = await marketo.programs.get(program)
    assert found.tags == (Tag(type="Region", value="EMEA"),)
    assert [(cost.start_date, cost.cost, cost.note) for cost in found.costs or ()] == [
        (date(2026, 1, 1), 0, ""),
        (date(2026, 7, 1), 2000, "1 + 1"),
    ]
    named = await marketo.programs.find_by_name(made.name)
    assert named is not None
    assert (named.id, named.was_sent("tags"), named.was_sent("costs")) == (program, False, False)
    named = await marketo.programs.find_by_name(made.name, include_tags=True, include_costs=True)
    assert named is not None
    assert (named.tags, named.costs) == (found.tags, found.costs)
    inside = await marketo.programs.browse(filter_type="folderId", filter_values=[folder.id]).collect()
    assert [each.id for each in inside] == [program]

    more = await marketo.programs.update(program, costs=[Cost(start_date=date(2026, 8, 1), cost=5)], description="")
    assert (len(more.costs or ()), more.description, more.tags) == (3, "", found.tags)
    # What was read can be sent again, and stays on its day.
    same = await marketo.programs.update(program, costs=more.costs, costs_destructive_update=True)
    assert same.costs == more.costs
    cleared = await marketo.programs.update(program, costs_destructive_update=True, tags=[])
    assert (cleared.costs or (), cleared.tags or ()) == ((), ())

    with pytest.raises(BusinessRuleError, match="Unable to approve program") as refused:
        await marketo.programs.approve(program)
    assert (refused.value.code, refused.value.outcome_unknown) == ("709", False)
    dated = await marketo.programs.update(program, start_date=SOON, end_date=SOON + timedelta(hours=2), head_start=True)
    assert (dated.start_date, dated.end_date, dated.head_start) == (SOON, SOON + timedelta(hours=2), True)
    programs = sandbox.instance.state(Programs)
    programs.mark_email_ready(program)
    programs.mark_smart_list_ready(program)
    assert await marketo.programs.approve(program) == program
    assert (await marketo.programs.get(program)).status == "locked"
    with pytest.raises(BusinessRuleError, match="Cannot delete program"):
        await marketo.programs.delete(program)
    assert await marketo.programs.unapprove(program) == program
    with pytest.raises(BusinessRuleError, match="Unable to unapprove program"):
        await marketo.programs.unapprove(program)

    listed = await marketo.programs.smart_list(program, include_rules=True)
    assert listed.folder is not None
    assert (listed.folder.id, listed.folder.is_program, listed.rules is None) == (program, True, False)
    assert (await marketo.programs.smart_list(program)).rules is None

    copy = await marketo.programs.clone(program, name="The copy", folder=FolderId(folder.id), description="copied")
    assert (copy.name, copy.type, copy.description, copy.tags, copy.costs) == (
        "The copy",
        "Email",
        "copied",
        None,
        None,
    )
    assert copy.id != program
    with pytest.raises(BusinessRuleError, match="already exists"):
        await marketo.programs.clone(program, name="The copy", folder=folder)

    for each in (program, copy.id):
        assert await marketo.programs.delete(each) == each
    with pytest.raises(NotFoundError, match="No assets found"):
        await marketo.programs.get(program)
    with pytest.raises(NotFoundError, match="Program not found") as gone:
        await marketo.programs.delete(program)
    assert gone.value.code == "702"
    assert await marketo.programs.find_by_name(made.name) is None


async def test_single_tags(marketo: MarketoClient, folder: Folder) -> None:
    """One tag is set, set to another value, and taken off, while the others stay as they are."""
    made = await marketo.programs.create(
        "Tagged", folder=folder, type="Default", channel="Online Advertising", tags=[Tag(type="Region", value="EMEA")]
    )
    kind = await marketo.tags.find_by_name("Product Line")
    assert kind is not None
    assert kind.allowable_values is not None
    for value in kind.allowable_values:
        assert await marketo.programs.update_tag(made.id, "Product Line", value) == made.id
        tags = (await marketo.programs.get(made.id)).tags
        assert set(tags or ()) == {Tag(type="Region", value="EMEA"), Tag(type="Product Line", value=value)}
    assert await marketo.programs.delete_tag(made.id, "Region") == made.id
    assert [tag.type for tag in (await marketo.programs.get(made.id)).tags or ()] == ["Product Line"]
    with pytest.raises(NotFoundError):
        await marketo.programs.delete_tag(made.id, "Region")
    with pytest.raises(BusinessRuleError):
        await marketo.programs.update_tag(made.id, "No such tag", "x")


async def test_browse_gives_every_program_once(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """Browsing gives every program of the instance once, whatever the page size (P14)."""
    everything = {program.id for program in sandbox.instance.state(Programs)}
    assert len(everything) == 120
    for page_size in (200, 120, 50, 7):
        ids = [program.id async for program in marketo.programs.browse(page_size=page_size)]
        assert (len(ids), set(ids)) == (120, everything)


async def test_filters_narrow_the_listing(marketo: MarketoClient) -> None:
    """Each filter of browse gives just the programs that it says."""
    everything = await marketo.programs.browse().collect()
    one, two = everything[3], everything[5]
    by_id = await marketo.programs.browse(filter_type="id", filter_values=[two.id, one.id]).collect()
    assert {each.id for each in by_id} == {one.id, two.id}
    by_place = await marketo.programs.browse(filter_type="workspace", filter_values=["Default"]).collect()
    assert [each.id for each in by_place] == [each.id for each in everything if each.workspace == "Default"]
    running = await marketo.programs.browse(status="on").collect()
    assert [each.id for each in running] == [each.id for each in everything if each.status == "on"]
    assert running
    moments = sorted(each.updated_at for each in everything if each.updated_at is not None)
    first, last = moments[40], moments[80]
    between = await marketo.programs.browse(updated_from=first, updated_until=last).collect()
    assert {each.id for each in between} == {
        each.id for each in everything if each.updated_at is not None and first <= each.updated_at <= last
    }


async def test_by_tag_finds_them_all_on_one_page(marketo: MarketoClient) -> None:
    """The listing by tag is complete where one call holds it."""
    everything = [await marketo.programs.get(each.id) async for each in marketo.programs.browse()]
    wanted = {each.id for each in everything if Tag(type="Region", value="EMEA") in (each.tags or ())}
    found = await marketo.programs.find_by_tag("Region", "EMEA").collect()
    assert {each.id for each in found} == wanted
    assert len(found) == len(wanted) > 1
    assert await marketo.programs.find_by_tag("Region", "nowhere").collect() == []


async def test_twins_are_both_found(marketo: MarketoClient, folder: Folder) -> None:
    """Two programs with one name in different folders are both in `find_all_by_name`, page by page as well (A17)."""
    other = await marketo.folders.create("Other", parent=folder)
    made = [
        await marketo.programs.create("Twin", folder=place, type="Event", channel="Tradeshow")
        for place in (folder, other)
    ]
    for page_size in (200, 1):
        twins = await marketo.programs.find_all_by_name("Twin", page_size=page_size, include_costs=True).collect()
        assert {each.id for each in twins} == {each.id for each in made}
        assert not any(each.was_sent("tags") for each in twins)
    with pytest.raises(BusinessRuleError, match="already exists"):
        await marketo.programs.create("Twin", folder=folder, type="Event", channel="Tradeshow")


async def test_program_in_a_program(marketo: MarketoClient, folder: Folder) -> None:
    """A program nests in another one, given as a `ProgramId` or as the record, and is cloned into folders only."""
    outer = await marketo.programs.create("Outer", folder=folder, type="Engagement", channel="Nurture")
    assert outer.status == "off"
    places: list[ProgramId | Program] = [ProgramId(outer.id), outer]
    for number, place in enumerate(places):
        inner = await marketo.programs.create(f"Inner {number}", folder=place, type="Event", channel="Live Event")
        assert inner.folder is not None
        assert (inner.folder.id, inner.folder.is_program) == (outer.id, True)


async def test_what_marketo_refuses(marketo: MarketoClient, folder: Folder) -> None:
    """Refusals that only Marketo can know come as typed errors with its code, words and request id."""
    create = marketo.programs.create
    with pytest.raises(NotFoundError) as no_folder:
        await create("A", folder=FolderId(999_999), type="Event", channel="Tradeshow")
    assert no_folder.value.code in {"702", "710"}
    with pytest.raises(BusinessRuleError, match="Blog") as channel:
        await create("A", folder=folder, type="Event", channel="Blog")
    assert channel.value.request_id is not None
    with pytest.raises(BusinessRuleError):
        await create("A", folder=folder, type="Event", channel="Tradeshow", tags=[Tag(type="Region", value="Mars")])
    with pytest.raises(NotFoundError):
        await marketo.programs.update(999_999, name="A")
    with pytest.raises(NotFoundError):
        await marketo.programs.smart_list(999_999)
    assert await marketo.programs.find_by_name("A") is None


async def test_a_create_whose_answer_is_lost_is_not_repeated(
    marketo: MarketoClient, folder: Folder, sandbox: Sandbox
) -> None:
    """A create that was done but whose answer got lost is not sent again, and the error says so (P5)."""
    sandbox.faults.add(Fault.dropped(after_work=True), path=CREATE, method="POST")
    with pytest.raises(ConnectionLostError) as lost:
        await marketo.programs.create("Once", folder=folder, type="Event", channel="Tradeshow")
    assert lost.value.outcome_unknown
    assert len(sandbox.arrivals.to(CREATE, "POST")) == 1
    assert len(await marketo.programs.find_all_by_name("Once").collect()) == 1


async def test_costs_are_never_booked_twice(marketo: MarketoClient, folder: Folder, sandbox: Sandbox) -> None:
    """After a lost answer an update that sets is sent again; one that appends costs is not (P5)."""
    made = await marketo.programs.create("Costly", folder=folder, type="Event", channel="Tradeshow")
    cost = [Cost(start_date=date(2026, 1, 1), cost=7)]
    rule = sandbox.faults.add(Fault.dropped(after_work=True), path=UPDATE, method="POST", calls=1)
    with pytest.raises(ConnectionLostError) as lost:
        await marketo.programs.update(made.id, costs=cost)
    assert lost.value.outcome_unknown
    assert len((await marketo.programs.get(made.id)).costs or ()) == 1
    sandbox.faults.remove(rule)

    sandbox.faults.add(Fault.dropped(after_work=True), path=UPDATE, method="POST", calls=1)
    set_again = await marketo.programs.update(made.id, costs=cost, costs_destructive_update=True)
    assert len(set_again.costs or ()) == 1
    assert len(sandbox.arrivals.to(UPDATE, "POST")) == 3


async def test_refused_pages_are_errors(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """A refusal inside HTTP 200 ends a listing with an error that holds what was read and where it stood (P1, A6)."""
    sandbox.faults.add(Fault.error(1003, "no"), path=CREATE, method="GET", calls=3)
    with pytest.raises(ValidationError) as caught:
        await marketo.programs.browse(page_size=20).with_options(prefetch=1).collect()
    assert (len(caught.value.partial), caught.value.position) == (39, 39)
    rest = await marketo.programs.browse(page_size=20, start=39).collect()
    assert len(rest) == 81

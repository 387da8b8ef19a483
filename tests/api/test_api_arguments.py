"""Arguments that Marketo would refuse or misread are refused before anything is sent, by their Python names."""

from __future__ import annotations

import inspect
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

import pytest
from recording_transport import NoAnswerError, RecordingTransport, groups_on

from marketo_async.errors import ArgumentError
from marketo_async.records import Cost, Folder, FolderId, FolderItem, FolderRef, Program, ProgramId, Tag
from marketo_async.transport.paging import Pager
from marketo_async.transport.value_walk import FindPosition

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Use = Callable[[Any], object]  # Any: many of these arguments are wrong for type checkers, too

MORNING = datetime(2026, 1, 5, 8, tzinfo=UTC)
EVENING = datetime(2026, 1, 5, 20, tzinfo=UTC)
NAIVE = datetime(2026, 1, 5, 8)  # noqa: DTZ001 - that is the point
DAY = date(2026, 1, 5)
HERE = FolderId(1035)
COST = Cost(start_date=DAY, cost=1)


async def use(use: Use) -> RecordingTransport:
    """Use the groups in one way; what a listing does lazily is done, too."""
    transport = RecordingTransport()
    made = use(groups_on(transport))
    with suppress(NoAnswerError):
        if isinstance(made, Pager):
            await cast("Pager[object]", made).first()
        elif inspect.isawaitable(made):
            await made
    return transport


def create(**changes: object) -> Use:
    """Return a `programs.create` with some other arguments."""
    arguments: dict[str, object] = {"name": "Webinar 7", "folder": HERE, "type": "Event", "channel": "Webinar"}
    arguments |= changes
    name = arguments.pop("name")
    return lambda m: m.programs.create(name, **arguments)


def update(**changes: object) -> Use:
    """Return a `programs.update`."""
    return lambda m: m.programs.update(1107, **changes)


def browse(**filters: object) -> Use:
    """Return a `programs.browse`."""
    return lambda m: m.programs.browse(**filters)


def token(kind: object, value: object, name: object = "Token") -> Use:
    """Return a `tokens.create`."""
    return lambda m: m.tokens.create(name, folder=HERE, type=kind, value=value)


REFUSED: list[tuple[str, Use]] = [
    # ids
    *(("program_id", lambda m, wrong=wrong: m.programs.get(wrong)) for wrong in (0, -1, True, "1107", 1.0, None)),
    ("program_id", lambda m: m.programs.approve(True)),
    ("program_id", lambda m: m.programs.unapprove(0)),
    ("program_id", lambda m: m.programs.delete("1")),
    ("program_id", lambda m: m.programs.smart_list(0)),
    ("program_id", lambda m: m.programs.clone(None, name="Copy", folder=HERE)),
    ("program_id", lambda m: m.programs.update("1107", name="x")),
    ("program_id", lambda m: m.programs.update_tag(0, "Region", "EMEA")),
    ("program_id", lambda m: m.programs.delete_tag(0, "Region")),
    ("lead_id", lambda m: m.leads.get("8")),
    # names
    *(("name", create(name=wrong)) for wrong in ("", "  ", "a, b", "x" * 256, None, 7)),
    *(("name", update(name=wrong)) for wrong in ("", "a,b", "x" * 256)),
    *(("name", lambda m, wrong=wrong: m.programs.find_by_name(wrong)) for wrong in ("", "a,b", None)),
    ("name", lambda m: m.programs.find_all_by_name("a,b")),
    ("name", lambda m: m.programs.clone(1107, name="x" * 256, folder=HERE)),
    ("name", lambda m: m.channels.find_by_name("a,b")),
    ("name", lambda m: m.tags.find_by_name("")),
    ("name", lambda m: m.folders.find_by_name("a,b")),
    ("name", lambda m: m.folders.create("", parent=HERE)),
    ("name", lambda m: m.folders.update(HERE, name=" ")),
    # texts
    ("description", create(description=7)),
    ("channel", create(channel="")),
    ("description", lambda m: m.programs.clone(1107, name="Copy", folder=HERE, description=7)),
    ("description", lambda m: m.folders.create("Webinars", parent=HERE, description="x" * 2001)),
    ("description", lambda m: m.folders.update(HERE, description="x" * 2001)),
    ("workspace", lambda m: m.folders.browse(workspace="")),
    ("workspace", lambda m: m.folders.find_by_name("Webinars", workspace=3)),
    # closed sets, whose case matters
    *(("type", create(type=wrong)) for wrong in ("event", "Webinar", None, 3)),
    ("status", browse(status="paused")),
    ("filter_type", browse(filter_type="name", filter_values=["x"])),
    ("type", lambda m: m.folders.find_by_name("Webinars", type="folder")),
    # booleans
    ("head_start", create(head_start="false")),
    ("head_start", update(head_start=0)),
    ("costs_destructive_update", update(costs_destructive_update=1)),
    ("include_tags", lambda m: m.programs.find_by_name("x", include_tags="yes")),
    ("include_costs", lambda m: m.programs.find_all_by_name("x", include_costs="yes")),
    ("include_rules", lambda m: m.programs.smart_list(1107, include_rules="yes")),
    ("is_archive", lambda m: m.folders.update(HERE, is_archive="no")),
    # moments
    ("start_date", create(start_date=NAIVE)),
    ("start_date", create(start_date=DAY)),
    ("start_date", create(start_date=EVENING, end_date=MORNING)),
    ("end_date", update(end_date="2026-01-05T20:00:00Z")),
    ("updated_from", browse(updated_from=NAIVE)),
    ("updated_until", browse(updated_until=DAY)),
    ("updated_from", browse(updated_from=EVENING, updated_until=MORNING)),
    # filters
    ("filter_values", browse(filter_type="id")),
    ("filter_values", browse(filter_type="id", filter_values=[])),
    ("filter_values", browse(filter_type="workspace", filter_values="Default")),
    ("filter_values", browse(filter_type="id", filter_values=7)),
    ("filter_values[1]", browse(filter_type="folderId", filter_values=[14, "15"])),
    ("filter_values[0]", browse(filter_type="workspace", filter_values=["a,b"])),
    ("filter_type", browse(filter_values=[7])),
    # pages
    *(("page_size", browse(page_size=wrong)) for wrong in (0, 201, True, "20", None)),
    *(("start", browse(start=wrong)) for wrong in (-1, "0", True)),
    ("page_size", lambda m: m.channels.browse(page_size=0)),
    ("page_size", lambda m: m.tags.browse(page_size=201)),
    ("page_size", lambda m: m.folders.contents(HERE, page_size=201)),
    ("page_size", lambda m: m.programs.find_by_tag("Region", "EMEA", page_size=201)),
    ("max_depth", lambda m: m.folders.browse(max_depth=-1)),
    # folders
    *(("folder", create(folder=wrong)) for wrong in (1035, "Webinars", {"id": 1, "type": "Folder"}, COST, None)),
    ("folder", create(folder=FolderItem(id=1, type="Email"))),
    ("folder", lambda m: m.programs.clone(1107, name="Copy", folder=ProgramId(1))),
    ("folder", lambda m: m.programs.clone(1107, name="Copy", folder=FolderRef(id=1, type="PROGRAM"))),
    ("folder", lambda m: m.programs.clone(1107, name="Copy", folder=program(1))),
    ("folder", lambda m: m.folders.update(ProgramId(1), name="x")),
    ("folder", lambda m: m.folders.delete(ProgramId(1))),
    ("folder", lambda m: m.folders.get(1035)),
    ("parent", lambda m: m.folders.create("Webinars", parent=14)),
    ("root", lambda m: m.folders.browse(root=14)),
    ("root", lambda m: m.folders.find_by_name("Webinars", root=14)),
    ("changes", lambda m: m.folders.update(HERE)),
    # costs and tags
    ("costs", create(costs=COST)),
    ("costs[0]", create(costs=[{"startDate": "2026-01-01", "cost": 1}])),
    ("costs[1].cost", create(costs=[COST, Cost(start_date=DAY, cost=cast("float", "2000"))])),
    ("costs[0].cost", create(costs=[Cost(start_date=DAY, cost=True)])),
    ("costs[0].cost", create(costs=[Cost(start_date=DAY, cost=float("nan"))])),
    ("costs[0].start_date", update(costs=[Cost(start_date=MORNING, cost=1)])),
    ("costs[0].start_date", update(costs=[Cost(start_date=cast("date", "2026-01-01"), cost=1)])),
    ("costs[0].note", update(costs=[Cost(start_date=DAY, cost=1, note=cast("str", 7))])),
    ("tags", create(tags="Region")),
    ("tags[0]", create(tags=[("Region", "EMEA")])),
    ("tags[0].value", update(tags=[Tag(type="Region", value="")])),
    ("tags[0].type", update(tags=[Tag(type="", value="EMEA")])),
    ("changes", update()),
    ("tag_type", lambda m: m.programs.find_by_tag("", "EMEA")),
    ("tag_value", lambda m: m.programs.find_by_tag("Region", None)),
    ("tag_value", lambda m: m.programs.update_tag(1107, "Region", "")),
    ("tag_type", lambda m: m.programs.update_tag(1107, "..", "EMEA")),
    ("tag_type", lambda m: m.programs.delete_tag(1107, ".")),
    # tokens
    ("name", token("text", "x", name="x" * 51)),
    ("name", token("text", "x", name=" ")),
    ("type", token("script block", "x")),
    *(("value", token("date", wrong)) for wrong in ("01/02/2026", "2026-02-30", "20260201", MORNING, 7, "")),
    *(("value", token("number", wrong)) for wrong in ("one", "1,5", True, float("inf"), "", DAY, "1e5")),
    *(("value", token("score", wrong)) for wrong in (1.5, "++5", 2**31, "+2147483648", "", True)),
    *(("value", token("text", wrong)) for wrong in (7, "", None)),
    ("type", lambda m: m.tokens.delete("Token", folder=HERE, type="Text")),
    ("name", lambda m: m.tokens.delete("", folder=HERE, type="text")),
    ("folder", lambda m: m.tokens.get(1035)),
    # leads
    ("filter_type", lambda m: m.leads.find("", ["a"])),
    ("values", lambda m: m.leads.find("email", "ann@example.com")),
    ("values", lambda m: m.leads.find("id", 7)),
    ("values[1]", lambda m: m.leads.find("email", ["ann@example.com", "bob,eve@example.com"])),
    ("values[0]", lambda m: m.leads.find("email", [""])),
    *(("values[0]", lambda m, wrong=wrong: m.leads.find("id", [wrong])) for wrong in (True, 1.0, None, b"7")),
    ("page_size", lambda m: m.leads.find("id", [1], page_size=301)),
    ("start", lambda m: m.leads.find("id", [1], start=0)),
    ("start", lambda m: m.leads.find("id", [1], start=FindPosition(2))),
    ("fields", lambda m: m.leads.find("id", [1], fields="email")),
    ("fields", lambda m: m.leads.get(1, [])),
    ("fields[1]", lambda m: m.leads.get(1, ["email", "a,b"])),
    ("fields[0]", lambda m: m.leads.get(1, [7])),
]


def program(number: int) -> Program:
    """Return a program as it was read before."""
    return Program(id=number, name="Webinar 7", type="Event", channel="Webinar")


@pytest.mark.parametrize(("argument", "wrong"), REFUSED, ids=[f"{i}-{name}" for i, (name, _) in enumerate(REFUSED)])
async def test_wrong_argument_is_refused_unsent(argument: str, wrong: Use) -> None:
    """What Marketo would refuse is refused before anything is sent, by the name that the caller wrote."""
    transport = RecordingTransport()
    with pytest.raises(ArgumentError) as caught:
        made = wrong(groups_on(transport))
        if inspect.isawaitable(made):
            await made
    assert caught.value.argument == argument
    assert caught.value.allowed
    assert transport.calls == []


ALLOWED: list[Use] = [
    create(name="x" * 255),
    create(name="Größe+100 % \"of\" it & 'more'"),
    create(description=""),
    create(costs=[], tags=[]),
    create(costs=(COST, Cost(start_date=DAY, cost=0)), tags=iter([Tag(type="Region", value="EMEA, mostly")])),
    create(start_date=MORNING, end_date=MORNING),
    update(costs=[]),
    update(costs_destructive_update=True),
    update(head_start=False),
    browse(page_size=1),
    browse(updated_from=MORNING, updated_until=MORNING),
    browse(filter_type="workspace", filter_values={"Default"}),
    lambda m: m.folders.update(HERE, is_archive=False),
    lambda m: m.folders.create("Mail, letters", parent=program(7), description="x" * 2000),
    lambda m: m.folders.browse(max_depth=0),
    token("date", DAY),
    token("number", -1.5),
    token("number", "-.5"),
    token("score", "=5"),
    token("score", -(2**31)),
    token("rich text", "<p>a, b</p>"),
    token("text", "x", name="x" * 50),
    lambda m: m.tokens.delete("Script", folder=HERE, type="script block"),
    lambda m: m.leads.find("id", range(1, 5), page_size=300, start=FindPosition(4)),
]


@pytest.mark.parametrize("right", ALLOWED)
async def test_allowed_argument_is_sent(right: Use) -> None:
    """The ends of each range, zero, false and the empty are arguments like others."""
    transport = await use(right)
    assert len(transport.calls) <= 1


FOLDERS: list[tuple[object, dict[str, object]]] = [
    (FolderId(7), {"id": 7, "type": "Folder"}),
    (ProgramId(7), {"id": 7, "type": "Program"}),
    (program(7), {"id": 7, "type": "Program"}),
    (FolderRef(id=7, type="FOLDER"), {"id": 7, "type": "Folder"}),
    (FolderItem(id=7, type="Program"), {"id": 7, "type": "Program"}),
    (Folder(id=7, name="Webinars"), {"id": 7, "type": "Folder"}),
    (Folder(id=7, name="W", folder_id=FolderRef(id=7, type="Program")), {"id": 7, "type": "Program"}),
]


@pytest.mark.parametrize(("folder", "wire"), FOLDERS)
async def test_folder_is_whatever_points_at_one(folder: object, wire: dict[str, object]) -> None:
    """`folder=` takes an id of either kind, or a folder, a program or a reference that was read before."""
    made = await use(create(folder=folder))
    assert dict(made.calls[0].form_pairs or ())["folder"] == f'{{"id":{wire["id"]},"type":"{wire["type"]}"}}'
    read = await use(lambda m: m.folders.get(folder))
    assert (read.calls[0].arguments, read.calls[0].query_pairs) == (
        (("id", str(wire["id"])),),
        (("type", str(wire["type"])),),
    )


async def test_plain_number_as_folder_says_what_to_write() -> None:
    """A plain number as `folder=` is refused with the two ways to say which number it is."""
    with pytest.raises(ArgumentError, match=r"folder=1035 .*FolderId\(n\).*ProgramId\(n\)"):
        await use(create(folder=1035))

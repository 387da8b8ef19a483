"""One or more calls of every public method, with arguments that together use each of its parameters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from marketo_async.records import Cost, FolderId, ProgramId, Tag
from marketo_async.transport.value_walk import FindPosition

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.client import Groups

_MORNING = datetime(2026, 1, 5, 8, tzinfo=UTC)
_EVENING = datetime(2026, 1, 5, 20, tzinfo=UTC)
_COSTS = [Cost(start_date=date(2026, 1, 1), cost=2000, note="stand")]
_TAGS = [Tag(type="Region", value="EMEA")]

SAMPLES: dict[str, tuple[Callable[[Groups], object], ...]] = {
    # programs
    "programs.get": (lambda m: m.programs.get(1107),),
    "programs.find_by_name": (lambda m: m.programs.find_by_name("Webinar 7", include_tags=True, include_costs=True),),
    "programs.find_all_by_name": (
        lambda m: m.programs.find_all_by_name("Webinar 7", include_tags=True, include_costs=True, page_size=50),
    ),
    "programs.find_by_tag": (lambda m: m.programs.find_by_tag("Region", "EMEA"),),
    "programs.browse": (
        lambda m: m.programs.browse(),
        lambda m: m.programs.browse(
            filter_type="folderId",
            filter_values=[1035, 1036],
            updated_from=_MORNING,
            updated_until=_EVENING,
            status="on",
            page_size=100,
            start=300,
        ),
    ),
    "programs.changes": (
        lambda m: m.programs.changes().collect(),
        lambda m: m.programs.changes(since=_MORNING, overlap=timedelta(0), page_size=100).collect(),
    ),
    "programs.find_deleted": (lambda m: m.programs.find_deleted([1107], confirm=False, page_size=100),),
    "programs.create": (
        lambda m: m.programs.create("Webinar 7", folder=FolderId(1035), type="Event", channel="Webinar"),
        lambda m: m.programs.create(
            "Mail 7",
            folder=ProgramId(1107),
            type="Email",
            channel="Email Send",
            description="seventh",
            costs=_COSTS,
            tags=_TAGS,
            start_date=_MORNING,
            end_date=_EVENING,
            head_start=True,
        ),
    ),
    "programs.update": (
        lambda m: m.programs.update(1107, name="Webinar 8"),
        lambda m: m.programs.update(
            1107,
            description="",
            costs=_COSTS,
            costs_destructive_update=True,
            tags=_TAGS,
            start_date=_MORNING,
            end_date=_EVENING,
            head_start=False,
        ),
    ),
    "programs.approve": (lambda m: m.programs.approve(1107),),
    "programs.unapprove": (lambda m: m.programs.unapprove(1107),),
    "programs.clone": (
        lambda m: m.programs.clone(1107, name="Copy", folder=FolderId(1035)),
        lambda m: m.programs.clone(1107, name="Copy", folder=FolderId(1035), description="a copy"),
    ),
    "programs.delete": (lambda m: m.programs.delete(1107),),
    "programs.smart_list": (lambda m: m.programs.smart_list(1107, include_rules=True),),
    "programs.update_tag": (lambda m: m.programs.update_tag(1107, "Region", "EMEA"),),
    "programs.delete_tag": (lambda m: m.programs.delete_tag(1107, "Region"),),
    # channels and tag types
    "channels.browse": (lambda m: m.channels.browse(),),
    "channels.find_by_name": (lambda m: m.channels.find_by_name("Webinar"),),
    "tags.browse": (lambda m: m.tags.browse(),),
    "tags.find_by_name": (lambda m: m.tags.find_by_name("Region"),),
    # folders
    "folders.get": (lambda m: m.folders.get(ProgramId(1107)),),
    "folders.find_by_name": (
        lambda m: m.folders.find_by_name("Webinars"),
        lambda m: m.folders.find_by_name("Webinars", type="Folder", root=FolderId(14), workspace="Default"),
    ),
    "folders.browse": (
        lambda m: m.folders.browse(),
        lambda m: m.folders.browse(root=FolderId(14), max_depth=5, workspace="Default"),
    ),
    "folders.contents": (lambda m: m.folders.contents(FolderId(14)),),
    "folders.create": (
        lambda m: m.folders.create("Webinars", parent=FolderId(14)),
        lambda m: m.folders.create("Webinars", parent=FolderId(14), description="all of them"),
    ),
    "folders.update": (lambda m: m.folders.update(FolderId(14), name="Webinars", description="", is_archive=False),),
    "folders.delete": (lambda m: m.folders.delete(FolderId(14)),),
    # tokens
    "tokens.get": (lambda m: m.tokens.get(FolderId(14)),),
    "tokens.create": (
        lambda m: m.tokens.create("April Fools", folder=ProgramId(1107), type="date", value=date(2026, 4, 1)),
    ),
    "tokens.delete": (lambda m: m.tokens.delete("April Fools", folder=ProgramId(1107), type="date"),),
    # leads
    "leads.get": (lambda m: m.leads.get(8, fields=["email", "leadScore"]),),
    "leads.find": (
        lambda m: m.leads.find("email", ["ann@example.com"]),
        lambda m: m.leads.find("id", [7, 8], fields=["email"], page_size=100, start=FindPosition(0, 2, "PAGE2====")),
    ),
    # usage
    "usage.daily": (lambda m: m.usage.daily(),),
    "usage.last_7_days": (lambda m: m.usage.last_7_days(),),
    "usage.daily_errors": (lambda m: m.usage.daily_errors(),),
    "usage.errors_last_7_days": (lambda m: m.usage.errors_last_7_days(),),
}

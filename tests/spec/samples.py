"""One or more calls of every public method, with arguments that together use each of its parameters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from marketo_async.records import Cost, FolderId, NewField, ProgramId, Tag
from marketo_async.transport.value_walk import FindPosition

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.api.groups import Groups

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
    "leads.get": (
        lambda m: m.leads.get(8, fields=["email", "leadScore"]),
        lambda m: m.leads.get(8, fields="all", typed=True),
    ),
    "leads.find": (
        lambda m: m.leads.find("email", ["ann@example.com"]),
        lambda m: m.leads.find("id", [7, 8], fields=["email"], page_size=100, start=FindPosition(0, 2, "PAGE2====")),
        lambda m: m.leads.find("id", [7, 8], fields="all", typed=True),
    ),
    "leads.find_by_program": (
        lambda m: m.leads.find_by_program(1107, fields=["email"], page_size=100, start="PAGE2===="),
        lambda m: m.leads.find_by_program(1107, fields="all"),
    ),
    "leads.describe": (lambda m: m.leads.describe(refresh=True),),
    "leads.describe_superseded": (lambda m: m.leads.describe_superseded(),),
    "leads.partitions": (lambda m: m.leads.partitions(),),
    "leads.list_memberships": (lambda m: m.leads.list_memberships(8, page_size=100, start="PAGE2===="),),
    "leads.program_memberships": (
        lambda m: m.leads.program_memberships(
            8,
            program_ids=[1107, 1108],
            updated_from=_MORNING,
            updated_until=_EVENING,
            page_size=100,
            start="PAGE2====",
        ),
    ),
    "leads.smart_campaign_memberships": (
        lambda m: m.leads.smart_campaign_memberships(
            8, updated_from=_MORNING, updated_until=_EVENING, page_size=100, start="PAGE2===="
        ),
    ),
    "leads.sync": (
        lambda m: m.leads.sync([{"email": "ann@example.com", "leadScore": 3}]).collect(),
        lambda m: m.leads.sync(
            [{"email": "ann@example.com"}, {"email": "bob@example.com"}],
            action="createOnly",
            lookup_field="email",
            partition_name="EMEA",
            async_processing=True,
            batch_size=1,
        ).collect(),
    ),
    "leads.push": (
        lambda m: m.leads.push(
            [{"email": "ann@example.com"}],
            program_name="Webinar 7",
            program_status="Invited",
            lookup_field="email",
            partition_name="EMEA",
            source="stand",
            reason="asked",
            batch_size=50,
        ).collect(),
    ),
    "leads.delete": (lambda m: m.leads.delete([7, 8], batch_size=50).collect(),),
    "leads.update_partitions": (
        lambda m: m.leads.update_partitions([{"id": 7, "partitionName": "EMEA"}]).collect(),
        lambda m: m.leads.update_partitions([7, 8], partition_name="EMEA", batch_size=50).collect(),
    ),
    "leads.change_program_status": (
        lambda m: m.leads.change_program_status(1107, [7, 8], status="Attended", batch_size=50).collect(),
    ),
    "leads.submit_form": (
        lambda m: m.leads.submit_form(
            1029,
            {"email": "ann@example.com"},
            page_url="https://www.example.com/form",
            query_string="a=b",
            ip_address="192.0.2.1",
            user_agent="Mozilla/5.0",
            cookie="id:123-ABC-456&token:_mch-example.com-1",
            program_id=1107,
        ),
    ),
    "leads.associate": (lambda m: m.leads.associate(8, "id:123-ABC-456&token:_mch-example.com-1"),),
    "leads.merge": (
        lambda m: m.leads.merge(8, 9),
        lambda m: m.leads.merge(8, [9, 10], merge_in_crm=False),
    ),
    # lead_fields
    "lead_fields.get": (lambda m: m.lead_fields.get("leadScore"),),
    "lead_fields.browse": (lambda m: m.lead_fields.browse(page_size=100, start="PAGE2===="),),
    "lead_fields.create": (
        lambda m: m.lead_fields.create([NewField(name="pets", display_name="Pets", data_type="integer")]),
    ),
    "lead_fields.update": (lambda m: m.lead_fields.update("pets", description="how many"),),
    # activities
    "activities.types": (lambda m: m.activities.types(),),
    # static lists
    "lists.get": (lambda m: m.lists.get(1001),),
    "lists.browse": (
        lambda m: m.lists.browse(),
        lambda m: m.lists.browse(
            ids=[1001, 1002],
            names=["Guests"],
            program_names=["Webinar 7"],
            workspace_names=["Default"],
            page_size=100,
            start="PAGE2====",
        ),
    ),
    "lists.leads": (
        lambda m: m.lists.leads(1001),
        lambda m: m.lists.leads(1001, fields="all", typed=True),
        lambda m: m.lists.leads(1001, fields=["email"], page_size=100, start="PAGE2===="),
        lambda m: m.lists.leads(1001, fields=["email"], page_size=100, start="PAGE2====", spelling="list"),
    ),
    "lists.are_members": (lambda m: m.lists.are_members(1001, [7, 8]),),
    "lists.add": (lambda m: m.lists.add(1001, [7, 8], batch_size=50).collect(),),
    "lists.remove": (lambda m: m.lists.remove(1001, [7, 8], batch_size=50).collect(),),
    # members of programs
    "program_members.describe": (lambda m: m.program_members.describe(refresh=True),),
    "program_members.describe_superseded": (lambda m: m.program_members.describe_superseded(refresh=True),),
    "program_members.find": (
        lambda m: m.program_members.find(1044, "reachedSuccess", [True]),
        lambda m: m.program_members.find(1044, "reachedSuccess", [True], fields="all", typed=True),
        lambda m: m.program_members.find(
            1044, "leadId", [7, 8], fields=["statusName"], page_size=100, start=FindPosition(0, 2, "PAGE2====")
        ),
    ),
    "program_members.find_updated": (
        lambda m: m.program_members.find_updated(1044, _MORNING, _EVENING),
        lambda m: m.program_members.find_updated(1044, _MORNING, _EVENING, typed=True),
        lambda m: m.program_members.find_updated(
            1044, _MORNING, _EVENING, fields=["statusName"], page_size=100, start=FindPosition(0, 12, "PAGE2====")
        ),
    ),
    "program_members.browse": (
        lambda m: m.program_members.browse(1044),
        lambda m: m.program_members.browse(1044, fields="all"),
        lambda m: m.program_members.browse(1044, fields=["statusName"], page_size=100, start=FindPosition(0)),
    ),
    "program_members.sync_status": (
        lambda m: m.program_members.sync_status(1044, [7, 8], status_name="Attended", batch_size=50).collect(),
    ),
    "program_members.sync_data": (
        lambda m: m.program_members.sync_data(1044, [{"leadId": 7, "registrationCode": "R7"}], batch_size=50).collect(),
    ),
    "program_members.delete": (lambda m: m.program_members.delete(1044, [7, 8], batch_size=50).collect(),),
    "program_member_fields.get": (lambda m: m.program_member_fields.get("statusName"),),
    "program_member_fields.browse": (lambda m: m.program_member_fields.browse(page_size=100, start="PAGE2===="),),
    "program_member_fields.create": (
        lambda m: m.program_member_fields.create(
            [NewField(name="seat", display_name="Seat", data_type="string", description="which", is_hidden=False)]
        ),
    ),
    "program_member_fields.update": (
        lambda m: m.program_member_fields.update(
            "seat",
            display_name="Seat",
            description="",
            is_hidden=True,
            is_html_encoding_in_email=True,
            is_sensitive=False,
        ),
    ),
    # usage
    "usage.daily": (lambda m: m.usage.daily(),),
    "usage.last_7_days": (lambda m: m.usage.last_7_days(),),
    "usage.daily_errors": (lambda m: m.usage.daily_errors(),),
    "usage.errors_last_7_days": (lambda m: m.usage.errors_last_7_days(),),
}

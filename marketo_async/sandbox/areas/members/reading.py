"""The operations that describe and find members of programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.dates import lead_date
from marketo_async.sandbox.areas.leads.schema import reading, writing
from marketo_async.sandbox.areas.leads.schema.describing import field_row
from marketo_async.sandbox.areas.members.filters import asked_filter, check_size
from marketo_async.sandbox.areas.members.rows import member_row
from marketo_async.sandbox.areas.members.schema import DEFAULT_FIELDS, can_be_filtered_by
from marketo_async.sandbox.areas.members.sight import asked_program
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.sandbox.areas.token_pages import TokenPage
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.schema.field import LeadField
    from marketo_async.sandbox.exchange import Request

_NAME = "API Program Membership"
_BORN = datetime(2021, 3, 20, 1, 30, 5, tzinfo=UTC)


def describe(request: Request) -> Answer:
    """Answer `GET /programs/members/describe.json`: one object, with the fields by which members can be found."""
    fields = request.instance.state(Members).fields
    return Answer(
        [
            {
                "name": _NAME,
                "description": "Map for API program membership fields",
                "createdAt": lead_date(_BORN),
                "updatedAt": lead_date(_BORN),
                "dedupeFields": ["leadId", "programId"],
                "searchableFields": [[field.name] for field in fields.values() if can_be_filtered_by(field)],
                "fields": _described(request),
            }
        ]
    )


def describe_old(request: Request) -> Answer:
    """Answer `GET /program/members/describe.json`: as the newer one, with less around the fields."""
    return Answer([{"name": _NAME, "fields": _described(request)}])


def query(request: Request) -> Answer:
    """Answer `GET /programs/{programId}/members.json`: the members that match, by lead, a page at a time."""
    members, program = request.instance.state(Members), asked_program(request)
    wanted = asked_filter(request, members, program.id)
    fields = _asked_fields(request, members)
    page = TokenPage.asked(request, "members", program.id, *wanted.search)
    check_size(members, program.id, wanted)
    found, following = page.of(wanted.members(members, program.id, page.after), lambda one: one[0])
    rows = [
        member_row(seq, members.shown(program.id, lead_id, kept), program, fields)
        for seq, (lead_id, kept) in enumerate(found)
    ]
    return Answer(rows, next_page_token=following, more_result=following is not None)


def field_by_name(request: Request) -> Answer:
    """Answer `GET /programs/members/schema/fields/{fieldApiName}.json`."""
    return reading.show_one(request.instance.state(Members).fields, request.arguments["fieldApiName"])


def browse_fields(request: Request) -> Answer:
    """Answer `GET /programs/members/schema/fields.json`."""
    return reading.show_page(request, request.instance.state(Members).fields, "member fields")


def create_fields(request: Request) -> Answer:
    """Answer `POST /programs/members/schema/fields.json`."""
    return writing.create_fields(request, request.instance.state(Members).fields)


def update_field(request: Request) -> Answer:
    """Answer `POST /programs/members/schema/fields/{fieldApiName}.json`."""
    return writing.update_field(request, request.instance.state(Members).fields)


def _asked_fields(request: Request, members: Members) -> list[LeadField]:
    names = request.query.all("fields")
    for name in names:
        if name not in members.fields:
            raise refusals.field_not_found(name)
    # Whose membership it is always stands first, asked for or not.
    return [members.fields[name] for name in dict.fromkeys(("leadId", *names) if names else DEFAULT_FIELDS)]


def _described(request: Request) -> list[dict[str, object]]:
    # What people call a field is told by its schema only.
    return [field_row(field) | {"displayName": field.name} for field in request.instance.state(Members).fields.values()]

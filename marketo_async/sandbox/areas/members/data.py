"""The operation that writes what is known of members, beyond their progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.leads.values import read_value
from marketo_async.sandbox.areas.members.outcomes import each_member
from marketo_async.sandbox.areas.members.sight import asked_program
from marketo_async.sandbox.areas.members.state import Members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketo_async.sandbox.exchange import Answer, Request


def sync(request: Request) -> Answer:
    """Answer `POST /programs/{programId}/members.json`: what does not fit skips all of its record."""
    members, program = request.instance.state(Members), asked_program(request)

    def write(lead_id: int, record: Mapping[str, object]) -> str:
        if members.kept(program.id, lead_id) is None:
            raise refusals.membership_not_found()
        members.change(program.id, lead_id, **_values(request, members, record))
        return "updated"

    return each_member(request, write)


def _values(request: Request, members: Members, record: Mapping[str, object]) -> dict[str, object]:
    zone = request.instance.settings.time_zone
    values: dict[str, object] = {}
    for name, value in record.items():
        if name == "leadId":
            continue
        field = members.fields.get(name)
        if field is None:
            raise refusals.field_not_found(name)
        if not field.updateable:
            raise refusals.field_not_allowed(name)
        values[name] = read_value(field, value, zone)
    return values

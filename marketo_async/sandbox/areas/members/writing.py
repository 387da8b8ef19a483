"""The operations that let leads join programs, move on in them and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.leads.batch import body_of, lead_ids_of, skipped
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.members.outcomes import each_member
from marketo_async.sandbox.areas.members.progress import NOT_IN_PROGRAM, may_move, named, statuses_of
from marketo_async.sandbox.areas.members.sight import asked_program
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.sandbox.exchange import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketo_async.sandbox.areas.channels.state import ProgressionStatus
    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.exchange import Request
    from marketo_async.sandbox.instance import Instance


def sync_status(request: Request) -> Answer:
    """Answer `POST /programs/{programId}/members/status.json`: who is not in the program joins it."""
    program = asked_program(request)
    wanted = _asked_status(request, program, "statusName")

    def move(lead_id: int, _: Mapping[str, object]) -> str:
        return _move(request.instance, program, lead_id, wanted)

    return each_member(request, move)


def change_status(request: Request) -> Answer:
    """Answer `POST /leads/programs/{programId}/status.json`: only who is in the program can move in it."""
    instance, program = request.instance, asked_program(request)
    members, leads = instance.state(Members), instance.state(Leads)
    wanted = _asked_status(request, program, "status")
    rows: list[object] = []
    for lead_id in lead_ids_of(request):
        try:
            if lead_id in leads and members.kept(program.id, lead_id) is None:
                raise refusals.not_in_program()
            rows.append({"id": lead_id, "status": _move(instance, program, lead_id, wanted)})
        except Refusal as refused:
            rows.append(skipped(refused.code, refused.message, id=lead_id))
    return Answer(rows)


def delete(request: Request) -> Answer:
    """Answer `POST /programs/{programId}/members/delete.json`."""
    members, program = request.instance.state(Members), asked_program(request)

    def leave(lead_id: int, _: Mapping[str, object]) -> str:
        if members.kept(program.id, lead_id) is None:
            raise refusals.not_in_program()
        members.leave(program.id, lead_id)
        return "deleted"

    return each_member(request, leave)


def _move(instance: Instance, program: Program, lead_id: int, wanted: ProgressionStatus) -> str:
    """Give a lead a status in a program, and return the word for what was done."""
    members = instance.state(Members)
    if lead_id not in instance.state(Leads):
        raise refusals.not_found()
    before = members.kept(program.id, lead_id)
    current = None if before is None else members.name_of(before.status)
    if not may_move(statuses_of(instance, program), current, wanted):
        raise refusals.already_past()
    if wanted.name == NOT_IN_PROGRAM:
        members.leave(program.id, lead_id)
    else:
        members.join(program.id, lead_id, status=wanted.name)
    return "created" if before is None else "updated"


def _asked_status(request: Request, program: Program, member: str) -> ProgressionStatus:
    name = body_of(request).get(member)
    if name is None or name == "":
        raise refusals.missing(member)
    found = named(statuses_of(request.instance, program), name) if isinstance(name, str) else None
    if found is None:
        raise refusals.status_not_found()
    return found

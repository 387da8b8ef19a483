"""Creating, cloning and deleting programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import (
    NAME_LIMIT,
    check_length,
    filled,
    flag,
    folder_reference,
    identifier,
)
from marketo_async.sandbox.areas.folders import tree
from marketo_async.sandbox.areas.programs import checks
from marketo_async.sandbox.areas.programs.fields import read_costs, read_date, read_kind, read_tags
from marketo_async.sandbox.areas.programs.kinds import EMAIL
from marketo_async.sandbox.areas.programs.record import Program
from marketo_async.sandbox.areas.programs.rows import full_row
from marketo_async.sandbox.areas.programs.sight import existing_program
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.tokens.state import MyTokens
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.exchange import Request


def create(request: Request) -> Answer:
    """Answer `POST /programs.json`."""
    name, folder_text, type_text, channel = filled(request.fields, "name", "folder", "type", "channel")
    ref, kind = folder_reference(folder_text), read_kind(type_text)
    costs, tags = read_costs(request) or (), read_tags(request) or ()
    start, end = read_date(request, "startDate"), read_date(request, "endDate")
    head_start = flag(request.fields, "headStart")
    check_length("name", name, NAME_LIMIT)
    parent = checks.existing_parent(request, ref)
    checks.check_place(kind, parent)
    checks.check_channel(request.instance, kind, channel)
    checks.check_tags(request.instance, kind, tags)
    checks.check_name_free_beside(request.instance, name, parent.ref)
    made = request.instance.state(Programs).add(
        name,
        kind=kind.name,
        channel=channel,
        parent=parent.ref,
        description=request.fields.get("description") or "",
        tags=tags,
        costs=costs,
        start_date=start if kind.scheduled else None,
        end_date=end if kind.scheduled else None,
        head_start=bool(head_start) and kind is EMAIL,
    )
    # A new program without tags answers null; looked up later it answers an empty list.
    return Answer([full_row(request.instance, made) | ({} if made.tags else {"tags": None})])


def clone(request: Request) -> Answer:
    """Answer `POST /program/{id}/clone.json`.

    The reply shows neither tags nor costs. Looked up later, the clone has the tags of its source (it could not do
    without the required ones), its channel, its tokens and what the user interface set in it, but not its costs, its
    dates, its members, or the programs and folders inside it.
    """
    program_id = identifier(request)
    name, folder_text = filled(request.fields, "name", "folder")
    ref = folder_reference(folder_text)
    check_length("name", name, NAME_LIMIT)
    source = existing_program(request, program_id)
    parent = checks.existing_parent(request, ref)
    if isinstance(parent, Program):
        raise refusals.wrong_folder("program")
    checks.check_place(source.kind, parent)
    if parent.workspace != source.workspace:
        raise refusals.cannot_clone()
    if source.unclonable:
        raise refusals.unsupported_assets(",".join(source.unclonable))
    checks.check_name_free_everywhere(request.instance, name)
    programs = request.instance.state(Programs)
    made = programs.add(
        name,
        kind=source.kind.name,
        channel=source.channel,
        parent=parent.ref,
        description=request.fields.get("description") or "",
        tags=source.tags,
        head_start=source.head_start,
    )
    programs.mark_email_ready(made.id, ready=source.email_ready)
    programs.mark_smart_list_ready(made.id, ready=source.smart_list_ready)
    request.instance.state(MyTokens).copy(source.ref, made.ref)
    return Answer([full_row(request.instance, made) | {"tags": None, "costs": None}])


def delete(request: Request) -> Answer:
    """Answer `POST /program/{id}/delete.json`: with all it contains, unless something of that is still needed."""
    program = existing_program(request, identifier(request))
    if tree.is_in_shared_folder(request.instance, program):
        raise refusals.in_shared_folder()
    for item in tree.walk(request.instance, program):
        approved = isinstance(item, Program) and item.status(request.instance.now()) == "locked"
        if isinstance(item, Program) and (approved or item.in_use):
            raise refusals.cannot_delete_program()
    request.instance.state(Programs).remove(program.id)
    return Answer([{"id": program.id}])

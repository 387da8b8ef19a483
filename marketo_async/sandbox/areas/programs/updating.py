"""Changing programs: metadata, costs, tags, and the approval of e-mail programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import NAME_LIMIT, check_length, filled, flag, identifier
from marketo_async.sandbox.areas.programs import checks
from marketo_async.sandbox.areas.programs.fields import read_costs, read_date, read_tags
from marketo_async.sandbox.areas.programs.kinds import EMAIL
from marketo_async.sandbox.areas.programs.record import Tag
from marketo_async.sandbox.areas.programs.rows import full_row
from marketo_async.sandbox.areas.programs.sight import existing_program
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.tags.state import TagTypes
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.programs.record import Cost, Program
    from marketo_async.sandbox.exchange import Request


def update(request: Request) -> Answer:
    """Answer `POST /program/{id}.json`; type, channel and folder are fixed, so that fields for them change nothing."""
    program_id = identifier(request)
    name, description = request.fields.get("name"), request.fields.get("description")
    if name is not None and not name.strip():
        raise refusals.blank("name")
    costs, tags = read_costs(request), read_tags(request)
    replace_costs = bool(flag(request.fields, "costsDestructiveUpdate"))
    start, end = read_date(request, "startDate"), read_date(request, "endDate")
    head_start = flag(request.fields, "headStart")
    check_length("name", name or "", NAME_LIMIT)
    program = existing_program(request, program_id)
    if tags is not None:
        tags = _with_required(request, program, tags)
        checks.check_tags(request.instance, program.kind, tags)
    if name is not None:
        checks.check_name_free_beside(request.instance, name, program.parent, but=program)

    programs = request.instance.state(Programs)
    program.costs = _updated_costs(program, costs, replace=replace_costs)
    program.tags = program.tags if tags is None else tags
    # Tags and costs alone leave `updatedAt` as it was: recorded.
    if name is not None:
        programs.rename(program.id, name)
    if description is not None:
        program.description = description
    if program.kind.scheduled:
        program.start_date, program.end_date = start or program.start_date, end or program.end_date
    if program.kind is EMAIL and head_start is not None:
        program.head_start = head_start
    if any(value is not None for value in (description, start, end, head_start)):
        programs.touch(program)
    return Answer([full_row(request.instance, program)])


def update_tag(request: Request) -> Answer:
    """Answer `POST /program/{id}/tag/{tagType}.json`: give the program that tag, or another value of it."""
    program_id, tag_type = identifier(request), request.arguments["tagType"]
    (value,) = filled(request.fields, "tagValue")
    program = existing_program(request, program_id)
    checks.check_tag(request.instance, program.kind, Tag(tag_type, value))
    values = dict(program.tags) | {tag_type: value}
    program.tags = tuple(Tag(*tag) for tag in values.items())
    return Answer([{"id": program.id}])


def delete_tag(request: Request) -> Answer:
    """Answer `POST /program/{id}/tag/{tagType}/delete.json`: take a tag off, unless the type of program requires it."""
    program_id, tag_type = identifier(request), request.arguments["tagType"]
    program = existing_program(request, program_id)
    if tag_type in request.instance.state(TagTypes).required_for(program.kind.applicable):
        raise refusals.tag_not_deletable(tag_type)
    left = tuple(tag for tag in program.tags if tag.tag_type != tag_type)
    if left == program.tags:
        raise refusals.tag_not_found(tag_type)
    program.tags = left
    return Answer([{"id": program.id}])


def approve(request: Request) -> Answer:
    """Answer `POST /program/{id}/approve.json`: an e-mail program with dates, an approved e-mail and a smart list."""
    program = existing_program(request, identifier(request))
    ready = (
        program.kind is EMAIL
        and program.switch == "unlocked"
        and program.start_date is not None
        and program.end_date is not None
        and program.email_ready
        and program.smart_list_ready
    )
    if not ready:
        raise refusals.cannot_approve()
    return _switch(request, program, "locked")


def unapprove(request: Request) -> Answer:
    """Answer `POST /program/{id}/unapprove.json`: an approved e-mail program that has not run."""
    program = existing_program(request, identifier(request))
    if program.status(request.instance.now()) != "locked":
        raise refusals.cannot_unapprove()
    return _switch(request, program, "unlocked")


def _switch(request: Request, program: Program, switch: str) -> Answer:
    program.switch = switch
    request.instance.state(Programs).touch(program)
    return Answer([{"id": program.id}])


def _with_required(request: Request, program: Program, tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """Return the new tags and those required ones that the program has and the request does not name."""
    required = request.instance.state(TagTypes).required_for(program.kind.applicable)
    named = {tag.tag_type for tag in tags}
    kept = (tag for tag in program.tags if tag.tag_type in required and tag.tag_type not in named)
    return (*tags, *kept)


def _updated_costs(program: Program, costs: tuple[Cost, ...] | None, *, replace: bool) -> tuple[Cost, ...]:
    if replace:
        return costs or ()
    return program.costs + (costs or ())

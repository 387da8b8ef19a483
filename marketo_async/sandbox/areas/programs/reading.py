"""The operations that read single programs, programs by name, and the smart list of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.arguments import flag, identifier, required, window
from marketo_async.sandbox.areas.dates import asset_date
from marketo_async.sandbox.areas.programs.kinds import EMAIL
from marketo_async.sandbox.areas.programs.rows import cost_rows, dated_row, full_row, tag_rows
from marketo_async.sandbox.areas.programs.sight import hidden_workspaces, visible_program
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.references import app_url
from marketo_async.sandbox.exchange import rows_or_nothing

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.exchange import Answer, Request


def by_id(request: Request) -> Answer:
    """Answer `GET /program/{id}.json`."""
    found = visible_program(request, identifier(request))
    return rows_or_nothing([] if found is None else [full_row(request.instance, found)])


def by_name(request: Request) -> Answer:
    """Answer `GET /program/byName.json`: every program of exactly that name; tags and costs only on request."""
    name = required(request.query, "name")
    with_tags, with_costs = flag(request.query, "includeTags"), flag(request.query, "includeCosts")
    view = window(request.query)
    hidden = hidden_workspaces(request)
    # Marketo takes a comma for the end of the name, so that names with one are never found.
    found = [] if "," in name else request.instance.state(Programs).named(name)
    rows: list[object] = []
    for program in found:
        if program.name == name and program.workspace not in hidden:
            row = dated_row(request.instance, program)
            row |= {"tags": tag_rows(program)} if with_tags else {}
            row |= {"costs": cost_rows(request.instance, program)} if with_costs else {}
            rows.append(row)
    return rows_or_nothing(view.of(rows))


def by_tag(request: Request) -> Answer:
    """Answer `GET /program/byTag.json`: in an order that differs from call to call."""
    wanted = (required(request.query, "tagType"), required(request.query, "tagValue"))
    view = window(request.query)
    programs, hidden = request.instance.state(Programs), hidden_workspaces(request)
    found = [program for program in programs if wanted in program.tags and program.workspace not in hidden]
    programs.shuffler.shuffle(found)
    stretch = found[view.offset : view.offset + view.size]
    return rows_or_nothing(dated_row(request.instance, program) | {"tags": tag_rows(program)} for program in stretch)


def smart_list(request: Request) -> Answer:
    """Answer `GET /program/{programId}/smartList.json`: the smart list of an e-mail program, nothing for others."""
    found = visible_program(request, identifier(request, "programId"))
    with_rules = flag(request.query, "includeRules")
    if found is None or found.kind is not EMAIL:
        return rows_or_nothing([])
    row = _smart_list_row(request, found)
    return rows_or_nothing([row | ({"rules": _rules(found)} if with_rules else {})])


def _smart_list_row(request: Request, program: Program) -> dict[str, object]:
    return {
        "id": program.smart_list_id,
        "name": "Smart List",
        "createdAt": asset_date(program.created_at),
        "updatedAt": asset_date(program.updated_at),
        "url": app_url(request.instance, f"SL{program.smart_list_id}A1"),
        "folder": {"id": program.id, "type": "Program"},
        "workspace": program.workspace,
    }


def _rules(program: Program) -> dict[str, object]:
    subscribed: dict[str, object] = {
        "id": (program.smart_list_id or 0) * 10 + 1,
        "name": "Unsubscribed",
        "ruleTypeId": 60,
        "ruleType": "Unsubscribed",
        "operator": "is",
        "conditions": [
            {
                "activityAttributeId": -1,
                "activityAttributeName": "Unsubscribed",
                "operator": "is",
                "values": ["false"],
                "isPrimary": True,
            }
        ],
    }
    return {"filterMatchType": "All", "triggers": [], "filters": [subscribed] if program.smart_list_ready else []}

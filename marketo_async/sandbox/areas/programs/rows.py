"""Programs as replies carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.dates import asset_date, cost_date
from marketo_async.sandbox.areas.folders import tree
from marketo_async.sandbox.areas.references import app_url

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.instance import Instance


def browse_row(instance: Instance, program: Program) -> dict[str, object]:
    """Write a program as listings do: without tags, costs and dates of its own."""
    parent = tree.node(instance, program.parent)
    row: dict[str, object] = {
        "id": program.id,
        "name": program.name,
        "description": program.description,
        "createdAt": asset_date(program.created_at),
        "updatedAt": asset_date(program.updated_at),
        "url": app_url(instance, f"{program.kind.fragment}{program.id}A1"),
        "type": program.kind.name,
        "channel": program.channel,
        "folder": {
            "type": program.parent.type,
            "value": program.parent.id,
            "folderName": None if parent is None else parent.name,
        },
        "status": program.status(instance.now()),
        "workspace": program.workspace,
        "headStart": program.head_start,
    }
    if program.campaign is not None:
        row |= {"sfdcId": program.campaign.id, "sfdcName": program.campaign.name}
    return row


def dated_row(instance: Instance, program: Program) -> dict[str, object]:
    """Write a program as single look-ups do, with its start and end if it has them."""
    row = browse_row(instance, program)
    if program.start_date is not None:
        row["startDate"] = asset_date(program.start_date)
    if program.end_date is not None:
        row["endDate"] = asset_date(program.end_date)
    return row


def full_row(instance: Instance, program: Program) -> dict[str, object]:
    """Write a program with its tags, and with its costs, null where there are none."""
    return dated_row(instance, program) | {"tags": tag_rows(program), "costs": cost_rows(instance, program)}


def tag_rows(program: Program) -> list[dict[str, object]]:
    """Write the tags on a program."""
    return [{"tagType": tag.tag_type, "tagValue": tag.tag_value} for tag in program.tags]


def cost_rows(instance: Instance, program: Program) -> list[dict[str, object]] | None:
    """Write the costs of a program as recorded replies do: their days as midnights of the instance, in UTC."""
    zone = instance.settings.time_zone
    rows: list[dict[str, object]] = [
        {"startDate": cost_date(cost.start_date, zone), "cost": cost.cost, "note": cost.note} for cost in program.costs
    ]
    return rows or None

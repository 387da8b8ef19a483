"""Programs: eleven operations, and two on single tags."""

from __future__ import annotations

from marketo_async.sandbox.areas.programs import browsing, reading, updating, writing
from marketo_async.sandbox.areas.programs.record import Cost, Program, SalesforceCampaign, Tag
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.exchange import Route

__all__ = ["ROUTES", "Cost", "Program", "Programs", "SalesforceCampaign", "Tag"]

_ONE = "/rest/asset/v1/program/{id}"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/rest/asset/v1/program/byName.json", reading.by_name, "Read-Only Assets"),
    Route("GET", "/rest/asset/v1/program/byTag.json", reading.by_tag, "Read-Only Assets"),
    Route("GET", f"{_ONE}.json", reading.by_id, "Read-Only Assets"),
    Route("GET", "/rest/asset/v1/programs.json", browsing.browse, "Read-Only Assets"),
    Route("POST", "/rest/asset/v1/programs.json", writing.create, "Read-Write Assets"),
    Route("POST", f"{_ONE}.json", updating.update, "Read-Write Assets"),
    Route("POST", f"{_ONE}/approve.json", updating.approve, "Read-Write Assets"),
    Route("POST", f"{_ONE}/unapprove.json", updating.unapprove, "Read-Write Assets"),
    Route("POST", f"{_ONE}/clone.json", writing.clone, "Read-Write Assets"),
    Route("POST", f"{_ONE}/delete.json", writing.delete, "Read-Write Assets"),
    Route("GET", "/rest/asset/v1/program/{programId}/smartList.json", reading.smart_list, "Read-Only Assets"),
    Route("POST", f"{_ONE}/tag/{{tagType}}.json", updating.update_tag, "Read-Write Assets"),
    Route("POST", f"{_ONE}/tag/{{tagType}}/delete.json", updating.delete_tag, "Read-Write Assets"),
)

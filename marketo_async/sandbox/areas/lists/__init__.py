"""Static lists: six operations of the lead database, one of them under two paths, and six of the Asset API."""

from __future__ import annotations

from marketo_async.sandbox.areas.lists import assets, membership, reading
from marketo_async.sandbox.areas.lists.state import Lists, StaticList
from marketo_async.sandbox.exchange import Route

__all__ = ["ROUTES", "Lists", "StaticList"]

_ASSET = "/rest/asset/v1/staticList"
_LEADS = "/rest/v1/lists/{listId}/leads"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/rest/v1/lists.json", reading.browse, "Read-Only Lead"),
    Route("GET", "/rest/v1/lists/{listId}.json", reading.by_id, "Read-Only Lead"),
    Route("GET", "/rest/v1/list/{listId}/leads.json", reading.leads, "Read-Only Lead"),
    Route("GET", f"{_LEADS}.json", reading.leads, "Read-Only Lead"),
    Route("POST", f"{_LEADS}.json", membership.add, "Read-Write Lead"),
    Route("DELETE", f"{_LEADS}.json", membership.remove, "Read-Write Lead"),
    Route("GET", f"{_LEADS}/ismember.json", membership.is_member, "Read-Write Lead"),
    Route("GET", f"{_ASSET}s.json", assets.browse, "Read-Only Assets"),
    Route("POST", f"{_ASSET}s.json", assets.create, "Read-Write Assets"),
    Route("GET", f"{_ASSET}/byName.json", assets.by_name, "Read-Only Assets"),
    Route("GET", f"{_ASSET}/{{id}}.json", assets.by_id, "Read-Only Assets"),
    Route("POST", f"{_ASSET}/{{id}}.json", assets.update, "Read-Write Assets"),
    Route("POST", f"{_ASSET}/{{id}}/delete.json", assets.delete, "Read-Write Assets"),
)

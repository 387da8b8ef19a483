"""Folders: seven operations, and the tree in which programs live."""

from __future__ import annotations

from marketo_async.sandbox.areas.folders import changing, reading
from marketo_async.sandbox.areas.folders.state import Folder, Folders
from marketo_async.sandbox.exchange import Route

__all__ = ["ROUTES", "Folder", "Folders"]

ROUTES: tuple[Route, ...] = (
    Route("GET", "/rest/asset/v1/folder/byName.json", reading.by_name, "Read-Only Assets"),
    Route("GET", "/rest/asset/v1/folder/{id}.json", reading.by_id, "Read-Only Assets"),
    Route("GET", "/rest/asset/v1/folders.json", reading.browse, "Read-Only Assets"),
    Route("GET", "/rest/asset/v1/folder/{id}/content.json", reading.content, "Read-Only Assets"),
    Route("POST", "/rest/asset/v1/folders.json", changing.create, "Read-Write Assets"),
    Route("POST", "/rest/asset/v1/folder/{id}.json", changing.update, "Read-Write Assets"),
    Route("POST", "/rest/asset/v1/folder/{id}/delete.json", changing.delete, "Read-Write Assets"),
)

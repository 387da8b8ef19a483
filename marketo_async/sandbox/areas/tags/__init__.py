"""Tag types: two operations, read-only. The tags of a program are the programs' concern."""

from __future__ import annotations

from marketo_async.sandbox.areas.tags import routes
from marketo_async.sandbox.areas.tags.state import TagType, TagTypes
from marketo_async.sandbox.exchange import Route

__all__ = ["ROUTES", "TagType", "TagTypes"]

ROUTES: tuple[Route, ...] = (
    Route("GET", "/rest/asset/v1/tagTypes.json", routes.browse, "Read-Only Assets"),
    Route("GET", "/rest/asset/v1/tagType/byName.json", routes.by_name, "Read-Only Assets"),
)

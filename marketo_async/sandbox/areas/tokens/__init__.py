"""My Tokens: three operations."""

from __future__ import annotations

from marketo_async.sandbox.areas.tokens import routes
from marketo_async.sandbox.areas.tokens.state import MyTokens
from marketo_async.sandbox.exchange import Route

__all__ = ["ROUTES", "MyTokens"]

ROUTES: tuple[Route, ...] = (
    Route("GET", "/rest/asset/v1/folder/{id}/tokens.json", routes.browse, "Read-Only Assets"),
    Route("POST", "/rest/asset/v1/folder/{id}/tokens.json", routes.put, "Read-Write Assets"),
    Route("POST", "/rest/asset/v1/folder/{id}/tokens/delete.json", routes.delete, "Read-Write Assets"),
)

"""Channels: two operations, read-only."""

from __future__ import annotations

from marketo_async.sandbox.areas.channels import routes
from marketo_async.sandbox.areas.channels.state import Channel, Channels, ProgressionStatus
from marketo_async.sandbox.exchange import Route

__all__ = ["ROUTES", "Channel", "Channels", "ProgressionStatus"]

ROUTES: tuple[Route, ...] = (
    Route("GET", "/rest/asset/v1/channels.json", routes.browse, "Read-Only Assets"),
    Route("GET", "/rest/asset/v1/channel/byName.json", routes.by_name, "Read-Only Assets"),
)

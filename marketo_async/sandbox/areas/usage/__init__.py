"""Usage and error statistics: what the instance counted, by day in US Central time."""

from __future__ import annotations

from marketo_async.sandbox.areas.usage.routes import ROUTES

__all__ = ["ROUTES"]

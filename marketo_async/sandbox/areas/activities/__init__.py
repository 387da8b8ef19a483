"""Activities: their types, and a log of what happened to leads."""

from __future__ import annotations

from marketo_async.sandbox.areas.activities import types
from marketo_async.sandbox.areas.activities.state import Activities, Activity
from marketo_async.sandbox.exchange import Route

__all__ = ["ROUTES", "Activities", "Activity"]

ROUTES: tuple[Route, ...] = (Route("GET", "/rest/v1/activities/types.json", types.browse, "Read-Only Activity"),)

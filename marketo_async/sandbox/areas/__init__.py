"""The areas of the API: one package each, with its routes and its state."""

from __future__ import annotations

from marketo_async.sandbox.areas import (
    activities,
    channels,
    folders,
    intake,
    leads,
    lists,
    members,
    programs,
    tags,
    tokens,
    usage,
)

ROUTES = (
    *programs.ROUTES,
    *channels.ROUTES,
    *tags.ROUTES,
    *folders.ROUTES,
    *tokens.ROUTES,
    *leads.ROUTES,
    *activities.ROUTES,
    *intake.ROUTES,
    *lists.ROUTES,
    *members.ROUTES,
    *usage.ROUTES,
)
"""Every operation of the sandbox."""

__all__ = ["ROUTES"]

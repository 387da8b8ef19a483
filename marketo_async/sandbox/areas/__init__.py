"""The areas of the API: one package each, with its routes and its state."""

from __future__ import annotations

from marketo_async.sandbox.areas import channels, folders, leads, programs, tags, tokens, usage

ROUTES = (
    *programs.ROUTES,
    *channels.ROUTES,
    *tags.ROUTES,
    *folders.ROUTES,
    *tokens.ROUTES,
    *leads.ROUTES,
    *usage.ROUTES,
)
"""Every operation of the sandbox."""

__all__ = ["ROUTES"]

"""How a long command shows how far it is."""

from __future__ import annotations

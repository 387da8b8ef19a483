"""The commands: each is one call of ours and one printer."""

from __future__ import annotations

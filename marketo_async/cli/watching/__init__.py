"""Looking at the limits of a fleet while it works."""

from __future__ import annotations

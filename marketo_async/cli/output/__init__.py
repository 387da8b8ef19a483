"""Where output goes, and in which shape."""

from __future__ import annotations

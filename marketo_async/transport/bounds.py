"""Time-outs that end waits which news have made vain."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def expire(bounds: Iterable[asyncio.Timeout]) -> None:
    """Let those that have not expired do so now."""
    now = asyncio.get_running_loop().time()
    for bound in bounds:
        if not bound.expired():
            bound.reschedule(now)

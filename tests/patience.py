"""How tests wait for what nothing tells them: by looking again, for as long as the slowest of machines may need."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PATIENCE = 20.0
"""Seconds: no machine is so busy that what happens at all happens later."""


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Wait until a look says yes; an error where none does."""
    async with asyncio.timeout(PATIENCE):
        while not await look():  # noqa: ASYNC110 - this is the one place
            await asyncio.sleep(0.01)

"""The callers at the head of their lanes, who may wait for long: news that concern all of them reach them at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from marketo_async.transport.bounds import expire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


class Heads:
    """The heads of the lanes of one limiter."""

    def __init__(self) -> None:
        self._bounds: set[asyncio.Timeout] = set()

    async def wait(self, check: Callable[[], None], take: Callable[[], Awaitable[T]]) -> T:
        """Wait until something is taken.

        Args:
            check: Raises where nothing is to be had; asked first, and again after news.
            take: Waits and takes; cancelled by news, it has taken nothing.
        """
        while True:
            check()
            bound = asyncio.timeout(None)
            try:
                async with bound:
                    self._bounds.add(bound)
                    return await take()
            except TimeoutError:
                if not bound.expired():  # somebody else's
                    raise
            finally:
                self._bounds.discard(bound)

    def look_again(self) -> None:
        """Let every head check again whether there is anything to wait for."""
        expire(self._bounds)

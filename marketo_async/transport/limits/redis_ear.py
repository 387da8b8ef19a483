"""A worker's ear: the channel on which Redis tells it that a call should come and look."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING

from marketo_async.transport.limits.redis_connection import AWAY, CONNECTED, listen, mind_cancellation

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.transport.limits.redis_connection import AnyRedis

logger = logging.getLogger("marketo_async")

_AGAIN = 0.25
"""Seconds between two attempts to listen, at most; at random, so that a fleet does not come all at once."""


class Ear:
    """Listens for as long as it is not cancelled, and connects again whenever that breaks.

    Args:
        redis: What to listen to.
        patience: Seconds that somebody waits for it to listen.
    """

    def __init__(self, redis: AnyRedis, *, patience: float) -> None:
        self._redis, self._patience = redis, patience
        self._hears = asyncio.Event()
        self._why: BaseException | None = None

    async def listen(self, channel: str, *, said: Callable[[str], None], missed: Callable[[], None]) -> None:
        """Listen, for ever.

        Args:
            channel: To what.
            said: Told what is said.
            missed: Told whenever something may have been said that was not heard.
        """
        heard_before = False
        while True:
            try:
                async for word in listen(self._redis, channel, patience=self._patience):
                    if word != CONNECTED:
                        said(word)
                        continue
                    self._hears.set()
                    if heard_before:
                        missed()
                    heard_before = True
            except AWAY as error:
                self._why = error
                logger.debug("the connection to Redis is gone: %s: %s", type(error).__name__, error)
            mind_cancellation()
            self._hears.clear()
            missed()
            await asyncio.sleep(random.uniform(0.2, 1.0) * min(_AGAIN, self._patience / 3))

    async def hears(self) -> None:
        """Wait until it listens.

        Raises:
            RedisError, OSError: why it does not, after as many seconds as there is patience.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._hears.wait()
        except TimeoutError:
            raise self._why or TimeoutError("no answer to SUBSCRIBE") from None

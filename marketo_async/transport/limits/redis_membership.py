"""How a worker comes to be among the workers of its instance, and comes back after Redis was away."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Literal

from marketo_async.errors import ArgumentError
from marketo_async.transport.limits.redis_connection import AWAY, SLOW, patiently
from marketo_async.transport.limits.redis_ear import Ear
from marketo_async.transport.limits.redis_untold import as_requests
from marketo_async.transport.limits.redis_word import MICROSECONDS, Word, differing

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.transport.limits.redis_connection import AnyRedis
    from marketo_async.transport.limits.redis_memory import Memory
    from marketo_async.transport.limits.redis_tasks import OwnTasks
    from marketo_async.transport.limits.redis_untold import Untold
    from marketo_async.transport.limits.redis_voice import Voice

logger = logging.getLogger("marketo_async")


class Membership:
    """Whether a worker is among the others: only then what it asks is asked of the book that all have.

    Attributes:
        state: "apart" before it has joined, or where it is not sure of that; "joined"; "away" where Redis is; "parted"
            once nothing more will be said.
        why: What made Redis count as away.
        alone: Calls made without the book today, which it must be told of.
        heard_at: Loop time of the last question whose answer renewed all that this worker has.
    """

    def __init__(self, redis: AnyRedis, voice: Voice, memory: Memory, untold: Untold, tasks: OwnTasks) -> None:
        self.state: Literal["apart", "joined", "away", "parted"] = "apart"
        self.why: BaseException | None = None
        self.alone = 0
        self._alone_before = 0
        self.heard_at = 0.0
        self._redis, self._voice, self._memory, self._untold, self._tasks = redis, voice, memory, untold, tasks
        self._ear = Ear(redis, patience=voice.patience)
        self._away_since: float | None = None
        self._joining: asyncio.Task[None] | None = None
        self.on_wake: Callable[[str | None], None] = lambda _: None
        self.on_doubt: Callable[[], None] = lambda: None
        self.on_away: Callable[[], None] = lambda: None
        self.on_return: Callable[[], None] = lambda: None
        self.on_joined: Callable[[], None] = lambda: None

    def listen(self) -> None:
        """Begin to listen to what Redis says unasked."""
        self._tasks.spawn(self._ear.listen(self._voice.channel, said=self._was_told, missed=self.doubt))

    async def ready(self) -> bool:
        """Join, where that has not been done; return whether this worker is among the others.

        Raises:
            ArgumentError: the others have agreed on other numbers.
        """
        while self.state == "apart":
            if self._joining is None or self._joining.done():
                self._joining = self._tasks.spawn(self._join())
            joining = self._joining
            await asyncio.wait((joining,))
            error = None if joining.cancelled() else joining.exception()
            if isinstance(error, ArgumentError):
                raise error.fresh()
            if error is not None:
                raise error
        return self.state == "joined"

    def doubt(self) -> None:
        """Something broke: find out whether it is still the same book before anything else is asked."""
        if self.state == "joined":
            self.state = "apart"
        self.on_doubt()

    def _was_told(self, word: str) -> None:
        """Let a call come and look; or learn which book there is now, for Redis has lost the last."""
        if ":" in word:
            self.on_wake(word)
        elif word != self._voice.epoch:
            self.doubt()

    async def is_back(self) -> bool:
        """Look whether a Redis that was away answers again."""
        try:
            async with patiently(self._voice.patience):
                await self._redis.ping()
        except AWAY:
            return False
        self.state = "apart"
        self.on_return()
        return True

    async def _join(self) -> None:
        first_at = asyncio.get_running_loop().time()
        try:
            try:
                await self._say_all()
            except AWAY as error:
                took = asyncio.get_running_loop().time() - first_at
                if isinstance(error, SLOW) and took < 1.1 * self._voice.patience:
                    raise
                # The connection was a dead one, or it was this loop that stood still: neither says that Redis is away.
                await self._say_all()
        except AWAY as error:
            self._gone(error)

    async def _say_all(self) -> None:
        """Say what the book may not know, and be among the others then."""
        endings, out, alone = self._untold.now(), dict(self._memory.out), self.alone
        for booking in out.values():
            # Whichever ends while this is on its way has an end to be told.
            booking.asked, booking.untold = True, False
        began = asyncio.get_running_loop().time()
        word = await self._voice.say("replay", memory=self._all_that_is_known(began), endings=as_requests(endings))
        if word.status == "stale":
            return  # and again, by the right time
        if word.status == "numbers":
            ours, theirs = differing(self._voice.numbers, word.detail)
            raise ArgumentError("limits", ours, f"{theirs}, as the other workers of this instance have it")
        self._untold.told(endings)
        self.alone -= alone
        self._alone_before += alone
        await self._ear.hears()
        for booking in out.values():
            booking.sure_at, booking.day = began, booking.day or word.day_ends
        if self.why is not None:
            logger.info("the limits are shared over Redis again: %d workers", word.workers)
        self.why = None
        self._voice.epoch, self.heard_at, self._away_since = word.epoch, began, None
        self.state = "joined"
        self.on_joined()
        self.on_wake(None)

    def _all_that_is_known(self, now: float) -> dict[str, object]:
        word = self._voice.word or Word(status="")
        known: dict[str, object] = {
            **self._memory.replay(now=now),
            "day": word.day_ends,
            "calls": word.calls_today,
            "others": word.others_today,
            "closed_until": word.closed_until,
            "limit": word.limit or 0,
            "places": word.places,
            "alone": self.alone,
            "alone_before": self._alone_before,
        }
        if self._away_since is not None:
            known["away"] = round((now - self._away_since) * MICROSECONDS)
        return known

    def _gone(self, error: BaseException) -> None:
        if self.why is None:
            logger.warning("Redis cannot be used, the limits are not shared: %s: %s", type(error).__name__, error)
            self._away_since = asyncio.get_running_loop().time()
        self.why, self.state = error, "away"
        self.on_away()
        self.on_wake(None)

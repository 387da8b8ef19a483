"""One worker's talk with the book in Redis: it says how calls ended, renews leases, looks whether Redis is back.

Everything that has an order goes through one task: endings, renewals, and what Redis must be told before it may be
asked again. Only a call that books or enters asks beside it.
"""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING, TypeVar

from marketo_async.errors import ArgumentError
from marketo_async.transport.limits.redis_connection import AWAY
from marketo_async.transport.limits.redis_membership import Membership
from marketo_async.transport.limits.redis_tasks import OwnTasks
from marketo_async.transport.limits.redis_untold import Untold, as_requests

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from marketo_async.transport.limits.ledger import Ending
    from marketo_async.transport.limits.redis_connection import AnyRedis
    from marketo_async.transport.limits.redis_memory import FleetBooking, Memory
    from marketo_async.transport.limits.redis_voice import Voice

_T = TypeVar("_T")

logger = logging.getLogger("marketo_async")

PROBE = 0.5
"""Seconds between two looks whether Redis is back."""

GRACE = 2 * PROBE
"""Seconds that a book which knows nothing waits for those who do not know yet that it is there."""

_FLUSH = 2.0
"""Seconds that closing waits for what Redis must still be told."""


class Contact:
    """The talk of one worker with the book of its instance.

    Attributes:
        voice: How it asks.
        membership: Whether it is among the others.
        calls: Calls that have begun to ask and have not ended.
        closed: Whether it is closing.
    """

    def __init__(self, redis: AnyRedis, voice: Voice, memory: Memory, *, owned: bool, lease_ttl: float) -> None:
        self.calls = 0
        self.closed = False
        self.voice = voice
        self._redis, self._owned = redis, owned
        self._beat = lease_ttl / 3
        self._memory = memory
        self._untold, self._tasks = Untold(), OwnTasks()
        self._kick, self._turned = asyncio.Event(), asyncio.Event()
        self._word_wanted_at = 0.0
        self._keeper: asyncio.Task[None] | None = None
        self.membership = Membership(redis, voice, memory, self._untold, self._tasks)
        self.membership.on_doubt = self._kick.set

    async def ready(self) -> bool:
        """Join, where that has not been done; return whether this worker is among the others.

        Raises:
            ArgumentError: the others have agreed on other numbers.
        """
        if self._keeper is None and not self.closed:
            self.membership.listen()
            self._keeper = self.spawn(self._keep())
        return await self.membership.ready()

    def doubt(self) -> None:
        """Something broke: find out whether it is still the same book before anything else is asked."""
        self.membership.doubt()

    def spawn(self, coroutine: Coroutine[object, object, _T]) -> asyncio.Task[_T]:
        """Start a task that is this worker's own."""
        return self._tasks.spawn(coroutine)

    # ---------------------------------------------------------------- what is to be told

    def tell(self, booking: FleetBooking, ending: Ending) -> None:
        """Let Redis know how a call ended, as soon as it can be told; never waits."""
        self._untold.add(booking, ending)
        self._kick.set()

    async def refresh(self) -> None:
        """Have everything told by now, and a word from Redis that is younger than that."""
        asked = asyncio.get_running_loop().time()
        self._word_wanted_at = asked
        while await self.ready() and (self._untold or self.membership.heard_at < asked):
            self._turned.clear()
            self._kick.set()
            await self._turned.wait()

    def ended(self) -> None:
        """Learn that a call which had begun to ask has ended; never waits."""
        self.calls -= 1
        if self.closed:
            self._kick.set()

    # ---------------------------------------------------------------- telling, in order

    async def _keep(self) -> None:
        try:
            while not self._is_done:
                await self._next_turn()
                try:
                    await self._turn()
                except ArgumentError:
                    await asyncio.sleep(PROBE)  # whoever calls is told; here it is only tried again
                self._turned.set()
            if self.membership.state == "joined":
                await self.voice.say("leave")
        except AWAY as error:
            logger.info("closed without a word to Redis: %s: %s", type(error).__name__, error)
        finally:
            self.membership.state = "parted"
            self._untold.none.set()
            self._turned.set()
            await self._tasks.end_others(within=_FLUSH)
            if self._owned:
                await self._redis.aclose()

    @property
    def _is_done(self) -> bool:
        """Whether nothing is left to say, or nobody to say it to."""
        return self.closed and not self.calls and (not self._untold or self.membership.state == "away")

    async def _next_turn(self) -> None:
        if self.membership.state == "away":
            if not self._is_done:
                await asyncio.sleep(PROBE * random.uniform(0.8, 1.2))
            return
        try:
            async with asyncio.timeout_at(self.membership.heard_at + self._beat):
                await self._kick.wait()
        except TimeoutError:
            pass
        self._kick.clear()

    async def _turn(self) -> None:
        member = self.membership
        if member.state == "away" and not await member.is_back():
            return
        if not await self.ready():
            return
        began, endings = asyncio.get_running_loop().time(), self._untold.now()
        beat = began >= member.heard_at + self._beat or member.heard_at < self._word_wanted_at
        if not endings and not beat:
            return
        renewed = dict(self._memory.out) if beat else {}
        try:
            word = await self.voice.say("tell", endings=as_requests(endings), renew=list(renewed) if beat else None)
        except AWAY:
            self.doubt()
            return
        if word.status == "ok":
            self._untold.told(endings)
            if beat:
                member.heard_at = began
            for booking in renewed.values():
                booking.sure_at = began
        else:
            self.doubt()

    async def aclose(self) -> None:
        """Say what is left to say, bounded, and part. What is still out may end later: then its end is told, too."""
        if self.closed:
            return
        self.closed = True
        self.membership.on_wake(None)
        if self._keeper is None:
            self.membership.state = "parted"
            if self._owned:
                await self._redis.aclose()
            return
        self._kick.set()
        last = self._keeper if not self._memory.out else asyncio.ensure_future(self._untold.none.wait())
        await asyncio.wait((last,), timeout=_FLUSH)
        if not last.done():
            last.cancel()
            await asyncio.wait((last,))

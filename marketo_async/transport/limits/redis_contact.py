"""One worker's talk with the book in Redis: it joins, says how calls ended, renews leases, comes back after an outage.

Everything that has an order goes through one task: endings, renewals, and what Redis must be told before it may be
asked again. Only a call that books or enters asks beside it.
"""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING, Literal, TypeVar

from marketo_async.errors import ArgumentError
from marketo_async.transport.limits.redis_connection import AWAY, SLOW
from marketo_async.transport.limits.redis_ear import Ear
from marketo_async.transport.limits.redis_memory import as_request
from marketo_async.transport.limits.redis_word import MICROSECONDS, Word, differing

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

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
    """A worker among the workers of one instance.

    Attributes:
        voice: How it asks.
        state: "apart" before it has joined, or where it is not sure of that; "joined"; "away" where Redis is; "parted"
            once nothing more will be said.
        why: What made Redis count as away.
        alone: Calls made without the book today, which it must be told of.
        calls: Calls that have begun to ask and have not ended.
        closed: Whether it is closing.
    """

    def __init__(
        self,
        redis: AnyRedis,
        voice: Voice,
        memory: Memory,
        *,
        owned: bool,
        lease_ttl: float,
    ) -> None:
        self.state: Literal["apart", "joined", "away", "parted"] = "apart"
        self.why: BaseException | None = None
        self.alone = 0
        self.calls = 0
        self.closed = False
        self.voice = voice
        self._redis, self._owned = redis, owned
        self._beat = lease_ttl / 3
        self._memory = memory
        self._away_since: float | None = None
        self._pending: dict[str, tuple[FleetBooking, Ending]] = {}
        self._kick, self._turned, self._flushed = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._ear = Ear(redis, patience=voice.patience)
        self._beat_at = self._word_wanted_at = 0.0
        self._joining: asyncio.Task[None] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[object]] = set()
        self.on_wake: Callable[[str | None], None] = lambda _: None
        self.on_away: Callable[[], None] = lambda: None
        self.on_return: Callable[[], None] = lambda: None
        self.on_joined: Callable[[], None] = lambda: None

    # ---------------------------------------------------------------- being among the others

    async def ready(self) -> bool:
        """Join, where that has not been done; return whether this worker is among the others.

        Raises:
            ArgumentError: the others have agreed on other numbers.
        """
        while self.state == "apart":
            if self._joining is None or self._joining.done():
                self._joining = self.spawn(self._join())
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
        self._kick.set()

    async def _join(self) -> None:
        self._begin()
        first_at = asyncio.get_running_loop().time()
        try:
            try:
                await self._say_all()
            except AWAY as error:
                took = asyncio.get_running_loop().time() - first_at
                if isinstance(error, SLOW) and took < 1.1 * self.voice.patience:
                    raise
                # The connection was a dead one, or it was this loop that stood still: neither says that Redis is away.
                await self._say_all()
        except AWAY as error:
            self._gone(error)

    async def _say_all(self) -> None:
        """Say what the book may not know, and be among the others then."""
        endings = dict(self._pending)
        began = asyncio.get_running_loop().time()
        word = self.voice.word or Word(status="")
        memory: dict[str, object] = {
            **self._memory.replay(now=began),
            "day": word.day_ends,
            "calls": word.calls_today,
            "others": word.others_today,
            "closed_until": word.closed_until,
            "limit": word.limit or 0,
            "places": word.places,
            "alone": self.alone,
        }
        if self._away_since is not None:
            memory["away"] = round((began - self._away_since) * MICROSECONDS)
        word = await self.voice.say("replay", memory=memory, endings=self._told(endings))
        if word.status == "stale":
            return  # and again, by the right time
        if word.status == "numbers":
            ours, theirs = differing(self.voice.numbers, word.detail)
            raise ArgumentError("limits", ours, f"{theirs}, as the other workers of this instance have it")
        await self._ear.hears()
        self._confirm(endings)
        for booking in self._memory.out.values():
            booking.asked, booking.sure_at, booking.day = True, began, booking.day or word.day_ends
        if self.why is not None:
            logger.info("the limits are shared over Redis again: %d workers", word.workers)
        self.why, self.alone = None, 0
        self.voice.epoch, self._beat_at, self._away_since = word.epoch, began, None
        self.state = "joined"
        self.on_joined()
        self.on_wake(None)

    def _gone(self, error: BaseException) -> None:
        if self.why is None:
            logger.warning("Redis cannot be used, the limits are not shared: %s: %s", type(error).__name__, error)
            self._away_since = asyncio.get_running_loop().time()
        self.why, self.state = error, "away"
        self.on_away()
        self.on_wake(None)

    # ---------------------------------------------------------------- telling, in order

    def tell(self, booking: FleetBooking, ending: Ending) -> None:
        """Let Redis know how a call ended, as soon as it can be told; never waits."""
        self._pending[booking.id] = (booking, ending)
        self._flushed.clear()
        self._kick.set()

    async def refresh(self) -> None:
        """Have everything told by now, and a word from Redis that is younger than that."""
        asked = asyncio.get_running_loop().time()
        self._word_wanted_at = asked
        while await self.ready() and (self._pending or self._beat_at < asked):
            self._turned.clear()
            self._kick.set()
            await self._turned.wait()

    def ended(self) -> None:
        """Learn that a call which had begun to ask has ended; never waits."""
        self.calls -= 1
        if self.closed:
            self._kick.set()

    def _told(self, endings: dict[str, tuple[FleetBooking, Ending]]) -> list[dict[str, object]]:
        now = asyncio.get_running_loop().time()
        return [as_request(booking, ending, now=now) for booking, ending in endings.values()]

    def _confirm(self, endings: dict[str, tuple[FleetBooking, Ending]]) -> None:
        for name, told in endings.items():
            if self._pending.get(name) is told:
                del self._pending[name]
        if not self._pending:
            self._flushed.set()

    async def _keep(self) -> None:
        try:
            while not self._is_done:
                await self._next_turn()
                try:
                    await self._turn()
                except ArgumentError:
                    await asyncio.sleep(PROBE)  # whoever calls is told; here it is only tried again
                self._turned.set()
            if self.state == "joined":
                await self.voice.say("leave")
        except AWAY as error:
            logger.info("closed without a word to Redis: %s: %s", type(error).__name__, error)
        finally:
            self.state = "parted"
            self._flushed.set()
            self._turned.set()
            others = self._tasks - {asyncio.current_task()}
            for task in others:
                task.cancel()
            if others:
                await asyncio.wait(others, timeout=_FLUSH)
            if self._owned:
                await self._redis.aclose()

    @property
    def _is_done(self) -> bool:
        """Whether nothing is left to say, or nobody to say it to."""
        return self.closed and not self.calls and (not self._pending or self.state == "away")

    async def _next_turn(self) -> None:
        if self.state == "away":
            if not self._is_done:
                await asyncio.sleep(PROBE * random.uniform(0.8, 1.2))
            return
        try:
            async with asyncio.timeout_at(self._beat_at + self._beat):
                await self._kick.wait()
        except TimeoutError:
            pass
        self._kick.clear()

    async def _turn(self) -> None:
        if self.state == "away" and not await self._is_back():
            return
        if not await self.ready():
            return
        loop = asyncio.get_running_loop()
        began, endings = loop.time(), dict(self._pending)
        beat = began >= self._beat_at + self._beat or self._beat_at < self._word_wanted_at
        if not endings and not beat:
            return
        renewed = dict(self._memory.out) if beat else {}
        try:
            word = await self.voice.say("tell", endings=self._told(endings), renew=list(renewed) if beat else None)
        except AWAY:
            self.doubt()
            return
        if word.status == "ok":
            self._confirm(endings)
            if beat:
                self._beat_at = began
            for booking in renewed.values():
                booking.sure_at = began
        else:
            self.doubt()

    async def _is_back(self) -> bool:
        try:
            async with asyncio.timeout(self.voice.patience):
                await self._redis.ping()
        except AWAY:
            return False
        self.state = "apart"
        self.on_return()
        return True

    # ---------------------------------------------------------------- tasks

    def _begin(self) -> None:
        if self._keeper is None:
            self._flushed.set()
            self.spawn(self._ear.listen(self.voice.channel, said=self.on_wake, missed=self.doubt))
            self._keeper = self.spawn(self._keep())

    def spawn(self, coroutine: Coroutine[object, object, _T]) -> asyncio.Task[_T]:
        """Start a task that is this worker's own, so that no caller takes it along when it is cancelled."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_retrieve)
        return task

    async def aclose(self) -> None:
        """Say what is left to say, bounded, and part. What is still out may end later: then its end is told, too."""
        if self.closed:
            return
        self.closed = True
        self.on_wake(None)
        if self._keeper is None:
            self.state = "parted"
            if self._owned:
                await self._redis.aclose()
            return
        self._kick.set()
        last = self._keeper if not self._memory.out else asyncio.ensure_future(self._flushed.wait())
        await asyncio.wait((last,), timeout=_FLUSH)
        if not last.done():
            last.cancel()
            await asyncio.wait((last,))


def _retrieve(task: asyncio.Task[object]) -> None:
    if not task.cancelled():
        task.exception()

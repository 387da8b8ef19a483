"""How a worker asks the book: one script, with all that it needs to know of who asks, and one word in return."""

from __future__ import annotations

import asyncio
import os
import uuid
from typing import TYPE_CHECKING

from marketo_async.errors import ClientStateError
from marketo_async.transport.limits.redis_clock import RedisClock
from marketo_async.transport.limits.redis_connection import Script, expecting_redis, patiently, scripts_at_once
from marketo_async.transport.limits.redis_word import MICROSECONDS, Word, as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketo_async.transport.limits.ledger import Lane
    from marketo_async.transport.limits.redis_connection import AnyRedis


class Voice:
    """One worker's voice.

    Attributes:
        script: What it runs.
        numbers: What all workers agree on.
        patience: Seconds to wait for an answer.
        clock: Redis' clock.
        word: What Redis said last; None before the first word.
        epoch: Which book this worker has joined; "" before.
        callers: How many wait in this worker, per lane.
        head_waits: Whether the first of the interactive ones stands in a list of the book's.
    """

    def __init__(
        self, redis: AnyRedis, keys: Sequence[str], numbers: str, *, patience: float, trusts: bool, lease_ttl: float
    ) -> None:
        self.script = Script(redis, keys, at_once=scripts_at_once(redis))
        self.numbers = numbers
        self.patience = patience
        self.clock = RedisClock()
        self.word: Word | None = None
        self.epoch = ""
        self.callers: dict[Lane, int] = {"interactive": 0, "bulk": 0}
        self.head_waits = False
        self._keys = keys
        self._trusts, self._lease_ttl = trusts, lease_ttl
        self._most = (0, 0.0)
        self._name = ""
        self._pid = 0

    @property
    def worker(self) -> str:
        """The name of this worker, of this process's own: it is made when it is needed first.

        Raises:
            ClientStateError: the process was forked since.
        """
        if not self._name:
            self._name, self._pid = uuid.uuid4().hex[:16], os.getpid()
        elif self._pid != os.getpid():
            raise ClientStateError("The process was forked after the limiter was used; make a limiter in each process.")
        return self._name

    @property
    def workers(self) -> int:
        """How many workers there are, or were lately; 0 before the first word."""
        return self._most[0]

    @property
    def channel(self) -> str:
        """Where this worker is told to come and look."""
        return f"{self._keys[0]}:wake:{self.worker}"

    async def say(self, what: str, **more: object) -> Word:
        """Run the script once and return what Redis says.

        Raises:
            RedisError, OSError: Redis cannot be used; whether the script was run is not known.
        """
        waiting = [self.callers["interactive"], self.callers["bulk"]]
        request: dict[str, object] = {
            "op": what,
            "worker": self.worker,
            "epoch": uuid.uuid4().hex,
            "knows": self.epoch,
            "trusts": self._trusts,
            "waiting": waiting,
            "coming": max(0, waiting[0] - self.head_waits),
            "midnights": self.clock.midnights(),
            "sent": round(self.clock.time() * MICROSECONDS) if self.clock.is_known else None,
            "patience": round(self.patience * MICROSECONDS),
        }
        async with patiently(self.patience):
            reply = await self.script.run(as_text({**request, **more}), self.numbers)
        with expecting_redis():
            word = Word.read(reply, heard=asyncio.get_running_loop().time())
        if word.now:
            self.clock.heard(word.now, at=word.heard)
        if word.epoch and (self.word is None or word.epoch != self.word.epoch or word.now >= self.word.now):
            self.word = word
            # A book that has lost its memory meets the workers one by one.
            if word.workers >= self._most[0] or word.heard - self._most[1] > self._lease_ttl:
                self._most = (word.workers, word.heard)
        return word

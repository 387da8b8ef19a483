"""The limiter of a fleet: the same front end as ever, over the book in Redis."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Self, cast

import attrs

from marketo_async.errors import ArgumentError
from marketo_async.transport.limits.fleet import FleetStats
from marketo_async.transport.limits.fleet_budget import FleetBudget
from marketo_async.transport.limits.limiter import Limiter
from marketo_async.transport.limits.limits import Limits, checked_limits
from marketo_async.transport.limits.ranges import one_of, seconds, whole
from marketo_async.transport.limits.redis_connection import Script, connection_to, patiently
from marketo_async.transport.limits.redis_contact import GRACE, Contact
from marketo_async.transport.limits.redis_ledger import RedisLedger
from marketo_async.transport.limits.redis_memory import Memory
from marketo_async.transport.limits.redis_voice import Voice
from marketo_async.transport.limits.redis_word import (
    MICROSECONDS,
    Word,
    as_text,
    instance_name,
    keys_of,
    numbers,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from marketo_async.transport.limits.ledger import Lane
    from marketo_async.transport.limits.redis_connection import AnyRedis

NAMESPACE = "marketo_async"


class RedisLimiter(Limiter):
    """A limiter that all workers of a fleet share over Redis or Valkey, whatever process or machine they run on.

    Each worker makes one and passes it to its clients: `MarketoClient(..., limiter=limiter)`. All workers of an
    instance give the same numbers. Use it as `async with RedisLimiter(...) as limiter:` around the clients, or call
    `aclose`: it has connections of its own. Needs the extra `redis`.

    `stats()` tells of the whole fleet, as of Redis' last word, which is some seconds old where this worker has nothing
    to do; its `waiting`, `granted` and `refusals` are this worker's. `fleet_stats()` asks.

    Args:
        limits: The numbers, the same for all workers, as are `lease_ttl` and what follows from them; `Limits()` unless
            given. Its `cold_start` is not looked at, see below.
        redis: A `redis.asyncio.Redis`, which you close, with 2 connections or more, or an address such as
            `redis://localhost:6379/0`. `Sentinel(...).master_for(...)` is such a client.
        instance: Which instance of Marketo: its Munchkin id, or its address. All credentials of an instance share its
            limits.
        namespace: What the names of the keys begin with.
        lease_ttl: Seconds, 1 or more, after which the calls of a worker that died count as over. Less than the 30 s
            that Marketo works on most calls is for tests.
        on_unavailable: What to do while Redis is away. "local": go on with this worker's part of the limits, as they
            come free; it is told when it is back. "error": `LimiterUnavailableError`, nothing is sent.
        cold_start: What to make of a Redis that knows nothing of the instance. "ramp": it has lost its memory,
            Marketo's window is full, and the first calls go out one by one. "trust": it is new, for tests; a worker
            that has met it before never trusts it.
        supposed_workers: Among how many workers to share the limits where Redis is away from the start; 1 or more.
        patience: Seconds, more than 0, to wait for an answer of Redis before it counts as away.

    Raises:
        ArgumentError: an argument cannot be right. When the first call is made: the other workers of the instance have
            other numbers.
        ModuleNotFoundError: the extra `redis` is not installed.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        redis: AnyRedis | str,
        instance: str,
        namespace: str = NAMESPACE,
        lease_ttl: float = 30.0,
        on_unavailable: Literal["local", "error"] = "local",
        cold_start: Literal["ramp", "trust"] = "ramp",
        supposed_workers: int = 10,
        patience: float = 1.0,
    ) -> None:
        limits = attrs.evolve(checked_limits(limits), cold_start="trust")
        seconds("patience", patience, zero=False)
        seconds("lease_ttl", lease_ttl, zero=False)
        if lease_ttl < 1:
            raise ArgumentError("lease_ttl", lease_ttl, "seconds, 1 or more")
        one_of("on_unavailable", on_unavailable, ("local", "error"))
        one_of("cold_start", cold_start, ("ramp", "trust"))
        whole("supposed_workers", supposed_workers, least=1)
        keys = keys_of(namespace, instance)
        connection, owned = connection_to(redis, patience=patience)
        memory = Memory(limits)
        agreed = numbers(limits, lease_ttl=lease_ttl, grace=GRACE)
        voice = Voice(connection, keys, agreed, patience=patience, trusts=cold_start == "trust", lease_ttl=lease_ttl)
        contact = Contact(connection, voice, memory, owned=owned, lease_ttl=lease_ttl)
        ledger = RedisLedger(
            limits,
            contact,
            memory,
            lease_ttl=lease_ttl,
            supposed_workers=supposed_workers,
            goes_alone=on_unavailable == "local",
        )
        super().__init__(limits, ledger=ledger)
        self.instance = instance_name(instance)
        self._budget = FleetBudget(self.limits, ledger)
        self._shared = ledger
        self._redis, self._keys = connection, keys

    async def fleet_stats(self) -> FleetStats:
        """Ask Redis what all workers of the instance are doing at this moment.

        Raises:
            RedisError: redis-py's error, where Redis cannot be used, or did not answer within `patience`.
            ArgumentError: no worker has used the instance's limits on this Redis yet.
        """
        self._bind()
        async with patiently(self._shared.contact.voice.patience):
            return await _stats(self._redis, self._keys)

    async def refresh(self) -> None:
        """Tell Redis all that it was not told yet, and hear how things stand, so that `stats()` is of this moment.

        Where Redis is away nothing happens.
        """
        self._bind()
        await self._shared.contact.refresh()

    async def __aenter__(self) -> Self:
        self._bind()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


async def fleet_stats(
    redis: AnyRedis, *, instance: str, namespace: str = NAMESPACE, patience: float = 5.0
) -> FleetStats:
    """Ask Redis what all workers of an instance are doing at this moment; changes nothing there.

    Args:
        redis: A `redis.asyncio.Redis`.
        instance: The instance, as given to `RedisLimiter`.
        namespace: The namespace, as given to `RedisLimiter`.
        patience: Seconds, more than 0, to wait for an answer, whatever time-outs the client has.

    Raises:
        RedisError: redis-py's error, where Redis cannot be used, or did not answer within `patience`.
        ArgumentError: no worker has used the instance's limits on this Redis yet, or an argument cannot be right.
    """
    seconds("patience", patience, zero=False)
    async with patiently(patience):
        return await _stats(redis, keys_of(namespace, instance))


async def _stats(redis: AnyRedis, keys: Sequence[str]) -> FleetStats:
    reply = await Script(redis, keys).run(as_text({"op": "look"}), "{}")
    if len(reply) == 1:
        raise ArgumentError("instance", keys[0].rpartition(":")[0], "one that workers with this Redis have used")
    report, state, waiting = cast("tuple[list[object], list[object], list[object]]", reply)
    word = Word.read(report, heard=0.0)
    texts = [text_of(item) for item in state]
    kept = dict(zip(texts[::2], texts[1::2], strict=True))
    return _as_stats(word, kept, [text_of(callers) for callers in waiting])


def _as_stats(word: Word, kept: dict[str, str], waiting: list[str]) -> FleetStats:
    callers = [tuple(map(int, each.split())) for each in waiting]
    lanes: tuple[Lane, Lane] = ("interactive", "bulk")
    settled = cast("dict[str, int]", json.loads(kept["numbers"]))
    return FleetStats(
        limit=word.limit,
        places=word.places,
        in_use=word.in_use,
        in_flight=word.in_flight,
        held=word.held,
        cooling=word.cooling,
        waiting={lane: sum(each[at] for each in callers) for at, lane in enumerate(lanes)},
        granted={lane: int(kept[lane]) for lane in lanes},
        refusals={
            name.removeprefix("refused:"): int(times) for name, times in kept.items() if name.startswith("refused:")
        },
        workers=word.workers,
        calls_today=word.calls_today,
        budget_left=word.budget_left,
        paced=word.paced,
        window=settled["window"] / MICROSECONDS,
        max_calls=settled.get("max_calls"),
        max_concurrency=settled["max_concurrency"],
        at=datetime.fromtimestamp(word.now / MICROSECONDS, UTC),
    )

"""Redis, as the limiter and the token store need it: one script, one channel. One of two files that import redis-py."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, cast

try:
    from redis.asyncio import Redis, RedisCluster
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff
    from redis.exceptions import NoScriptError, RedisError, ResponseError
    from redis.exceptions import TimeoutError as RedisTimeoutError
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] != "redis":
        raise
    raise ModuleNotFoundError(
        'Sharing limits and tokens over Redis needs the extra `redis`: pip install "marketo-async[redis]"',
        name=missing.name,
    ) from missing

from marketo_async.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
    from typing import TypeAlias

    AnyRedis: TypeAlias = Redis

AWAY = (RedisError, OSError)
"""What a Redis that cannot be used ends in; a time-out is an `OSError`."""

SLOW = (TimeoutError, RedisTimeoutError)
"""Those of them that mean that no answer came in time."""

CONNECTED = "connected"
"""What `listen` yields each time it has a connection, the first included."""


def connection_to(redis: AnyRedis | str, *, patience: float) -> tuple[AnyRedis, bool]:
    """Return a client, and whether it is ours to close.

    Args:
        redis: A client, or the address of a server: redis://, rediss:// or unix://.
        patience: Seconds for a connection, and for an answer. A command is not repeated: the ledger knows better.

    Raises:
        ArgumentError: it is neither. What is wrong with an address is not told, for there may be a password in it.
    """
    if isinstance(redis, Redis):
        return redis, False
    if not isinstance(redis, str):  # pyright: ignore[reportUnnecessaryIsInstance] - a synchronous client, say
        raise ArgumentError("redis", type(redis), _ONE_NODE if issubclass(type(redis), RedisCluster) else _ALLOWED)
    try:
        ours: AnyRedis = Redis.from_url(
            redis,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=Retry(NoBackoff(), 0),
        )
    except (ValueError, TypeError):
        scheme, separator, _ = redis.partition("://")
        shown = f"{scheme}://…" if separator and scheme.isalpha() else "…"
        raise ArgumentError("redis", shown, _ALLOWED) from None
    return ours, True


_ALLOWED = (
    "a redis.asyncio.Redis, or an address such as redis://localhost:6379/0, rediss://… or unix://…, in which special "
    "characters of a password are written as %2F and the like"
)

_ONE_NODE = "a redis.asyncio.Redis of a server of its own, for all keys of an instance lie on one node"

AT_ONCE = 3
"""Scripts that a worker runs at a time, at most: a head in each lane, and who tells how calls ended."""


def scripts_at_once(redis: AnyRedis) -> int:
    """Return how many scripts a client may run at a time, beside listening.

    Raises:
        ArgumentError: it has one connection.
    """
    connections = redis.connection_pool.max_connections
    if connections < _LISTENING + 1:
        raise ArgumentError("redis", f"a client with max_connections={connections}", "2 or more: one is for listening")
    return min(AT_ONCE, connections - _LISTENING)


_LISTENING = 1


@contextlib.contextmanager
def expecting_redis() -> Generator[None]:
    """Say in one way what a server that is no Redis does to redis-py in many."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ResponseError("what answers is no Redis") from error


@contextlib.asynccontextmanager
async def patiently(seconds: float) -> AsyncGenerator[None]:
    """Wait for an answer no longer than that, whatever time-outs the client has.

    Raises:
        RedisTimeoutError: none came.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise RedisTimeoutError("Redis did not answer in time") from error
    finally:
        mind_cancellation()


def mind_cancellation() -> None:
    """Go on only where this task has not been cancelled: redis-py can swallow a cancellation, and raise or return.

    Raises:
        CancelledError: it has been.
    """
    if is_cancelled():
        raise asyncio.CancelledError


def is_cancelled() -> bool:
    """Tell whether this task has been cancelled."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _script() -> str:
    folder = files("marketo_async.transport.limits") / "lua"
    parts = sorted((part for part in folder.iterdir() if part.name.endswith(".lua")), key=lambda part: part.name)
    return "\n".join(part.read_text("utf-8") for part in parts)


class Script:
    """The book's one script, on one instance's keys.

    Args:
        redis: Where.
        keys: The instance's.
        at_once: How many may run at a time; whoever comes then waits. A client of the user's may have few connections,
            and redis-py makes an error of it where there is none left.

    Attributes:
        calls: How often it was run.
    """

    text = _script()
    sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __init__(self, redis: AnyRedis, keys: Sequence[str], *, at_once: int = 1) -> None:
        self._redis = redis
        self._turn = asyncio.Semaphore(at_once)
        self._keys = tuple(keys)
        self.calls = 0

    async def run(self, request: str, numbers: str) -> Sequence[object]:
        """Run it; a server that has not met it yet is given its text."""
        self.calls += 1
        operands = (*self._keys, request, numbers)
        with expecting_redis():
            async with self._turn:
                try:
                    reply = await self._redis.evalsha(self.sha, len(self._keys), *operands)
                except NoScriptError:
                    reply = await self._redis.eval(self.text, len(self._keys), *operands)
            if not isinstance(reply, list | tuple):
                raise TypeError("a script answers with a list")
        return cast("Sequence[object]", reply)


async def listen(redis: AnyRedis, channel: str, *, patience: float) -> AsyncGenerator[str, None]:
    """Yield what is published on a channel, and `CONNECTED` whenever there is a connection, the first time included.

    Args:
        redis: Where.
        channel: Which.
        patience: Seconds for a connection: a client without time-outs would wait for ever where answers are lost.

    Raises:
        RedisError: the connection is gone, or a new one cannot be made.
    """
    pubsub = redis.pubsub()
    try:
        with expecting_redis():
            async with patiently(patience):
                await pubsub.subscribe(channel)
        asked = False
        while True:
            # An own time-out keeps a client's `socket_timeout` out of it, which is meant for answers.
            with expecting_redis():
                message = cast("Mapping[str, object] | None", await pubsub.get_message(timeout=_QUIET))
            mind_cancellation()
            if message is None:
                # Whatever lies between may have dropped a quiet connection, and told neither end.
                if asked:
                    raise RedisTimeoutError("no answer to PING")
                await pubsub.ping()
                asked = True
                continue
            asked = False
            if message["type"] == "subscribe":
                yield CONNECTED
            elif message["type"] == "message":
                data = message["data"]
                yield data.decode() if isinstance(data, bytes) else str(data)
    finally:
        await pubsub.aclose()  # type: ignore[no-untyped-call]


_QUIET = 10.0
"""Seconds without a word after which to ask whether anybody is there."""

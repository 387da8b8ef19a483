"""Redis, as the limiter and the token store need it: one script, one channel. One of two files that import redis-py."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, cast

try:
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff
    from redis.exceptions import NoScriptError, RedisError
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] != "redis":
        raise
    raise ModuleNotFoundError(
        'Sharing limits and tokens over Redis needs the extra `redis`: pip install "marketo-async[redis]"',
        name=missing.name,
    ) from missing

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
    from typing import TypeAlias

    AnyRedis: TypeAlias = Redis

AWAY = (RedisError, OSError)
"""What a Redis that cannot be used ends in; a time-out is an `OSError`."""

CONNECTED = "connected"
"""What `listen` yields each time it has a connection, the first included."""


def connection_to(redis: AnyRedis | str, *, patience: float) -> tuple[AnyRedis, bool]:
    """Return a client, and whether it is ours to close.

    Args:
        redis: A client, or the address of a server: redis://, rediss:// or unix://.
        patience: Seconds for a connection, and for an answer. A command is not repeated: the ledger knows better.
    """
    if not isinstance(redis, str):
        return redis, False
    ours: AnyRedis = Redis.from_url(
        redis,
        socket_timeout=patience,
        socket_connect_timeout=patience,
        retry=Retry(NoBackoff(), 0),
    )
    return ours, True


def _script() -> str:
    folder = files("marketo_async.transport.limits") / "lua"
    parts = sorted((part for part in folder.iterdir() if part.name.endswith(".lua")), key=lambda part: part.name)
    return "\n".join(part.read_text("utf-8") for part in parts)


class Script:
    """The book's one script, on one instance's keys.

    Attributes:
        calls: How often it was run.
    """

    text = _script()
    sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __init__(self, redis: AnyRedis, keys: Sequence[str]) -> None:
        self._redis = redis
        self._keys = tuple(keys)
        self.calls = 0

    async def run(self, request: str, numbers: str) -> Sequence[object]:
        """Run it; a server that has not met it yet is given its text."""
        self.calls += 1
        operands = (*self._keys, request, numbers)
        try:
            reply = self._redis.evalsha(self.sha, len(self._keys), *operands)
            return await cast("Awaitable[Sequence[object]]", reply)
        except NoScriptError:
            reply = self._redis.eval(self.text, len(self._keys), *operands)
            return await cast("Awaitable[Sequence[object]]", reply)


async def listen(redis: AnyRedis, channel: str) -> AsyncGenerator[str, None]:
    """Yield what is published on a channel, and `CONNECTED` whenever there is a connection, the first time included.

    Raises:
        RedisError: the connection is gone, or a new one cannot be made.
    """
    pubsub = redis.pubsub()
    try:
        await pubsub.subscribe(channel)
        while True:
            # An own time-out keeps a client's `socket_timeout` out of it, which is meant for answers.
            message = cast("Mapping[str, object] | None", await pubsub.get_message(timeout=_LONG))
            if message is None:
                continue
            if message["type"] == "subscribe":
                yield CONNECTED
            elif message["type"] == "message":
                data = message["data"]
                yield data.decode() if isinstance(data, bytes) else str(data)
    finally:
        await pubsub.aclose()  # type: ignore[no-untyped-call]


_LONG = 3600.0

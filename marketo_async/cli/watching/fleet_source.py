"""Where looks at a fleet come from: Redis, which all its workers share."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from marketo_async.cli.exit_codes import UsageError
from marketo_async.errors import ArgumentError, NotSentError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
    from typing import TypeAlias

    from marketo_async.transport.limits.fleet import FleetStats

    Source: TypeAlias = Callable[[], Awaitable[FleetStats | None]]

_PATIENCE = 2.0
"""Seconds for a connection, and for an answer: somebody is looking."""

_NO_ADDRESS = (
    "--redis or MARKETO_REDIS_URL: that is no address of a Redis. It is one such as redis://localhost:6379/0, "
    "rediss://… or unix://…, in which special characters of a password are written as %2F and the like"
)


@asynccontextmanager
async def fleet_on_redis(url: str, *, instance: str, namespace: str | None) -> AsyncGenerator[Source, None]:
    """Open Redis, and yield what asks it about the fleet: None where nobody has used that namespace yet.

    What is yielded raises `NotSentError` where Redis cannot be used.

    Args:
        url: The address of Redis; a password in it shows in no message.
        instance: The address of the Marketo instance.
        namespace: The one that the workers give; theirs unless they give one.

    Raises:
        UsageError: the extra is not installed, or there can be no such address.
        ArgumentError: there can be no such instance or namespace.
    """
    with _needing_redis():
        from marketo_async.transport.limits.redis_connection import AWAY, connection_to  # noqa: PLC0415 - the extra may be missing
        from marketo_async.transport.limits.redis_limiter import NAMESPACE, fleet_stats  # noqa: PLC0415 - as above
        from marketo_async.transport.limits.redis_word import keys_of  # noqa: PLC0415 - as above
    namespace = NAMESPACE if namespace is None else namespace
    keys_of(namespace, instance)  # from here on an argument that cannot be right is one that nobody has used yet
    try:
        redis, _ = connection_to(url, patience=_PATIENCE)
    except ValueError:  # its words are for who writes Python
        raise UsageError(_NO_ADDRESS) from None

    async def source() -> FleetStats | None:
        try:
            return await fleet_stats(redis, instance=instance, namespace=namespace)
        except ArgumentError:
            return None
        except AWAY as error:
            raise NotSentError(f"Redis at {shown(url)} cannot be used: {_words(error)}") from None

    try:
        yield source
    finally:
        await redis.aclose()


@contextmanager
def _needing_redis() -> Generator[None, None, None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "redis":
            raise
        raise UsageError(
            "to look at a fleet needs the extra `redis`, which is not installed: pip install 'marketo-async[cli,redis]'"
        ) from error


def shown(url: str) -> str:
    """Return the address of Redis without the password that it may hold."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__

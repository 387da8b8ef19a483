"""One access token for a whole fleet, in Redis: asked for once, encrypted, dropped when Marketo refuses it.

Whoever finds no token takes a lock and asks identity; the others wait for the token that comes of it. The lock runs out
by itself, should its holder die. Where Redis is away every client asks identity itself, as without a store.

The token is encrypted (AES-256-GCM) with a key that is derived from the client secret (HKDF-SHA256), and so is the name
under which it is kept: who can read Redis learns neither the token nor whose it is, and cannot put another one there.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import uuid
from typing import TYPE_CHECKING, cast

import attrs

from marketo_async.records.access_token import AccessToken
from marketo_async.transport.limits.ranges import seconds
from marketo_async.transport.limits.redis_connection import AWAY, connection_to
from marketo_async.transport.limits.redis_word import namespaced
from marketo_async.transport.secret import Secret

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] != "cryptography":
        raise
    raise ModuleNotFoundError(
        'Sharing tokens over Redis needs the extra `redis`: pip install "marketo-async[redis]"', name=missing.name
    ) from missing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType
    from typing import Self

    from marketo_async.transport.limits.redis_connection import AnyRedis
    from marketo_async.transport.token_store import TokenOwner

logger = logging.getLogger("marketo_async")

_LOCKED_FOR = 15.0
"""Seconds after which a lock is anybody's: identity answers within one, or its call is repeated a few times."""

_LOOKS = (0.02, 0.05, 0.1, 0.2)
"""Seconds between two looks of those that wait for somebody else's call; the last one again and again."""

_DEFAULT_LIFE = 60
"""Seconds for which a token is kept that came without its own."""

_DELETE_IF = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"


class RedisTokenStore:
    """Shares one access token between all clients of a custom service, over Redis or Valkey.

    Pass it to each of them: `MarketoClient(..., token_store=store)`. Use it as `async with RedisTokenStore(...) as
    store:`, or call `aclose`. Needs the extra `redis`.

    What Redis holds is encrypted with a key derived from the client secret. Where Redis cannot be used a client asks
    identity itself.

    Args:
        redis: A `redis.asyncio.Redis`, which you close, or an address such as `redis://localhost:6379/0`.
        namespace: What the names of the keys begin with.
        patience: Seconds, more than 0, to wait for an answer of Redis before doing without.

    Raises:
        ArgumentError: an argument cannot be right.
        ModuleNotFoundError: the extra `redis` is not installed.
    """

    def __init__(self, *, redis: AnyRedis | str, namespace: str = "marketo_async", patience: float = 1.0) -> None:
        seconds("patience", patience, zero=False)
        self._namespace = namespaced(namespace)
        self._patience = patience
        self._redis, self._owned = connection_to(redis, patience=patience)

    async def token(
        self, owner: TokenOwner, fetch: Callable[[], Awaitable[AccessToken]], *, refused: Secret | None
    ) -> AccessToken:
        """Return the shared token, or fetch one for all.

        Args:
            owner: Whose.
            fetch: Asks identity.
            refused: A token that may not be returned any more: exactly this one is dropped.

        Raises:
            MarketoError: what `fetch` raises.
        """
        drawer = _Drawer.of(owner, self._namespace)
        lock = uuid.uuid4().hex
        try:
            known = await self._wait_for_token_or_lock(drawer, lock, refused)
        except AWAY as error:
            logger.warning("Redis cannot be used, the token is not shared: %s: %s", type(error).__name__, error)
            try:
                return await fetch()
            finally:
                await self._unlock(drawer, lock)  # it may have been taken without our hearing of it
        except BaseException:
            await self._unlock(drawer, lock)
            raise
        if known is not None:
            return known
        try:
            fetched = await fetch()
            await self._keep(drawer, fetched)
        finally:
            await self._unlock(drawer, lock)
        return fetched

    async def _wait_for_token_or_lock(self, drawer: _Drawer, lock: str, refused: Secret | None) -> AccessToken | None:
        looks = 0
        while True:
            known = await self._known(drawer, refused)
            if known is not None:
                return known
            locked = await self._ask(self._redis.set(drawer.lock_name, lock, nx=True, px=round(1000 * _LOCKED_FOR)))
            if locked:
                # Between the look and the lock somebody may have fetched one and gone.
                known = await self._known(drawer, refused)
                if known is not None:
                    await self._unlock(drawer, lock)
                return known
            await asyncio.sleep(_LOOKS[min(looks, len(_LOOKS) - 1)])
            looks += 1

    async def _known(self, drawer: _Drawer, refused: Secret | None) -> AccessToken | None:
        kept, left = cast("tuple[bytes | str | None, int]", await self._ask(self._look(drawer)))
        if kept is None or left <= 0:
            return None
        token = drawer.open(kept)
        if token is None:
            return None
        if token == refused:
            await self._ask(cast("Awaitable[object]", self._redis.eval(_DELETE_IF, 1, drawer.name, kept)))
            return None
        return AccessToken(access_token=token.text, expires_in=left // 1000)

    async def _look(self, drawer: _Drawer) -> object:
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.get(drawer.name)
            pipeline.pttl(drawer.name)
            return await pipeline.execute()

    async def _keep(self, drawer: _Drawer, fetched: AccessToken) -> None:
        life = _DEFAULT_LIFE if fetched.expires_in is None else fetched.expires_in
        if life < 1:
            return
        try:
            await self._ask(self._redis.set(drawer.name, drawer.close(Secret(fetched.access_token)), px=1000 * life))
        except AWAY as error:
            logger.warning("the token cannot be shared: %s: %s", type(error).__name__, error)

    async def _unlock(self, drawer: _Drawer, lock: str) -> None:
        try:
            await self._ask(cast("Awaitable[object]", self._redis.eval(_DELETE_IF, 1, drawer.lock_name, lock)))
        except AWAY as error:
            logger.debug("the lock of a token runs out by itself: %s: %s", type(error).__name__, error)

    async def _ask(self, answer: Awaitable[object]) -> object:
        # In a task of its own: redis-py may swallow a cancellation, and then its caller would go on.
        asking = asyncio.ensure_future(answer)
        try:
            done, _ = await asyncio.wait((asking,), timeout=self._patience)
        finally:
            asking.cancel()
            asking.add_done_callback(_retrieve)
        if not done:
            raise TimeoutError
        return asking.result()

    async def aclose(self) -> None:
        """Close the connection, where it is the store's own."""
        if self._owned:
            await self._redis.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


def _retrieve(asking: asyncio.Future[object]) -> None:
    if not asking.cancelled():
        asking.exception()


@attrs.frozen(repr=False)
class _Drawer:
    """Where one owner's token lies, and the key to it."""

    name: str
    lock_name: str
    _key: bytes

    @classmethod
    def of(cls, owner: TokenOwner, namespace: str) -> _Drawer:
        """Derive names and key from the client secret: nobody else finds or opens it."""
        whose = f"{owner.origin}\n{owner.client_id}".encode()
        derived = HKDF(algorithm=SHA256(), length=48, salt=whose, info=b"marketo_async token store").derive(
            owner.client_secret.text.encode()
        )
        hashed = derived[32:].hex()
        return cls(f"{{{namespace}:token:{hashed}}}", f"{{{namespace}:token:{hashed}}}:lock", derived[:32])

    def close(self, token: Secret) -> str:
        """Return a token as it lies in Redis."""
        nonce = os.urandom(12)
        return base64.b64encode(
            nonce + AESGCM(self._key).encrypt(nonce, token.text.encode(), self.name.encode())
        ).decode()

    def open(self, kept: bytes | str) -> Secret | None:
        """Return the token; None where this key does not fit, or somebody has been at it."""
        try:
            sealed = base64.b64decode(kept, validate=True)
            return Secret(AESGCM(self._key).decrypt(sealed[:12], sealed[12:], self.name.encode()).decode())
        except (InvalidTag, ValueError):
            return None

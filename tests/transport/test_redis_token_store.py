"""One token for a whole fleet, over a real Valkey: one call of identity, and nothing to read in Redis."""

from __future__ import annotations

import asyncio
import logging
import uuid
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from patience import PATIENCE, until
from redis.asyncio import Redis
from valkey_server import ValkeyServer, valkey

from marketo_async import MarketoClient
from marketo_async.errors import AuthenticationError
from marketo_async.records.access_token import AccessToken
from marketo_async.testing import IN_PROCESS_URL, NO_PAUSES, sandbox
from marketo_async.transport.http import in_process_client
from marketo_async.transport.redis_token_store import RedisTokenStore, _Drawer
from marketo_async.transport.secret import Secret
from marketo_async.transport.token_store import TokenOwner

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["valkey"]

OWNER = TokenOwner("https://123-abc-456.mktorest.com", "the-client-id", Secret("the-client-secret"))


class Identity:
    """Hands out a new token with every call."""

    def __init__(self, seconds: float = 0.05) -> None:
        self.calls = 0
        self.seconds = seconds
        self.failures: list[Exception] = []
        self.then: Callable[[], None] | None = None

    async def __call__(self) -> AccessToken:
        self.calls += 1
        number = self.calls
        await asyncio.sleep(self.seconds)
        if self.then is not None:
            self.then()
        if self.failures:
            raise self.failures.pop()
        return AccessToken(access_token=f"token-{number}", expires_in=3599)


@pytest.fixture
def namespace() -> str:
    """Return a namespace of the test's own."""
    return f"test-{uuid.uuid4().hex}"


async def ask(
    valkey: ValkeyServer, namespace: str, identity: Identity, refused: str | None = None, owner: TokenOwner = OWNER
) -> str:
    """Ask a store of its own, as a worker's client would; return the token."""
    async with RedisTokenStore(redis=valkey.url, namespace=namespace, patience=PATIENCE) as store:
        got = await store.token(owner, identity, refused=None if refused is None else Secret(refused))
    assert 3500 < (got.expires_in or 0) <= 3599
    return got.access_token


async def test_a_fleet_that_starts_together_asks_once(valkey: ValkeyServer, namespace: str) -> None:
    """P3: eight workers that need a token at once make one call of identity, and a later one makes none."""
    identity = Identity()
    got = await asyncio.gather(*(ask(valkey, namespace, identity) for _ in range(8)))
    assert set(got) == {await ask(valkey, namespace, identity)} == {"token-1"}
    assert identity.calls == 1


async def test_exactly_the_refused_token_is_dropped(valkey: ValkeyServer, namespace: str) -> None:
    """P3: all workers whose token was refused get the next one, by one call; a late refusal of the old one keeps it."""
    identity = Identity()
    old = await ask(valkey, namespace, identity)
    new = await asyncio.gather(*(ask(valkey, namespace, identity, refused=old) for _ in range(8)))
    assert set(new) == {"token-2"}
    assert await ask(valkey, namespace, identity, refused=old) == "token-2"
    assert identity.calls == 2


async def test_each_service_has_its_own(valkey: ValkeyServer, namespace: str) -> None:
    """Another instance, another client id or another secret is another token."""
    identity = Identity()
    owners = [
        OWNER,
        TokenOwner("https://other.mktorest.com", OWNER.client_id, OWNER.client_secret),
        TokenOwner(OWNER.origin, "another", OWNER.client_secret),
        TokenOwner(OWNER.origin, OWNER.client_id, Secret("a new one")),
    ]
    got = [await ask(valkey, namespace, identity, owner=owner) for owner in owners]
    assert len(set(got)) == len(owners) == identity.calls


async def test_redis_holds_nothing_to_read(valkey: ValkeyServer, namespace: str) -> None:
    """P15: neither a name nor a value in Redis shows the token, the secret or the client id."""
    await ask(valkey, namespace, Identity())
    async with Redis.from_url(valkey.url) as redis:
        names = [name async for name in redis.scan_iter(match=f"*{namespace}*")]
        everything = repr([*names, *[await redis.get(name) for name in names]])
    assert len(names) == 1
    for secret in ("token-1", "the-client"):
        assert secret not in everything


async def test_what_somebody_else_put_there_is_no_token(valkey: ValkeyServer, namespace: str) -> None:
    """A value that this secret did not seal, or that was sealed under another name, counts as none."""
    drawer, other = _Drawer.of(OWNER, namespace), _Drawer.of(OWNER, "elsewhere")
    identity = Identity()
    async with Redis.from_url(valkey.url) as redis:
        for value in ("", "token-1", "AAAA", drawer.close(Secret("x"))[:-6], other.close(Secret("x"))):
            await redis.set(drawer.name, value, px=100_000)
            calls = identity.calls
            await ask(valkey, namespace, identity)
            assert identity.calls == calls + 1


async def test_a_lock_whose_holder_died_runs_out(valkey: ValkeyServer, namespace: str) -> None:
    """A worker that is killed while it asks identity holds the others up until its lock runs out, not for ever."""
    async with Redis.from_url(valkey.url) as redis:
        assert await redis.set(_Drawer.of(OWNER, namespace).lock_name, "dead", px=200)
    assert await ask(valkey, namespace, Identity()) == "token-1"


async def test_a_cancelled_caller_leaves_no_lock(valkey: ValkeyServer, namespace: str) -> None:
    """P12: who is cancelled while it asks gives the lock back, and the next asks at once."""
    identity = Identity(seconds=60)
    slow = asyncio.create_task(ask(valkey, namespace, identity))

    async def has_asked() -> bool:
        return identity.calls > 0

    await until(has_asked)
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    async with Redis.from_url(valkey.url) as redis:
        assert not await redis.exists(_Drawer.of(OWNER, namespace).lock_name)


async def test_a_caller_cancelled_at_any_step_leaves_no_lock(valkey: ValkeyServer, namespace: str) -> None:
    """P12: who is cancelled while it takes the lock gives it back, whether or not it had heard that it has it."""
    patient = RedisTokenStore(redis=valkey.url, namespace=namespace, patience=PATIENCE)
    async with patient as store, Redis.from_url(valkey.url) as redis:
        for steps in range(40):
            caller = asyncio.create_task(store.token(OWNER, Identity(seconds=60), refused=None))
            for _ in range(steps):
                await asyncio.sleep(0 if steps < 20 else 0.0002)
            caller.cancel()
            await asyncio.gather(caller, return_exceptions=True)
            assert not await redis.exists(_Drawer.of(OWNER, namespace).lock_name)


async def test_a_redis_that_hung_keeps_no_lock(namespace: str) -> None:
    """A lock that Redis took down after its caller had lost patience is given back when the token is there."""
    with ValkeyServer() as server:
        async with RedisTokenStore(redis=server.url, namespace=namespace, patience=0.2) as store:
            locks = store._redis.set

            async def late(*given: object, **more: object) -> object:
                await locks(*given, **more)  # type: ignore[arg-type]
                raise TimeoutError

            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(store._redis, "set", late)
                assert (await store.token(OWNER, Identity(), refused=None)).access_token == "token-1"
            assert not await store._redis.exists(_Drawer.of(OWNER, namespace).lock_name)


async def test_a_failure_is_the_callers_and_is_not_kept(valkey: ValkeyServer, namespace: str) -> None:
    """What identity says no to is raised, and the next caller asks again at once."""
    identity = Identity()
    identity.failures = [AuthenticationError("invalid_client")]
    with pytest.raises(AuthenticationError, match="invalid_client"):
        await ask(valkey, namespace, identity)
    assert await ask(valkey, namespace, identity) == "token-2"


@pytest.mark.parametrize("expires_in", [None, 0])
async def test_a_token_that_says_nothing_of_its_life(
    valkey: ValkeyServer, namespace: str, expires_in: int | None
) -> None:
    """P4: without `expires_in` a token is shared for a minute, with less than a second not at all."""

    async def fetch() -> AccessToken:
        return AccessToken(access_token="token", expires_in=expires_in)

    async with RedisTokenStore(redis=valkey.url, namespace=namespace) as store, Redis.from_url(valkey.url) as redis:
        assert (await store.token(OWNER, fetch, refused=None)).access_token == "token"
        left = await redis.pttl(_Drawer.of(OWNER, namespace).name)
    assert (50_000 < left <= 60_000) if expires_in is None else left == -2


async def test_without_redis_everybody_asks_for_himself(caplog: pytest.LogCaptureFixture, namespace: str) -> None:
    """Where Redis is away from the start, or goes away while identity is asked, the caller has its token anyway."""
    caplog.set_level(logging.DEBUG, "marketo_async")
    with ValkeyServer() as server:
        identity = Identity(seconds=0.2)
        identity.then = server.kill
        assert await ask(server, namespace, identity) == "token-1"
        identity.then = None
        assert await ask(server, namespace, identity) == "token-2"
    assert "the token cannot be shared" in caplog.text
    assert "the token is not shared" in caplog.text
    for secret in ("token-1", "token-2", "the-client"):
        assert secret not in caplog.text


async def test_clients_with_a_store_share_their_token(valkey: ValkeyServer, namespace: str) -> None:
    """Two clients of one service ask identity once, and once more when their token is dead."""
    async with sandbox(3) as (_, behind), AsyncExitStack() as opened:
        clients = []
        for _ in range(2):
            store = RedisTokenStore(redis=valkey.url, namespace=namespace, patience=PATIENCE)
            await opened.enter_async_context(store)
            http_client = await opened.enter_async_context(in_process_client(behind.app))
            credentials = (IN_PROCESS_URL, behind.client_id, behind.client_secret)
            client = MarketoClient(*credentials, http_client=http_client, token_store=store, retries=NO_PAUSES)
            clients.append(await opened.enter_async_context(client))
        for calls_of_identity in (1, 2):
            await asyncio.gather(*(client.usage.daily() for client in clients))
            assert len(behind.arrivals.to("/identity/oauth/token")) == calls_of_identity
            behind.instance.tokens.forget_all()

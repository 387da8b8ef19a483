"""Closing ends: nothing waits on, nothing stays open, and being cancelled costs it its patience only."""

from __future__ import annotations

import asyncio
import gc
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest
import virtual_time
from raw_server import ok, raw_server
from stub_marketo import StubMarketo, answering, success

from marketo_async import (
    ClientStateError,
    DeadlineError,
    Limiter,
    Limits,
    MarketoClient,
    MarketoError,
    NotSentError,
    RetryPolicy,
    Timeouts,
)
from marketo_async.wire.call import GET, POST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from raw_server import RawServer

    from marketo_async.records.access_token import AccessToken

READ = GET("/rest/asset/v1/program/{id}.json", id=1107)
WRITE = POST("/rest/asset/v1/programs.json").form(name="Webinar 7")
TOKEN = ok(b'{"access_token":"made-up:int","expires_in":3600}')


def client_of(stub: StubMarketo, *, close: float = 10.0, limiter: Limiter | None = None) -> MarketoClient:
    """Return a client of a stub that closes its httpx client itself."""
    marketo = MarketoClient("http://localhost", "id", "secret", limiter=limiter, timeout=Timeouts(close=close))
    marketo._transport.attempts._http._client = httpx.AsyncClient(transport=stub.transport())
    return marketo


# ---------------------------------------------------------------- connections


async def test_a_cancelled_closing_still_closes_the_connections() -> None:
    """A backend that is shut down in a hurry leaves no open socket behind, and no call that waits for ever."""
    connected, gone = asyncio.Event(), asyncio.Event()

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await reader.read(-1)  # until the client hangs up
        writer.close()
        gone.set()

    server = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    async with server:
        origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        marketo = await MarketoClient(origin, "me", "made up", limits=Limits.off()).__aenter__()
        caller = asyncio.ensure_future(marketo._transport.send(READ))
        await connected.wait()
        closing = asyncio.ensure_future(marketo.aclose())
        await asyncio.sleep(0)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        async with asyncio.timeout(5):
            await gone.wait()
            with pytest.raises(MarketoError):
                await caller


@asynccontextmanager
async def six_idle_connections() -> AsyncIterator[tuple[MarketoClient, RawServer]]:
    """Enter a client that has made six calls at once, which were answered; the server waits for it to hang up."""
    async with raw_server(TOKEN, ok(b'{"success":true,"result":[]}')) as server:
        marketo = await MarketoClient(server.origin, "me", "made up", limits=Limits.off()).__aenter__()
        await marketo._transport.send(READ)
        await asyncio.gather(*(marketo._transport.send(READ) for _ in range(6)))
        assert server.connections == 6
        yield marketo, server
        async with asyncio.timeout(5):
            await server.clients_are_gone()
        del marketo
        gc.collect()  # a socket left open would say so, which is an error here


@pytest.mark.parametrize("times", [0, 1, 2, 5])
async def test_a_cancelled_closing_closes_every_connection(times: int) -> None:
    """However often the closing is cancelled, all connections of the pool are closed, not only the first one."""
    async with six_idle_connections() as (marketo, _):
        closing = asyncio.ensure_future(marketo.aclose())
        for _ in range(times):
            await asyncio.sleep(0)
            closing.cancel()
        await asyncio.wait([closing])
        assert closing.cancelled() == (times > 0)


async def test_a_client_in_a_scope_that_is_cancelled_closes_every_connection() -> None:
    """What anyio cancels it cancels with every turn of the loop, `__aexit__` included; the connections are closed."""
    async with six_idle_connections() as (marketo, _):
        with anyio.CancelScope() as scope:
            try:
                scope.cancel()
                await anyio.sleep(1)
            finally:
                await marketo.aclose()
        assert scope.cancelled_caught


# ---------------------------------------------------------------- callers


@pytest.mark.virtual_time
@pytest.mark.parametrize("limits", [Limits(max_calls=2), Limits(max_concurrency=1, concurrency_reserve=0)])
async def test_closing_turns_away_who_waits_at_a_shared_limiter(limits: Limits) -> None:
    """A limiter that others use goes on; callers of the client that closes do not wait there for their turn."""
    limiter = Limiter(limits)
    others = [await limiter.acquire() for _ in range(1 if limits.max_concurrency == 1 else 2)]
    marketo = await client_of(answering(success()), limiter=limiter).__aenter__()
    callers = [asyncio.ensure_future(marketo._transport.send(call)) for call in (READ, WRITE, READ)]
    await asyncio.sleep(1)
    began = asyncio.get_running_loop().time()
    await marketo.aclose()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert asyncio.get_running_loop().time() - began < 0.01
    for outcome in outcomes:
        assert isinstance(outcome, ClientStateError)
        assert not outcome.outcome_unknown
    assert limiter.stats().waiting == {"interactive": 0, "bulk": 0}
    for lease in others:
        lease.answered()
    (await limiter.acquire()).answered()


@pytest.mark.virtual_time
async def test_closing_ends_the_rest_between_two_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that rests before it is repeated is turned away, and one that fails while the client closes says why."""
    monkeypatch.setattr("marketo_async.transport.transport.random.random", lambda: 1.0)
    stub = answering(httpx.ConnectError("refused"), seconds=1.0)
    marketo = client_of(stub)
    marketo._transport._retries = RetryPolicy(attempts=50, first_wait=30, longest_wait=30)
    await marketo.__aenter__()
    resting = asyncio.ensure_future(marketo._transport.send(READ))
    await asyncio.sleep(2)
    out = asyncio.ensure_future(marketo._transport.send(READ))
    await asyncio.sleep(0.1)
    began = asyncio.get_running_loop().time()
    await marketo.aclose()
    with pytest.raises(ClientStateError) as turned_away:
        await resting
    assert isinstance(turned_away.value.__cause__, NotSentError)
    assert turned_away.value.attempts == 1
    with pytest.raises(NotSentError):
        await out
    assert asyncio.get_running_loop().time() - began <= 1.0
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.virtual_time
async def test_a_second_closing_waits_for_the_first() -> None:
    """Whoever closes a client that is being closed comes back when it is closed, be the first one cancelled."""
    for hurries in (False, True):
        marketo = await client_of(answering(success(), seconds=5.0)).__aenter__()
        caller = asyncio.ensure_future(marketo._transport.send(READ))
        await asyncio.sleep(1)
        first = asyncio.ensure_future(marketo.aclose())
        await asyncio.sleep(0)
        second = asyncio.ensure_future(marketo.aclose())
        await asyncio.sleep(0)
        assert not second.done()
        if hurries:
            first.cancel()
        await second
        assert marketo._transport.attempts._http._client is None
        (outcome,) = await asyncio.gather(caller, return_exceptions=True)
        assert isinstance(outcome, ClientStateError) == hurries
        await asyncio.wait([first])
        assert first.cancelled() == hurries


async def test_a_closed_client_is_not_entered() -> None:
    """A client that was closed before it was entered refuses, and opens nothing that nobody would close."""
    marketo = MarketoClient("http://localhost", "id", "secret")
    await marketo.aclose()
    with pytest.raises(ClientStateError, match="closed"):
        await marketo.__aenter__()
    assert marketo._transport.attempts._http._client is None


# ---------------------------------------------------------------- callers who walk away


def slow_identity(seconds: float) -> tuple[httpx.AsyncClient, list[httpx.Request]]:
    """Return an httpx client of a Marketo whose identity takes that long, and the other requests that it sees."""
    seen: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/identity/"):
            await asyncio.sleep(seconds)
            return httpx.Response(200, json={"access_token": "made-up:int", "expires_in": 3600})
        seen.append(request)
        return httpx.Response(200, json=success({"id": 1}))

    return httpx.AsyncClient(transport=httpx.MockTransport(answer)), seen


@pytest.mark.virtual_time
async def test_a_call_whose_caller_left_before_it_was_sent_is_not_sent() -> None:
    """P12: while a token is on its way nothing has left; a caller who goes then has created nothing, and knows it."""
    http_client, seen = slow_identity(50.0)
    async with http_client, MarketoClient("http://localhost", "id", "secret", http_client=http_client) as marketo:
        with pytest.raises(DeadlineError) as caught:
            await marketo.with_options(deadline=5.0)._transport.send(WRITE)
        assert not caught.value.outcome_unknown
        cancelled = asyncio.ensure_future(marketo._transport.send(WRITE))
        await asyncio.sleep(1)
        cancelled.cancel()
        await asyncio.sleep(100)
        assert seen == []
        stats = marketo.limiter.stats()
        assert (stats.in_use, stats.calls_today) == (0, 0)
        await marketo._transport.send(WRITE)
    assert len(seen) == 1


@pytest.mark.virtual_time
async def test_a_caller_that_is_cancelled_as_its_attempt_ends_stays_cancelled() -> None:
    """P12: where a client lets go of a call in the same moment, its caller's cancellation is not swallowed."""
    marketo = await client_of(answering(success(), seconds=1000.0), close=1.0).__aenter__()
    caller = asyncio.ensure_future(marketo._transport.send(READ))
    await asyncio.sleep(1)
    (attempt,) = marketo._transport.attempts._owned
    attempt.add_done_callback(lambda _: caller.cancel())
    await marketo.aclose()
    await asyncio.wait([caller])
    assert caller.cancelled()


def test_an_error_of_a_token_store_is_no_deadline() -> None:
    """A TimeoutError that somebody else raises is told as it is, also by a call that has no deadline."""

    class Store:
        async def token(self, owner: object, fetch: object, *, refused: object) -> AccessToken:
            raise TimeoutError("the store is slow")

    async def scenario(deadline: float | None) -> None:
        async with MarketoClient("http://localhost", "id", "secret", token_store=Store(), deadline=deadline) as marketo:
            with pytest.raises(TimeoutError, match="the store is slow") as caught:
                await marketo._transport.send(READ)
            assert not isinstance(caught.value, MarketoError)

    for deadline in (None, 10.0):
        virtual_time.run(scenario(deadline))


@pytest.mark.virtual_time
async def test_a_closing_before_anything_was_sent_leaves_no_write_in_doubt() -> None:
    """A client that closes while the first token is on its way has written nothing, and every caller knows it."""
    http_client, seen = slow_identity(50.0)
    marketo = MarketoClient("http://localhost", "id", "secret", timeout=Timeouts(close=1.0))
    marketo._transport.attempts._http._client = http_client
    await marketo.__aenter__()
    writing = marketo.leads.sync([{"email": f"{number}@example.com"} for number in range(900)], action="createOnly")
    batches = asyncio.ensure_future(writing.collect())
    single = asyncio.ensure_future(marketo._transport.send(WRITE))
    await asyncio.sleep(1)
    await marketo.aclose()
    with pytest.raises(ClientStateError) as caught:
        await batches
    assert (caught.value.partial, caught.value.position) == ([], 0)
    with pytest.raises(ClientStateError) as caught:
        await single
    assert not caught.value.outcome_unknown
    assert seen == []

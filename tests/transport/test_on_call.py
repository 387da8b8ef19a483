"""`on_call`: what an event says of an attempt."""

from __future__ import annotations

import asyncio
import pickle
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import httpx
import pytest
from raw_server import page, raw_server
from stub_marketo import Answer, answering, client_of, failure, success

from marketo_async import (
    AuthenticationError,
    CallEvent,
    ClientStateError,
    DecodeError,
    Limits,
    MarketoClient,
    MarketoError,
    RetryPolicy,
)
from marketo_async.testing import sandbox
from marketo_async.wire.call import GET, POST, Call

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from marketo_async.wire.envelope import Envelope

READ = GET("/rest/asset/v1/program/{id}.json", id=1107)
WRITE = POST("/rest/asset/v1/programs.json").form(name="Webinar 7")


def send(marketo: MarketoClient, call: Call = READ) -> Awaitable[Envelope]:
    return marketo._transport.send(call)


@asynccontextmanager
async def client_with_identity(
    identity: Callable[[], Awaitable[httpx.Response]], events: list[CallEvent]
) -> AsyncGenerator[tuple[MarketoClient, httpx.AsyncClient], None]:
    """Open a client of a Marketo that takes 0.3 s, whose identity answers so; the HTTP client comes with it."""

    async def handle(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.3)
        if request.url.path == "/identity/oauth/token":
            return await identity()
        return httpx.Response(200, json=success())

    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(handle)) as http_client,
        MarketoClient(
            "http://localhost", "me", "made-up", limits=Limits.off(), http_client=http_client, on_call=events.append
        ) as marketo,
    ):
        yield marketo, http_client


def apart_from_identity(events: list[CallEvent]) -> list[CallEvent]:
    return [event for event in events if event.api != "identity"]


# ---------------------------------------------------------------- what an event says


@pytest.mark.virtual_time
async def test_a_call_that_goes_well_is_one_event_that_says_everything() -> None:
    """An event has operation, lane, times, status, rows, bytes and whom; identity's call has one of its own."""
    events: list[CallEvent] = []
    before = datetime.now(UTC)
    async with client_of(answering(success({"id": 1}, {"id": 2}), seconds=0.3), on_call=events.append) as marketo:
        await send(marketo)
    identity, event = events
    assert (event.operation, event.template) == (READ.operation, READ.template)
    assert (event.method, event.api, event.lane, event.attempt) == ("GET", "asset", "interactive", 1)
    assert (event.outcome, event.error, event.code, event.status) == ("ok", None, None, 200)
    assert (event.records, event.request_id) == (2, "1a2b#14d9bd96352")
    assert (event.waited, event.paused, event.after) == (0, 0, None)
    assert event.seconds == pytest.approx(0.3, abs=0.01)
    assert event.sent_at is not None
    assert event.ended_at - event.sent_at == timedelta(seconds=event.seconds)
    assert before <= event.ended_at <= datetime.now(UTC)
    assert (event.bytes_sent, event.bytes_received > 50) == (0, True)
    assert (event.origin, event.host, event.port) == ("http://localhost", "localhost", 80)
    assert (identity.operation, identity.api, identity.lane) == ("POST /identity/oauth/token", "identity", None)
    assert (identity.outcome, identity.status, identity.records) == ("ok", 200, None)
    assert identity.bytes_sent > 50


@pytest.mark.virtual_time
async def test_attempts_of_one_call_follow_each_other() -> None:
    """Each attempt is an event: the next one says what the one before ended with, and how long the call paused."""
    events: list[CallEvent] = []
    stub = answering(failure("606"), httpx.ReadError("gone"), failure("601"), success())
    async with client_of(stub, on_call=events.append) as marketo:
        await send(marketo)
    said = [
        (event.attempt, event.outcome, event.error, event.code, event.after) for event in apart_from_identity(events)
    ]
    assert said == [
        (1, "refused", "RateLimitError", "606", None),
        (2, "unknown", "ConnectionLostError", None, "RateLimitError"),
        (3, "refused", "InvalidTokenError", "601", "ConnectionLostError"),
        (4, "ok", None, None, "InvalidTokenError"),
    ]
    first, second, third, fourth = (event.paused for event in apart_from_identity(events))
    assert (first, fourth) == (0, 0)
    assert 1 <= second <= 3
    assert 0 < third <= 1
    assert len(events) == 4 + 2


FATES: dict[str, tuple[Answer, str, int | None, str | None]] = {
    "refused": (failure("610"), "refused", 200, "610"),
    "refused by status": (httpx.Response(429), "refused", 429, "429"),
    "too large": (httpx.Response(413, content=b"<html>"), "refused", 413, None),
    "a proxy's page": (httpx.Response(502, content=b"<html>"), "failed", 502, "502"),
    "half a JSON": (httpx.Response(200, content=b'{"succ'), "failed", 200, None),
    "not sent": (httpx.ConnectError("refused"), "not sent", None, None),
    "lost": (httpx.ReadError("gone"), "unknown", None, None),
    "timed out": (httpx.ReadTimeout("late"), "unknown", None, None),
    "a bug in a transport": (ZeroDivisionError("oh"), "unknown", None, None),
}


@pytest.mark.virtual_time
@pytest.mark.parametrize(("answer", "outcome", "status", "code"), FATES.values(), ids=FATES)
async def test_every_failure_has_its_outcome(
    answer: Answer, outcome: str, status: int | None, code: str | None
) -> None:
    """Refused, failed, not sent and unknown are told apart, with status, code and the class of the error."""
    events: list[CallEvent] = []
    async with client_of(answering(answer), retries=RetryPolicy.never(), on_call=events.append) as marketo:
        with pytest.raises((MarketoError, ZeroDivisionError)) as caught:
            await send(marketo)
    (event,) = apart_from_identity(events)
    assert (event.outcome, event.status, event.code) == (outcome, status, code)
    assert event.error == type(caught.value).__name__
    assert event.records is None
    assert event.sent_at is not None


async def test_without_a_token_nothing_was_sent() -> None:
    """A1: where identity says no, its own event says so, and the attempt's that nothing left."""
    events: list[CallEvent] = []
    refused = page(b"401 Unauthorized", b'{"error":"invalid_client","error_description":"Bad client credentials"}')
    async with (
        raw_server(refused) as itself,
        MarketoClient(itself.origin, "me", "made-up", limits=Limits.off(), on_call=events.append) as marketo,
    ):
        with pytest.raises(AuthenticationError):
            await send(marketo)
    identity, event = events
    assert (identity.outcome, identity.error, identity.status) == ("refused", "AuthenticationError", 401)
    assert (event.outcome, event.error, event.status) == ("not sent", "AuthenticationError", None)
    assert (event.sent_at, event.seconds) == (None, 0)
    assert (event.host, event.port) == ("127.0.0.1", int(itself.origin.rpartition(":")[2]))


@pytest.mark.virtual_time
async def test_identity_that_is_repeated_tells_of_each_attempt() -> None:
    """Identity's attempts count from 1, and the second says what the first ended with."""
    events: list[CallEvent] = []

    async def better() -> httpx.Response:
        good = httpx.Response(200, json={"access_token": "made-up:int", "expires_in": 3600})
        return good if events else httpx.Response(502)

    async with client_with_identity(better, events) as (marketo, _):
        await send(marketo)
    assert [(event.api, event.attempt, event.outcome, event.after) for event in events] == [
        ("identity", 1, "failed", None),
        ("identity", 2, "ok", "ServerError"),
        ("asset", 1, "ok", None),
    ]


@pytest.mark.virtual_time
async def test_waiting_for_a_token_is_identitys_time() -> None:
    """The attempt that waits for a token begins to be counted when it is sent, and identity's event has the wait."""
    events: list[CallEvent] = []

    async def slow() -> httpx.Response:
        await asyncio.sleep(2)
        return httpx.Response(200, json={"access_token": "made-up:int", "expires_in": 3600})

    async with client_with_identity(slow, events) as (marketo, _):
        await send(marketo)
    assert [event.seconds for event in events] == [pytest.approx(2.3, abs=0.01), pytest.approx(0.3, abs=0.01)]


@pytest.mark.virtual_time
async def test_an_odd_reply_of_identity_is_an_answer() -> None:
    """A reply of identity's that cannot be read is a failure of what answered: nothing is unknown about it."""
    events: list[CallEvent] = []

    async def odd() -> httpx.Response:
        return httpx.Response(200, json={"access_token": "made-up:int", "expires_in": "soon"})

    async with client_with_identity(odd, events) as (marketo, _):
        with pytest.raises(DecodeError):
            await send(marketo)
    assert [(event.api, event.outcome, event.status) for event in events] == [
        ("identity", "failed", 200),
        ("asset", "not sent", None),
    ]


@pytest.mark.virtual_time
async def test_a_closed_http_client_sends_nothing() -> None:
    """An attempt that finds the user's own HTTP client closed was not sent."""
    events: list[CallEvent] = []

    async def good() -> httpx.Response:
        return httpx.Response(200, json={"access_token": "made-up:int", "expires_in": 3600})

    async with client_with_identity(good, events) as (marketo, http_client):
        await send(marketo)
        await http_client.aclose()
        with pytest.raises(ClientStateError):
            await send(marketo)
    assert [event.outcome for event in events] == ["ok", "ok", "not sent"]


@pytest.mark.virtual_time
async def test_the_wait_for_the_limiter_is_said_and_is_no_part_of_the_call() -> None:
    """`waited` is the limiter's, `seconds` the server's; pages of a listing name their lane."""
    events: list[CallEvent] = []
    limits = Limits(max_calls=1, window=20, window_margin=0, interactive_reserve=0, concurrency_reserve=0)
    async with client_of(answering(success(), seconds=0.3), limits=limits, on_call=events.append) as marketo:
        await send(marketo)
        await send(marketo, READ.in_lane("bulk"))
    first, second = apart_from_identity(events)
    assert (first.waited, first.lane, second.lane) == (0, "interactive", "bulk")
    assert second.waited == pytest.approx(20, abs=0.1)
    assert second.seconds == pytest.approx(0.3, abs=0.01)


async def test_a_long_read_says_that_it_went_as_a_post() -> None:
    """P20: a GET that is too long for a URI keeps its name, and `method` is what was sent."""
    events: list[CallEvent] = []
    async with client_of(answering(success(), seconds=0), on_call=events.append) as marketo:
        await send(marketo, GET("/rest/v1/leads.json").query(filterValues="x" * 7_600))
    event = events[-1]
    assert (event.operation, event.method) == ("GET /rest/v1/leads.json", "POST")
    assert event.bytes_sent > 7_600


async def test_an_event_cannot_be_changed_and_can_be_sent_on() -> None:
    """Events are frozen, equal to their copies, and go through pickle to another process."""
    events: list[CallEvent] = []
    async with sandbox(5, on_call=events.append) as (marketo, _):
        await marketo.programs.get(1001)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        events[-1].seconds = 0.0  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(events)) == events  # noqa: S301 - our own bytes

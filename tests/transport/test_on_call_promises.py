"""`on_call`: exactly one event for each attempt, and never a secret in one."""

from __future__ import annotations

import asyncio
import string
from collections import Counter
from typing import TYPE_CHECKING

import attrs
import httpx
import pytest
import virtual_time
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_server import ok, page, raw_server
from stub_marketo import Answer, StubMarketo, answering, client_of, failure, success

from marketo_async import (
    CallEvent,
    Limits,
    MarketoClient,
    MarketoError,
    RetryPolicy,
    Timeouts,
)
from marketo_async.sandbox import Fault, Latency
from marketo_async.testing import sandbox
from marketo_async.wire.call import GET, POST, Call

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from marketo_async.wire.envelope import Envelope

READ = GET("/rest/asset/v1/program/{id}.json", id=1107)
WRITE = POST("/rest/asset/v1/programs.json").form(name="Webinar 7")

HIDDEN = "Zx9"
"""Begins everything that no event may hold."""


def send(marketo: MarketoClient, call: Call = READ) -> Awaitable[Envelope]:
    return marketo._transport.send(call)


def apart_from_identity(events: list[CallEvent]) -> list[CallEvent]:
    return [event for event in events if event.api != "identity"]


# ---------------------------------------------------------------- exactly one each


@pytest.mark.virtual_time
async def test_a_caller_that_went_away_leaves_one_event() -> None:
    """P12: the attempt of a caller that was cancelled, or whose deadline passed, is told of when it has ended."""
    events: list[CallEvent] = []
    async with client_of(answering(success({"id": 1}), seconds=10), on_call=events.append) as marketo:
        caller = asyncio.ensure_future(send(marketo))
        await asyncio.sleep(1)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        assert apart_from_identity(events) == []
        with pytest.raises(TimeoutError):
            await marketo.with_options(deadline=2)._transport.send(WRITE)
        await asyncio.sleep(30)
    assert [(event.operation, event.outcome) for event in apart_from_identity(events)] == [
        (READ.operation, "ok"),
        (WRITE.operation, "ok"),
    ]


async def test_a_call_that_closing_let_go_is_told_of() -> None:
    """A client that is closed while a call is out tells of it once: nobody knows what became of it."""
    events: list[CallEvent] = []
    asked, released = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/identity/" in head:
            writer.write(ok(b'{"access_token":"made-up:int","expires_in":3600}'))
            head = await reader.readuntil(b"/program/1107.json")
        asked.set()
        await released.wait()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        marketo = MarketoClient(
            f"http://127.0.0.1:{port}", "me", "made-up", timeout=Timeouts(close=0.05), on_call=events.append
        )
        async with marketo:
            caller = asyncio.ensure_future(send(marketo))
            await asked.wait()
        with pytest.raises(MarketoError, match="closed"):
            await caller
        released.set()
    assert [(event.api, event.outcome, event.error) for event in events] == [
        ("identity", "ok", None),
        ("asset", "unknown", "CancelledError"),
    ]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_attempts_and_events_are_as_many_whoever_is_cancelled(data: st.DataObject) -> None:
    """P12: whatever happens to callers and answers, every attempt has an event, those sent are what arrived."""
    moments = data.draw(st.lists(st.one_of(st.none(), st.floats(0, 3)), min_size=1, max_size=15))
    fates = data.draw(st.lists(st.sampled_from(["ok", "606", "lost", "refused"]), min_size=1, max_size=10))

    async def storm() -> None:
        turn = 0
        events: list[CallEvent] = []

        async def answer(_request: httpx.Request, _query: dict[str, str]) -> Answer:
            nonlocal turn
            fate = fates[turn] if turn < len(fates) else "ok"
            turn += 1
            await asyncio.sleep(0.3)
            outcomes: dict[str, Answer] = {
                "ok": success({"id": 1}),
                "lost": httpx.ReadError("gone"),
                "refused": httpx.ConnectError("refused"),
            }
            return outcomes.get(fate) or failure(fate)

        stub = StubMarketo(answer)
        limits = Limits(max_calls=20, window=5, max_concurrency=4)
        retries = RetryPolicy(attempts=20)
        async with client_of(stub, limits=limits, retries=retries, on_call=events.append) as marketo:
            callers = [asyncio.ensure_future(send(marketo)) for _ in moments]
            for caller, moment in zip(callers, moments, strict=True):
                if moment is not None:
                    asyncio.get_running_loop().call_later(moment, caller.cancel)
            await asyncio.gather(*callers, return_exceptions=True)
            await asyncio.sleep(60)
            attempts = apart_from_identity(events)
            assert sum(event.sent_at is not None for event in attempts) == len(stub.calls)
            assert len(events) - len(attempts) == stub.identity_calls
            granted = marketo.limiter.stats().granted
            assert sum(granted.values()) == len(attempts)

    virtual_time.run(storm())


@pytest.mark.virtual_time
async def test_pages_batches_and_tokens_are_told_of_as_the_server_counted_them() -> None:
    """Every page of a listing, every batch of a write, every refusal and every token is an event, and nothing else."""
    events: list[CallEvent] = []
    people = [{"email": f"person-{number}@example.com"} for number in range(700)]
    async with sandbox(90, latency=Latency.fixed(0.3), on_call=events.append, limits=Limits()) as (marketo, itself):
        for number, code in enumerate(("606", "601", "615", "602", "611"), 1):
            itself.faults.add(Fault.error(code), path="/rest/asset/*", calls=number)
        itself.faults.add(Fault.error("606"), path="/rest/v1/leads.json", calls=2)
        wrote = [result async for result in marketo.leads.sync(people)]
        read = await marketo.programs.browse(page_size=20).collect()
        async for _ in marketo.programs.browse(page_size=20):
            break
        await asyncio.sleep(60)
        told, seen = Counter(event.template for event in events), len(itself.arrivals)
        stats = marketo.limiter.stats()
    assert (len(wrote), len(read)) == (700, 90)
    assert told.total() == seen
    assert told["/rest/v1/leads.json"] == 3 + 1
    assert sum(stats.granted.values()) == len(apart_from_identity(events))
    free = 3  # 601, 602 and 611 cost nothing of the day
    assert stats.calls_today == itself.instance.admission.counted_today == sum(stats.granted.values()) - free
    codes = Counter(event.code for event in events if event.code is not None)
    assert codes == {"606": 2, "601": 1, "615": 1, "602": 1, "611": 1}
    assert stats.refusals == {"606": 2, "615": 1}


# ---------------------------------------------------------------- never a secret


def values(event: CallEvent) -> str:
    return " ".join(str(value) for value in attrs.asdict(event).values()) + repr(event)


async def test_no_event_holds_what_a_caller_gave() -> None:
    """P15: neither secret nor token nor id, neither a value of path, query or body nor Marketo's words on them."""
    events: list[CallEvent] = []
    token = f'{{"access_token":"{HIDDEN}token:int","expires_in":3600}}'.encode()
    no = f'{{"success":false,"errors":[{{"code":"1003","message":"{HIDDEN} is odd"}}]}}'.encode()
    yes = f'{{"success":true,"requestId":"1#2","result":[{{"email":"{HIDDEN}@example.com"}}]}}'.encode()
    async with (
        raw_server(ok(token), ok(yes), ok(no), page(b"502 Bad Gateway", HIDDEN.encode())) as itself,
        MarketoClient(
            itself.origin,
            f"{HIDDEN}id",
            f"{HIDDEN}secret",
            limits=Limits.off(),
            retries=RetryPolicy.never(),
            on_call=events.append,
        ) as marketo,
    ):
        await send(marketo, GET("/rest/v1/lead/{id}.json", id=f"{HIDDEN}1").query(fields=f"{HIDDEN}field"))
        for call in (POST("/rest/v1/leads.json").json({"input": [HIDDEN]}), WRITE.form(description=HIDDEN)):
            with pytest.raises(MarketoError):
                await send(marketo, call)
        assert sum(HIDDEN.encode() in request for request in itself.requests) == 4
    assert len(events) == 4
    assert all(HIDDEN not in values(event) for event in events)


@settings(max_examples=30, deadline=None)
@given(value=st.text(string.ascii_letters, min_size=6, max_size=20).map(lambda text: HIDDEN + text))
def test_no_value_of_any_text_gets_into_an_event(value: str) -> None:
    """P15: whatever a path, a query, a form or a JSON body holds, the event says only the template."""
    events: list[CallEvent] = []
    calls = (
        GET("/rest/v1/lead/{id}.json", id=value).query(fields=value),
        POST("/rest/asset/v1/programs.json").form(name=value),
        POST("/rest/v1/leads.json").json({"input": [{value: value}]}),
    )

    async def carry_out() -> None:
        async with client_of(answering(success({value: value})), on_call=events.append) as marketo:
            for call in calls:
                await send(marketo, call)

    virtual_time.run(carry_out())
    assert len(events) == 4
    assert all(HIDDEN not in values(event) for event in events)

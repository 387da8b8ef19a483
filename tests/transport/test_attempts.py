"""Attempts belong to the client: callers may be cancelled or time out; places, slots and answers come out right."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

import httpx
import pytest
import virtual_time
from hypothesis import given, settings
from hypothesis import strategies as st
from stub_marketo import Answer, StubMarketo, client_of, failure, success

from marketo_async import (
    ArgumentError,
    AuthenticationError,
    ClientStateError,
    ConnectionLostError,
    DailyQuotaError,
    DeadlineError,
    InvalidTokenError,
    Limiter,
    Limits,
    MarketoClient,
    NotSentError,
    ProtocolError,
    RateLimitError,
    ReadTimeoutError,
    RetryPolicy,
    ServerError,
    Timeouts,
)
from marketo_async.wire.call import GET, POST, Call

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from marketo_async.wire.envelope import Envelope

pytestmark = pytest.mark.virtual_time

READ = GET("/rest/asset/v1/program/{id}.json", id=1107)
WRITE = POST("/rest/asset/v1/programs.json").form(name="Webinar 7")


def send(marketo: MarketoClient, call: Call = READ) -> Awaitable[Envelope]:
    return marketo._transport.send(call)


def answering(*answers: Answer, seconds: float = 0.3) -> StubMarketo:
    """Return a stub that gives these answers in turn, the last one for ever, each after some seconds."""
    left = list(answers)

    async def answer(_request: httpx.Request, _query: dict[str, str]) -> Answer:
        given_now = left.pop(0) if len(left) > 1 else left[0]
        await asyncio.sleep(seconds)
        return given_now

    return StubMarketo(answer)


# ---------------------------------------------------------------- callers that walk away


async def test_a_cancelled_caller_leaves_the_attempt_and_its_place_to_finish() -> None:
    """P12: a caller that is cancelled walks away at once; the place stays taken until the answer is there."""
    stub = answering(success({"id": 1}), seconds=10)
    async with client_of(stub, limits=Limits()) as marketo:
        caller = asyncio.ensure_future(send(marketo))
        await asyncio.sleep(1)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        assert marketo.limiter.stats().in_flight == 1
        await asyncio.sleep(10)
        assert marketo.limiter.stats().in_flight == 0
        assert marketo.limiter.stats().cooling == 1


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_cancelling_anybody_at_any_moment_loses_no_place(data: st.DataObject) -> None:
    """P12: any callers cancelled at any moments: the others get their answers, every place and slot comes back."""
    moments = data.draw(st.lists(st.one_of(st.none(), st.floats(0, 3)), min_size=1, max_size=30))
    fates = data.draw(
        st.lists(st.sampled_from(["ok", "606", "601", "lost", "refused"]), min_size=1, max_size=10).filter(
            lambda drawn: drawn.count("601") <= 2  # a third different token would be refused for good
        )
    )

    async def storm() -> None:
        turn = 0

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
        async with client_of(stub, limits=limits, retries=RetryPolicy(attempts=20)) as marketo:
            callers = [asyncio.ensure_future(send(marketo)) for _ in moments]
            loop = asyncio.get_running_loop()
            for caller, moment in zip(callers, moments, strict=True):
                if moment is not None:
                    loop.call_later(moment, caller.cancel)
            outcomes = await asyncio.gather(*callers, return_exceptions=True)
            for outcome, moment in zip(outcomes, moments, strict=True):
                assert not isinstance(outcome, Exception), outcome
                assert moment is not None or not isinstance(outcome, asyncio.CancelledError)
            await asyncio.sleep(60)
            stats = marketo.limiter.stats()
            assert (stats.in_use, stats.in_flight, stats.waiting) == (0, 0, {"interactive": 0, "bulk": 0})
            assert stub.most_at_once <= 4

    virtual_time.run(storm())


async def test_a_deadline_covers_waiting_and_retries() -> None:
    """A9: the deadline bounds the whole call; for a write that was out it says that the outcome is unknown."""
    stub = answering(success({"id": 1}), seconds=10)
    async with client_of(stub, deadline=2.0) as marketo:
        with pytest.raises(DeadlineError) as caught:
            await send(marketo, WRITE)
        assert caught.value.outcome_unknown
        assert caught.value.attempts == 1
        assert caught.value.elapsed == pytest.approx(2.0, abs=0.01)
        assert isinstance(caught.value, TimeoutError)
        with pytest.raises(DeadlineError) as caught:
            await send(marketo, READ)
        assert not caught.value.outcome_unknown


async def test_a_deadline_that_no_retry_can_meet_gives_the_error_at_hand() -> None:
    """A call whose next attempt would begin after the deadline fails at once with what went wrong."""
    stub = answering(failure("606"))
    loop = asyncio.get_running_loop()
    async with client_of(stub, deadline=1.0) as marketo:
        with pytest.raises(RateLimitError):
            await send(marketo)
    assert loop.time() < 1.0


async def test_time_spent_waiting_for_a_slot_counts_towards_the_deadline() -> None:
    """A call that gets no slot before its deadline was never sent, and says so."""
    stub = answering(success({"id": 1}))
    async with client_of(stub, limits=Limits(max_calls=1), deadline=5.0) as marketo:
        await send(marketo)
        with pytest.raises(DeadlineError) as caught:
            await send(marketo, WRITE)
        assert (caught.value.attempts, caught.value.outcome_unknown) == (0, False)
    assert len(stub.calls) == 1


# ---------------------------------------------------------------- what is repeated


@pytest.mark.parametrize("code", ["601", "602", "600", "606", "615", "608"])
async def test_writes_are_repeated_only_where_nothing_was_done(code: str) -> None:
    """P5: after an answer that says that nothing was done, a write goes out again, and is done once."""
    stub = answering(failure(code), success({"id": 7}))
    async with client_of(stub) as marketo:
        envelope = await send(marketo, WRITE)
    assert envelope.result == [{"id": 7}]
    assert len(stub.calls) == 2


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ReadError("reset"), ConnectionLostError),
        (httpx.RemoteProtocolError("Server disconnected"), ConnectionLostError),
        (httpx.ReadTimeout("slow"), ReadTimeoutError),
        (httpx.Response(502, html="<html>Bad Gateway</html>"), ServerError),
        (httpx.Response(200, content=b'{"requestId":"1#2","suc'), ProtocolError),
        (failure("713"), None),
        (failure("604"), None),
        (failure("611"), None),
    ],
    ids=str,
)
async def test_a_write_of_unknown_outcome_is_never_repeated(answer: Answer, kind: type[Exception] | None) -> None:
    """P5: a write that may have been done goes out once, and the error says that its outcome is unknown."""
    stub = answering(answer)
    async with client_of(stub) as marketo:
        with pytest.raises(kind or Exception) as caught:
            await send(marketo, WRITE)
        assert getattr(caught.value, "outcome_unknown", None) is True
        assert len(stub.calls) == 1
        with pytest.raises(kind or Exception):
            await send(marketo, READ)
    assert len(stub.calls) > 2


async def test_a_write_that_never_left_is_repeated() -> None:
    """A refused connection means that nothing was sent: the write goes out again."""
    stub = answering(httpx.ConnectError("refused"), success({"id": 7}))
    async with client_of(stub) as marketo:
        assert (await send(marketo, WRITE)).result == [{"id": 7}]


async def test_a_replay_carries_the_new_token() -> None:
    """P2: after 601 the same call goes out again with the token fetched since, built afresh."""
    stub = answering(failure("601"), success({"id": 1}))
    async with client_of(stub) as marketo:
        await send(marketo, WRITE)
    assert [call.headers["authorization"] for call in stub.calls] == ["Bearer token-1:int", "Bearer token-2:int"]
    assert stub.calls[0].content == stub.calls[1].content
    assert "access_token" not in str(stub.calls[0].url)


async def test_at_most_three_tokens_are_tried() -> None:
    """P3: a call that every token is refused for ends after three different ones."""
    stub = answering(failure("602"))
    async with client_of(stub) as marketo:
        with pytest.raises(InvalidTokenError) as caught:
            await send(marketo)
    assert (len(stub.calls), stub.identity_calls, caught.value.attempts) == (3, 3, 3)


async def test_a_hundred_calls_share_one_token() -> None:
    """P3: any number of concurrent calls ask identity once."""
    stub = answering(success({"id": 1}))
    async with client_of(stub) as marketo:
        await asyncio.gather(*(send(marketo) for _ in range(100)))
    assert stub.identity_calls == 1


async def test_a_hundred_refusals_of_one_token_fetch_one_new_one() -> None:
    """P3: a hundred calls that are refused the same token fetch one new token between them."""
    seen: dict[str, int] = {}

    async def answer(request: httpx.Request, _query: dict[str, str]) -> Answer:
        token = request.headers["authorization"]
        seen[token] = seen.get(token, 0) + 1
        await asyncio.sleep(0.3)
        return failure("602") if token.endswith("token-1:int") else success({"id": 1})

    stub = StubMarketo(answer)
    async with client_of(stub) as marketo:
        await asyncio.gather(*(send(marketo) for _ in range(100)))
    assert stub.identity_calls == 2
    assert sorted(seen.values()) == [100, 100]


@pytest.mark.parametrize(("code", "kind"), [("1003", Exception), ("607", DailyQuotaError), ("610", Exception)])
async def test_permanent_answers_fail_at_once(code: str, kind: type[Exception]) -> None:
    """P8: what waiting cannot mend fails after one call; a quota says when it ends."""
    stub = answering(failure(code))
    async with client_of(stub) as marketo:
        with pytest.raises(kind) as caught:
            await send(marketo)
    assert len(stub.calls) == 1
    if isinstance(caught.value, DailyQuotaError):
        assert caught.value.resets_at is not None


async def test_every_attempt_takes_its_own_place_and_slot() -> None:
    """P7: retries are counted by the limiter like first attempts."""
    stub = answering(failure("606"), failure("615"), failure("713"), success({"id": 1}))
    async with client_of(stub, limits=Limits()) as marketo:
        await send(marketo)
        stats = marketo.limiter.stats()
    assert stats.granted["interactive"] == 4
    assert stats.cooling == 4
    assert stats.refusals == {"606": 1, "615": 1}


async def test_a_read_timeout_holds_the_place_and_a_closed_connection_frees_it() -> None:
    """After a time-out the server still works, so the place is kept; a connection that it closed frees it at once."""
    stub = answering(httpx.ReadTimeout("slow"))
    async with client_of(stub, limits=Limits(), retries=RetryPolicy.never()) as marketo:
        with pytest.raises(ReadTimeoutError):
            await send(marketo)
        assert marketo.limiter.stats().in_flight == 1
        await asyncio.sleep(301)
        assert marketo.limiter.stats().in_flight == 0
    stub = answering(httpx.RemoteProtocolError("Server disconnected"))
    async with client_of(stub, limits=Limits(), retries=RetryPolicy.never()) as marketo:
        with pytest.raises(ConnectionLostError):
            await send(marketo)
        assert marketo.limiter.stats().in_flight == 0


# ---------------------------------------------------------------- identity


async def test_a_failing_identity_gives_places_back_and_keeps_writes_repeatable() -> None:
    """A call that got no token was not sent: its place and slot are free at once, its outcome is known."""

    async def lost(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.1)
        raise httpx.ReadError("gone")

    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(lost)) as http_client,
        MarketoClient(
            "http://localhost", "id", "secret", http_client=http_client, retries=RetryPolicy.never()
        ) as marketo,
    ):
        with pytest.raises(ConnectionLostError) as caught:
            await send(marketo, WRITE)
        assert caught.value.operation == "POST /identity/oauth/token"
        assert not caught.value.outcome_unknown
        assert marketo.limiter.stats().in_use == 0


async def test_bad_credentials_say_so_in_adobes_words() -> None:
    """A2: wrong credentials are an AuthenticationError with Adobe's words, for every waiter, asked for once each."""

    async def refuse(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.1)
        return httpx.Response(401, json={"error": "invalid_client", "error_description": "Bad client credentials"})

    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as http_client,
        MarketoClient("http://localhost", "id", "secret", http_client=http_client) as marketo,
    ):
        outcomes = await asyncio.gather(*(send(marketo) for _ in range(5)), return_exceptions=True)
        assert {str(outcome) for outcome in outcomes} == {
            "invalid_client: Bad client credentials · POST /identity/oauth/token"
        }
        assert len({id(outcome) for outcome in outcomes}) == 5
        assert all(isinstance(outcome, AuthenticationError) for outcome in outcomes)


# ---------------------------------------------------------------- where a client may be used


async def test_a_client_refuses_to_work_outside_its_async_with() -> None:
    """Before entering, after closing and on a second entry a client says what is wrong, and sends nothing."""
    stub = answering(success())
    async with httpx.AsyncClient(transport=stub.transport()) as http_client:
        marketo = MarketoClient("http://localhost", "id", "secret", http_client=http_client)
        with pytest.raises(ClientStateError, match="async with"):
            await send(marketo)
        async with marketo:
            with pytest.raises(ClientStateError, match="once"):
                await marketo.__aenter__()
        with pytest.raises(ClientStateError, match="closed"):
            await send(marketo)
        await marketo.aclose()
    assert not stub.calls


async def test_a_client_refuses_another_loop_and_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """On another event loop or after a fork a client refuses before sending."""
    stub = answering(success())
    async with client_of(stub) as marketo:
        with pytest.raises(ClientStateError, match="loop"):
            await asyncio.to_thread(lambda: asyncio.run(_in_coroutine(marketo)))
        forked = os.getpid() + 1
        monkeypatch.setattr(os, "getpid", lambda: forked)
        with pytest.raises(ClientStateError, match="fork"):
            await send(marketo)
        monkeypatch.undo()
    assert not stub.calls


async def _in_coroutine(marketo: MarketoClient) -> None:
    await send(marketo)


async def test_closing_waits_for_what_is_out() -> None:
    """`aclose()` waits for the calls that are out, and their callers get their answers."""
    stub = answering(success({"id": 1}), seconds=3)
    async with client_of(stub) as marketo:
        caller = asyncio.ensure_future(send(marketo))
        await asyncio.sleep(1)
    assert (await caller).result == [{"id": 1}]


async def test_closing_lets_go_after_a_while() -> None:
    """A call that never comes back holds up closing for `timeout.close` seconds and no longer."""
    stub = answering(success(), seconds=1000)
    loop = asyncio.get_running_loop()
    async with client_of(stub, timeout=Timeouts(close=5)) as marketo:
        caller = asyncio.ensure_future(send(marketo))
        await asyncio.sleep(1)
        began = loop.time()
        await marketo.aclose()
        assert loop.time() - began == pytest.approx(5, abs=0.1)
        caller.cancel()
        await asyncio.sleep(1100)


async def test_callers_that_wait_for_a_slot_are_turned_away_on_closing() -> None:
    """A call that still queues at the limiter when the client closes was never sent, and says why."""
    stub = answering(success())
    async with client_of(stub, limits=Limits(max_calls=1)) as marketo:
        await send(marketo)
        caller = asyncio.ensure_future(send(marketo))
        await asyncio.sleep(1)
        await marketo.aclose()
        with pytest.raises(ClientStateError):
            await caller
    assert len(stub.calls) == 1


async def test_one_limiter_serves_two_clients() -> None:
    """`limiter=` shares one limiter between clients; giving `limits=` too is refused."""
    limiter = Limiter(Limits(max_calls=3))
    stub = answering(success())
    async with httpx.AsyncClient(transport=stub.transport()) as http_client:
        first = MarketoClient("http://localhost", "id", "secret", limiter=limiter, http_client=http_client)
        second = MarketoClient("http://localhost", "id", "secret", limiter=limiter, http_client=http_client)
        async with first, second:
            await asyncio.gather(*(send(marketo) for marketo in (first, second) for _ in range(2)))
        assert asyncio.get_running_loop().time() > 20
        with pytest.raises(ArgumentError, match="limiter"):
            MarketoClient("http://localhost", "id", "secret", limiter=limiter, limits=Limits())


async def test_one_log_record_per_attempt(caplog: pytest.LogCaptureFixture) -> None:
    """Each attempt leaves one record with path template, code and request id; never a path, token or secret."""
    caplog.set_level(logging.DEBUG, logger="marketo_async")
    stub = answering(failure("606"), success({"id": 1}))
    async with client_of(stub) as marketo:
        await send(marketo)
    lines = [record.getMessage() for record in caplog.records if record.name == "marketo_async"]
    assert lines == [
        "GET /rest/asset/v1/program/{id}.json -> 606 request=1a2b#14d9bd96352 seconds=0.300 attempt=1",
        "GET /rest/asset/v1/program/{id}.json -> ok request=1a2b#14d9bd96352 seconds=0.300 attempt=2",
    ]


async def test_warnings_of_a_call_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """What Marketo warns of beside a result that is no page stays readable in the log."""
    caplog.set_level(logging.INFO, logger="marketo_async")
    async with client_of(answering(success({"id": 1}, warnings=["Deprecated"]))) as marketo:
        await send(marketo)
    assert [record.getMessage() for record in caplog.records] == [
        "GET /rest/asset/v1/program/{id}.json warns: Deprecated request=1a2b#14d9bd96352"
    ]


async def test_options_of_one_call() -> None:
    """A8: `with_options` gives single calls another deadline or read time-out, over the same token and limits."""
    stub = answering(success({"id": 1}), seconds=3)
    async with client_of(stub) as marketo:
        hurried = marketo.with_options(deadline=1.0, read_timeout=7.0)
        with pytest.raises(DeadlineError):
            await hurried._transport.send(READ)
        assert stub.calls[0].extensions["timeout"]["read"] == 7.0
        await send(marketo)
        assert stub.calls[1].extensions["timeout"]["read"] == 60.0
        assert stub.identity_calls == 1
        with pytest.raises(ArgumentError, match="deadline"):
            marketo.with_options(deadline=0)


async def test_single_calls_of_a_job_ride_the_bulk_lane_if_told_to() -> None:
    """A5: single calls of a job that nobody waits for leave the reserve to others: `with_options(lane="bulk")`."""
    async with client_of(answering(success({"id": 1}))) as marketo:
        await marketo.with_options(lane="bulk")._transport.send(READ)
        assert marketo.limiter.stats().granted == {"interactive": 0, "bulk": 1}
        await marketo.with_options(lane="interactive")._transport.send(READ.in_lane("bulk"))
        await send(marketo)
        assert marketo.limiter.stats().granted == {"interactive": 2, "bulk": 1}
        with pytest.raises(ArgumentError, match="lane"):
            marketo.with_options(lane="fast")  # type: ignore[arg-type]


async def test_not_sent_for_ever_ends_as_not_sent() -> None:
    """A server that cannot be reached is tried as often as the policy says, and every place comes back."""
    stub = answering(httpx.ConnectError("refused"))
    async with client_of(stub, limits=Limits(), retries=RetryPolicy(attempts=4)) as marketo:
        with pytest.raises(NotSentError) as caught:
            await send(marketo, WRITE)
        assert (caught.value.attempts, caught.value.outcome_unknown) == (4, False)
        assert marketo.limiter.stats().in_use == 0

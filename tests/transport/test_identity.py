"""Asking identity: the exact request, what is repeated, and what is not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
import respx

from marketo_async.errors import (
    AuthenticationError,
    ConnectionLostError,
    DecodeError,
    MarketoError,
    NotSentError,
    ProtocolError,
    RateLimitError,
    ReadTimeoutError,
    ServerError,
)
from marketo_async.transport.credentials import Credentials
from marketo_async.transport.http import Http
from marketo_async.transport.identity import token_fetcher
from marketo_async.transport.retry import RetryPolicy
from marketo_async.transport.secret import Secret
from marketo_async.transport.timeouts import Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.records.access_token import AccessToken

ORIGIN = "https://123-abc-456.mktorest.com"
CREDENTIALS = Credentials("me & co", Secret("s3cr+t/=%"))
GRANTED = {"access_token": "cdf01657:int", "token_type": "bearer", "expires_in": 3599, "scope": "apis@acme.example"}
INVALID = httpx.Response(401, json={"error": "invalid_client", "error_description": "Bad client credentials"})

Answer = httpx.Response | Exception


async def asked(
    *answers: Answer, retries: RetryPolicy | None = None, latency: float = 0.1
) -> tuple[AccessToken | MarketoError, list[httpx.Request]]:
    """Ask an identity that gives these answers in turn, the last one for ever."""
    left = list(answers)
    requests: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        await asyncio.sleep(latency)
        outcome = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        http = Http(ORIGIN, client=client, connections=10, timeouts=Timeouts())
        try:
            return await token_fetcher(CREDENTIALS, retries or RetryPolicy())(http), requests
        except MarketoError as error:
            return error, requests


def granted() -> httpx.Response:
    return httpx.Response(200, json=GRANTED)


async def test_the_request_to_identity() -> None:
    """P15: identity is asked by POST with a form; the secret stands in the body and nowhere else."""
    with respx.mock(assert_all_mocked=True) as marketo:
        route = marketo.post(f"{ORIGIN}/identity/oauth/token").respond(json=GRANTED)
        http = Http(ORIGIN, client=None, connections=10, timeouts=Timeouts())
        await http.open()
        token = await token_fetcher(CREDENTIALS, RetryPolicy())(http)
        await http.aclose()
    request = route.calls.last.request
    assert request.url == f"{ORIGIN}/identity/oauth/token"
    assert request.content == b"grant_type=client_credentials&client_id=me%20%26%20co&client_secret=s3cr%2Bt%2F%3D%25"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    assert "s3cr" not in f"{request.url}{request.headers}"
    assert (token.access_token, token.expires_in, token.scope) == ("cdf01657:int", 3599, "apis@acme.example")


@pytest.mark.virtual_time
@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(502, html="<html>Bad Gateway</html>"),
        httpx.Response(503),
        httpx.Response(500, json={"error": "server_error"}),
        httpx.Response(520),
        httpx.Response(429),
        httpx.Response(200, content=b'{"access_token":"cdf0'),
        httpx.Response(200, json={}),
        httpx.ConnectError("refused"),
        httpx.ReadError("reset"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
    ],
    ids=repr,
)
async def test_what_may_pass_is_asked_again(trouble: Answer) -> None:
    """A failing identity or connection is asked again: asking for a token does nothing twice."""
    outcome, requests = await asked(trouble, trouble, granted())
    assert not isinstance(outcome, MarketoError)
    assert outcome.access_token == "cdf01657:int"
    assert len(requests) == 3
    assert len({request.content for request in requests}) == 1


@pytest.mark.virtual_time
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (INVALID, AuthenticationError),
        (httpx.Response(401, json={"error": "unauthorized"}), AuthenticationError),
        (httpx.Response(200, json={"error": "invalid_client"}), AuthenticationError),
        (httpx.Response(400, json={"error": "unsupported_grant_type"}), AuthenticationError),
        (httpx.Response(404, html="<html>Not Found</html>"), ProtocolError),
        (httpx.Response(302, headers={"location": "https://elsewhere.example/"}), ProtocolError),
        (httpx.Response(200, json=GRANTED | {"expires_in": "soon"}), DecodeError),
    ],
    ids=repr,
)
async def test_what_stays_wrong_is_asked_once(answer: httpx.Response, kind: type[MarketoError]) -> None:
    """P8, A2: wrong credentials, a wrong host and a strange reply fail at once; the error says which call it was."""
    outcome, requests = await asked(answer)
    assert type(outcome) is kind
    assert len(requests) == 1
    assert isinstance(outcome, MarketoError)
    assert (outcome.attempts, outcome.operation) == (1, "POST /identity/oauth/token")
    assert outcome.elapsed == pytest.approx(0.1, abs=0.01)


@pytest.mark.virtual_time
async def test_bad_credentials_in_adobes_words() -> None:
    """A2: the error says what Adobe says, and no `KeyError`."""
    outcome, _ = await asked(INVALID)
    assert str(outcome) == "invalid_client: Bad client credentials · POST /identity/oauth/token"


@pytest.mark.virtual_time
@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (lambda: httpx.Response(502), ServerError),
        (lambda: httpx.Response(429), RateLimitError),
        (lambda: httpx.ConnectError("refused"), NotSentError),
        (lambda: httpx.ReadError("reset"), ConnectionLostError),
        (lambda: httpx.ReadTimeout("slow"), ReadTimeoutError),
    ],
)
async def test_identity_is_not_asked_for_ever(trouble: Callable[[], Answer], kind: type[MarketoError]) -> None:
    """A9: attempts and seconds bound the asking; the error says how often and how long."""
    outcome, requests = await asked(trouble(), retries=RetryPolicy(attempts=4))
    assert type(outcome) is kind
    assert isinstance(outcome, MarketoError)
    assert (len(requests), outcome.attempts, outcome.outcome_unknown) == (4, 4, False)
    assert outcome.elapsed == pytest.approx(asyncio.get_running_loop().time(), abs=0.01)
    outcome, requests = await asked(trouble(), retries=RetryPolicy.never())
    assert len(requests) == 1
    outcome, requests = await asked(trouble(), retries=RetryPolicy(attempts=100, seconds=60, first_wait=10))
    assert isinstance(outcome, MarketoError)
    assert outcome.elapsed is not None
    assert outcome.elapsed <= 60.2

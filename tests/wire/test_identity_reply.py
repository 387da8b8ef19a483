"""Opening identity's reply: no envelope, OAuth's errors, and never a quoted body."""

from __future__ import annotations

import json
import pickle

import pytest

from marketo_async.errors import (
    AuthenticationError,
    InvalidTokenError,
    MarketoError,
    ProtocolError,
    RateLimitError,
    ServerError,
)
from marketo_async.wire.envelope import HttpAnswer, open_identity

OPERATION = "POST /identity/oauth/token"
TOKEN = "cdf01657-110d-4155-99a7-f986b2ff13a0:int"
GRANTED = {"access_token": TOKEN, "token_type": "bearer", "expires_in": 3599, "scope": "apis@acme.example"}


def refused(status: int, body: object) -> MarketoError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(MarketoError) as caught:
        open_identity(HttpAnswer(status, {}, data), OPERATION)
    assert (caught.value.status, caught.value.operation) == (status, OPERATION)
    return caught.value


def test_a_token_is_passed_on_with_everything_around_it() -> None:
    """Identity's reply is read as it came."""
    assert open_identity(HttpAnswer(200, {}, json.dumps(GRANTED).encode()), OPERATION) == GRANTED


@pytest.mark.parametrize("status", [200, 400, 401, 403])
def test_bad_credentials_in_adobes_words(status: int) -> None:
    """A2: an `error` key is a refusal whatever the status, and says what Adobe says."""
    error = refused(status, {"error": "invalid_client", "error_description": "Bad client credentials"})
    assert type(error) is AuthenticationError
    assert not isinstance(error, InvalidTokenError)
    assert error.message == "invalid_client: Bad client credentials"
    assert not error.retryable


def test_an_oauth_error_without_description() -> None:
    """A2: `unauthorized` comes without further words."""
    assert refused(401, {"error": "unauthorized"}).message == "unauthorized"
    assert refused(401, {"error": "unauthorized", "error_description": None}).message == "unauthorized"


@pytest.mark.parametrize("body", [{"error": "server_error"}, b"<html>Bad Gateway</html>", b""])
@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_a_failing_identity_is_a_server_error(status: int, body: object) -> None:
    """Whatever identity sends with 5xx, it is not about the credentials and may pass."""
    error = refused(status, body)
    assert type(error) is ServerError
    assert error.retryable


@pytest.mark.parametrize("body", [{"error": "slow_down"}, b"<html>Too Many Requests</html>"])
def test_an_identity_that_is_asked_too_often_says_so(body: object) -> None:
    """HTTP 429 of identity is about the rate, not about the credentials."""
    error = refused(429, body)
    assert type(error) is RateLimitError
    assert error.retryable


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 405])
def test_a_page_instead_of_identity_stays_one(status: int) -> None:
    """P8: a wrong host or a login page is not asked again for minutes."""
    error = refused(status, b"<html>Sign in</html>")
    assert type(error) is ProtocolError
    assert not error.retryable


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"access_token":"' + TOKEN.encode(),
        b"[]",
        b"null",
        {},
        {"access_token": None},
        {"access_token": 7},
        {"access_token": ""},
        {"access_token": [TOKEN]},
        {"access_token": f"{TOKEN}\r\nX-Evil: 1"},
        {"access_token": f"{TOKEN} {TOKEN}"},
        {"access_token": f"{TOKEN}é"},
        {"token": TOKEN},
    ],
    ids=str,
)
def test_no_usable_token_is_a_protocol_error_that_quotes_nothing(body: object) -> None:
    """A2, P15: never a `KeyError`; since half a reply may hold a token, none of it is quoted anywhere."""
    error = refused(200, body)
    assert type(error) is ProtocolError
    assert error.retryable
    for shown in (str(error), repr(error), repr(vars(error)), repr(pickle.dumps(error))):
        assert "cdf01657" not in shown


def test_a_repr_of_the_reply_names_its_members_only() -> None:
    """P15: where a traceback shows variables, the reply shows what it has, not the values."""
    reply = open_identity(HttpAnswer(200, {}, json.dumps(GRANTED).encode()), OPERATION)
    assert repr(reply) == "<identity's reply with access_token, token_type, expires_in, scope>"

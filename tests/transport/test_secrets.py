"""P15: neither the client secret nor a token shows in a log, a traceback with its variables, a repr or a pickle."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import pickle
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from raw_server import RawServer, ok, page, raw_server

import marketo_async
from marketo_async import (
    ArgumentError,
    AuthenticationError,
    ConnectionLostError,
    DecodeError,
    InvalidTokenError,
    Limits,
    MarketoClient,
    MarketoError,
    ProtocolError,
    RetryPolicy,
    ServerError,
    UnknownResourceError,
)
from marketo_async.records import read
from marketo_async.records.access_token import AccessToken
from marketo_async.transport.credentials import Credentials
from marketo_async.transport.http import Http
from marketo_async.transport.identity import token_fetcher
from marketo_async.transport.secret import Secret
from marketo_async.transport.timeouts import Timeouts
from marketo_async.wire.call import GET, POST, Call

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = Path(marketo_async.__file__).parent

# Kept in no variable of a test: a traceback that shows variables shows those of the test, too.
CLIENT_SECRET = "Zx9SecretOfTheClient"
TOKEN = "Qw7TextOfTheToken:int"
ENVIRONMENT = {
    "MARKETO_BASE_URL": "https://123-abc-456.mktorest.com",
    "MARKETO_CLIENT_ID": "me",
    "MARKETO_CLIENT_SECRET": CLIENT_SECRET,
}
TRACES = ("Zx9Secret", "Qw7Text")

READ = GET("/rest/asset/v1/program/{id}.json", id=1107)
WRITE = POST("/rest/asset/v1/programs.json").form(name="Webinar 7")


def reply(**members: object) -> bytes:
    """Return identity's reply."""
    return json.dumps({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3599} | members).encode()


def refusal(code: str) -> bytes:
    return ok(json.dumps({"success": False, "errors": [{"code": code, "message": "no"}]}).encode())


TOKEN_OK = ok(reply())
SUCCESS = ok(b'{"success":true,"result":[{"id":1107}]}')
OAUTH = b'{"error":"invalid_client","error_description":"Bad client credentials"}'

SUCCESSES = {
    "success": [TOKEN_OK, SUCCESS],
    "replay after 601": [TOKEN_OK, refusal("601"), ok(reply()), SUCCESS],
}
FAILURES: dict[str, tuple[type[MarketoError], list[bytes]]] = {
    "bad credentials": (AuthenticationError, [page(b"401 Unauthorized", OAUTH)]),
    "identity closes": (ConnectionLostError, [b""]),
    "identity sends half a JSON": (ProtocolError, [ok(reply()[:-5])]),
    "identity sends half a body": (ConnectionLostError, [ok(reply())[:-5]]),
    "identity sends an odd reply": (DecodeError, [ok(reply(expires_in="soon"))]),
    "identity sends a token with another status": (ProtocolError, [page(b"201 Created", reply())]),
    "identity sends a token that is none": (ProtocolError, [ok(reply(access_token=f"{TOKEN} {TOKEN}"))]),
    "identity sends a token that would end the header": (ProtocolError, [ok(reply(access_token=f"{TOKEN}\r\nX: 1"))]),
    "identity sends a token beyond ASCII": (ProtocolError, [ok(reply(access_token=f"{TOKEN}é"))]),
    "identity fails with a body": (ServerError, [page(b"502 Bad Gateway", reply())]),
    "refused": (UnknownResourceError, [TOKEN_OK, refusal("610")]),
    "token refused": (InvalidTokenError, [TOKEN_OK, refusal("601")] * 3),
    "HTML": (ServerError, [TOKEN_OK, page(b"502 Bad Gateway", b"<html>Bad Gateway</html>")]),
    "another protocol": (ConnectionLostError, [TOKEN_OK, b"220 ftp ready\r\n"]),
    "connection closed": (ConnectionLostError, [TOKEN_OK, b""]),
    "half an answer": (ConnectionLostError, [TOKEN_OK, SUCCESS[:-5]]),
    "bad gzip": (ProtocolError, [TOKEN_OK, ok(b"no gzip", "Content-Encoding: gzip")]),
    "no envelope": (ProtocolError, [TOKEN_OK, ok(b"[]")]),
}


@contextmanager
def every_log() -> Iterator[io.StringIO]:
    """Collect what every library logs, from DEBUG on, with tracebacks."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    root, names = logging.getLogger(), ("httpx", "httpcore", "asyncio", "marketo_async", "anyio", "")
    before = {name: logging.getLogger(name).level for name in names}
    root.addHandler(handler)
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.DEBUG)
        yield text
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
        root.removeHandler(handler)


async def carried_out(marketo_itself: RawServer, call: Call) -> MarketoError | None:
    """Carry out one call with every debugging aid on; return how it failed."""
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = 0.0  # asyncio then shows every callback and task that it runs
    no_pauses = RetryPolicy(attempts=2, first_wait=0, longest_wait=0)
    try:
        async with MarketoClient(
            marketo_itself.origin, "me", CLIENT_SECRET, limits=Limits.off(), retries=no_pauses
        ) as marketo:
            await marketo._transport.send(call)
    except MarketoError as error:
        return error
    finally:
        loop.set_debug(False)
    return None


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it came from, what is hidden by `from None` included."""
    yield error
    for earlier in {id(each): each for each in (error.__cause__, error.__context__) if each is not None}.values():
        yield from chain(earlier)


def shown(error: BaseException) -> str:
    """Return everything that tools show of an error: the chain with the variables of every frame, str, repr, pickle."""
    texts: list[str] = []
    for each in chain(error):
        texts += traceback.TracebackException.from_exception(each, capture_locals=True).format()
        for frame, _ in traceback.walk_tb(each.__traceback__):
            texts += [f"{name} = {value!r}" for name, value in frame.f_locals.items()]
        texts += [repr(each), str(each), repr(vars(each)), repr(each.args), repr(pickle.dumps(each))]
    return "\n".join(texts)


def assert_clean(text: str) -> None:
    for trace in TRACES:
        position = text.find(trace)
        assert position < 0, text[max(0, position - 300) : position + 60]


# ---------------------------------------------------------------- a call, from end to end


@pytest.mark.parametrize("answers", SUCCESSES.values(), ids=SUCCESSES)
async def test_a_call_that_succeeds_logs_no_secret(answers: list[bytes]) -> None:
    """P15: the DEBUG logs of every library, and asyncio's of every task, hold neither secret nor token."""
    with every_log() as log:
        async with raw_server(*answers) as marketo:
            assert await carried_out(marketo, READ) is None
        assert sum(CLIENT_SECRET.encode() in request for request in marketo.requests) == len(answers) / 2
        assert sum(TOKEN.encode() in request for request in marketo.requests) == len(answers) / 2
    for library in ("httpx", "httpcore", "asyncio", "marketo_async"):
        assert f"{library}" in log.getvalue(), f"nothing of {library} was seen"
    assert_clean(log.getvalue())


@pytest.mark.parametrize("call", [READ, WRITE], ids=["read", "write"])
@pytest.mark.parametrize(("kind", "answers"), FAILURES.values(), ids=FAILURES)
async def test_a_call_that_fails_shows_no_secret(kind: type[MarketoError], answers: list[bytes], call: Call) -> None:
    """P15: after every kind of failure neither logs nor the error, its chain and all their variables hold a secret."""
    with every_log() as log:
        async with raw_server(*answers) as marketo:
            error = await carried_out(marketo, call)
    assert error is not None
    assert type(error) is kind
    assert_clean(log.getvalue())
    assert_clean(shown(error))


async def test_a_refused_connection_shows_no_secret() -> None:
    """P15: a server that is not there gets nothing, and neither does the log."""
    async with raw_server(SUCCESS) as marketo:
        pass
    with every_log() as log:
        error = await carried_out(marketo, READ)
    assert error is not None
    assert_clean(log.getvalue())
    assert_clean(shown(error))


async def test_a_failing_attempt_shows_no_token_in_the_file_that_sends_it() -> None:
    """P15: the frames nearest to the wire know the token and the secret, and show them in no variable."""
    async with raw_server(b"") as marketo:
        http = Http(marketo.origin, client=None, connections=1, timeouts=Timeouts())
        await http.open()
        with pytest.raises(MarketoError) as caught:
            await token_fetcher(Credentials("me", Secret(CLIENT_SECRET)), RetryPolicy.never())(http)
        await http.aclose()
    text = shown(caught.value)
    assert "call = Call(" in text, "the variables of our frames were looked at"
    assert_clean(text)


# ---------------------------------------------------------------- making a client


@pytest.mark.parametrize(
    "wrong",
    [
        {"MARKETO_BASE_URL": "http://123-abc-456.mktorest.com"},
        {"MARKETO_BASE_URL": ""},
        {"MARKETO_CLIENT_ID": " "},
        {"MARKETO_CLIENT_ID": "two\nlines"},
        {"MARKETO_CLIENT_SECRET": f"{CLIENT_SECRET}\udcff"},
        {"MARKETO_CLIENT_SECRET": f"{CLIENT_SECRET}\n{CLIENT_SECRET}"},
    ],
    ids=["plain http", "no address", "blank id", "odd id", "odd secret", "two lines"],
)
def test_a_client_that_cannot_be_made_shows_no_secret(wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """P15: a client refused for its arguments, or for the environment, shows the secret in no variable of ours."""
    for name, value in (ENVIRONMENT | wrong).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ArgumentError) as caught:
        MarketoClient.from_env()
    assert_clean(ours(caught.value))
    with pytest.raises(ArgumentError) as caught:
        MarketoClient.from_env(environ=ENVIRONMENT | wrong)
    assert_clean(ours(caught.value))


def ours(error: BaseException) -> str:
    """Return what `shown` does, but for the frames of the test, which holds the secret."""
    while error.__traceback__ is not None and not error.__traceback__.tb_frame.f_code.co_filename.startswith(str(OURS)):
        error.__traceback__ = error.__traceback__.tb_next
    return shown(error)


async def test_a_client_and_its_parts_show_no_secret() -> None:
    """P15: no repr of a client or of what it is made of shows a secret, before and after a call."""
    async with (
        raw_server(TOKEN_OK, SUCCESS) as marketo_itself,
        MarketoClient(marketo_itself.origin, "me", CLIENT_SECRET, limits=Limits.off()) as marketo,
    ):
        await marketo._transport.send(READ)
        attempts = marketo._attempts
        parts = [marketo, marketo._transport, attempts, attempts.tokens, attempts.tokens._held, attempts._http]
        assert_clean("\n".join(repr(part) for part in parts))
        assert_clean("\n".join(repr(vars(part)) for part in (marketo, marketo._transport, attempts, attempts.tokens)))
        assert (await attempts.tokens.get()).text == TOKEN, "the token is there for who asks by name"


def test_a_token_record_shows_no_token() -> None:
    """P15: identity's reply as a record shows everything but the token."""
    assert_clean(repr(read(AccessToken, json.loads(reply()))))


def test_the_lookout_sees_what_it_looks_for() -> None:
    """These tests would find a secret in a variable, in a message and in a hidden cause."""

    def leak() -> None:
        token = TOKEN
        raise ValueError(len(token))

    def hide() -> None:
        try:
            leak()
        except ValueError:
            raise KeyError("hidden") from None

    for trouble in (leak, hide):
        with pytest.raises((ValueError, KeyError)) as caught:
            trouble()
        with pytest.raises(AssertionError, match="Qw7Text"):
            assert_clean(shown(caught.value))

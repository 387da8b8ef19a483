"""The file that knows httpx: what goes over the wire, what comes back, and that httpx stays inside."""

from __future__ import annotations

import gzip
import zlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
import respx
from raw_server import ok, page, raw_server

import marketo_async
from marketo_async.errors import (
    ArgumentError,
    ClientStateError,
    ConnectionLostError,
    MarketoError,
    NotSentError,
    ProtocolError,
    ReadTimeoutError,
)
from marketo_async.transport.http import Http, in_process_client
from marketo_async.transport.secret import Secret
from marketo_async.transport.timeouts import Timeouts
from marketo_async.wire.envelope import HttpAnswer
from marketo_async.wire.request import HttpRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ORIGIN = "https://123-abc-456.mktorest.com"
READ = HttpRequest("GET", "/rest/asset/v1/programs.json?offset=0&maxReturn=200")
WRITE = HttpRequest("POST", "/rest/asset/v1/programs.json", "application/x-www-form-urlencoded", b"name=a%20b")
TOKEN = Secret("cdf01657:int")
EMPTY = b'{"success":true}'


@asynccontextmanager
async def http_to(
    origin: str, *, client: httpx.AsyncClient | None = None, connections: int = 10
) -> AsyncIterator[Http]:
    http = Http(origin, client=client, connections=connections, timeouts=Timeouts())
    await http.open()
    try:
        yield http
    finally:
        await http.aclose()


async def sent(request: HttpRequest, *, token: Secret | None = TOKEN, answer: bytes = b"") -> tuple[HttpAnswer, bytes]:
    """Send one request to a raw server; return the answer, and the bytes that the server saw."""
    async with raw_server(answer or ok(EMPTY)) as marketo, http_to(marketo.origin) as http:
        found = await http.send(request, token=token)
        return found, marketo.requests[0].replace(str(marketo.port).encode(), b"PORT")


async def failed(trouble: Exception) -> MarketoError:
    """Return what becomes of an exception of httpx."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise trouble

    async with httpx.AsyncClient(transport=httpx.MockTransport(fail)) as client, http_to(ORIGIN, client=client) as http:
        with pytest.raises(MarketoError) as caught:
            await http.send(READ, token=TOKEN)
    return caught.value


def agent() -> bytes:
    return f"marketo-async/{marketo_async.__version__} httpx/{httpx.__version__}".encode()


# ---------------------------------------------------------------- what goes out


async def test_the_bytes_of_a_read() -> None:
    """A3: a read carries the token in the `Authorization` header, asks for gzip, says who we are, and nothing else."""
    _, seen = await sent(READ)
    assert seen == (
        b"GET /rest/asset/v1/programs.json?offset=0&maxReturn=200 HTTP/1.1\r\n"
        b"Host: 127.0.0.1:PORT\r\n"
        b"Accept: application/json\r\n"
        b"Accept-Encoding: gzip\r\n"
        b"User-Agent: " + agent() + b"\r\n"
        b"Authorization: Bearer cdf01657:int\r\n"
        b"\r\n"
    )


async def test_the_bytes_of_a_write() -> None:
    """A write carries its body with its type and length."""
    _, seen = await sent(WRITE)
    head, _, body = seen.partition(b"\r\n\r\n")
    assert body == b"name=a%20b"
    assert set(head.split(b"\r\n")) == {
        b"POST /rest/asset/v1/programs.json HTTP/1.1",
        b"Host: 127.0.0.1:PORT",
        b"Accept: application/json",
        b"Accept-Encoding: gzip",
        b"User-Agent: " + agent(),
        b"Authorization: Bearer cdf01657:int",
        b"Content-Type: application/x-www-form-urlencoded",
        b"Content-Length: 10",
    }


async def test_a_request_without_token_has_no_authorization() -> None:
    """Identity is asked without a token, and no empty header is sent for it."""
    _, seen = await sent(WRITE, token=None)
    assert b"authorization" not in seen.lower()


async def test_an_empty_write_says_that_it_is_empty() -> None:
    """An approve has an empty form: its type and a length of 0 are sent."""
    _, seen = await sent(HttpRequest("POST", "/rest/asset/v1/program/7/approve.json", WRITE.content_type))
    assert b"Content-Length: 0\r\n" in seen
    assert b"Content-Type: application/x-www-form-urlencoded\r\n" in seen


@pytest.mark.parametrize(
    "target",
    ["/a/x%2Fy%20z.json", "/a?x=%2B%26%25&y=%7B%22id%22%3A1%7D", "/a?x='", "/a?filterValues=" + "x" * 64_000, "/a?x="],
    ids=lambda target: target[:20],
)
async def test_a_target_goes_out_as_it_was_encoded(target: str) -> None:
    """P10: nothing is escaped twice or folded on the way."""
    _, seen = await sent(HttpRequest("GET", target))
    assert seen.startswith(f"GET {target} HTTP/1.1\r\n".encode())


async def test_a_users_client_keeps_its_defaults_to_itself() -> None:
    """A handed-in client's headers, parameters, cookies, login, base address, redirects and time-outs are not used."""
    marketo = respx.MockRouter(assert_all_called=False)
    route = marketo.get(f"{ORIGIN}/rest/asset/v1/programs.json").respond(
        302, headers={"location": "https://evil.example/", "set-cookie": "BIGipServer=1; path=/"}
    )
    elsewhere = marketo.route(host="evil.example").respond(200)
    async with (
        httpx.AsyncClient(
            transport=httpx.MockTransport(marketo.async_handler),
            headers={"X-Mine": "1", "User-Agent": "mine", "Authorization": "Basic bWluZQ==", "Accept-Encoding": "br"},
            params={"access_token": "mine"},
            cookies={"session": "mine"},
            auth=("user", "password"),
            base_url="https://evil.example/base",
            follow_redirects=True,
            timeout=0.001,
        ) as client,
        http_to(ORIGIN, client=client) as http,
    ):
        answers = [await http.send(READ, token=TOKEN) for _ in range(2)]
    assert [answer.status for answer in answers] == [302, 302]
    assert not elsewhere.called
    for call in route.calls:
        assert str(call.request.url) == ORIGIN + READ.target
        assert dict(call.request.headers) == {
            "host": "123-abc-456.mktorest.com",
            "accept": "application/json",
            "accept-encoding": "gzip",
            "user-agent": agent().decode(),
            "authorization": "Bearer cdf01657:int",
        }
        assert call.request.extensions["timeout"] == {"connect": 10.0, "read": 60.0, "write": 30.0, "pool": 10.0}


async def test_our_own_client_follows_no_redirect_either() -> None:
    """A token never travels to where a redirect points."""
    async with raw_server(ok(EMPTY)) as elsewhere:
        moved = page(b"302 Found", b"", f"Location: {elsewhere.origin}/")
        answer, _ = await sent(READ, answer=moved)
        assert (answer.status, elsewhere.requests) == (302, [])


async def test_every_request_has_its_time_outs() -> None:
    """P11, A8: all four time-outs are set for each request; a slow operation brings a longer one for reading."""
    times = Timeouts(connect=1, read=2, write=3, pool=4)
    marketo = respx.MockRouter()
    route = marketo.get().respond(200)
    async with httpx.AsyncClient(transport=httpx.MockTransport(marketo.async_handler), timeout=None) as client:  # noqa: S113 - the point
        http = Http(ORIGIN, client=client, connections=10, timeouts=times)
        await http.send(READ, token=TOKEN)
        await http.send(READ, token=TOKEN, read_timeout=310)
    seen = [call.request.extensions["timeout"] for call in route.calls]
    assert seen == [
        {"connect": 1, "read": 2, "write": 3, "pool": 4},
        {"connect": 1, "read": 310, "write": 3, "pool": 4},
    ]


@pytest.mark.parametrize("name", ["connect", "read", "write", "pool", "close"])
@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
def test_a_time_out_without_end_is_refused(name: str, seconds: float) -> None:
    """P11: nothing waits for ever, and nothing fails before it began."""
    with pytest.raises(ArgumentError) as caught:
        Timeouts(**{name: seconds})
    assert caught.value.argument == name


# ---------------------------------------------------------------- what comes back


@pytest.mark.parametrize("reason", [b"200 OK", b"200 200", b"200 ", b"200"])
async def test_the_reason_phrase_does_not_matter(reason: bytes) -> None:
    """Marketo's status line says `200 200`, or nothing behind the number."""
    answer, _ = await sent(READ, answer=page(reason, EMPTY, "Date: Sun, 08 Mar 2026 07:59:00 GMT"))
    assert answer == HttpAnswer(200, {"date": "Sun, 08 Mar 2026 07:59:00 GMT", "content-length": "16"}, EMPTY)


async def test_a_compressed_body_is_opened() -> None:
    """Bodies that Marketo compresses come back as their JSON."""
    body = EMPTY + b" " * 5_000
    answer, _ = await sent(READ, answer=ok(gzip.compress(body), "Content-Encoding: gzip"))
    assert answer.body == body


@pytest.mark.parametrize(
    "body", [b"not gzip at all", gzip.compress(EMPTY)[:-8] + bytes(8)], ids=["no gzip", "wrong sum"]
)
async def test_a_body_that_cannot_be_decompressed_is_a_protocol_error(body: bytes) -> None:
    """P13: a compressed body that is none is a broken answer, not a crash of zlib."""
    with pytest.raises(ProtocolError, match="decompressed") as caught:
        await sent(READ, answer=ok(body, "Content-Encoding: gzip"))
    assert caught.value.retryable
    assert not isinstance(caught.value, zlib.error)


async def test_header_names_are_lower_case_and_everything_is_plain() -> None:
    """No type of httpx leaves: status, headers and body are Python's own."""
    answer, _ = await sent(READ, answer=ok(EMPTY, "DATE: x", "Set-Cookie: a=1", "Set-Cookie: b=2"))
    assert (type(answer.status), type(answer.headers), type(answer.body)) == (int, dict, bytes)
    assert answer.headers == {"date": "x", "set-cookie": "a=1, b=2", "content-length": "16"}


# ---------------------------------------------------------------- what goes wrong


def leaves(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for below in kind.__subclasses__():
        yield from leaves(below)


NOT_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"}
OTHERWISE: dict[str, type[MarketoError]] = {"ReadTimeout": ReadTimeoutError, "DecodingError": ProtocolError}
NEEDS_A_RESPONSE = {"HTTPStatusError"}
EVERY_HTTP_ERROR = sorted(
    {kind for kind in leaves(httpx.HTTPError) if kind.__name__ not in NEEDS_A_RESPONSE}, key=lambda kind: kind.__name__
)


@pytest.mark.parametrize("kind", EVERY_HTTP_ERROR)
async def test_every_error_of_httpx_becomes_one_of_ours(kind: type[Exception]) -> None:
    """P5: what surely never left is NotSentError; after anything else Marketo may have done it."""
    error = await failed(kind("words of httpx"))
    expected = NotSentError if kind.__name__ in NOT_SENT else OTHERWISE.get(kind.__name__, ConnectionLostError)
    assert type(error) is expected


async def test_a_system_error_that_httpx_let_through_is_a_lost_connection() -> None:
    """An OSError of the socket below ends as an error of ours, too."""
    assert type(await failed(ConnectionResetError(104, "Connection reset by peer"))) is ConnectionLostError


async def test_a_mistake_is_not_taken_for_weather() -> None:
    """What is no error of the network, a bug in a user's event hook, say, is raised as it is."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError

    async with httpx.AsyncClient(transport=httpx.MockTransport(fail)) as client, http_to(ORIGIN, client=client) as http:
        with pytest.raises(ZeroDivisionError):
            await http.send(READ, token=TOKEN)


async def test_no_error_of_httpx_leaves() -> None:
    """P15: our error carries what httpx said as text, but not its exception, whose frames hold token and secret."""
    error = await failed(httpx.ReadError("words of httpx"))
    assert str(error) == "ReadError: words of httpx"
    assert (error.__cause__, error.__context__) == (None, None)
    assert str(await failed(httpx.ReadError(""))) == "ReadError"
    assert str(await failed(httpx.ReadTimeout(""))) == "no answer within 60 s"


async def test_a_refused_connection_says_so() -> None:
    """A server that is not there is NotSentError, in the system's words."""
    async with raw_server(ok(EMPTY)) as marketo:
        gone = marketo.origin
    async with http_to(gone) as http:
        with pytest.raises(NotSentError, match=r"Connect call failed|refused") as caught:
            await http.send(READ, token=TOKEN)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"220 ftp.example.com ready\r\n",
        page(b"200 OK")[:9],
        page(b"200 OK", EMPTY)[:-5],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 99\r\n\r\n5\r\nhello\r\n",
    ],
    ids=["closed", "another protocol", "half a line", "half a body", "half the chunks"],
)
async def test_a_connection_that_breaks_is_lost(answer: bytes) -> None:
    """P5, P13: closed before, within or after the first bytes of an answer: it may have been done."""
    async with raw_server(answer) as marketo, http_to(marketo.origin) as http:
        with pytest.raises(ConnectionLostError) as caught:
            await http.send(WRITE, token=TOKEN)
        assert type(caught.value) is ConnectionLostError
        assert len(marketo.requests) == 1


# ---------------------------------------------------------------- whose client it is


async def test_connections_are_kept_and_reused() -> None:
    """One call after the other goes over one connection."""
    async with raw_server(ok(EMPTY)) as marketo, http_to(marketo.origin) as http:
        for _ in range(5):
            await http.send(READ, token=TOKEN)
        assert (marketo.connections, len(marketo.requests)) == (1, 5)


async def test_our_own_client_is_closed_and_a_users_stays_open() -> None:
    """Who made the httpx client closes it; closing twice is closing once."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client:
        async with http_to(ORIGIN, client=client) as http:
            assert not http.owns_client
        assert not client.is_closed
        await http.send(READ, token=TOKEN)
    async with http_to(ORIGIN) as http:
        assert http.owns_client
        own = http._client
        await http.aclose()
        assert own is not None
        assert own.is_closed
        await http.aclose()
        with pytest.raises(ClientStateError):
            await http.send(READ, token=TOKEN)


async def test_our_own_pool_has_as_many_connections_as_there_are_places() -> None:
    """The pool is as large as the limits allow calls at once, and keeps all of its connections."""
    async with http_to(ORIGIN, connections=7) as http:
        pool = http._client._transport._pool  # type: ignore[union-attr] # no public way to ask
        assert (pool._max_connections, pool._max_keepalive_connections) == (7, 7)


async def test_a_users_client_that_is_closed_meanwhile_is_refused() -> None:
    """A handed-in client that its owner closed sends nothing and says why."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    http = Http(ORIGIN, client=client, connections=10, timeouts=Timeouts())
    await client.aclose()
    with pytest.raises(ClientStateError, match="closed"):
        await http.send(READ, token=TOKEN)
    with pytest.raises(ArgumentError, match="open"):
        Http(ORIGIN, client=client, connections=10, timeouts=Timeouts())


async def test_a_pool_that_is_too_small_is_refused() -> None:
    """A pool in which our calls would queue is refused by numbers; one that is as large, or has no bound, is taken."""
    for size in (1, 9):
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=size)) as client:
            with pytest.raises(ArgumentError, match="max_connections=10") as caught:
                Http(ORIGIN, client=client, connections=10, timeouts=Timeouts())
            assert caught.value.argument == "http_client"
    for limits in (httpx.Limits(max_connections=10), httpx.Limits(), httpx.Limits(max_connections=100)):
        async with httpx.AsyncClient(limits=limits) as client:
            Http(ORIGIN, client=client, connections=10, timeouts=Timeouts())


async def test_the_pool_that_counts_is_the_one_that_is_used() -> None:
    """A client with a proxy or a mount for Marketo has another pool for it; that is the one that is checked."""
    small, large = httpx.Limits(max_connections=5), httpx.Limits(max_connections=50)
    mount = httpx.AsyncHTTPTransport(limits=small)
    async with httpx.AsyncClient(limits=large, mounts={"all://*.mktorest.com": mount}) as client:
        with pytest.raises(ArgumentError, match="5 connections"):
            Http(ORIGIN, client=client, connections=10, timeouts=Timeouts())
    elsewhere = httpx.AsyncHTTPTransport(limits=small)
    async with httpx.AsyncClient(limits=large, mounts={"all://*.example.com": elsewhere}) as client:
        Http(ORIGIN, client=client, connections=10, timeouts=Timeouts())
    async with httpx.AsyncClient(limits=small, proxy="http://127.0.0.1:3128") as client:
        with pytest.raises(ArgumentError, match="5 connections"):
            Http(ORIGIN, client=client, connections=10, timeouts=Timeouts())


def test_a_client_that_is_none_is_refused() -> None:
    """A synchronous `httpx.Client` would block the loop, send, and then fail: it is refused by name."""
    with httpx.Client() as client, pytest.raises(ArgumentError, match=r"httpx\.AsyncClient"):
        Http(ORIGIN, client=client, connections=10, timeouts=Timeouts())  # type: ignore[arg-type] # the mistake at hand


async def test_plain_http_never_goes_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """P15: a proxy of the environment is not sent what is meant for this machine; https may go through it."""
    async with raw_server(page(b"403 Forbidden")) as proxy, raw_server(ok(EMPTY)) as marketo:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
            monkeypatch.setenv(name.lower(), proxy.origin)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        async with http_to(marketo.origin) as http:
            await http.send(WRITE, token=None)
        assert (len(proxy.requests), len(marketo.requests)) == (0, 1)
        async with http_to(ORIGIN) as http:
            with pytest.raises(NotSentError, match="403"):
                await http.send(WRITE, token=None)
        assert [request.split(b"\r\n")[0] for request in proxy.requests] == [
            b"CONNECT 123-abc-456.mktorest.com:443 HTTP/1.1"
        ]


# ---------------------------------------------------------------- without a socket


async def test_an_application_that_drops_the_connection() -> None:
    """In process, an application that raises ConnectionError looks like a connection that broke."""

    async def drop(scope: object, receive: object, send: object) -> None:
        raise ConnectionResetError("gone")

    async with in_process_client(drop) as client, http_to("http://localhost", client=client) as http:
        with pytest.raises(ConnectionLostError, match="gone"):
            await http.send(READ, token=TOKEN)

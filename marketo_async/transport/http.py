"""The only file that knows httpx; no type of it leaves this file.

httpx 0.28.1 can lose its connection pool for good when a request is cancelled while others wait for a connection.
Two rules of the floor above keep it whole: an attempt is never cancelled, and the limiter grants no more places than
the pool has connections, so that nobody ever waits inside the pool.
"""

from __future__ import annotations

import asyncio
import importlib
from importlib.metadata import version
from typing import TYPE_CHECKING

import httpx
from anyio import to_thread

from marketo_async.errors import (
    ArgumentError,
    ClientStateError,
    ConnectionLostError,
    MarketoError,
    NotSentError,
    ProtocolError,
    ReadTimeoutError,
)
from marketo_async.wire.envelope import HttpAnswer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from marketo_async.transport.secret import Secret
    from marketo_async.transport.timeouts import Timeouts
    from marketo_async.wire.request import HttpRequest

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
_MOST_BYTES = 2**28
"""Bytes of an answer, decompressed, that are read at most: far more than Marketo sends, and less than a machine has."""

_FIRST_USE = ("httpcore", "h11", "anyio._backends._asyncio")
"""What httpx imports at the first request: some 20 ms, better spent off the loop."""


class Http:
    """Sends one request over httpx and returns the answer's bytes.

    Attributes:
        origin: Scheme, host and port, such as `https://123-abc-456.mktorest.com`.
    """

    def __init__(self, origin: str, *, client: httpx.AsyncClient | None, connections: int, timeouts: Timeouts) -> None:
        self.origin = origin
        self._handed_in = client
        self._client = client
        self._connections = connections
        self._timeouts = timeouts
        self._user_agent = f"marketo-async/{version('marketo-async')} httpx/{httpx.__version__}"
        if client is not None:
            _check_pool(client, origin, connections)

    @property
    def owns_client(self) -> bool:
        """Whether the httpx client was made here, and so is closed here."""
        return self._handed_in is None

    async def open(self) -> None:
        """Pay the costs of first use, such as the TLS context, in a thread."""
        await to_thread.run_sync(self._prepare)

    async def send(
        self, request: HttpRequest, *, token: Secret | None, read_timeout: float | None = None
    ) -> HttpAnswer:
        """Send a request and read the whole answer.

        Raises:
            NotSentError: no connection could be made.
            ReadTimeoutError: the server took too long.
            ConnectionLostError: the connection broke.
            ProtocolError: the body could not be decompressed, or it does not end.
        """
        client = self._client
        if client is None or client.is_closed:
            raise ClientStateError("the httpx client is closed")
        times = self._timeouts
        read = read_timeout or times.read
        whole = max(times.whole, read)
        bound = asyncio.timeout(whole)
        try:
            async with bound:
                response = await client.send(
                    # Built here, not by the client: its default headers, cookies and parameters stay out of it.
                    httpx.Request(
                        request.method,
                        self.origin + request.target,
                        headers=self._headers(request, token),
                        content=request.body,
                        extensions={
                            "timeout": httpx.Timeout(
                                connect=times.connect,
                                read=read,
                                write=times.write,
                                pool=times.pool,
                            ).as_dict()
                        },
                    ),
                    stream=True,
                    auth=None,
                    follow_redirects=False,
                )
                body = await _whole_body(response)
        except (httpx.HTTPError, OSError) as error:
            if bound.expired():
                failure: MarketoError = ReadTimeoutError(f"no whole answer within {whole:g} s")
            else:
                failure = _failure(error, read)
        else:
            if body is not None:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return HttpAnswer(response.status_code, headers, body)
            failure = ProtocolError(f"the body does not end: more than {_MOST_BYTES:,} bytes")
        # Raised out here, not `from` httpx's error: the frames below it hold the token and the secret in variables.
        raise failure

    async def aclose(self) -> None:
        """Close the connections, if they are ours."""
        if self._handed_in is None and self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    def _prepare(self) -> None:
        for module in _FIRST_USE:
            importlib.import_module(module)
        if self._client is None:
            self._client = httpx.AsyncClient(
                limits=httpx.Limits(max_connections=self._connections, max_keepalive_connections=self._connections),
                # Plain HTTP is for this machine alone: a proxy of the environment would be sent the secret in the open.
                trust_env=not self.origin.startswith("http:"),
            )

    def _headers(self, request: HttpRequest, token: Secret | None) -> list[tuple[str, str]]:
        headers = [("Accept", "application/json"), ("Accept-Encoding", "gzip"), ("User-Agent", self._user_agent)]
        if request.content_type is not None:
            headers.append(("Content-Type", request.content_type))
        if token is not None:
            headers.append(("Authorization", f"Bearer {token.text}"))
        return headers


def in_process_client(app: Callable[..., Awaitable[None]]) -> httpx.AsyncClient:
    """Return an httpx client that calls an ASGI application without a socket."""
    return httpx.AsyncClient(transport=_InProcessTransport(app))


class _InProcessTransport(httpx.ASGITransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except ConnectionError as error:  # an application has no other way to drop a connection
            raise httpx.ReadError(str(error)) from error


def _check_pool(client: object, origin: str, connections: int) -> None:
    """Refuse a client that would make our calls queue inside its pool, where that can be seen."""
    if not isinstance(client, httpx.AsyncClient) or client.is_closed:
        raise ArgumentError("http_client", f"{type(client).__name__} object", "an httpx.AsyncClient that is open")
    # A proxy or a mount has a pool of its own.
    transport: object = client._transport_for_url(httpx.URL(origin))  # noqa: SLF001 - httpx has no public way to ask
    pool: object = getattr(transport, "_pool", None)
    size: object = getattr(pool, "_max_connections", None)
    if isinstance(size, int) and size < connections:
        raise ArgumentError(
            "http_client",
            f"a pool of {size} connections",
            f"httpx.Limits(max_connections={connections}) or more, as many as the limits allow calls at once",
        )


async def _whole_body(response: httpx.Response) -> bytes | None:
    """Return the body, decompressed; None where there is too much of it."""
    pieces, size = [], 0
    try:
        async for piece in response.aiter_bytes():
            size += len(piece)
            if size > _MOST_BYTES:
                return None
            pieces.append(piece)
    finally:
        await response.aclose()
    return b"".join(pieces)


def _failure(error: Exception, read: float) -> MarketoError:
    """Return what an error of httpx means for the call."""
    if isinstance(error, _NOT_SENT):
        return NotSentError(_words(error))
    if isinstance(error, httpx.ReadTimeout):
        return ReadTimeoutError(f"no answer within {read:g} s")
    if isinstance(error, httpx.DecodingError):
        return ProtocolError(f"the body could not be decompressed: {_words(error)}")
    return ConnectionLostError(_words(error))


def _words(error: BaseException) -> str:
    """Return what httpx said and, where that hides it, what the system said: "connection refused", say."""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    cause: BaseException | None = error
    while cause is not None and not (isinstance(cause, OSError) and cause.errno is not None):
        cause = cause.__cause__ or cause.__context__
    return said if cause is None or str(cause) in said else f"{said} ({cause})"

"""The only file that knows httpx; no type of it leaves this file.

httpx 0.28.1 can lose its connection pool for good when a request is cancelled while others wait for a connection.
Two rules of the floor above keep it whole: an attempt is never cancelled, and the limiter grants no more places than
the pool has connections, so that nobody ever waits inside the pool.
"""

from __future__ import annotations

import importlib
from importlib.metadata import version
from typing import TYPE_CHECKING

import httpx
from anyio import to_thread

from marketo_async.errors import (
    ArgumentError,
    ClientStateError,
    ConnectionLostError,
    NotSentError,
    ProtocolError,
    ReadTimeoutError,
)
from marketo_async.wire.envelope import HttpAnswer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from marketo_async.transport.timeouts import Timeouts
    from marketo_async.wire.request import HttpRequest

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
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
            _check_pool(client, connections)

    @property
    def owns_client(self) -> bool:
        """Whether the httpx client was made here, and so is closed here."""
        return self._handed_in is None

    async def open(self) -> None:
        """Pay the costs of first use, such as the TLS context, in a thread."""
        await to_thread.run_sync(self._prepare)

    async def send(self, request: HttpRequest, *, token: str | None, read_timeout: float | None = None) -> HttpAnswer:
        """Send a request and read the whole answer.

        Raises:
            NotSentError: no connection could be made.
            ReadTimeoutError: the server took too long.
            ConnectionLostError: the connection broke.
            ProtocolError: the body could not be decompressed.
        """
        client = self._client
        if client is None or client.is_closed:
            raise ClientStateError("the httpx client is closed")
        times = self._timeouts
        try:
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
                            read=read_timeout or times.read,
                            write=times.write,
                            pool=times.pool,
                        ).as_dict()
                    },
                ),
                auth=None,
                follow_redirects=False,
            )
        except _NOT_SENT as error:
            raise NotSentError(_words(error)) from error
        except httpx.ReadTimeout as error:
            raise ReadTimeoutError(f"no answer within {read_timeout or times.read:g} s") from error
        except httpx.DecodingError as error:
            raise ProtocolError(f"the body could not be decompressed: {_words(error)}") from error
        except (httpx.HTTPError, OSError) as error:
            raise ConnectionLostError(_words(error)) from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpAnswer(response.status_code, headers, response.content)

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
                limits=httpx.Limits(max_connections=self._connections, max_keepalive_connections=self._connections)
            )

    def _headers(self, request: HttpRequest, token: str | None) -> list[tuple[str, str]]:
        headers = [("Accept", "application/json"), ("Accept-Encoding", "gzip"), ("User-Agent", self._user_agent)]
        if request.content_type is not None:
            headers.append(("Content-Type", request.content_type))
        if token is not None:
            headers.append(("Authorization", f"Bearer {token}"))
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


def _check_pool(client: httpx.AsyncClient, connections: int) -> None:
    """Refuse a client that would make our calls queue inside its pool, where that can be seen."""
    if client.is_closed:
        raise ArgumentError("http_client", "a closed client", "an open httpx.AsyncClient")
    pool: object = getattr(getattr(client, "_transport", None), "_pool", None)
    size: object = getattr(pool, "_max_connections", None)
    if isinstance(size, int) and size < connections:
        raise ArgumentError(
            "http_client",
            f"a pool of {size} connections",
            f"httpx.Limits(max_connections={connections}) or more, as many as the limits allow calls at once",
        )


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__

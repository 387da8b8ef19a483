"""The sandbox behind a real socket: for the command line, and for tests that need a connection to lose."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from marketo_async.sandbox.families import KILOBYTE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from marketo_async.sandbox.sandbox import Sandbox


class Dropping:
    """Closes the socket where the sandbox says that the connection is lost."""

    def __init__(self, app: ASGIApp, transport: asyncio.BaseTransport) -> None:
        self._app = app
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or abort its connection."""
        try:
            await self._app(scope, receive, send)
        except (ConnectionResetError, asyncio.CancelledError):  # cancelled: the server is shutting down
            # close() sends what was written before; abort() would lose it.
            self._transport.close()
            # Once the server has noticed, it neither answers 500 nor complains.
            while (await receive())["type"] != "http.disconnect":
                pass


class Protocol(H11Protocol):
    """HTTP/1.1 that can lose a connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection."""
        super().connection_made(transport)
        # asyncio does this for sockets that name their protocol; the listener's do not. Without it, every answer waits
        # 40 ms for the client's acknowledgement between its head and its body.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app = Dropping(self.app, transport)


class Server(uvicorn.Server):
    """A server that can be waited for, stops at once, and leaves signals as it found them."""

    def __init__(self, config: uvicorn.Config, *, signals: bool, ready: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self._signals = signals
        self._ready = ready
        self.leaving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        self._ready()

    async def main_loop(self) -> None:
        """Serve until told to leave."""
        await self.leaving.wait()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Let Ctrl-C and SIGTERM end the serving, and nothing else; without signals, touch none."""
        if not self._signals or threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()

        def leave(*_: object) -> None:
            self.force_exit = self.should_exit
            self.should_exit = True
            loop.call_soon_threadsafe(self.leaving.set)

        before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, action in before.items():
                signal.signal(number, action)


@asynccontextmanager
async def served(sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0) -> AsyncGenerator[str, None]:
    """Serve a sandbox inside the running loop, on a free port unless one is given.

    Mistakes in the sandbox are logged and answered 611, as Marketo would.

    Args:
        sandbox: The sandbox; its `app` can be used beside the server.
        host: The address to listen on.
        port: The port; 0 takes a free one.

    Yields:
        The base URL, without a trailing slash.

    Raises:
        OSError: the address cannot be listened on.
    """
    listener = _listen(host, port)
    server = Server(_configuration(sandbox), signals=False)
    # The listener queues connections from now on: nobody has to wait until the server has begun.
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield _url(listener, host)
    finally:
        server.leaving.set()
        await serving


def serve(
    sandbox: Sandbox, host: str = "127.0.0.1", port: int = 8080, *, ready: Callable[[str], None] = lambda _: None
) -> None:
    """Serve a sandbox until Ctrl-C or SIGTERM; calls under way get a moment to end.

    Args:
        sandbox: The sandbox.
        host: The address to listen on.
        port: The port; 0 takes a free one.
        ready: Called with the base URL once connections are taken.

    Raises:
        OSError: the address cannot be listened on.
    """
    listener = _listen(host, port)

    async def run() -> None:
        configuration = _configuration(sandbox)
        await Server(configuration, signals=True, ready=lambda: ready(_url(listener, host))).serve([listener])

    asyncio.run(run())


def _configuration(sandbox: Sandbox) -> uvicorn.Config:
    return uvicorn.Config(
        sandbox.application(raise_bugs=False),
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        # Larger than any URI that the sandbox lets pass: 414 must be its own answer.
        h11_max_incomplete_event_size=256 * KILOBYTE,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family)
    listener.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return listener


def _url(listener: socket.socket, host: str) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"

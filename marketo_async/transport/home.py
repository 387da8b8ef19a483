"""Where a client belongs: the event loop and the process in which it was entered."""

from __future__ import annotations

import asyncio
import os

from marketo_async.errors import ClientStateError


class Home:
    """The loop and the process of one client."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pid = 0

    def enter(self, *, closed: bool) -> None:
        """Bind to the running loop.

        Raises:
            ClientStateError: entered before, or closed.
        """
        if self._loop is not None:
            raise ClientStateError("a client is entered once; make another one")
        if closed:
            raise ClientStateError("the client is closed")
        self._loop, self._pid = asyncio.get_running_loop(), os.getpid()

    def check(self, *, closed: bool) -> None:
        """Refuse a call from anywhere else.

        Raises:
            ClientStateError: not entered yet, closed, another event loop, or another process.
        """
        if self._loop is None:
            raise ClientStateError("use the client inside `async with MarketoClient(...) as marketo:`")
        if closed:
            raise ClientStateError("the client is closed")
        if os.getpid() != self._pid:
            raise ClientStateError("the process was forked after the client was entered; make a client in each process")
        if asyncio.get_running_loop() is not self._loop:
            raise ClientStateError("the client belongs to another event loop; make one in each loop")

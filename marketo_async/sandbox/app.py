"""The ASGI application: takes a request off the wire, lets the gateway answer it, sends what comes back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from marketo_async.sandbox.bodies import receive_request
from marketo_async.sandbox.families import family_of
from marketo_async.sandbox.gateway import Gateway
from marketo_async.sandbox.sending import send_reply

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from marketo_async.sandbox.bodies import Incoming
    from marketo_async.sandbox.envelope import Reply
    from marketo_async.sandbox.instance import Instance
    from marketo_async.sandbox.routing import Router


class Application:
    """One instance behind ASGI.

    Every exchange is a task of its own: a client that walks away does not stop Marketo from counting the call,
    holding its place and finishing its work.
    """

    def __init__(self, instance: Instance, router: Router, *, raise_bugs: bool = True) -> None:
        """Put an instance behind ASGI.

        Args:
            instance: The instance; several applications may share it.
            router: The operations it has.
            raise_bugs: Let a mistake in the sandbox itself leave the application instead of answering 611.
        """
        self.instance = instance
        self._gateway = Gateway(instance, router, raise_bugs=raise_bugs)
        self._exchanges: set[asyncio.Task[Reply | Exception]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            ConnectionResetError: a fault says that the connection is lost.
            RuntimeError: the scope is not HTTP.
        """
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"The sandbox speaks HTTP, not {scope['type']}")
        incoming = await receive_request(scope, receive, family_of(scope["path"]).largest_body)
        if incoming is None:
            return
        exchange = asyncio.create_task(self._exchange(incoming))
        self._exchanges.add(exchange)
        exchange.add_done_callback(self._exchanges.discard)
        outcome = await asyncio.shield(exchange)
        if isinstance(outcome, Exception):
            raise outcome
        await send_reply(outcome, incoming.headers, self.instance.now(), send)

    async def _exchange(self, incoming: Incoming) -> Reply | Exception:
        # An exception is returned, not raised: nobody may be left to take it.
        try:
            return await self._gateway.answer(incoming)
        except Exception as bug:  # noqa: BLE001 - it is raised again in the caller's task, if that still waits
            return bug


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return

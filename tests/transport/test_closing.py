"""Closing that is itself cancelled still closes the connections: nobody closes a second time."""

from __future__ import annotations

import asyncio

import pytest

from marketo_async import Limits, MarketoClient
from marketo_async.errors import MarketoError
from marketo_async.wire.call import GET

READ = GET("/rest/asset/v1/program/{id}.json", id=1107)


async def test_a_cancelled_closing_still_closes_the_connections() -> None:
    """A backend that is shut down in a hurry leaves no open socket behind, and no call that waits for ever."""
    connected, gone = asyncio.Event(), asyncio.Event()

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await reader.read(-1)  # until the client hangs up
        writer.close()
        gone.set()

    server = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    async with server:
        origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        marketo = await MarketoClient(origin, "me", "made up", limits=Limits.off()).__aenter__()
        caller = asyncio.ensure_future(marketo._transport.send(READ))
        await connected.wait()
        closing = asyncio.ensure_future(marketo.aclose())
        await asyncio.sleep(0)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        async with asyncio.timeout(5):
            await gone.wait()
            with pytest.raises(MarketoError):
                await caller

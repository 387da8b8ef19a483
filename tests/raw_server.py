"""A server that knows no HTTP: it keeps the bytes of each request, and answers with the bytes that it was given."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_LENGTH = re.compile(rb"(?im)^content-length: *(\d+)\r?$")


def ok(body: bytes, *headers: str) -> bytes:
    """Return the bytes of a 200 with this body."""
    return page(b"200 OK", body, *headers)


def page(status: bytes, body: bytes = b"", *headers: str) -> bytes:
    """Return the bytes of an answer; `status` is what stands behind the HTTP version."""
    lines = [b"HTTP/1.1 " + status, *(header.encode() for header in headers), b"Content-Length: %d" % len(body)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class RawServer:
    """What arrived, and what is answered.

    Attributes:
        answers: The bytes of each further answer, the last one for ever; b"" closes the connection instead.
        requests: The bytes of each request.
        connections: How many connections were made.
        port: Where it listens on the loopback.
    """

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self.connections = 0
        self.port = 0
        self._talks: list[asyncio.Task[object] | None] = []

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        self.connections += 1
        self._talks.append(asyncio.current_task())
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                self.requests.append(head + await reader.readexactly(int(length[1]) if length else 0))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                writer.write(answer)
                await writer.drain()
                if not _is_whole(answer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def clients_are_gone(self) -> None:
        """Wait until every client has closed its connection."""
        await asyncio.gather(*(talk for talk in self._talks if talk is not None))


def _is_whole(answer: bytes) -> bool:
    """Tell whether an answer is as long as it says; only closing the connection ends one that is not."""
    head, _, body = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head + b"\r\n")
    return length is not None and int(length[1]) == len(body)


@asynccontextmanager
async def raw_server(*answers: bytes) -> AsyncIterator[RawServer]:
    """Open a server on the loopback; clients must be closed before it is."""
    marketo = RawServer(*answers)
    server = await asyncio.start_server(marketo.talk, "127.0.0.1", 0)
    marketo.port = server.sockets[0].getsockname()[1]
    async with server:
        yield marketo
        await marketo.clients_are_gone()

"""Putting a reply on the wire: headers, compression, and the ways in which an answer gets lost."""

from __future__ import annotations

import asyncio
import gzip
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.datastructures import Headers
    from starlette.types import Send

    from marketo_async.sandbox.envelope import Reply

SMALLEST_GZIP = 1024
"""Bytes of body from which on Marketo compresses for those who ask for it."""

DROPS = 8
"""Pieces into which a trickling body is cut."""


async def send_reply(reply: Reply, asked: Headers, now: datetime, send: Send) -> None:
    """Send a reply over ASGI.

    Args:
        reply: What to send.
        asked: The headers of the request.
        now: What the `Date` header says.
        send: ASGI's send.

    Raises:
        ConnectionResetError: the reply says that the connection is lost.
    """
    if reply.body is None:
        raise ConnectionResetError("The sandbox dropped the connection without an answer, as it was told to")
    body = reply.body
    headers = [
        ("date", format_datetime(now, usegmt=True)),
        ("server", "nginx"),
        ("content-type", reply.content_type),
        ("vary", "Accept-Encoding"),
        *reply.headers,
    ]
    if len(body) >= SMALLEST_GZIP and accepts_gzip(asked.get("accept-encoding", "")):
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers.append(("content-encoding", "gzip"))
    if not reply.chunked:
        headers.append(("content-length", str(len(body))))
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    if reply.cut_short:
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        raise ConnectionResetError("The sandbox dropped the connection in the middle of an answer, as it was told to")
    if reply.trickle:
        size = len(body) // DROPS + 1
        for start in range(0, len(body), size):
            await asyncio.sleep(reply.trickle / DROPS)
            await send({"type": "http.response.body", "body": body[start : start + size], "more_body": True})
        body = b""
    await send({"type": "http.response.body", "body": body, "more_body": False})


def accepts_gzip(accept_encoding: str) -> bool:
    """Tell whether an `Accept-Encoding` header asks for gzip."""
    for item in accept_encoding.lower().split(","):
        coding, _, quality = item.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False

"""What a call costs this process: our client against bare httpx, over a real connection to another process.

python benchmarks/call_cost.py [--rounds 15]

Both keep connections alive and get the same bytes from a server of their own on the loopback. Bare httpx sends a fixed
header and parses the JSON; ours takes a slot, a place and the token, runs the attempt in a task of its own, opens the
envelope, writes a log record that nobody reads, and makes frozen records. CPU time, interleaved rounds, medians.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
from rounds import cpu_seconds_of_calls
from table import print_table

from marketo_async import Limits, MarketoClient
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CALLS = 100
AT_ONCE = 10
PAGE = 200
ONE = "/rest/asset/v1/program/1001.json"
BROWSE = "/rest/asset/v1/programs.json?maxReturn=200&offset=0"


# ---------------------------------------------------------------- the server, in a process of its own


def program(number: int) -> dict[str, object]:
    """Return a program as a listing has it."""
    moment = datetime(2024, 3, 1, 8, 15, 30, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ+0000")
    return {
        "id": 1001 + number, "name": f"Webinar {number:05}", "description": "", "createdAt": moment,
        "updatedAt": moment, "url": f"https://app-sj01.marketo.com/#PG{1001 + number}A1", "type": "Default",
        "channel": "Content", "folder": {"type": "Folder", "value": 35, "folderName": "Events"}, "status": "",
        "workspace": "Default", "headStart": False,
    }  # fmt: skip


def answer(document: object) -> bytes:
    """Return the bytes of a 200."""
    body = json.dumps(document, separators=(",", ":")).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


async def serve() -> None:
    """Answer every request on the loopback until the process is ended; the port is printed first."""
    token = answer(
        {"access_token": "made-up:int", "token_type": "bearer", "expires_in": 3600, "scope": "me@example.com"}
    )
    envelope = {"success": True, "errors": [], "requestId": "1a2b#14d9bd96352", "warnings": []}
    one = answer({**envelope, "result": [program(0)]})
    page = answer({**envelope, "result": [program(number) for number in range(PAGE)]})

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if head.startswith(b"POST"):
                    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                    await reader.readexactly(int(length.partition(b":")[2]))
                    writer.write(token)
                else:
                    writer.write(page if b"/programs.json" in head else one)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# ---------------------------------------------------------------- measuring


async def many(call: Callable[[], Awaitable[object]], at_once: int) -> None:
    """Make all calls, that many at a time."""

    async def some() -> None:
        for _ in range(CALLS // at_once):
            await call()

    await asyncio.gather(*(some() for _ in range(at_once)))


async def measure(url: str, rounds: int) -> list[list[object]]:
    """Return a row per kind of call."""
    # Counted like every call, in slots that never run out.
    limits = Limits(max_calls=1_000_000)
    token = {"Authorization": "Bearer made-up:int"}
    rows: list[list[object]] = []
    async with httpx.AsyncClient(headers=token) as http, MarketoClient(url, "me", "made-up", limits=limits) as marketo:

        async def bare(path: str) -> object:
            return (await http.get(url + path)).json()["result"]

        async def shielded(path: str) -> object:
            return await asyncio.shield(asyncio.create_task(bare(path)))

        async def opened(path: str) -> object:
            return (await marketo._transport.send(GET(path))).result

        async def records_of(path: str) -> object:
            return await (marketo.programs.browse().first() if path == BROWSE else marketo.programs.get(1001))

        for what, path in (("one program", ONE), ("200 programs", BROWSE)):
            for at_once in (1, AT_ONCE):
                ways = (("bare", bare), ("shielded", shielded), ("opened", opened), ("records", records_of))
                taken = await cpu_seconds_of_calls(
                    {name: lambda way=way, path=path, n=at_once: many(lambda: way(path), n) for name, way in ways},  # type: ignore[misc]
                    rounds=rounds,
                )
                micro = {name: 1e6 * seconds / CALLS for name, seconds in taken.items()}
                rows.append([
                    f"{what}, {at_once} at once",
                    *(f"{micro[name]:.0f}" for name in micro),
                    f"{micro['opened'] / micro['bare']:.2f}",
                    f"{micro['records'] / micro['bare']:.2f}",
                    f"{5 * micro['records'] / 1e6:.1%}",
                ])  # fmt: skip
    return rows


def main() -> None:
    """Start the server and measure, or be the server."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.serve:
        asyncio.run(serve())
        return
    with subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - this file
        try:
            assert server.stdout is not None
            rows = asyncio.run(measure(f"http://127.0.0.1:{int(server.stdout.readline())}", given.rounds))
            print_table(
                "CPU per call, in microseconds",
                ["call", "bare", "shielded", "envelope", "records", "envelope/bare", "records/bare", "core at 5/s"],
                rows,
                "bare: httpx and response.json(). shielded: the same in a task of its own, so that a caller who is",
                "cancelled does not harm httpx's pool. envelope: ours, up to the opened answer. records: ours, whole.",
            )
        finally:
            server.terminate()


if __name__ == "__main__":
    main()

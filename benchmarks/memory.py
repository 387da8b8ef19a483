"""How much memory a walk through 1,000,000 programs takes, and what of it grows.

python benchmarks/memory.py [--programs 1000000]

The pages come from a stub that writes them when they are asked for, so that nothing but the walk is measured. The ids
that were seen, so that no record comes out twice, are the only thing that grows; how much they take by themselves is
measured beside it, in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import resource
import subprocess
import sys
import tracemalloc
from pathlib import Path
from urllib.parse import parse_qs

import httpx
from table import print_table

from marketo_async import Limits, MarketoClient

ROW = (
    b'{"id":%d,"name":"Webinar %08d","description":"","createdAt":"2024-03-01T08:15:30Z+0000",'
    b'"updatedAt":"2024-03-01T08:15:30Z+0000","url":"https://app-sj01.marketo.com/#PG%dA1","type":"Default",'
    b'"channel":"Content","folder":{"type":"Folder","value":35,"folderName":"Events"},"status":"",'
    b'"workspace":"Default","headStart":false}'
)
EMPTY = b'{"success":true,"errors":[],"requestId":"1a2b#14d9bd96352","warnings":["No assets found"]}'
TOKEN = b'{"access_token":"made-up:int","token_type":"bearer","expires_in":36000,"scope":"me@example.com"}'
FIRST_ID = 1001


def stub(programs: int) -> httpx.MockTransport:
    """Return a Marketo of that many programs that remembers none of them."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/identity/oauth/token":
            return httpx.Response(200, content=TOKEN)
        query = parse_qs(request.url.query.decode())
        offset, size = int(query["offset"][0]), int(query["maxReturn"][0])
        # The last look asks for what changed since the walk began: nothing did.
        numbers = range(offset, min(offset + size, programs)) if "earliestUpdatedAt" not in query else ()
        if not numbers:
            return httpx.Response(200, content=EMPTY)
        rows = b",".join([ROW % (FIRST_ID + number, number, FIRST_ID + number) for number in numbers])
        return httpx.Response(200, content=b'{"success":true,"errors":[],"requestId":"1a2b#14","result":[%b]}' % rows)

    return httpx.MockTransport(answer)


def resident() -> float:
    """Return the bytes of memory that this process has now; where the system does not say, the most that it had."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return pages * resource.getpagesize()


async def walk(programs: int) -> None:
    """Walk, and print at 1, 10, 25, 50 and 100 % how much memory there is."""
    marks = {max(1, programs * share // 1000): share for share in (10, 100, 250, 500, 1000)}
    seen = 0
    async with (
        httpx.AsyncClient(transport=stub(programs)) as http,
        MarketoClient("http://localhost", "made-up", "made-up", limits=Limits.off(), http_client=http) as marketo,
    ):
        async for _ in marketo.programs.browse():
            seen += 1
            if seen in marks:
                gc.collect()
                print(seen, resident(), sep=",", flush=True)
    assert seen == programs


def ids(counts: list[int]) -> None:
    """Print how many bytes a set of so many ids takes."""
    for count in counts:
        gc.collect()
        tracemalloc.start()
        kept = {FIRST_ID + number for number in range(count)}
        print(len(kept), tracemalloc.get_traced_memory()[0], sep=",", flush=True)
        tracemalloc.stop()
        del kept


def measured(*arguments: str) -> dict[int, float]:
    """Run this file with these arguments in a fresh process; return the bytes per number of programs."""
    lines = subprocess.run(  # noqa: S603 - this file
        [sys.executable, __file__, *arguments], check=True, capture_output=True, text=True
    ).stdout.split()
    return {int(count): float(size) for count, size in (line.split(",") for line in lines)}


def main() -> None:
    """Measure in fresh processes and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--programs", type=int, default=1_000_000)
    arguments.add_argument("--walk", action="store_true", help=argparse.SUPPRESS)
    arguments.add_argument("--ids", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.walk:
        asyncio.run(walk(given.programs))
    elif given.ids:
        ids([int(count) for count in given.ids.split(",")])
    else:
        process = measured("--walk", f"--programs={given.programs}")
        of_ids = measured("--ids", ",".join(map(str, process)))
        mib = 2.0**20
        print_table(
            f"Memory of a walk through {given.programs:,} programs, in MiB",
            ["programs read", "process", "of which ids seen", "everything else", "bytes an id"],
            [
                [
                    f"{count:,}",
                    f"{size / mib:.1f}",
                    f"{of_ids[count] / mib:.1f}",
                    f"{(size - of_ids[count]) / mib:.1f}",
                    f"{of_ids[count] / count:.0f}",
                ]
                for count, size in process.items()
            ],
        )


if __name__ == "__main__":
    main()

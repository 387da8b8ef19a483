"""How much memory it takes to write, and to read, 1,000,000 leads, and what of it grows.

python benchmarks/lead_memory.py [--leads 1000000]

What is written comes from a generator, and a stub answers that keeps nothing, so that nothing but the walk is measured.
Calls take 0.2 to 0.4 s on a virtual clock with Marketo's limits, one in fifty takes 3 s, so that as much waits in line
as ever does. The peak is the most that the process ever held, as the system says.

The values that a search is given are the caller's own, and grow with the leads. So do the ids that it has seen, which
keep a lead from coming out twice. How much these take alone is measured beside it, in a process of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import virtual_time
from table import print_table

from marketo_async import Limits, MarketoClient

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = 300
TOKEN = b'{"access_token":"made-up:int","token_type":"bearer","expires_in":36000,"scope":"me@example.com"}'
ANSWER = b'{"requestId":"1a2b#14d9bd96352","success":true,"result":[%b]%b}'
ROW = b'{"id":%d,"email":"person-%07d@example.com","firstName":"Zo\xc3\xab","lastName":"Number","leadScore":7}'
FIELDS = ["email", "firstName", "lastName", "leadScore"]


def email(number: int) -> str:
    """Return somebody's address."""
    return f"person-{number:07}@example.com"


class Stub:
    """A Marketo that upserts, and has so many leads; it remembers nothing."""

    def __init__(self, leads: int) -> None:
        self._leads = leads
        self._rng = random.Random(1)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer after a while."""
        if request.url.path == "/identity/oauth/token":
            return httpx.Response(200, content=TOKEN)
        await asyncio.sleep(3.0 if self._rng.random() < 1 / 50 else self._rng.uniform(0.2, 0.4))
        rows, more = self._rows(request)
        return httpx.Response(200, content=ANSWER % (b",".join(rows), more))

    def _rows(self, request: httpx.Request) -> tuple[list[bytes], bytes]:
        query = parse_qs((request.url.query if request.method == "GET" else request.content).decode())
        if "/lists/" in request.url.path:
            after = int(query.get("nextPageToken", ["0"])[0])
            last = min(after + PAGE, self._leads)
            more = b',"nextPageToken":"%d"' % last if last < self._leads else b""
            return [ROW % (number + 1, number) for number in range(after, last)], more
        if "filterValues" in query:
            numbers = [int(value[7:14]) for value in query["filterValues"][0].split(",")]
            return [ROW % (number + 1, number) for number in numbers], b""
        records = json.loads(request.content)["input"]
        return [b'{"id":%d,"status":"created"}' % (record["leadScore"] + 1) for record in records], b""


def peak() -> int:
    """Return the most bytes that this process has held; of a fresh one, unlike `ru_maxrss`, which it inherits."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


async def sync(marketo: MarketoClient, leads: int) -> int:
    """Write leads."""
    people = (
        {"email": email(number), "firstName": "Zoë", "lastName": "Number", "leadScore": number}
        for number in range(leads)
    )
    done = 0
    async for result in marketo.leads.sync(people):
        done += result.status == "created"
    return done


async def find(marketo: MarketoClient, leads: int) -> int:
    """Look leads up by their addresses."""
    seen = 0
    async for _ in marketo.leads.find("email", [email(number) for number in range(leads)], fields=FIELDS):
        seen += 1
    return seen


async def by_list(marketo: MarketoClient, _: int) -> int:
    """Read the leads of a list: the stub has no others."""
    seen = 0
    async for _lead in marketo.lists.leads(1, fields=FIELDS):
        seen += 1
    return seen


JOBS = {"leads.sync": sync, "leads.find": find, "lists.leads": by_list}
ALONE = "values and ids alone"


async def walk(job: str, leads: int) -> None:
    """Do a job, and print the peak of it."""
    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(Stub(leads).answer)) as http,
        MarketoClient("http://localhost", "made-up", "made-up", limits=Limits.batch(), http_client=http) as marketo,
    ):
        assert await JOBS[job](marketo, leads) == leads
    print(peak())


def alone(leads: int) -> int:
    """Return how many bytes it takes to have so many values, to keep each once, and to collect as many ids."""
    before = peak()
    given = [email(number) for number in range(leads)]
    kept, seen = tuple(given), set[int]()
    for number in range(len(kept)):
        seen.add(number + 1)
    return peak() - before


def measured(job: str, leads: int) -> int:
    """Do a job in a fresh process; return the bytes it prints."""
    command: Sequence[str] = [sys.executable, __file__, f"--leads={leads}", f"--job={job}"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - this file


def main() -> None:
    """Measure in fresh processes and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--leads", type=int, default=1_000_000)
    arguments.add_argument("--job", choices=[*JOBS, ALONE], help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.job == ALONE:
        print(alone(given.leads))
        return
    if given.job:
        virtual_time.run(walk(given.job, given.leads))
        return
    mib = 2.0**20
    rows: list[list[str]] = []
    for job in JOBS:
        for leads in (given.leads // 100, given.leads // 10, given.leads):
            process = measured(job, leads)
            own = measured(ALONE, leads) if job == "leads.find" else 0
            rows.append([job, f"{leads:,}", f"{process / mib:.1f}", f"{own / mib:.1f}", f"{(process - own) / mib:.1f}"])
    print_table(
        f"Peak memory of writing and reading {given.leads:,} leads, in MiB",
        ["job", "leads", "process", "of which values and ids", "everything else"],
        rows,
    )


if __name__ == "__main__":
    main()

"""Writing and reading 100,000 leads: calls against the fewest possible, and time against what Marketo's limits allow.

python benchmarks/leads.py [--leads 100000]

Against the sandbox with Marketo's limits and 0.2 to 0.4 s a call, on a virtual clock: the seconds below are the
clock's. Everything is counted on the server's side. The fewest calls are 300 records each or, where records are long,
the bytes of all of them in bodies of 1 MB that have no gaps. The shortest time is that of the fewest calls where 100
are let in every 20 s, ten at once; pages that follow each other by token cannot be asked for at once.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import virtual_time
from table import print_table

from marketo_async import Limits, MarketoClient
from marketo_async.sandbox import Clock, Latency, Sandbox, SandboxLimits
from marketo_async.sandbox.areas.lists import Lists
from marketo_async.transport.http import in_process_client

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from starlette.types import Message, Receive, Scope, Send

    from marketo_async import Lead, Pager, Writing

BATCH = 300
MEGABYTE = 1_048_576
WINDOW = 20.0
RATE = 100
AT_ONCE = 10
LATENCY = 0.3
"""Seconds a call takes on average."""

RECENT = 1000
"""Records back to which somebody who comes again was there already, at most."""

ONE_BY_ONE = "lists.leads, by token"
FIELDS = ["email", "firstName", "lastName", "country", "leadScore"]


class Instance:
    """A sandbox without leads, with Marketo's limits, that measures what it is sent.

    Attributes:
        sandbox: The sandbox.
        http: An httpx client that reaches it.
        bytes: Bytes of all bodies since `forget`.
        longest: Bytes of the longest of them.
    """

    def __init__(self) -> None:
        clock = Clock(monotonic=asyncio.get_running_loop().time)
        self.sandbox = Sandbox(0, leads=0, limits=SandboxLimits(), latency=Latency.uniform(0.2, 0.4), clock=clock)
        self.http = in_process_client(self._app)
        self.bytes = 0
        self.longest = 0

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = 0

        async def counted() -> Message:
            nonlocal length
            message = await receive()
            length += len(message.get("body", b""))
            return message

        await self.sandbox.app(scope, counted, send)
        self.bytes += length
        self.longest = max(self.longest, length)

    async def forget(self) -> None:
        """Let everything that was counted grow old, and forget it."""
        await asyncio.sleep(3 * WINDOW)
        self.sandbox.arrivals.clear()
        self.sandbox.refusals.clear()
        self.bytes = self.longest = 0


@attrs.frozen
class Job:
    """What one job took, as the server saw it.

    Attributes:
        name: What was done.
        records: How many records were written or read.
        calls: Calls that arrived.
        fewest: The fewest that would do.
        refused: Calls that were refused.
        most: The most calls in any 20 s.
        share: Calls in the past 20 s on average, from the second window on, as a share of the limit; None where that
            is less than another 20 s.
        seconds: From the first arrival to the last answer.
        shortest: The shortest time that the limits allow.
        longest: Bytes of the longest body.
    """

    name: str
    records: int
    calls: int
    fewest: int
    refused: int
    most: int
    share: float | None
    seconds: float
    shortest: float
    longest: int


def shortest_time(calls: int, *, chained: bool) -> float:
    """Return the least seconds in which so many calls can be made; chained ones cannot be made at once."""
    if chained:
        return calls * LATENCY
    windows, left = divmod(calls - 1, RATE)
    return windows * WINDOW + math.ceil((left + 1) / AT_ONCE) * LATENCY


def share_of_limit(arrivals: list[float]) -> float | None:
    """Return how full the window of 20 s was on average, from the second one on."""
    begun, end = arrivals[0] + WINDOW, arrivals[-1]
    if end - begun < WINDOW:
        return None
    counted = sum(max(0.0, min(time + WINDOW, end) - max(time, begun)) for time in arrivals)
    return counted / (end - begun) / RATE


def seen(name: str, instance: Instance, records: int) -> Job:
    """Return what a job took; it is all that the instance saw since `forget`."""
    calls = [call for call in instance.sandbox.arrivals if call.counted]
    arrivals = [call.time for call in calls]
    fewest = max(math.ceil(records / BATCH), math.ceil(instance.bytes / MEGABYTE))
    return Job(
        name,
        records,
        len(calls),
        fewest,
        instance.sandbox.refusals.total(),
        instance.sandbox.arrivals.most_in_window(WINDOW),
        share_of_limit(arrivals),
        max(call.answered_at or math.inf for call in calls) - arrivals[0],
        shortest_time(fewest, chained=name == ONE_BY_ONE),
        instance.longest,
    )


def people(count: int, *, again: int = 0, notes: int = 0) -> Iterator[dict[str, object]]:
    """Generate records.

    Args:
        count: How many.
        again: Every so manieth is about somebody among the last `RECENT` ones; 0 for none.
        notes: The most bytes of notes.
    """
    rng = random.Random(count)
    for number in range(count):
        before = again and number >= RECENT and number % again == 0
        who = number - rng.randint(1, RECENT) if before else number
        yield {
            "email": f"person-{who:07}@example.com",
            "firstName": "Zoë",
            "lastName": f"Number {number}",
            "country": "Netherlands",
            "leadScore": number % 100,
            **({"leadNotes": "n" * rng.randint(0, notes)} if notes else {}),
        }


async def written(writing: Writing[Any]) -> int:
    """Write everything and return how many records it was."""
    summary = await writing.summary()
    assert summary.done == summary.records, summary
    return summary.records


async def read(pager: Pager[Lead]) -> int:
    """Read everything and return how many leads it was."""
    return len({lead.id async for lead in pager})


async def measured(count: int, limits: Limits, most_jobs: int) -> list[Job]:
    """Write that many leads, and read them back, in several ways; return what the first of these took."""
    instance, found = Instance(), list[Job]()
    sandbox = instance.sandbox
    async with (
        instance.http as http,
        MarketoClient(
            "http://localhost", sandbox.client_id, sandbox.client_secret, limits=limits, http_client=http
        ) as marketo,
    ):
        static_list = sandbox.instance.state(Lists).add_list("Everybody").id
        emails = [str(person["email"]) for person in people(count)]
        leads, lists = marketo.leads, marketo.lists
        jobs: dict[str, Callable[[], Awaitable[int]]] = {
            "leads.sync": lambda: written(leads.sync(people(count))),
            "... every 10th about somebody just written": lambda: written(leads.sync(people(count, again=10))),
            "... of 7 KB on average": lambda: written(leads.sync(people(count // 5, notes=14_000))),
            "leads.find, by e-mail": lambda: read(leads.find("email", emails, fields=FIELDS)),
            "lists.add": lambda: written(lists.add(static_list, range(1, count + 1))),
            ONE_BY_ONE: lambda: read(lists.leads(static_list, fields=FIELDS)),
        }
        for name in [*jobs][:most_jobs]:
            await instance.forget()
            found.append(seen(name, instance, await jobs[name]()))
    return found


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--leads", type=int, default=100_000)
    leads: int = arguments.parse_args().leads
    for name, limits, most_jobs in (("Limits.batch()", Limits.batch(), 6), ("Limits()", Limits(), 1)):
        print_table(
            f"{leads:,} leads, {name}",
            ["job", "records", "calls", "fewest", "refused", "most in 20 s", "% of limit", "s", "shortest", "longest"],
            [
                [
                    job.name,
                    f"{job.records:,}",
                    job.calls,
                    job.fewest,
                    job.refused,
                    job.most,
                    "" if job.share is None else f"{100 * job.share:.1f}",
                    f"{job.seconds:.1f}",
                    f"{job.shortest:.1f}",
                    f"{job.longest:,}",
                ]
                for job in virtual_time.run(measured(leads, limits, most_jobs))
            ],
        )


if __name__ == "__main__":
    main()

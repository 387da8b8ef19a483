"""A fleet on one instance: worker processes that share the limits over a real Valkey, as the server saw them.

python benchmarks/fleet.py [--seconds 6]

The limits are Marketo's on a clock that runs ten times as fast, for five times as many calls: 500 in any closed window
of 2 s, 50 at once. Eighty tasks in all always have a next call, and single calls are made beside them. Scripts are
counted by Valkey; a call costs three where it has to wait: it books, enters and ends.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from pathlib import Path
from typing import Any

import attrs

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from counting_marketo import CountingMarketo
from redis.asyncio import Redis
from table import print_table
from valkey_server import ValkeyServer
from worker_fleet import Fleet

RATE, WINDOW, AT_ONCE = 500, 2.0, 50
LIMITS: dict[str, Any] = {
    "max_calls": RATE,
    "window": WINDOW,
    "window_margin": WINDOW / 80,
    "max_concurrency": AT_ONCE,
    "interactive_reserve": 25,
    "concurrency_reserve": 5,
    "bulk_burst": 50,
    "pacing": "on",
}
START = WINDOW
"""Seconds that are not measured."""


@attrs.frozen
class Seen:
    """One run, on the server's own count."""

    utilisation: float
    fairness: float
    scripts: float
    p50: float
    p99: float
    refused: int
    most_in_window: int
    most_at_once: int


async def run(workers: int, *, work: float, single_calls: float, seconds: float) -> Seen:
    """Let a fleet run, and return what the server saw."""
    loop = asyncio.get_running_loop()
    with ValkeyServer() as server:
        async with (
            CountingMarketo(rate=RATE, window=WINDOW, concurrency=AT_ONCE, work=work) as marketo,
            Redis.from_url(server.url) as redis,
            Fleet(
                server.url,
                marketo,
                LIMITS,
                start=START,
                seconds=START + seconds + 1.0,
                tasks=80 // workers,
                cold_start="trust",
            ) as fleet,
        ):
            await fleet.start(workers, single_calls=single_calls / workers)
            await asyncio.sleep(START + 0.5)
            calls, scripts, began = sum(marketo.calls.values()), await scripts_of(redis), loop.time()
            before = dict(marketo.calls)
            await asyncio.sleep(seconds)
            made, took = sum(marketo.calls.values()) - calls, loop.time() - began
            scripts = await scripts_of(redis) - scripts
            shares = [calls - before.get(worker, 0) for worker, calls in marketo.calls.items()]
            results = await fleet.results()
        waits = sorted(wait for result in results for wait in result["waits"])
        at_best = min(RATE / WINDOW, AT_ONCE / work)
        return Seen(
            utilisation=made / took / at_best,
            fairness=sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares)),
            scripts=scripts / made,
            p50=1000 * statistics.median(waits) if waits else 0.0,
            p99=1000 * waits[int(len(waits) * 0.99)] if waits else 0.0,
            refused=sum(marketo.refused.values()),
            most_in_window=marketo.admission.most_in_window,
            most_at_once=marketo.admission.most_at_once,
        )


async def scripts_of(redis: Redis) -> int:
    """Return how many scripts the server has run."""
    known = await redis.info("commandstats")
    return sum(known.get(f"cmdstat_{name}", {}).get("calls", 0) for name in ("evalsha", "eval"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0)
    seconds = parser.parse_args().seconds
    rows = []
    for bound, work, single in (("rate", 0.005, 25.0), ("concurrency", 0.3, 10.0)):
        for workers in (1, 4, 8):
            seen = asyncio.run(run(workers, work=work, single_calls=single, seconds=seconds))
            rows.append(
                [
                    f"{bound}, {workers} processes",
                    f"{seen.utilisation:.1%}",
                    f"{seen.fairness:.3f}",
                    f"{seen.scripts:.2f}",
                    f"{seen.p50:.1f} / {seen.p99:.1f}",
                    str(seen.refused),
                    f"{seen.most_in_window} / {seen.most_at_once}",
                ]
            )
            print(*rows[-1], sep="  ", flush=True)
    print_table(
        "A fleet that shares one instance's limits, as the server saw it",
        ["bound by", "used", "fairness", "scripts a call", "waits, ms", "refused", "most"],
        rows,
        "used: of 250 calls a second, or of 50 places; listings leave 5 % of the slots and 10 % of the places.",
        "waits: of single calls, p50 / p99. most: calls in any closed window / at once.",
    )


if __name__ == "__main__":
    main()

"""The job: every program of an instance, with the tags and costs that listings lack, read by a fleet of workers.

    python examples/etl_fleet/job.py programs/

It cuts the work into slices, puts them in the queue and waits until the workers have written them all. Run it again
after whatever happened: what is written stays, and only what is missing is read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path

from redis.exceptions import RedisError
from taskiq.exceptions import SendTaskError, TaskiqError
from worker import GONE_AFTER, broker, look_around, marketo_of_the_fleet, part, read_slice, write_whole

from marketo_async import MarketoError


async def plan(folder: Path, size: int) -> list[list[int]]:
    """Return the ids of all programs, each in exactly one slice; the folder keeps them for the next run."""
    kept = folder / "plan.json"
    if not kept.exists():
        async with marketo_of_the_fleet() as marketo:
            ids = [program.id async for program in marketo.programs.browse()]
        write_whole(kept, json.dumps([ids[at : at + size] for at in range(0, len(ids), size)]))
    slices: list[list[int]] = json.loads(kept.read_text("utf-8"))
    return slices


async def run(folder: Path, size: int) -> bool:
    """Have all slices written; return whether all are."""
    slices = await plan(folder, size)
    missing = [number for number in range(len(slices)) if not part(folder, number).exists()]
    print(f"{len(slices)} slices, {len(slices) - len(missing)} of them written before", flush=True)
    await broker.startup()
    rescue = asyncio.create_task(keep_looking_around())
    try:
        tasks = {number: await read_slice.kiq(str(folder), number, slices[number]) for number in missing}
        failed = 0
        for number, task in tasks.items():
            result = await task.wait_result()
            if trouble := result.error or result.return_value:
                failed += 1
                print(f"slice {number}: {trouble}", file=sys.stderr)
    finally:
        rescue.cancel()
        await broker.shutdown()
    print(f"{len(slices) - failed} of {len(slices)} slices are in {folder}")
    return not failed


async def keep_looking_around() -> None:
    """Have somebody look for what dead workers held, now that nothing else may arrive that makes them."""
    while True:
        await asyncio.sleep(GONE_AFTER / 3)
        with suppress(SendTaskError):  # Redis is away for a moment, and it is soon time for the next one
            await look_around.kiq()


def main() -> int:
    """Load into the folder that the command line names."""
    words = argparse.ArgumentParser(description="Load programs of Marketo with a fleet of workers.")
    words.add_argument("folder", type=Path)
    words.add_argument("--size", type=int, default=50, help="programs in a slice")
    given = words.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    try:
        return 0 if asyncio.run(run(given.folder.resolve(), given.size)) else 1
    except KeyboardInterrupt:
        print("stopped; run it again, and it goes on", file=sys.stderr)
        return 130
    except (MarketoError, RedisError, TaskiqError) as error:
        why = error.__cause__ if isinstance(error, TaskiqError) and error.__cause__ else error  # taskiq's says less
        print(f"{why}; what is written stays, so run it again", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

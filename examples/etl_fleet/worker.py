"""A worker of the fleet: takes slices from the queue and writes each as one file.

    taskiq worker --app-dir examples/etl_fleet worker:broker --workers 3 --max-async-tasks 1

However many there are, on however many machines: they share Marketo's limits and one access token over the Redis that
has the queue. What a dead worker held is done by another one; a slice done twice is the same file written twice.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import sys
import uuid
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from redis.asyncio import Redis
from redis.exceptions import RedisError
from taskiq import Context, TaskiqDepends, TaskiqEvents, TaskiqState
from taskiq.serializers import JSONSerializer
from taskiq_redis import RedisAsyncResultBackend, RedisStreamBroker

from marketo_async import Limits, MarketoClient, MarketoError, NotFoundError, RedisLimiter, RedisTokenStore

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

log = logging.getLogger("etl_fleet")

REDIS = os.environ.get("MARKETO_REDIS_URL", "redis://localhost:6379/0")
INSTANCE = os.environ.get("MARKETO_BASE_URL", "missing")  # MarketoClient says so

LIMITS = Limits(**json.loads(os.environ.get("MARKETO_LIMITS", "{}")))
"""For the whole fleet together, and the same in each process: `MARKETO_LIMITS='{"max_calls": 50}'`."""

GONE_AFTER = float(os.environ.get("WORKER_GONE_AFTER", "60"))
"""Seconds without a sign of life after which others take what a worker held; a slice may take longer than that."""

QUEUE = "etl_fleet"

broker = RedisStreamBroker(
    REDIS,
    queue_name=QUEUE,
    consumer_group_name=QUEUE,
    # A name of its own for every process that there ever is: nobody shall keep alive what a namesake has left.
    consumer_name=f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}",
    consumer_id="0",  # a worker that comes late finds what was put there before
    idle_timeout=round(1000 * GONE_AFTER),
    xread_block=1000,  # a worker told to stop does so within that many milliseconds, once its slice is written
    xread_count=1,  # a worker holds what it works on and no more
    unacknowledged_batch_size=1,
    # With a time-out, Python 3.11 may lose the cancellation that ends a worker which waits for work.
    socket_timeout=None if sys.version_info < (3, 12) else 5,
    maxlen=100_000,  # what is done stays in a stream; a plan has fewer slices by far
).with_result_backend(RedisAsyncResultBackend(REDIS, result_ex_time=7 * 86_400, serializer=JSONSerializer()))


@asynccontextmanager
async def marketo_of_the_fleet() -> AsyncGenerator[MarketoClient]:
    """Open a client that shares limits and access token with all others of this Redis."""
    async with (
        RedisLimiter(LIMITS, redis=REDIS, instance=INSTANCE) as limiter,
        RedisTokenStore(redis=REDIS) as tokens,
        MarketoClient.from_env(limiter=limiter, token_store=tokens) as marketo,
    ):
        yield marketo


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def start(state: TaskiqState) -> None:
    """Open what this process keeps for all its slices."""
    state.open = AsyncExitStack()
    state.marketo = await state.open.enter_async_context(marketo_of_the_fleet())
    redis = await state.open.enter_async_context(Redis.from_url(REDIS))
    alive = asyncio.create_task(show_life(redis))
    state.open.callback(alive.cancel)


@broker.on_event(TaskiqEvents.WORKER_SHUTDOWN)
async def stop(state: TaskiqState) -> None:
    """Close it."""
    await state.open.aclose()


async def show_life(redis: Redis) -> None:
    """Say of what this worker holds, again and again, that it is worked on: then nobody takes it."""
    while True:
        await asyncio.sleep(GONE_AFTER / 3)
        try:
            held = await redis.xpending_range(QUEUE, QUEUE, "-", "+", 1000, consumername=broker.consumer_name)
            if held:
                await redis.xclaim(
                    QUEUE, QUEUE, broker.consumer_name, 0, [one["message_id"] for one in held], justid=True
                )
        except RedisError as error:
            log.warning("no sign of life: %s", error)


@broker.task
async def read_slice(folder: str, number: int, ids: list[int], context: Context = TaskiqDepends()) -> str | None:  # noqa: B008 - how taskiq hands things in
    """Write the programs of one slice, with their tags and costs, as lines of JSON; return why not, where that fails.

    Args:
        folder: Where to; all workers see it under that name.
        number: Which slice.
        ids: Its programs. One that is deleted meanwhile is left out.
        context: What taskiq knows of this process.
    """
    target = part(Path(folder), number)
    if target.exists():  # done, and its worker died before it could say so
        return None
    marketo: MarketoClient = context.state.marketo
    in_bulk = marketo.with_options(lane="bulk")  # nobody waits for a single one of these

    async def row(program_id: int) -> str | None:
        try:
            program = await in_bulk.programs.get(program_id)
        except NotFoundError:
            return None
        return json.dumps(program.to_dict()) + "\n"

    failure = None
    try:
        async with asyncio.TaskGroup() as calls:  # all at once: the limiter lets go what Marketo allows the fleet
            reading = [calls.create_task(row(program_id)) for program_id in ids]
        text = "".join(filter(None, (call.result() for call in reading)))
        await asyncio.to_thread(write_whole, target, text)
    except* MarketoError as errors:  # what repeating does not help against: the client has repeated what it helps with
        failure = str(errors.exceptions[0])
    return failure


@broker.task
async def look_around() -> None:
    """Do nothing: a message that arrives makes the broker look for what dead workers held; none, and it does not."""


def part(folder: Path, number: int) -> Path:
    """Return the file of a slice."""
    return folder / f"part-{number:05}.jsonl"


def write_whole(target: Path, text: str) -> None:
    """Write a file that is there as a whole or not at all, whoever writes it at the same time or dies meanwhile."""
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)

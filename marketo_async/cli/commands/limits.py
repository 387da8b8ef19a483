"""`marketo-async limits watch`: what of Marketo's limits a fleet uses at this moment."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.options import Speech, Switch
from marketo_async.cli.watching.displays import NOBODY, Lines, as_json, as_text
from marketo_async.cli.watching.fleet_source import fleet_on_redis
from marketo_async.cli.watching.sight import Watcher
from marketo_async.errors import NotFoundError, TransportError

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.cli.watching.displays import Display
    from marketo_async.cli.watching.fleet_source import Source

_OFTENEST = 0.1


async def watch(
    *,
    redis: Annotated[str, Parameter(show_default=False)] = "",
    instance: Annotated[str, Parameter(show_default=False)] = "",
    namespace: str | None = None,
    every: float = 1.0,
    once: Annotated[bool, Switch] = False,
    json: Annotated[bool, Switch] = False,
    speech: Speech | None = None,
) -> int:
    """Show how near to Marketo's limits a fleet of workers is, as it works, until Ctrl-C.

    Calls in the window against the limit, places in use, callers waiting, refusals, and the day's calls, of all
    workers that share the limits over Redis. Costs no call of Marketo's. On a terminal a live view, elsewhere a line
    for each look.

    Args:
        redis: The address of Redis, such as redis://localhost:6379/0, instead of MARKETO_REDIS_URL; a password belongs
            into the latter.
        instance: The Marketo instance whose limits are shared, by its address or its Munchkin id, instead of
            MARKETO_BASE_URL.
        namespace: The namespace that the workers give, if they give one.
        every: Seconds between two looks, 0.1 or more.
        once: Look once, and end.
        json: A JSON object on a line for each look, on a terminal, too.
        speech: What is said.
    """
    quiet = speech is not None and speech.quiet
    redis = redis or os.environ.get("MARKETO_REDIS_URL", "").strip()
    instance = instance or os.environ.get("MARKETO_BASE_URL", "").strip()
    if not redis:
        raise UsageError(
            "no Redis to look at: give --redis or set MARKETO_REDIS_URL. Limits that are kept in the memory of a "
            "process are its own; it says them itself: limiter.stats()"
        )
    if not instance:
        raise UsageError("no instance to look at: give --instance or set MARKETO_BASE_URL")
    if not _OFTENEST <= every < float("inf"):
        raise UsageError(f"--every is {_OFTENEST:g} seconds or more")
    from marketo_async.transport.limits.redis_word import instance_name  # noqa: PLC0415 - `--help` need not load it

    name = instance_name(instance)

    def display() -> Display:
        return _display(name, json=json, quiet=quiet)

    async with fleet_on_redis(redis, instance=instance, namespace=namespace) as source:
        if once:
            await _look_once(source, name, display)
        else:
            await _look(source, every, display)
    return ExitCode.DONE


async def _look_once(source: Source, name: str, display: Callable[[], Display]) -> None:
    stats = await source()
    if stats is None:
        raise NotFoundError(f"no limits of {name} in that Redis: {NOBODY}")
    with closing(display()) as shown:
        shown.show(Watcher().saw(stats))


async def _look(source: Source, every: float, display: Callable[[], Display]) -> None:
    """Look again and again; a Redis that is away from the start is an error, one that goes away is waited for."""
    watcher, clock = Watcher(), asyncio.get_running_loop().time
    sight = watcher.saw(await source())
    due = clock()
    with closing(display()) as shown:
        while True:
            shown.show(sight)
            due = max(due + every, clock())
            await asyncio.sleep(due - clock())
            try:
                sight = watcher.saw(await source())
            except TransportError as error:
                sight = watcher.failed(error.message)


def _display(name: str, *, json: bool, quiet: bool) -> Display:
    if json:
        return Lines(lambda stats, _: as_json(stats, name), quiet=quiet)
    if not sys.stdout.isatty():
        return Lines(as_text, quiet=quiet)
    from rich.console import Console  # noqa: PLC0415 - only for a terminal

    console = Console(highlight=False)
    if console.is_dumb_terminal or not console.encoding.startswith("utf"):  # bars are no Latin letters
        return Lines(as_text, quiet=quiet)
    from marketo_async.cli.watching.view import LiveView  # noqa: PLC0415 - as above

    return LiveView(name, console)

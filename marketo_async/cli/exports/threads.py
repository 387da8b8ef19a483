"""Work in a thread: on files, which no Ctrl-C leaves half done; on a pipe, which need not come to an end."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


async def to_the_end(function: Callable[[*Ts], T], *args: *Ts) -> T:
    """Run a function in a thread; whoever is cancelled meanwhile learns of it when the function is done.

    Else the thread would go on with files that are being closed.
    """
    work = asyncio.get_running_loop().run_in_executor(None, function, *args)
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        while not work.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait((work,))
        if not work.cancelled():
            work.exception()  # looked at, so that nobody complains: that it was cancelled is what counts
        raise


async def left_alone(function: Callable[[*Ts], T], *args: *Ts) -> T:
    """Run a function in a thread that nobody waits for: whoever is stopped does not wait for the writer of a pipe."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(outcome: T | None, error: Exception | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(cast("T", outcome))

    def work() -> None:
        outcome, failure = None, None
        try:
            outcome = function(*args)
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            failure = error
        with suppress(RuntimeError):  # the loop may have ended meanwhile
            loop.call_soon_threadsafe(tell, outcome, failure)

    threading.Thread(target=work, daemon=True).start()
    return await done

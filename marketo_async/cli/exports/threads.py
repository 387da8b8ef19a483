"""Work on files in a thread, which no Ctrl-C leaves half done."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

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

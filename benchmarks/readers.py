"""Ways to read a whole instance: ours, one page after another, and the design that everybody writes first."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, TypeAlias

from aiolimiter import AsyncLimiter
from moving_marketo import BROWSE, MovingPrograms, busy

from marketo_async import Limits, MarketoClient
from marketo_async.sandbox import Clock, Latency, Sandbox, SandboxLimits
from marketo_async.transport.http import in_process_client

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

PAGE = 200


class Instance:
    """A sandbox with Marketo's limits, whose programs change at every listing call that arrives.

    Attributes:
        seed: The same seed makes the same instance and the same changes.
        programs: What is in it, and what was there all the time.
        url: Its address.
        http: An httpx client that reaches it.
    """

    def __init__(self, programs: int, changes_per_call: int, seed: int) -> None:
        self.seed = seed
        rng = random.Random(seed)
        clock = Clock(monotonic=asyncio.get_running_loop().time)
        self.sandbox = Sandbox(0, seed=seed, limits=SandboxLimits(), latency=Latency.uniform(0.2, 0.4), clock=clock)
        self.programs = MovingPrograms(
            self.sandbox, (f"{rng.choice('abcdefghijklmnopqrstuvwxyz')}{number:06}" for number in range(programs))
        )
        self.url = "http://localhost"
        self.http = in_process_client(self._app)
        self._happens = busy(seed, changes_per_call)

    async def _app(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        if scope["path"] == BROWSE:
            for change in self._happens():
                self.programs.make(change)
        await self.sandbox.app(scope, receive, send)


Reader: TypeAlias = Callable[[Instance], AsyncIterator[list[int]]]
"""Reads an instance, page by page, and returns the ids."""


def ours(limits: Limits) -> Reader:
    """Return our client with these limits."""

    async def read(instance: Instance) -> AsyncIterator[list[int]]:
        async with MarketoClient(
            instance.url,
            instance.sandbox.client_id,
            instance.sandbox.client_secret,
            limits=limits,
            http_client=instance.http,
        ) as marketo:
            async for page in marketo.programs.browse().pages():
                yield [program.id for program in page.items]

    return read


async def one_after_another(instance: Instance) -> AsyncIterator[list[int]]:
    """Ask for a page, wait for it, ask for the next; 0.3 s a call keeps the limit by itself."""
    headers = await log_in(instance)
    for offset in itertools.count(0, PAGE):
        query = {"maxReturn": PAGE, "offset": offset}
        response = await instance.http.get(instance.url + BROWSE, params=query, headers=headers)
        body = response.raise_for_status().json()
        assert body["success"], body
        rows = body.get("result", [])
        yield [row["id"] for row in rows]
        if len(rows) < PAGE:
            return


def obvious(pause: Callable[[int, random.Random], float]) -> Reader:
    """Return the design that everybody writes first, with a pause after the n-th refusal of a page.

    A good one of its kind: it gathers ten pages at a time, keeps to ten calls at once, and knows that Marketo says no
    with HTTP 200.
    """

    async def read(instance: Instance) -> AsyncIterator[list[int]]:
        headers = await log_in(instance)
        limiter, at_once = AsyncLimiter(100, 20), asyncio.Semaphore(10)
        jitter = random.Random(instance.seed)

        async def page(offset: int) -> list[int]:
            query = {"maxReturn": PAGE, "offset": offset}
            for refusals in itertools.count():
                async with at_once, limiter:
                    response = await instance.http.get(instance.url + BROWSE, params=query, headers=headers)
                body = response.raise_for_status().json()
                if body["success"]:
                    return [row["id"] for row in body.get("result", [])]
                await asyncio.sleep(pause(refusals, jitter))
            raise AssertionError

        for first in itertools.count(0, 10 * PAGE):
            pages = await asyncio.gather(*(page(offset) for offset in range(first, first + 10 * PAGE, PAGE)))
            yield list(itertools.chain.from_iterable(pages))
            if len(pages[-1]) < PAGE:
                return

    return read


def backing_off(refusals: int, jitter: random.Random) -> float:
    """Return the seconds to wait as Adobe recommends it: exponential, with full jitter."""
    return jitter.uniform(0, min(2**refusals, 32))


def a_whole_window(_: int, __: random.Random) -> float:
    """Return 20 s: the best that one can do without counting."""
    return 20.0


async def log_in(instance: Instance) -> dict[str, str]:
    """Return the header that carries an access token."""
    form = {
        "grant_type": "client_credentials",
        "client_id": instance.sandbox.client_id,
        "client_secret": instance.sandbox.client_secret,
    }
    response = await instance.http.post(f"{instance.url}/identity/oauth/token", data=form)
    return {"Authorization": f"Bearer {response.json()['access_token']}"}


OURS = "ours, Limits()"
SEQUENTIAL = "one after another"
BACKING_OFF = "AsyncLimiter(100, 20), backs off"
WAITING = "AsyncLimiter(100, 20), waits 20 s"
READERS: dict[str, Reader] = {
    OURS: ours(Limits()),
    "ours, Limits.batch()": ours(Limits.batch()),
    SEQUENTIAL: one_after_another,
    WAITING: obvious(a_whole_window),
    BACKING_OFF: obvious(backing_off),
}

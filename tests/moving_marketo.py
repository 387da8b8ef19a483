"""A sandbox whose programs change while they are listed: the worst neighbour a reader can have."""

from __future__ import annotations

import random
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import attrs

from marketo_async import Limits, MarketoClient
from marketo_async.sandbox import Sandbox
from marketo_async.sandbox.areas.programs import Programs
from marketo_async.transport.http import in_process_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from marketo_async.sandbox import Clock, Latency, SandboxLimits

BROWSE = "/rest/asset/v1/programs.json"


@attrs.frozen
class Change:
    """One thing that happens to the instance.

    Attributes:
        kind: What happens.
        which: Which program it happens to, as a share of the list; nothing to an insert.
        name: The name that it gets; nothing to a delete.
    """

    kind: Literal["insert", "delete", "rename"]
    which: float = 0.0
    name: str = ""


class MovingPrograms:
    """Makes changes to a sandbox's programs, and knows which were there all the time."""

    def __init__(self, sandbox: Sandbox, names: Iterable[str]) -> None:
        self.sandbox = sandbox
        self.programs = sandbox.instance.state(Programs)
        long_ago = sandbox.instance.now() - timedelta(days=30)
        for name in names:
            self.programs.add(name, created_at=long_ago)
        self.ids = [program.id for program in self.programs]
        self.throughout = set(self.ids)
        self.changes = 0

    def make(self, change: Change) -> None:
        """Make one change."""
        self.changes += 1
        if change.kind == "insert":
            self.ids.append(self.programs.add(change.name).id)
            return
        if not self.ids:
            return
        place = min(int(change.which * len(self.ids)), len(self.ids) - 1)
        if change.kind == "rename":
            self.programs.rename(self.ids[place], change.name)
            return
        self.ids[place], self.ids[-1] = self.ids[-1], self.ids[place]
        gone = self.ids.pop()
        self.programs.remove(gone)
        self.throughout.discard(gone)


def busy(seed: int, per_call: int) -> Callable[[], list[Change]]:
    """Return what happens at each call on a busy instance: 40 % inserts, 30 % deletes, 30 % renames, anywhere."""
    rng = random.Random(seed)

    def happens() -> list[Change]:
        changes: list[Change] = []
        for _ in range(per_call):
            kind: Literal["insert", "delete", "rename"] = rng.choices(("insert", "delete", "rename"), (40, 30, 30))[0]
            changes.append(Change(kind, rng.random(), f"{rng.choice('abcdefghijklmnopqrstuvwxyz')}{rng.random():.9f}"))
        return changes

    return happens


@asynccontextmanager
async def moving(
    names: Iterable[str],
    happens: Callable[[], list[Change]],
    *,
    clock: Clock,
    latency: Latency,
    limits: Limits | None = None,
    sandbox_limits: SandboxLimits | None = None,
) -> AsyncIterator[tuple[MarketoClient, MovingPrograms]]:
    """Open a client of an instance to which `happens()` happens whenever a listing call arrives."""
    sandbox = Sandbox(0, limits=sandbox_limits, latency=latency, clock=clock)
    programs = MovingPrograms(sandbox, names)

    async def app(
        scope: dict[str, object],
        receive: Callable[[], Awaitable[dict[str, object]]],
        send: Callable[[dict[str, object]], Awaitable[None]],
    ) -> None:
        if scope["path"] == BROWSE:
            for change in happens():
                programs.make(change)
        await sandbox.app(scope, receive, send)  # type: ignore[arg-type]

    async with (
        in_process_client(app) as http_client,
        MarketoClient(
            "http://localhost",
            sandbox.client_id,
            sandbox.client_secret,
            limits=limits or Limits.off(),
            http_client=http_client,
        ) as marketo,
    ):
        yield marketo, programs

"""Where a strategy is tried: alone, beside another integration, and as four processes that know nothing of each other.

One run of a strategy in a scene is a few thousand calls on a virtual clock, against the sandbox's own `Admission`: 100
calls in any closed window of 20 s, 10 at once.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import attrs
import virtual_time
from neighbour import Kind, Neighbour

from limits.clients import Ours
from limits.outcome import Outcome
from limits.program import WINDOW, Program
from limits.strategies import FLEET, OURS, STRATEGIES
from marketo_async.sandbox.admission import Admission
from marketo_async.transport.limits import Limiter, Limits

if TYPE_CHECKING:
    from limits.clients import Client, Send

START = 200.0
"""Seconds before anything is counted."""


@attrs.frozen
class Scene:
    """What goes on in an instance.

    Attributes:
        name: As the tables print it.
        programs: How many programs of the same strategy run, each a process of its own.
        neighbour: The other integration, and its calls in 20 s; None: there is no other.
    """

    name: str
    programs: int = 1
    neighbour: tuple[Kind, int] | None = None

    @property
    def strategies(self) -> list[str]:
        """What is tried in it."""
        return [OURS, FLEET, *(name for name in STRATEGIES if name != OURS)] if self.programs > 1 else [*STRATEGIES]


SCENES = (
    Scene("alone"),
    Scene("beside a steady 50", neighbour=("steady", 50)),
    Scene("beside an on/off 80", neighbour=("on/off", 80)),
    Scene("four processes", programs=4),
)


@attrs.frozen
class Run:
    """One run.

    Attributes:
        strategy: Its name.
        scene: Where.
        counted: Whether the instance counts the calls that it refuses.
        seed: The same seed makes the same run.
        minutes: How long it is measured.
    """

    strategy: str
    scene: Scene
    counted: bool
    seed: int
    minutes: float

    @property
    def cell(self) -> tuple[str, str, bool]:
        """What runs that differ in nothing but the seed have in common."""
        return self.scene.name, self.strategy, self.counted


def play(run: Run) -> Outcome:
    """Play a run, on a clock of its own."""
    return virtual_time.run(_play(run))


async def _play(run: Run) -> Outcome:
    admission = Admission(daily=None, counts_refused=run.counted)
    end = START + 60 * run.minutes
    seeds = random.Random(run.seed)
    make = STRATEGIES[OURS] if run.strategy == FLEET else STRATEGIES[run.strategy]
    # The shared ledger is simulated: a limiter that all programs go through, as if Redis answered in no time.
    shared = Limiter(Limits()) if run.strategy == FLEET else None

    def client(send: Send, rng: random.Random) -> Client:
        return make(send, rng) if shared is None else Ours(send, rng, shared)

    programs = [
        Program(client, admission, start=START, end=end, seed=seeds.randrange(10**9), every=2.0 * run.scene.programs)
        for _ in range(run.scene.programs)
    ]
    neighbours = [Neighbour(admission, *run.scene.neighbour, seed=run.seed)] if run.scene.neighbour else []
    async with asyncio.TaskGroup() as others:
        running = [others.create_task(neighbour.run(end)) for neighbour in neighbours]
        await asyncio.gather(*(program.run() for program in programs))
        for task in running:
            task.cancel()
    return Outcome(
        seconds=end - START,
        per_second=sum(program.weighed for program in programs) / (end - START - WINDOW),
        leaves=neighbours[0].leaves if neighbours else 5.0,
        done=sum(program.done for program in programs),
        refused=sum(program.refused for program in programs),
        given_up=sum(program.given_up for program in programs),
        waits=[wait for program in programs for wait in program.waits],
        theirs=neighbours[0].refused / neighbours[0].calls if neighbours else None,
    )

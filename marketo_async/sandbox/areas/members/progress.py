"""How members move through the statuses of their program's channel: forward only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.channels.state import Channels, ProgressionStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.instance import Instance

NOT_IN_PROGRAM = "Not in Program"
"""The status that every channel has, of step 0: to be given it is to leave."""


def statuses_of(instance: Instance, program: Program) -> Sequence[ProgressionStatus]:
    """Return the statuses that members of a program can have, as its channel orders them."""
    channel = instance.state(Channels).get(program.channel)
    return channel.statuses if channel is not None else (ProgressionStatus(NOT_IN_PROGRAM, 0),)


def named(statuses: Sequence[ProgressionStatus], name: str) -> ProgressionStatus | None:
    """Return the status of exactly that name, or None."""
    return next((status for status in statuses if status.name == name), None)


def first_step(statuses: Sequence[ProgressionStatus]) -> ProgressionStatus:
    """Return the status that somebody who joins without one is given: the earliest beyond `Not in Program`."""
    return min((status for status in statuses if status.step > 0), key=lambda status: status.step, default=statuses[0])


def may_move(statuses: Sequence[ProgressionStatus], current: str | None, wanted: ProgressionStatus) -> bool:
    """Tell whether somebody who has a status may be given another.

    Whoever is in that status or past it stays there; between two statuses of one step the way is open. Leaving is
    always possible, for who is in.

    Args:
        statuses: Those of the channel.
        current: The status now; None for who is not in the program.
        wanted: The status to be given.
    """
    if wanted.name == NOT_IN_PROGRAM:
        return current is not None
    if current is None:
        return True
    held = named(statuses, current)
    return current != wanted.name and (held is None or held.step <= wanted.step)

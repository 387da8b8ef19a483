"""Letting a lead into a program, or on in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.members.progress import NOT_IN_PROGRAM, may_move, named, statuses_of
from marketo_async.sandbox.areas.members.state import Members

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.channels.state import ProgressionStatus
    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.instance import Instance


def status_of(instance: Instance, program: Program, name: str | None) -> ProgressionStatus | None:
    """Return the status of a name in a program; None where no name is given.

    Raises:
        Refusal: 1025 where the program's channel has no such status, or none for members.
    """
    if not name:
        return None
    status = named(statuses_of(instance, program), name)
    if status is None or status.name == NOT_IN_PROGRAM:
        raise refusals.status_not_found()
    return status


def enter(
    instance: Instance, program: Program, lead_id: int, status: ProgressionStatus | None, *, acquired: bool
) -> None:
    """Make a lead a member of a program; who is in it moves on to the status, but never back.

    Args:
        instance: The Marketo.
        program: The program.
        lead_id: The lead.
        status: The status to have; None for the first one, and for no change of members.
        acquired: Whether the program acquired the lead.
    """
    members = instance.state(Members)
    held = members.get(program.id, lead_id)
    if held is None:
        members.join(program.id, lead_id, status=None if status is None else status.name, acquired=acquired)
    elif status is not None and may_move(statuses_of(instance, program), held.status, status):
        members.join(program.id, lead_id, status=status.name)

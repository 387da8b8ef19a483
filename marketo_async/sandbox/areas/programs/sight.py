"""Finding programs that the API user of a request may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.sandbox.areas.programs.state import Programs

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.exchange import Request


def hidden_workspaces(request: Request) -> frozenset[str]:
    """Return the workspaces that the API user cannot see."""
    return request.instance.state(Folders).hidden_from(request.user)


def visible_program(request: Request, program_id: int) -> Program | None:
    """Return a program, or None where there is none that the API user can see."""
    found = request.instance.state(Programs).get(program_id)
    return None if found is None or found.workspace in hidden_workspaces(request) else found


def existing_program(request: Request, program_id: int) -> Program:
    """Return the program that is to be changed.

    Raises:
        Refusal: 702 where there is none.
    """
    found = visible_program(request, program_id)
    if found is None:
        raise refusals.program_not_found()
    return found

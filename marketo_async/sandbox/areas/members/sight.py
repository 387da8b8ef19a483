"""Finding the program, and the lead, that a request about members names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import identifier
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.programs.sight import visible_program

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.exchange import Request


def asked_program(request: Request) -> Program:
    """Return the program that a path names.

    Raises:
        Refusal: 1013 where there is none that the API user can see.
    """
    found = visible_program(request, identifier(request, "programId"))
    if found is None:
        raise refusals.no_such_program()
    return found


def asked_lead(request: Request) -> int:
    """Return the id of the lead that a path names.

    Raises:
        Refusal: 1004 where there is none.
    """
    lead_id = identifier(request, "leadId")
    if lead_id not in request.instance.state(Leads):
        raise refusals.lead_not_found(lead_id)
    return lead_id

"""Push Lead: makes or changes leads, and adds them to the program of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.activities.state import Activities
from marketo_async.sandbox.areas.activities.types import PUSH_LEAD
from marketo_async.sandbox.areas.intake.clicks import TOKEN, ClickLookup
from marketo_async.sandbox.areas.intake.entering import enter, status_of
from marketo_async.sandbox.areas.leads.batch import body_of, records_of, skipped, text_member
from marketo_async.sandbox.areas.leads.lookup import DEFAULT_LOOKUP, FieldLookup
from marketo_async.sandbox.areas.leads.partitions.state import Partitions
from marketo_async.sandbox.areas.leads.upsert import Upsert
from marketo_async.sandbox.areas.programs.sight import hidden_workspaces
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.exchange import Answer, Refusal

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.lookup import Lookup
    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.exchange import Request


def push(request: Request) -> Answer:
    """Answer `POST /leads/push.json`: an outcome for each record."""
    body, instance = body_of(request), request.instance
    program_name = text_member(body, "programName")
    if not program_name:
        raise refusals.missing("programName")
    records = records_of(request)
    lookup = _lookup(request, text_member(body, "lookupField") or DEFAULT_LOOKUP)
    program = _newest(request, program_name)
    status = status_of(instance, program, text_member(body, "programStatus"))
    partition = text_member(body, "partitionName")
    if instance.state(Partitions).required and not partition:
        raise refusals.partition_missing()
    source, reason = text_member(body, "source"), text_member(body, "reason")
    # The fields of companies are refused to Sync only. A cookie in a record leaves behind what its visitor did.
    upsert = Upsert(
        instance,
        "pushLead",
        "createOrUpdate",
        lookup,
        partition,
        company_allowed=True,
        with_history=False,
        ignored=frozenset({TOKEN}),
    )
    rows: list[object] = []
    for record in records:
        try:
            lead, outcome = upsert.apply(record)
        except Refusal as refused:
            rows.append(skipped(refused.code, refused.message, **lookup.id_in(record)))
            continue
        enter(instance, program, lead.id, status, acquired=outcome == "created")
        instance.state(Activities).log(
            PUSH_LEAD,
            lead.id,
            primary_id=program.id,
            primary_value=program.name,
            Source=source,
            Reason=reason,
            API_Method_Name=upsert.method,
        )
        rows.append({"id": lead.id, "status": outcome})
    return Answer(rows)


def _lookup(request: Request, name: str) -> Lookup:
    return ClickLookup(request) if name == TOKEN else FieldLookup(request, name)


def _newest(request: Request, name: str) -> Program:
    """Return the program of a name, the newest where there are several.

    Raises:
        Refusal: 1013 where there is none that the API user can see.
    """
    hidden = hidden_workspaces(request)
    found = [one for one in request.instance.state(Programs).named(name) if one.workspace not in hidden]
    if not found:
        raise refusals.no_such_program()
    return max(found, key=lambda program: (program.created_at, program.id))

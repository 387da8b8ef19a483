"""Submit Form: what happens when a form is filled out, without a browser."""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.activities.state import Activities
from marketo_async.sandbox.areas.activities.types import FILL_OUT_FORM
from marketo_async.sandbox.areas.arguments import integer
from marketo_async.sandbox.areas.intake.entering import enter
from marketo_async.sandbox.areas.intake.forms import Forms
from marketo_async.sandbox.areas.leads.batch import body_of, records_of, skipped
from marketo_async.sandbox.areas.leads.cookies import claim, read_cookie
from marketo_async.sandbox.areas.leads.journal import create, update
from marketo_async.sandbox.areas.leads.partitions.state import Partitions
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.leads.values import read_value
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.sandbox.areas.programs.sight import visible_program
from marketo_async.sandbox.exchange import Answer, Refusal

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.intake.forms import Form
    from marketo_async.sandbox.areas.leads.record import Lead
    from marketo_async.sandbox.areas.leads.schema.registry import Schema
    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.exchange import Request
    from marketo_async.sandbox.instance import Instance

_METHOD = "submitForm"
_VISITOR_DATA = {
    "pageURL": "Referrer_URL",
    "queryString": "Query_Parameters",
    "leadClientIpAddress": "Client_IP_Address",
    "userAgentString": "User_Agent",
}


def submit_form(request: Request) -> Answer:
    """Answer `POST /leads/submitForm.json`: one outcome."""
    form = _form(request)
    (entry,) = records_of(request, most=1)
    filled = _object(entry.get("leadFormFields"))
    if "email" not in filled:
        raise refusals.missing("email")
    cookie = None if entry.get("cookie") is None else read_cookie(entry["cookie"])
    program = _program(request, form, filled)
    try:
        values, member_values = _read(request.instance, form, filled)
        visitor = _visitor(_object(entry.get("visitorData")))
    except Refusal as refused:
        return Answer([skipped(refused.code, refused.message)])
    lead, status = _save(request.instance, values)
    if cookie is not None:
        claim(request.instance, lead, cookie)
    if program is not None:
        enter(request.instance, program, lead.id, None, acquired=status == "created")
        if member_values:
            request.instance.state(Members).change(program.id, lead.id, **member_values)
    written = json.dumps(filled, ensure_ascii=False)
    activities = request.instance.state(Activities)
    activities.log(FILL_OUT_FORM, lead.id, primary_id=form.id, primary_value=form.name, Form_Fields=written, **visitor)
    return Answer([{"id": lead.id, "status": status}])


def _form(request: Request) -> Form:
    form_id = body_of(request).get("formId")
    if form_id is None:
        raise refusals.missing("formId")
    form = request.instance.state(Forms).get(integer(form_id))
    if form is None:
        raise refusals.form_not_found()
    return form


def _program(request: Request, form: Form, filled: dict[str, object]) -> Program | None:
    """Return the program that the lead joins: the one named, or the form's own if it asks for members' fields."""
    named = body_of(request).get("programId")
    own = None if form.program_id is None else visible_program(request, form.program_id)
    if named is None:
        return own if form.member_fields & filled.keys() else None
    program = visible_program(request, integer(named))
    if program is None:
        raise refusals.no_such_program()
    if own is not None and own.workspace != program.workspace:
        raise refusals.bad_request()
    return program


def _object(value: object) -> dict[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise refusals.bad_json()
    return value


def _read(instance: Instance, form: Form, filled: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Return the values for the lead and those for the member."""
    of_lead = _checked(instance, instance.state(Leads).fields, form.fields, filled)
    of_member = _checked(instance, instance.state(Members).fields, form.member_fields, filled)
    if None in filled.values() or filled.keys() - form.fields - form.member_fields or of_lead["email"] is None:
        raise refusals.form_invalid()
    return of_lead, of_member


def _checked(instance: Instance, fields: Schema, names: frozenset[str], filled: dict[str, object]) -> dict[str, object]:
    zone = instance.settings.time_zone
    return {name: read_value(fields[name], value, zone) for name, value in filled.items() if name in names}


def _visitor(data: dict[str, object]) -> dict[str, object]:
    """Return what is told of the visitor, by the names that activities have for it."""
    if data.keys() - _VISITOR_DATA.keys() or not all(isinstance(value, str) for value in data.values()):
        raise refusals.form_invalid()
    address, page = data.get("leadClientIpAddress"), urlsplit(str(data.get("pageURL", "https://any.example")))
    try:
        ipaddress.IPv4Address(address or "127.0.0.1")
    except ValueError:
        raise refusals.form_invalid() from None
    if not page.scheme or not page.netloc:
        raise refusals.form_invalid()
    return {_VISITOR_DATA[name]: value for name, value in data.items()}


def _save(instance: Instance, values: dict[str, object]) -> tuple[Lead, str]:
    """Change the lead who has that address, the one last changed if several have it, or make one."""
    found = instance.state(Leads).with_emails([str(values["email"])])
    if found:
        lead = max(found, key=lambda one: (one.updated_at, one.id))
        update(instance, lead, values, _METHOD)
        return lead, "updated"
    home = instance.state(Partitions).default.id
    return create(instance, {**values, "leadPartitionId": home}, _METHOD), "created"

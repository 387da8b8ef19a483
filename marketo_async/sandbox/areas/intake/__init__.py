"""How leads come in: pushed into a program, or through a form."""

from __future__ import annotations

from marketo_async.sandbox.areas.intake import push, submit
from marketo_async.sandbox.areas.intake.clicks import EmailClicks
from marketo_async.sandbox.areas.intake.forms import Form, Forms
from marketo_async.sandbox.exchange import Route

__all__ = ["ROUTES", "EmailClicks", "Form", "Forms"]

ROUTES: tuple[Route, ...] = (
    Route("POST", "/rest/v1/leads/push.json", push.push, "Read-Write Lead"),
    Route("POST", "/rest/v1/leads/submitForm.json", submit.submit_form, "Read-Write Lead"),
)

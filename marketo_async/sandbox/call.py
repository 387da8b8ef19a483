"""One request on its way through the gateway, and what can be told from it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.envelope import Reply, html
from marketo_async.sandbox.exchange import Parameters, Refusal
from marketo_async.sandbox.words import WORDS

if TYPE_CHECKING:
    from marketo_async.sandbox.arrivals import Arrival
    from marketo_async.sandbox.bodies import Body, Incoming
    from marketo_async.sandbox.exchange import Route
    from marketo_async.sandbox.families import Family
    from marketo_async.sandbox.faults import Fault
    from marketo_async.sandbox.routing import Match


@attrs.define(eq=False)
class Call:
    """A request on its way through the gateway.

    Attributes:
        incoming: What came off the wire.
        family: The family of its path.
        body: What it carries.
        method: The verb, after `_method=` was applied.
        match: The place its path names; None where there is none.
        fault: What will go wrong; None for nothing.
        arrival: Its line in the log.
        work: Seconds that Marketo works on it.
    """

    incoming: Incoming
    family: Family
    body: Body
    method: str
    match: Match | None
    fault: Fault | None
    arrival: Arrival
    work: float

    @property
    def seconds(self) -> float:
        """How long Marketo works on it, with what a fault adds."""
        return self.work + (self.fault.seconds if self.fault is not None and self.fault.kind == "delay" else 0.0)

    @property
    def does_work(self) -> bool:
        """Whether the request is carried out, be its answer lost afterwards or not."""
        return self.fault is None or self.fault.after_work

    @property
    def route(self) -> Route | None:
        """The operation it asks for; None where path or verb name none."""
        return self.match.place.routes.get(self.method) if self.match else None


def turn_away(call: Call) -> Reply | None:
    """Answer what the web server does not even pass on."""
    if call.incoming.uri_bytes > call.family.longest_uri:
        return html(414)
    if call.incoming.too_large:
        return html(413)
    if call.fault is not None and call.fault.status in {413, 414}:
        return html(call.fault.status)
    return None


def method_of(incoming: Incoming, body: Body, family: Family) -> str:
    """Return the verb that a request means: a lead-database POST may say `_method=GET` or `_method=DELETE`."""
    if incoming.method != "POST" or not family.overrides_method:
        return incoming.method
    asked = (incoming.parameters.get("_method") or (body.form or Parameters()).get("_method") or "").upper()
    return asked if asked in {"GET", "DELETE"} else incoming.method


def check_body(call: Call) -> None:
    """Refuse a body of the wrong kind (612), then one that cannot be read (609, 613)."""
    body, incoming = call.body, call.incoming
    is_form = body.form is not None or (body.refusal is not None and body.refusal.code == "613")
    is_json = not is_form and (body.refusal is None or body.refusal.code == "609")
    # A GET in a POST's clothes brings its query as a form.
    form_is_right = call.family.bodies == "form" or call.method != incoming.method
    json_is_right = call.family.bodies == "json"
    if incoming.body and ((is_form and not form_is_right) or (is_json and not json_is_right)):
        raise Refusal("612", WORDS["612"])
    if body.refusal is not None:
        raise body.refusal

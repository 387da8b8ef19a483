"""Munchkin cookies: how anonymous visitors become somebody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.activities.state import Activities
from marketo_async.sandbox.areas.activities.types import VISIT_WEBPAGE
from marketo_async.sandbox.areas.arguments import identifier, required
from marketo_async.sandbox.areas.leads.index import COOKIE_SEPARATOR
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.record import Lead
    from marketo_async.sandbox.exchange import Request
    from marketo_async.sandbox.instance import Instance

_COOKIE = re.compile(r"(?:id:\d{3}-[A-Z]{3}-\d{3}&)?(token:_mch-[^\s,&]+)", re.ASCII)


def associate(request: Request) -> Answer:
    """Answer `POST /leads/{leadId}/associate.json`: the cookie and what its visitor did are the lead's own."""
    lead_id = identifier(request, "leadId")
    cookie = read_cookie(required(request.query, "cookie"))
    lead = request.instance.state(Leads).get(lead_id)
    if lead is None:
        raise refusals.lead_not_found(lead_id)
    claim(request.instance, lead, cookie)
    return Answer(None)


def read_cookie(text: object) -> str:
    """Return a cookie as leads keep it: without the account's id in front.

    Raises:
        Refusal: 1012 where it is none.
    """
    found = _COOKIE.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise refusals.bad_cookie(text)
    return found[1]


def cookies_of(lead: Lead) -> list[str]:
    """Return the cookies of a lead, the oldest first."""
    held = lead.values.get("cookies")
    return held.split(COOKIE_SEPARATOR) if isinstance(held, str) else []


def visit(instance: Instance, cookie: str, page: str = "/") -> Lead:
    """Let a browser with a cookie visit a web page, and return whose it is: an anonymous lead where nobody's.

    Args:
        instance: The Marketo.
        cookie: The cookie, with or without the account's id.
        page: The page that is visited.
    """
    leads, token = instance.state(Leads), read_cookie(cookie)
    known = leads.holding(leads.fields["cookies"], [token])
    lead = known[0] if known else leads.add(cookies=token, isAnonymous=True)
    instance.state(Activities).log(VISIT_WEBPAGE, lead.id, primary_value=page, Webpage_URL=page)
    return lead


def claim(instance: Instance, lead: Lead, cookie: str, *, with_history: bool = True) -> None:
    """Give a cookie to a lead.

    An anonymous lead that had it becomes part of the lead; a known one only loses it.

    Args:
        instance: The Marketo.
        lead: Whose it will be.
        cookie: As `read_cookie` returns it.
        with_history: Whether what an anonymous visitor did becomes the lead's own, or is forgotten.
    """
    leads = instance.state(Leads)
    for other in leads.holding(leads.fields["cookies"], [cookie]):
        if other is lead:
            return
        if not other.anonymous:
            leads.write(other, {"cookies": _joined([one for one in cookies_of(other) if one != cookie])})
        elif with_history:
            instance.state(Activities).move(other.id, lead.id)
            leads.absorb(lead.id, [other.id])
        else:
            leads.remove(other.id)
    give(leads, lead, [cookie])


def give(leads: Leads, lead: Lead, cookies: list[str]) -> None:
    """Add cookies to those that a lead has."""
    leads.write(lead, {"cookies": _joined([*dict.fromkeys([*cookies_of(lead), *cookies])])})


def _joined(cookies: list[str]) -> str | None:
    return COOKIE_SEPARATOR.join(cookies) or None

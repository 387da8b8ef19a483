"""The operations around one lead, or the leads of one program: what each belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import given, integers, required
from marketo_async.sandbox.areas.dates import lead_date, read_instant
from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.sandbox.areas.leads.rows import asked_fields, row
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.lists.state import Lists
from marketo_async.sandbox.areas.members.campaigns import CampaignMembers
from marketo_async.sandbox.areas.members.rows import membership
from marketo_async.sandbox.areas.members.sight import asked_lead, asked_program
from marketo_async.sandbox.areas.members.state import Members
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.token_pages import TokenPage
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from marketo_async.sandbox.exchange import Request

_VALUES_LIMIT = 300


@attrs.frozen
class _Span:
    """The moments of change that are asked for, bounds included; None leaves a side open."""

    earliest: datetime | None
    latest: datetime | None

    @classmethod
    def asked(cls, request: Request) -> _Span:
        return cls(_moment(request, "earliestUpdatedAt"), _moment(request, "latestUpdatedAt"))

    def __contains__(self, instant: datetime) -> bool:
        begun = self.earliest is None or self.earliest <= instant
        return begun and (self.latest is None or instant <= self.latest)


def leads_of_program(request: Request) -> Answer:
    """Answer `GET /leads/programs/{programId}.json`: the leads in a program, by id, each with its membership."""
    leads, members = request.instance.state(Leads), request.instance.state(Members)
    program = asked_program(request)
    fields = asked_fields(request)
    page = TokenPage.asked(request, "leads of a program", program.id)
    found, following = page.of(members.of_program(program.id, page.after), lambda one: one[0])
    rows: list[object] = []
    for lead_id, kept in found:
        lead = leads.get(lead_id)
        if lead is not None:
            member = members.shown(program.id, lead_id, kept)
            rows.append(row(lead, fields) | {"membership": membership(member, program)})
    return Answer(rows, next_page_token=following)


def programs_of_lead(request: Request) -> Answer:
    """Answer `GET /leads/{leadId}/programMembership.json`."""
    lead_id, span = asked_lead(request), _Span.asked(request)
    only = _asked_programs(request)
    page = TokenPage.asked(request, "programs of a lead", lead_id, span, only and sorted(only))
    hidden = request.instance.state(Folders).hidden_from(request.user)
    programs = request.instance.state(Programs)
    found = (
        (member, programs[member.program_id])
        for member in request.instance.state(Members).of_lead(lead_id, page.after)
        if member.updated_at in span and (only is None or member.program_id in only)
    )
    seen = ((member, program) for member, program in found if program.workspace not in hidden)
    rows, following = page.of(seen, lambda one: one[1].id)
    return _paged([membership(member, program) for member, program in rows], following)


def lists_of_lead(request: Request) -> Answer:
    """Answer `GET /leads/{leadId}/listMembership.json`."""
    lead_id = asked_lead(request)
    page = TokenPage.asked(request, "lists of a lead", lead_id)
    hidden = request.instance.state(Folders).hidden_from(request.user)
    found = request.instance.state(Lists).of_lead(lead_id, page.after)
    seen = ((one, at) for one, at in found if one.workspace not in hidden)
    rows, following = page.of(seen, lambda one: one[0].id)
    written = [{"listId": one.id, "createdAt": lead_date(at), "updatedAt": lead_date(at)} for one, at in rows]
    return _paged(written, following)


def campaigns_of_lead(request: Request) -> Answer:
    """Answer `GET /leads/{leadId}/smartCampaignMembership.json`."""
    lead_id, span = asked_lead(request), _Span.asked(request)
    page = TokenPage.asked(request, "campaigns of a lead", lead_id, span)
    found = request.instance.state(CampaignMembers).of_lead(lead_id, page.after)
    rows, following = page.of((one for one in found if one.updated_at in span), lambda one: one.campaign_id)
    written = [
        {
            "smartCampaignId": one.campaign_id,
            "createdAt": lead_date(one.created_at),
            "updatedAt": lead_date(one.updated_at),
        }
        for one in rows
    ]
    return _paged(written, following)


def _moment(request: Request, name: str) -> datetime | None:
    text = given(request.query, name)
    return None if text is None else read_instant(name, text, request.instance.settings.time_zone)


def _asked_programs(request: Request) -> frozenset[int] | None:
    filter_type = given(request.query, "filterType")
    if filter_type is None:
        return None
    if filter_type != "programId":
        raise refusals.field_not_supported(filter_type)
    required(request.query, "filterValues")
    values = request.query.all("filterValues")
    if len(values) > _VALUES_LIMIT:
        raise refusals.too_many_values(_VALUES_LIMIT)
    return frozenset(integers(values))


def _paged(rows: Sequence[object], following: str | None) -> Answer:
    return Answer(rows, next_page_token=following, more_result=following is not None)

"""Merging leads into one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.activities.state import Activities
from marketo_async.sandbox.areas.activities.types import MERGE_LEADS
from marketo_async.sandbox.areas.arguments import flag, identifier, integers
from marketo_async.sandbox.areas.leads.cookies import cookies_of, give
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.record import Lead
    from marketo_async.sandbox.exchange import Request

MOST_LOSERS = 25
_CRM_FIELDS = ("sfdcType", "sfdcAccountId", "sfdcContactId", "sfdcLeadId", "sfdcLeadOwnerId", "sfdcOpptyId")
_OWN = frozenset({"cookies", "isAnonymous", "leadPartitionId", *_CRM_FIELDS})


def merge(request: Request) -> Answer:
    """Answer `POST /leads/{leadId}/merge.json`: the losers become part of the winner and are gone."""
    leads = request.instance.state(Leads)
    winner_id = identifier(request, "leadId")
    loser_ids = _loser_ids(request)
    flag(request.query, "mergeInCRM")  # there is no CRM behind the sandbox in which anything could be merged
    if winner_id in loser_ids:
        raise refusals.merged_with_itself(winner_id)
    winner, *losers = [_known(leads, lead_id) for lead_id in (winner_id, *loser_ids)]
    before = winner.updated_at
    filled = _filled(winner, losers)
    cookies = [cookie for loser in losers for cookie in cookies_of(loser)]
    activities = request.instance.state(Activities)
    leads.absorb(winner_id, loser_ids)
    for loser_id in loser_ids:
        activities.move(loser_id, winner_id)
    leads.write(winner, filled)
    if cookies:
        give(leads, winner, cookies)
    activities.log(
        MERGE_LEADS,
        winner_id,
        primary_id=winner_id,
        primary_value=winner.name,
        Master_Updated=winner.updated_at != before,
        Merge_IDs=loser_ids,
        Merge_Fields=[leads.fields[name].display_name for name in filled],
        Merge_Source="Web service API",
    )
    return Answer(None)


def _loser_ids(request: Request) -> list[int]:
    losers = [*dict.fromkeys(integers([*request.query.all("leadId"), *request.query.all("leadIds")]))]
    if not losers:
        raise refusals.missing("leadId")
    if len(losers) > MOST_LOSERS:
        raise refusals.too_many_losers(MOST_LOSERS)
    return losers


def _known(leads: Leads, lead_id: int) -> Lead:
    lead = leads.get(lead_id)
    if lead is None:
        raise refusals.lead_not_found(lead_id)
    return lead


def _filled(winner: Lead, losers: list[Lead]) -> dict[str, object]:
    """Return what the winner takes over: what it has not got itself, and the CRM's record that counts most."""
    filled: dict[str, object] = {}
    for loser in losers:
        for name, value in loser.values.items():
            if name not in _OWN and name not in winner.values:
                filled.setdefault(name, value)
    strongest = max([winner, *losers], key=_rank)
    if strongest is not winner:
        filled |= {name: strongest.values.get(name) for name in _CRM_FIELDS}
    return filled


def _rank(lead: Lead) -> int:
    """Tell how much a lead counts: a contact of the CRM most, then a lead of the CRM, then one of Marketo alone."""
    if lead.values.get("sfdcContactId"):
        return 2
    return int(bool(lead.values.get("sfdcLeadId")))

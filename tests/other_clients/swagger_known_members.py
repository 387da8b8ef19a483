"""What one has to know of a sandbox for its operations on members to be answered with more than a refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.members import CampaignMembers, Members
from marketo_async.sandbox.areas.members.progress import statuses_of
from marketo_async.sandbox.areas.programs import Programs
from marketo_async.sandbox.areas.programs.kinds import ENGAGEMENT

if TYPE_CHECKING:
    from marketo_async.sandbox import Sandbox
    from marketo_async.sandbox.areas.programs import Program

Known = dict[str, object]

SEVERAL = 6
NOBODY = 999_999_999
CAMPAIGN = 9_001


def about_members(sandbox: Sandbox) -> dict[str, list[Known]]:
    """Return, by operation, arguments to which the sandbox has an answer.

    Args:
        sandbox: A sandbox with programs and leads; some of the leads become members.
    """
    leads = [lead.id for lead in sandbox.instance.state(Leads)]
    programs = list({one.kind.name: one for one in sandbox.instance.state(Programs)}.values())
    members, newcomers = leads[:SEVERAL], leads[-SEVERAL:]
    for program in programs:
        for lead_id in members:
            sandbox.instance.state(Members).join(program.id, lead_id, paused=program.kind is ENGAGEMENT)
        for lead_id in newcomers:
            sandbox.instance.state(Members).leave(program.id, lead_id)
    for lead_id in members:
        sandbox.instance.state(CampaignMembers).pass_through(CAMPAIGN, lead_id)
    short: Known = {"batchSize": 2}
    since: Known = {"earliestUpdatedAt": "2015-01-01T00:00:00Z"}
    one_field: Known = {"fields": ["email"]}
    by_lead = [{"leadId": lead_id, **how} for lead_id in members for how in ({}, short, since)]
    return {
        "getListMembershipUsingGET": by_lead,
        "getSmartCampaignMembershipUsingGET": by_lead,
        "getProgramMembershipUsingGET": [
            *by_lead,
            {"leadId": members[0], "filterType": "programId", "filterValues": [str(one.id) for one in programs]},
        ],
        "getLeadsByProgramIdUsingGET": [
            {"programId": one.id, **how} for one in programs for how in ({}, short, one_field)
        ],
        "getProgramMembersUsingGET": [
            {"programId": one.id, **how} for one in programs for how in _searches(sandbox, one, members)
        ],
        **_writes(sandbox, programs, [members[0], newcomers[0], NOBODY]),
    }


def _searches(sandbox: Sandbox, program: Program, members: list[int]) -> list[Known]:
    now = sandbox.instance.now()
    first, last = now - timedelta(days=6), now + timedelta(hours=1)
    return [
        {"filterType": "leadId", "filterValues": [str(lead_id) for lead_id in members]},
        {"filterType": "leadId", "filterValues": [str(members[0])], "fields": ["statusName", "registrationCode"]},
        {"filterType": "statusName", "filterValues": [one.name for one in statuses_of(sandbox.instance, program)]},
        {"filterType": "reachedSuccess", "filterValues": ["true", "false"], "batchSize": 2},
        {"filterType": "updatedAt", "startAt": f"{first:%Y-%m-%dT%H:%M:%SZ}", "endAt": f"{last:%Y-%m-%dT%H:%M:%SZ}"},
    ]


def _writes(sandbox: Sandbox, programs: list[Program], leads: list[int]) -> dict[str, list[Known]]:
    """Return the writes: of who is a member, who is not, and who is no lead at all."""
    by_id: Known = {"input": [{"id": lead_id} for lead_id in leads]}
    by_lead_id: Known = {"input": [{"leadId": lead_id} for lead_id in leads]}
    data: Known = {"input": [{"leadId": lead_id, "registrationCode": "R7"} for lead_id in leads]}
    moves = [(program, status.name) for program in programs for status in statuses_of(sandbox.instance, program)]
    return {
        "changeLeadProgramStatusUsingPOST": [
            {"programId": program.id, "status": status, **by_id} for program, status in moves
        ],
        "syncProgramMemberStatusUsingPOST": [
            {"programId": program.id, "statusName": status, **by_lead_id} for program, status in moves
        ],
        "syncProgramMemberDataUsingPOST": [{"programId": program.id, **data} for program in programs],
        "deleteProgramMemberUsingPOST": [{"programId": program.id, **by_lead_id} for program in programs],
    }

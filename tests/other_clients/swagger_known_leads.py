"""What one has to know of a sandbox for its operations on leads and fields to be answered with more than a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.intake import Forms
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from marketo_async.sandbox import Sandbox

Known = dict[str, object]

SEVERAL = 6


def about_leads(sandbox: Sandbox) -> dict[str, list[Known]]:
    """Return, by operation, arguments to which the sandbox has an answer.

    Args:
        sandbox: A sandbox with programs and leads.
    """
    ids = [lead.id for lead in sandbox.instance.state(Leads)]
    program = next(iter(sandbox.instance.state(Programs)))
    form = next(iter(sandbox.instance.state(Forms)))
    new: list[Known] = [{"email": f"new{number}@known.example"} for number in range(SEVERAL)]
    return {
        "syncLeadUsingPOST": [{"action": "createOrUpdate", "lookupField": "email", "input": [one]} for one in new],
        "deleteLeadsUsingPOST": [{"id": [lead_id], "input": [{"id": lead_id}]} for lead_id in ids[-SEVERAL:]],
        "updatePartitionsUsingPOST": [{"input": [{"id": lead_id, "partitionName": "EMEA"}]} for lead_id in ids],
        "pushToMarketoUsingPOST": [
            {"programName": program.name, "lookupField": "email", "programStatus": "", "partitionName": "Default"}
            | {"input": [one]}
            for one in new
        ],
        "SubmitFormUsingPOST": [
            {"formId": form.id, "programId": program.id, "input": [{"leadFormFields": one}]} for one in new
        ],
        "associateLeadUsingPOST": [
            {"leadId": lead_id, "cookie": f"token:_mch-known.example-{lead_id}"} for lead_id in ids[:SEVERAL]
        ],
        "mergeLeadsUsingPOST": [
            {"path:leadId": ids[0], "query:leadId": loser, "leadIds": [loser], "mergeInCRM": False}
            for loser in ids[1:-1]
        ],
        **_about_fields("Lead", "email", "customField_c"),
        **_about_fields("ProgramMember", "webinarUrl", "lunchPreference"),
    }


def _about_fields(kind: str, *names: str) -> dict[str, list[Known]]:
    label = {"displayName": "Known", "name": "known", "dataType": "string"}
    return {
        f"get{kind}FieldByNameUsingGET": [{"fieldApiName": name} for name in names],
        f"get{kind}FieldsUsingGET": [{"batchSize": size} for size in (2, 300)],
        f"update{kind}FieldUsingPOST": [{"fieldApiName": name, "input": [{"description": "D"}]} for name in names],
        f"create{kind}FieldUsingPOST": [
            {"input": [label | {"displayName": f"Known {number}", "name": f"known{number}"}]}
            for number in range(SEVERAL)
        ],
    }

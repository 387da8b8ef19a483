"""What one has to know of a sandbox to be answered with more than a refusal: arguments that go together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from swagger_known_leads import about_leads
from swagger_known_lists import about_lists
from swagger_known_members import about_members

from marketo_async.sandbox.areas.channels import Channels
from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.areas.programs import Cost, Programs
from marketo_async.sandbox.areas.programs.kinds import EMAIL, KINDS
from marketo_async.sandbox.areas.programs.record import SalesforceCampaign
from marketo_async.sandbox.areas.references import FolderRef
from marketo_async.sandbox.areas.tags import TagTypes
from marketo_async.sandbox.areas.tokens.state import MyTokens

if TYPE_CHECKING:
    from marketo_async.sandbox import Sandbox
    from marketo_async.sandbox.areas.programs import Program

Known = dict[str, object]

FORM = "application/x-www-form-urlencoded"
PAGE: Known = {"offset": 0, "maxReturn": 200}
SEVERAL = 6


def known_arguments(sandbox: Sandbox) -> dict[str, list[Known]]:
    """Return, by operation, arguments that the sandbox has something to answer to; it is given a little more to tell.

    Args:
        sandbox: A sandbox with programs and leads.
    """
    programs = list(sandbox.instance.state(Programs))
    _enrich(sandbox, programs)
    return (
        _about_programs(sandbox, programs)
        | _about_folders(sandbox, programs)
        | about_leads(sandbox)
        | about_lists(sandbox)
        | about_members(sandbox)
        | _about_the_rest(sandbox)
    )


def put(case: Any, arguments: Known, *, alone: bool) -> None:
    """Put known arguments into a call, in place of its own; `alone` also drops what it need not have."""
    operation = case.operation
    places = [("path", operation.path_parameters, case.path_parameters), ("query", operation.query, case.query)]
    for place, declared, sent in places:
        for parameter in declared:
            # One name may stand for two parameters: the lead that wins a merge, and the one that loses it.
            known = next((key for key in (f"{place}:{parameter.name}", parameter.name) if key in arguments), None)
            if known is not None:
                sent[parameter.name] = arguments[known]
            elif alone and not parameter.is_required:
                sent.pop(parameter.name, None)
    if operation.body and isinstance(case.body, dict):
        definition = body_schema(operation)
        kept = case.body if not alone else {k: v for k, v in case.body.items() if k in definition.get("required", ())}
        case.body = kept | {k: v for k, v in arguments.items() if k in definition["properties"]}


def body_schema(operation: Any) -> dict[str, Any]:
    """Return the schema of an operation's form."""
    raw, definitions = operation.definition.raw, operation.schema.raw_schema["definitions"]
    fields = [one for one in raw["parameters"] if one["in"] == "formData"]
    if fields:
        return {"properties": {one["name"]: one for one in fields}, "required": [one["name"] for one in fields]}
    (body,) = (one["schema"]["$ref"] for one in raw["parameters"] if one["in"] == "body")
    found: dict[str, Any] = definitions[body.rpartition("/")[2]]
    return found


def form_of(case: Any) -> dict[str, str] | None:
    """Return the form that a call sends, structures in it as JSON, as Marketo takes them; None where it sends none."""
    if case.media_type != FORM or not isinstance(case.body, dict):
        return None
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in case.body.items()}


def _enrich(sandbox: Sandbox, programs: list[Program]) -> None:
    instance = sandbox.instance
    for program in programs[:SEVERAL]:
        program.campaign = SalesforceCampaign("701500000000abcAAA", program.name)
        program.costs = (Cost(instance.today(), 250, "Booth"),)
        instance.state(MyTokens).put(program.ref, "Étoile", "text", "of the program")
    for program in programs:
        if program.kind is EMAIL:
            program.start_date = program.end_date = instance.now()
            instance.state(Programs).mark_email_ready(program.id)
            instance.state(Programs).mark_smart_list_ready(program.id)


def _about_programs(sandbox: Sandbox, programs: list[Program]) -> dict[str, list[Known]]:
    home = _home(sandbox)
    one_of_each = list({program.kind.name: program for program in programs}.values())
    by_id: list[Known] = [{"id": program.id} for program in (*one_of_each, *programs[:SEVERAL])]
    costs: Known = {"costs": [{"startDate": "2026-01-31", "cost": 100, "note": "Booth"}]}
    emails = [program for program in programs if program.kind is EMAIL]
    locked = [program for program in emails if program.status(sandbox.instance.now()) == "locked"]
    for program in emails[: SEVERAL // 2]:
        program.switch = "locked"
        program.start_date = program.end_date = None
        locked.append(program)
    return {
        "getProgramByIdUsingGET": by_id,
        "getProgramByNameUsingGET": [
            {"name": programs[0].name},
            *({"name": p.name, "includeTags": True, "includeCosts": True, **PAGE} for p in one_of_each),
        ],
        "getProgramListByTagUsingGET": [
            {"tagType": tag.tag_type, "tagValue": tag.tag_value, **PAGE} for p in programs for tag in p.tags
        ][:SEVERAL],
        "browseProgramsUsingGET": [
            PAGE,
            {"filterType": "id", "filterValues": ",".join(str(program.id) for program in one_of_each), **PAGE},
            {"filterType": "workspace", "filterValues": "Default", "earliestUpdatedAt": "2015-01-01T00:00:00Z", **PAGE},
            *({"status": status, **PAGE} for status in ("on", "off", "unlocked")),
        ],
        "getSmartListByProgramIdUsingGET": [{"programId": program.id, "includeRules": True} for program in emails],
        "createProgramUsingPOST": [
            {"folder": home, "type": kind.name, "channel": kind.channel, "tags": _tags(sandbox, kind.applicable)}
            | costs
            | {"startDate": "2026-01-31T10:00:00Z", "endDate": "2026-02-01", "headStart": "true"}
            for kind in KINDS.values()
        ],
        "updateProgramUsingPOST": [{"id": program.id, "headStart": "true"} | costs for program in emails]
        + [{"id": program.id} | costs for program in one_of_each],
        "cloneProgramUsingPOST": [{"id": program.id, "folder": home} for program in one_of_each],
        "approveProgramUsingPOST": [{"id": program.id} for program in emails],
        "unapproveProgramUsingPOST": [{"id": program.id} for program in locked],
        "deleteProgramUsingPOST": [{"id": program.id} for program in programs],
    }


def _about_folders(sandbox: Sandbox, programs: list[Program]) -> dict[str, list[Known]]:
    folders = sandbox.instance.state(Folders)
    marketing = folders.marketing()
    home = _home(sandbox)
    made = [folders.add(f"Made {number}", FolderRef("Folder", _id(home))) for number in range(SEVERAL)]
    for folder in made:
        sandbox.instance.state(MyTokens).put(folder.ref, "Étoile", "text", "of the folder")
    seen: list[Known] = [
        *({"id": folder.id, "type": "Folder"} for folder in (*folders.roots, marketing, *made)),
        *({"id": program.id, "type": "Program"} for program in programs[:SEVERAL]),
    ]
    whose: list[Known] = [{"id": one["id"], "folderType": one["type"]} for one in seen]
    return {
        "getFolderByNameUsingGET": [
            {"name": marketing.name, "type": "Folder"},
            {"name": made[0].name, "type": "Folder", "workSpace": "Default"},
            {"name": programs[0].name, "type": "Program"},
        ],
        "getFolderByIdUsingGET": seen,
        "getFolderContentUsingGET": [one | PAGE for one in seen],
        "getFolderUsingGET": [
            PAGE,
            {"maxDepth": 9, **PAGE},
            {"root": f'{{"id":{home["id"]},"type":"Folder"}}', **PAGE},
        ],
        "createFolderUsingPOST": [{"parent": home}],
        "updateFolderUsingPOST": [{"id": folder.id, "type": "Folder"} for folder in made],
        "deleteFolderUsingPOST": [{"id": folder.id, "type": "Folder"} for folder in made],
        "getTokensByFolderIdUsingGET": whose,
        "addTokenTOFolderUsingPOST": [one | {"type": "text"} for one in whose]
        + [one | {"type": "date", "value": "2026-01-31"} for one in whose],
        "deleteTokenByNameUsingPOST": [one | {"type": "text", "name": "Étoile"} for one in whose],
    }


def _about_the_rest(sandbox: Sandbox) -> dict[str, list[Known]]:
    leads = list(sandbox.instance.state(Leads))[:SEVERAL]
    fields = list(sandbox.instance.state(Leads).fields)
    return {
        "getChannelByNameUsingGET": [{"name": channel.name} for channel in sandbox.instance.state(Channels)],
        "getAllChannelsUsingGET": [PAGE],
        "getTagByNameUsingGET": [{"name": tag_type.name} for tag_type in sandbox.instance.state(TagTypes)],
        "getTagTypesUsingGET": [PAGE],
        "getLeadByIdUsingGET": [{"leadId": lead.id, "fields": fields} for lead in leads]
        + [{"leadId": lead.id} for lead in leads],
        "getLeadsByFilterUsingGET": [
            {"filterType": "id", "filterValues": [str(lead.id) for lead in leads], "batchSize": 2},
            {"filterType": "email", "filterValues": [str(lead.value("email")) for lead in leads], "fields": fields},
        ],
    }


def _home(sandbox: Sandbox) -> Known:
    """Return where programs and folders can be made."""
    return {"id": sandbox.instance.state(Folders).marketing().id, "type": "Folder"}


def _id(reference: Known) -> int:
    return int(str(reference["id"]))


def _tags(sandbox: Sandbox, applicable: str) -> list[Known]:
    """Return a tag of every type that programs of one type may carry."""
    return [
        {"tagType": tag_type.name, "tagValue": tag_type.values[0]}
        for tag_type in sandbox.instance.state(TagTypes)
        if applicable in tag_type.applicable
    ]

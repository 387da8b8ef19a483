"""What comes back from Marketo: frozen records, one file per family, each loaded when it is first asked for.

`read`, `read_all` and `read_tolerant` make records of JSON; `to_dict()` of each record is the way back; `to_wire`
makes plain values of what goes into a request.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketo_async.records._base import read, read_all, read_tolerant
    from marketo_async.records._declare import Record
    from marketo_async.records.access_token import AccessToken
    from marketo_async.records.activity_type import ActivityType, ActivityTypeAttribute
    from marketo_async.records.argument import Argument, to_wire
    from marketo_async.records.channel import Channel, ProgressionStatus
    from marketo_async.records.description import DescribedField, ObjectDescription
    from marketo_async.records.folder import Folder, FolderId, FolderItem, FolderRef, ProgramId
    from marketo_async.records.id_result import IdResult
    from marketo_async.records.lead import Lead, ProgramLead
    from marketo_async.records.lead_attribute import LeadAttribute, LeadAttributeName
    from marketo_async.records.lead_partition import LeadPartition
    from marketo_async.records.membership import ListMembership, ProgramMembership, SmartCampaignMembership
    from marketo_async.records.my_token import FolderTokens, MyToken
    from marketo_async.records.own_class import marketo_field
    from marketo_async.records.program import Cost, Program, Tag
    from marketo_async.records.program_member import ProgramMember
    from marketo_async.records.schema_field import NewField, SchemaField, SchemaFieldStatus
    from marketo_async.records.smart_list import SmartList
    from marketo_async.records.static_list import ListMemberStatus, StaticList
    from marketo_async.records.tag_type import TagType
    from marketo_async.records.usage import ErrorCount, ErrorDay, UsageDay, UserUsage
    from marketo_async.records.write_result import Reason, RecordResult, WriteProgress, WriteSummary

__all__ = [
    "AccessToken",
    "ActivityType",
    "ActivityTypeAttribute",
    "Argument",
    "Channel",
    "Cost",
    "DescribedField",
    "ErrorCount",
    "ErrorDay",
    "Folder",
    "FolderId",
    "FolderItem",
    "FolderRef",
    "FolderTokens",
    "IdResult",
    "Lead",
    "LeadAttribute",
    "LeadAttributeName",
    "LeadPartition",
    "ListMemberStatus",
    "ListMembership",
    "MyToken",
    "NewField",
    "ObjectDescription",
    "Program",
    "ProgramId",
    "ProgramLead",
    "ProgramMember",
    "ProgramMembership",
    "ProgressionStatus",
    "Reason",
    "Record",
    "RecordResult",
    "SchemaField",
    "SchemaFieldStatus",
    "SmartCampaignMembership",
    "SmartList",
    "StaticList",
    "Tag",
    "TagType",
    "UsageDay",
    "UserUsage",
    "WriteProgress",
    "WriteSummary",
    "marketo_field",
    "read",
    "read_all",
    "read_tolerant",
    "to_wire",
]

_HOMES = {
    "_base": ("read", "read_all", "read_tolerant"),
    "_declare": ("Record",),
    "access_token": ("AccessToken",),
    "activity_type": ("ActivityType", "ActivityTypeAttribute"),
    "argument": ("Argument", "to_wire"),
    "channel": ("Channel", "ProgressionStatus"),
    "description": (
        "DescribedField",
        "ObjectDescription",
    ),
    "folder": ("Folder", "FolderId", "FolderItem", "FolderRef", "ProgramId"),
    "id_result": ("IdResult",),
    "lead": ("Lead", "ProgramLead"),
    "lead_attribute": ("LeadAttribute", "LeadAttributeName"),
    "lead_partition": ("LeadPartition",),
    "membership": (
        "ListMembership",
        "ProgramMembership",
        "SmartCampaignMembership",
    ),
    "my_token": ("FolderTokens", "MyToken"),
    "own_class": ("marketo_field",),
    "program": ("Cost", "Program", "Tag"),
    "program_member": ("ProgramMember",),
    "schema_field": (
        "NewField",
        "SchemaField",
        "SchemaFieldStatus",
    ),
    "smart_list": ("SmartList",),
    "static_list": (
        "ListMemberStatus",
        "StaticList",
    ),
    "tag_type": ("TagType",),
    "usage": ("ErrorCount", "ErrorDay", "UsageDay", "UserUsage"),
    "write_result": ("Reason", "RecordResult", "WriteProgress", "WriteSummary"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # else a misspelt name would be an `object` to the type checkers

    def __getattr__(name: str) -> object:
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__

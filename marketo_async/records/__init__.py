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
    from marketo_async.records.argument import Argument, to_wire
    from marketo_async.records.channel import Channel, ProgressionStatus
    from marketo_async.records.folder import Folder, FolderId, FolderItem, FolderRef, ProgramId
    from marketo_async.records.id_result import IdResult
    from marketo_async.records.lead import Lead
    from marketo_async.records.my_token import FolderTokens, MyToken
    from marketo_async.records.program import Cost, Program, Tag
    from marketo_async.records.smart_list import SmartList
    from marketo_async.records.tag_type import TagType
    from marketo_async.records.usage import ErrorCount, ErrorDay, UsageDay, UserUsage

__all__ = [
    "AccessToken",
    "Argument",
    "Channel",
    "Cost",
    "ErrorCount",
    "ErrorDay",
    "Folder",
    "FolderId",
    "FolderItem",
    "FolderRef",
    "FolderTokens",
    "IdResult",
    "Lead",
    "MyToken",
    "Program",
    "ProgramId",
    "ProgressionStatus",
    "Record",
    "SmartList",
    "Tag",
    "TagType",
    "UsageDay",
    "UserUsage",
    "read",
    "read_all",
    "read_tolerant",
    "to_wire",
]

_HOMES = {
    "_base": ("read", "read_all", "read_tolerant"),
    "_declare": ("Record",),
    "access_token": ("AccessToken",),
    "argument": ("Argument", "to_wire"),
    "channel": ("Channel", "ProgressionStatus"),
    "folder": ("Folder", "FolderId", "FolderItem", "FolderRef", "ProgramId"),
    "id_result": ("IdResult",),
    "lead": ("Lead",),
    "my_token": ("FolderTokens", "MyToken"),
    "program": ("Cost", "Program", "Tag"),
    "smart_list": ("SmartList",),
    "tag_type": ("TagType",),
    "usage": ("ErrorCount", "ErrorDay", "UsageDay", "UserUsage"),
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

"""The schema of program members as the groups use it."""

from __future__ import annotations

from typing import ClassVar

from marketo_async.api.lead_database._object_schema import ObjectSchemas
from marketo_async.api.lead_database.schema_help import PROGRAM_MEMBERS, ObjectKind, SchemaHelp
from marketo_async.transport.day_cache import Key


class MemberSchemas(ObjectSchemas):
    """What every group can do that reads or writes members of programs."""

    KIND: ClassVar[ObjectKind] = PROGRAM_MEMBERS
    DESCRIBE: ClassVar[str] = "/rest/v1/programs/members/describe.json"
    SCHEMA: ClassVar[Key[SchemaHelp]] = Key("the schema of program members")

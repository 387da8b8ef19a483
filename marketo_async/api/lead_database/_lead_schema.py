"""The schema of leads as the groups use it."""

from __future__ import annotations

from typing import ClassVar

from marketo_async.api.lead_database._object_schema import ObjectSchemas
from marketo_async.api.lead_database.schema_help import LEADS, ObjectKind, SchemaHelp
from marketo_async.transport.day_cache import Key


class LeadSchemas(ObjectSchemas):
    """What every group can do that reads or writes leads."""

    KIND: ClassVar[ObjectKind] = LEADS
    DESCRIBE: ClassVar[str] = "/rest/v1/leads/describe2.json"
    SCHEMA: ClassVar[Key[SchemaHelp]] = Key("the schema of leads")

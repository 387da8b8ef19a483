"""The fields that leads have, and the operations that describe, make and change them."""

from __future__ import annotations

from marketo_async.sandbox.areas.leads.schema.field import DataType, LeadField
from marketo_async.sandbox.areas.leads.schema.registry import Schema
from marketo_async.sandbox.areas.leads.schema.standard import DEFAULT_FIELDS, lead_schema

__all__ = ["DEFAULT_FIELDS", "DataType", "LeadField", "Schema", "lead_schema"]

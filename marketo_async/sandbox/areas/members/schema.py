"""The fields that members of programs have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.leads.schema.field import LeadField, custom_field
from marketo_async.sandbox.areas.leads.schema.registry import Schema

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.schema.field import DataType

MOST_CREATED = 20
"""Fields of program members that can be made through the API."""

DEFAULT_FIELDS = ("leadId", "reachedSuccess", "programId", "acquiredBy", "membershipDate")
"""What a member is answered with when no fields are named, in this order."""

_SEARCHABLE = frozenset({"leadId", "reachedSuccess", "statusName"})
_SEARCHABLE_CUSTOM = frozenset({"string", "integer"})

# name, length ("-" for none), label
_STANDARD: tuple[tuple[str, DataType, int | None, str], ...] = (
    ("acquiredBy", "boolean", None, "Acquired By"),
    ("attendanceLikelihood", "integer", None, "Attendance Likelihood"),
    ("createdAt", "datetime", None, "Created At"),
    ("isExhausted", "boolean", None, "Nurture Exhausted"),
    ("leadId", "integer", None, "Lead Id"),
    ("membershipDate", "datetime", None, "Member Date"),
    ("nurtureCadence", "string", 4, "Nurture Cadence"),
    ("program", "string", 255, "Program"),
    ("programId", "integer", None, "Program Id"),
    ("reachedSuccess", "boolean", None, "Success"),
    ("reachedSuccessDate", "datetime", None, "Success Date"),
    ("registrationLikelihood", "integer", None, "Registration Likelihood"),
    ("statusName", "string", 255, "Status"),
    ("statusReason", "string", 255, "Status Reason"),
    ("trackName", "string", 255, "Nurture Track"),
    ("updatedAt", "datetime", None, "Updated At"),
    ("waitlistPriority", "integer", None, "Waitlist Priority"),
)
_UPDATEABLE = (("registrationCode", 100, "Registration Code"), ("webinarUrl", 2000, "Webinar URL"))
_CUSTOM: tuple[tuple[str, DataType, str], ...] = (
    ("lunchPreference", "string", "Lunch Preference"),
    ("guests", "integer", "Guests"),
    ("parkingNeeded", "boolean", "Parking Needed"),
)


def member_schema() -> Schema:
    """Return the fields of a new instance: all standard ones, and a few of the customer's own."""
    schema = Schema(most_created=MOST_CREATED)
    for name, data_type, length, label in _STANDARD:
        searchable = name in _SEARCHABLE
        schema.put(LeadField(name, data_type, searchable, display_name=label, length=length, updateable=False))
    for name, length, label in _UPDATEABLE:
        schema.put(LeadField(name, "string", display_name=label, length=length))
    for name, data_type, label in _CUSTOM:
        schema.put(custom_field(name, data_type, label))
    return schema


def can_be_filtered_by(field: LeadField) -> bool:
    """Tell whether members can be found by a field: of the customer's own only by texts and whole numbers."""
    return field.searchable and (not field.custom or field.data_type in _SEARCHABLE_CUSTOM)

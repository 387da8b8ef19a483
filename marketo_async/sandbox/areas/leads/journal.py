"""Making and changing leads as the API does: with the activities that Marketo writes along."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.activities.state import Activities
from marketo_async.sandbox.areas.activities.types import CHANGE_DATA_VALUE, DELETE_LEAD, NEW_LEAD
from marketo_async.sandbox.areas.dates import lead_date, moment
from marketo_async.sandbox.areas.leads.state import Leads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketo_async.sandbox.areas.leads.record import Lead
    from marketo_async.sandbox.instance import Instance

WEB_SERVICE = "Web service API"


def create(instance: Instance, values: Mapping[str, object], method: str) -> Lead:
    """Make a lead, and log New Lead.

    Args:
        instance: The Marketo.
        values: Fields by REST name, as leads keep them; None leaves a field unset.
        method: What the activity calls the call.
    """
    leads, born = instance.state(Leads), moment(instance)
    lead = leads.put(born, born, {name: value for name, value in values.items() if value is not None})
    leads.note_birth(lead)
    instance.state(Activities).log(
        NEW_LEAD,
        lead.id,
        Created_Date=born.date().isoformat(),
        Source_Type=WEB_SERVICE,
        Lead_Source=lead.values.get("leadSource"),
        API_Method_Name=method,
    )
    return lead


def update(instance: Instance, lead: Lead, values: Mapping[str, object], method: str) -> None:
    """Change a lead, and log Change Data Value for each field that changed; an anonymous one becomes known.

    Args:
        instance: The Marketo.
        lead: The lead.
        values: Fields by REST name, as leads keep them; None unsets a field.
        method: What the activities call the call.
    """
    leads, activities = instance.state(Leads), instance.state(Activities)
    known = {"isAnonymous": None} if lead.anonymous else {}
    for name, (old, new) in leads.write(lead, {**values, **known}).items():
        field = leads.fields[name]
        activities.log(
            CHANGE_DATA_VALUE,
            lead.id,
            primary_id=field.id,
            primary_value=field.display_name,
            Old_Value=_logged(old),
            New_Value=_logged(new),
            Reason=WEB_SERVICE,
            Source=WEB_SERVICE,
            API_Method_Name=method,
        )


def delete(instance: Instance, lead: Lead) -> None:
    """Delete a lead, and log Delete Lead."""
    activities = instance.state(Activities)
    activities.log(DELETE_LEAD, lead.id, primary_id=lead.id, primary_value=lead.name, Remove_from_CRM=False)
    instance.state(Leads).remove(lead.id)


def _logged(value: object) -> object:
    if isinstance(value, datetime):
        return lead_date(value)
    return value.isoformat() if isinstance(value, date) else value

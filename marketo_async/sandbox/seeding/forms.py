"""Seeds forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.intake import Forms
from marketo_async.sandbox.areas.programs import Programs
from marketo_async.sandbox.areas.programs.kinds import EVENT

if TYPE_CHECKING:
    from marketo_async.sandbox.instance import Instance


def seed_forms(instance: Instance) -> None:
    """Add two forms of the Design Studio, and one of the first event, if there is one."""
    forms = instance.state(Forms)
    forms.add("Contact Us", ("firstName", "lastName", "company", "title", "phone", "country", "leadNotes"))
    forms.add("Newsletter", ("firstName", "newsletter_c"))
    events = [program for program in instance.state(Programs) if program.kind is EVENT]
    if events:
        first = min(events, key=lambda program: program.id)
        own = ("firstName", "lastName", "company")
        forms.add("Registration", own, member_fields=["registrationCode"], program_id=first.id)

"""What happens to one record of a call that makes and changes leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.leads.batch import skipped
from marketo_async.sandbox.areas.leads.cookies import claim, read_cookie
from marketo_async.sandbox.areas.leads.journal import create, update
from marketo_async.sandbox.areas.leads.partitions.state import Partitions
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.leads.values import read_value
from marketo_async.sandbox.exchange import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketo_async.sandbox.areas.leads.lookup import Lookup
    from marketo_async.sandbox.areas.leads.partitions.state import Partition
    from marketo_async.sandbox.areas.leads.record import Lead
    from marketo_async.sandbox.instance import Instance

Action = Literal["createOrUpdate", "createOnly", "updateOnly", "createDuplicate"]


@attrs.frozen
class Upsert:
    """How a call makes and changes leads.

    Attributes:
        instance: The Marketo.
        method: What the activities call it, such as `syncLead`.
        action: What may happen.
        lookup: How leads are looked up.
        partition_name: The partition in which the leads have to live; None for any.
        company_allowed: Whether the fields of companies can be written.
        with_history: Whether what anonymous visitors did goes to the leads that get their cookies.
        ignored: Members of records that are not fields.
    """

    instance: Instance
    method: str
    action: Action
    lookup: Lookup
    partition_name: str | None = None
    company_allowed: bool = False
    with_history: bool = True
    ignored: frozenset[str] = frozenset()

    def outcome(self, record: Mapping[str, object]) -> dict[str, object]:
        """Carry out one record; what does not fit skips all of it."""
        try:
            lead, status = self.apply(record)
        except Refusal as refused:
            return skipped(refused.code, refused.message, **self.lookup.id_in(record))
        return {"id": lead.id, "status": status}

    def apply(self, record: Mapping[str, object]) -> tuple[Lead, Literal["created", "updated"]]:
        """Make a lead or change one.

        Raises:
            Refusal: 1003, 1004, 1005, 1006, 1007, 1008, 1010, 1012 or 1021; then nothing is done.
        """
        values = self._values(record)
        cookie = values.pop("cookies", None)
        found = self._found(record)
        place = self._place(found)
        if found is None:
            lead = create(self.instance, values | {"leadPartitionId": place.id}, self.method)
        else:
            lead = found
            update(self.instance, lead, values, self.method)
        if isinstance(cookie, str):
            claim(self.instance, lead, cookie, with_history=self.with_history)
        return lead, "created" if found is None else "updated"

    def _found(self, record: Mapping[str, object]) -> Lead | None:
        """Return the lead to change; None where one is to be made."""
        if self.action == "createDuplicate":
            return None
        found = self.lookup.matches(record)
        if self.action == "createOnly":
            if found:
                raise refusals.already_exists()
            return None
        if len(found) > 1:
            raise refusals.several_match()
        if not found and (self.action == "updateOnly" or self.lookup.finds_only):
            raise refusals.not_found()
        return found[0] if found else None

    def _place(self, lead: Lead | None) -> Partition:
        """Return where a lead lives, or will live."""
        partitions, name = self.instance.state(Partitions), self.partition_name
        wanted = partitions.named(name) if name else None
        if name and wanted is None:
            raise refusals.partition_denied(name)
        if lead is None:
            return wanted or partitions.default
        here = partitions.of(lead)
        if here.denied:
            raise refusals.partition_denied(here.name)
        if wanted is not None and here is not wanted:
            raise refusals.partition_fixed()
        return here

    def _values(self, record: Mapping[str, object]) -> dict[str, object]:
        """Return a record's values as leads keep them, None for what is to be unset."""
        fields, zone = self.instance.state(Leads).fields, self.instance.settings.time_zone
        values: dict[str, object] = {}
        for member, value in record.items():
            if member in self.ignored:
                continue
            name = "cookies" if member == "cookie" else member
            field = fields.get(name)
            if field is None:
                raise refusals.field_not_found(member)
            if name == "id" and self.action == "updateOnly":
                continue
            if name == "id" or not field.updateable:
                raise refusals.field_not_allowed(name)
            if field.of_company and not self.company_allowed:
                raise refusals.company_not_updateable()
            if name == "cookies":
                values[name] = None if value is None else read_cookie(value)
            else:
                values[name] = read_value(field, value, zone)
        return values

"""How a call finds out whether a record's lead exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import integer
from marketo_async.sandbox.areas.leads.cookies import read_cookie
from marketo_async.sandbox.areas.leads.search import searchable
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.leads.values import read_value
from marketo_async.sandbox.exchange import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketo_async.sandbox.areas.leads.record import Lead
    from marketo_async.sandbox.exchange import Request

DEFAULT_LOOKUP = "email"


class Lookup(Protocol):
    """Finds the leads that a record may mean.

    Attributes:
        finds_only: Whether no lead can be made of a record that matches none.
    """

    finds_only: bool

    def matches(self, record: Mapping[str, object]) -> list[Lead]:
        """Return the leads that a record may mean.

        Raises:
            Refusal: 1003 where the record does not say.
        """
        ...

    def id_in(self, record: Mapping[str, object]) -> dict[str, object]:
        """Return the id that the outcome of a skipped record shows: only if it was the key."""
        ...


class FieldLookup:
    """Finds leads by a field."""

    finds_only = False

    def __init__(self, request: Request, name: str) -> None:
        """Look up by a field.

        Args:
            request: The call. It cannot find what other calls made since it came in: Marketo makes two leads of
                one address that is sent twice at once.
            name: A field by which leads can be found, or `cookie`.

        Raises:
            Refusal: 1006 where there is no such field, 1011 where leads cannot be found by it.
        """
        self._leads = request.instance.state(Leads)
        self._zone = request.instance.settings.time_zone
        name = "cookies" if name == "cookie" else name
        if name not in self._leads.fields:
            raise refusals.field_not_found(name)
        self._field = searchable(self._leads, name)
        self._unseen = self._leads.born_after(request.arrived)

    def matches(self, record: Mapping[str, object]) -> list[Lead]:
        """Return the leads that hold what the record holds."""
        name = self._field.name
        value = record.get(name)
        if value is None and name == "cookies":
            value = record.get("cookie")
        if value is None or value == "":
            raise refusals.no_lookup_value(name)
        if name == "id":
            lead = self._leads.get(self._id(value))
            return [] if lead is None else [lead]
        key = read_cookie(value) if name == "cookies" else read_value(self._field, value, self._zone)
        return [lead for lead in self._leads.holding(self._field, [key]) if lead.id not in self._unseen]

    def id_in(self, record: Mapping[str, object]) -> dict[str, object]:
        """Return the record's id where it is the key."""
        return {"id": record["id"]} if self._field.name == "id" and isinstance(record.get("id"), int) else {}

    def _id(self, value: object) -> int:
        try:
            return integer(value)
        except Refusal:
            raise refusals.invalid_value("id", value) from None

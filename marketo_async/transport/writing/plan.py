"""What one write operation is to the engine."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

import attrs

from marketo_async.errors import ArgumentError
from marketo_async.wire.batch import BatchBody, empty_length, record_bytes
from marketo_async.wire.request import BODY_LIMIT, URI_LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from marketo_async.wire.call import Call

R = TypeVar("R")

Objection: TypeAlias = "Callable[[Mapping[str, object], str], ArgumentError | None]"
"""Returns what speaks against the values of a record, which is called so; None where nothing does."""

Advice: TypeAlias = "Callable[[str, str], str | None]"
"""Returns what to say beside a code and a message of Marketo's; None where there is nothing."""

_PATH = 200
"""Bytes that are kept for the path of a URI that carries ids; the longest has half of them."""

MOST_RECORDS = 300
"""Records that the lead database takes in a call."""


@attrs.define(eq=False)
class Item(Generic[R]):
    """One record on its way.

    Attributes:
        index: Which record of the input it is.
        record: The record as it was given.
        key: What must not travel twice at once; None where nothing may be confused with it.
        body: Its JSON.
        lead_id: The id that it names a lead by, if it does.
    """

    index: int
    record: R
    key: str | None
    body: bytes
    lead_id: int | None = None


@attrs.frozen(kw_only=True)
class WritePlan(Generic[R]):
    """One write operation.

    Attributes:
        call: The call without its body: path, times, and whether it may be repeated.
        members: The members of the body beside `input`.
        query_name: The parameter of the query that carries the lead's ids where the operation has no body.
        values: Makes the JSON object of a record; is told what the caller calls that record.
        key_field: The member of a record that says whom it is about; None where records cannot be in each other's way.
        names_lead: Whether that member is the id of a lead.
        echoes: The codes that a repeated call meets where its first attempt had been carried out.
        argument: What the caller calls the records, for errors.
        batch_size: Records a call, at most.
        says_rows: Whether the answer has a row for each record.
        objection: Finds what Marketo would refuse a record for; such a record is skipped without being sent.
        advice: Adds to the reasons of those that Marketo skipped.
    """

    call: Call
    members: Mapping[str, object] = attrs.field(factory=dict[str, object])
    query_name: str | None = None
    values: Callable[[R, str], Mapping[str, object]]
    key_field: str | None
    names_lead: bool = False
    echoes: frozenset[str] = frozenset()
    argument: str = "records"
    batch_size: int = MOST_RECORDS
    says_rows: bool = True
    objection: Objection | None = None
    advice: Advice | None = None

    @cached_property
    def most_bytes(self) -> int:
        """Bytes of records a call, the separators between them included."""
        if self.query_name is not None:
            return URI_LIMITS[self.call.api] - _PATH
        return BODY_LIMIT - empty_length(self.members)

    def item(self, index: int, record: R) -> Item[R] | ArgumentError:
        """Return a record, ready to be sent, or what speaks against sending it.

        Raises:
            ArgumentError: it is nothing that this operation takes, a value cannot be JSON, or it is too large.
        """
        argument = f"{self.argument}[{index}]"
        values = self.values(record, argument)
        if self.objection is not None and (objection := self.objection(values, argument)) is not None:
            return objection
        key = None if self.key_field is None else values.get(self.key_field)
        body = f"{self.query_name}={key}".encode() if self.query_name is not None else record_bytes(argument, values)
        if len(body) > self.most_bytes:
            allowed = f"at most {self.most_bytes} bytes of JSON, since Marketo takes {BODY_LIMIT} a call"
            raise ArgumentError(argument, f"{len(body)} bytes", allowed)
        lead_id = key if self.names_lead and isinstance(key, int) else None
        return Item(index, record, _comparable(key), body, lead_id)

    def call_for(self, items: Sequence[Item[R]]) -> Call:
        """Return the call that carries these records."""
        if self.query_name is not None:
            ids = tuple((self.query_name, str(item.lead_id)) for item in items)
            return attrs.evolve(self.call, query_pairs=self.call.query_pairs + ids)
        return self.call.json(BatchBody(self.members, tuple(item.body for item in items)))


def _comparable(key: object) -> str | None:
    """Return what two records of one lead have in common: Marketo compares texts whatever their case."""
    text = "" if key is None else str(key).strip().casefold()
    return text or None  # without a key Marketo refuses the record, or makes a lead of its own of it

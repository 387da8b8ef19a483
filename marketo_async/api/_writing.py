"""What a group needs to write many records: the input checked, and the shapes that records take."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from marketo_async.api._checks import check_range, is_integer
from marketo_async.errors import ArgumentError
from marketo_async.records import Lead, ProgramMember
from marketo_async.records.own_class import is_own, own_value
from marketo_async.transport.writing.plan import MOST_RECORDS, WritePlan
from marketo_async.transport.writing.writing import Writing

if TYPE_CHECKING:
    from marketo_async.transport.transport import Transport
    from marketo_async.transport.writing.plan import Advice, Objection
    from marketo_async.wire.call import Call

R = TypeVar("R")

_NAMES = ("id", "leadId")

WRITE_PAGE = MOST_RECORDS
"""Records that a write gives a call at most."""


def writing(
    transport: Transport,
    call: Call,
    records: Iterable[R] | AsyncIterable[R],
    values: Callable[[R, str], Mapping[str, object]],
    *,
    members: Mapping[str, object] | None = None,
    query_name: str | None = None,
    key_field: str | None,
    names_lead: bool = False,
    echoes: Iterable[str] = (),
    argument: str = "records",
    batch_size: int,
    says_rows: bool = True,
    objection: Objection | None = None,
    advice: Advice | None = None,
) -> Writing[R]:
    """Return the write of some records.

    Args:
        transport: What sends the calls.
        call: The call without its body.
        records: The records.
        values: Makes the JSON object of one.
        members: The members of the body beside `input`; None is not sent.
        query_name: The parameter of the query that carries the ids of leads, where there is no body.
        key_field: The member of a record that says whom it is about.
        names_lead: Whether that is the id of a lead.
        echoes: The codes that a repeated call meets where its first attempt had been carried out.
        argument: What the caller calls the records.
        batch_size: Records a call.
        says_rows: Whether the answer has a row for each record.
        objection: Finds what Marketo would refuse a record for.
        advice: Adds to the reasons of those that Marketo skipped.

    Raises:
        ArgumentError: the records or `batch_size` cannot be right.
    """
    check_range("batch_size", batch_size, 1, WRITE_PAGE)
    _check_records(argument, records)
    plan = WritePlan(
        call=call,
        members={name: value for name, value in (members or {}).items() if value is not None},
        query_name=query_name,
        values=values,
        key_field=key_field,
        names_lead=names_lead,
        echoes=frozenset(echoes),
        argument=argument,
        batch_size=batch_size,
        says_rows=says_rows,
        objection=objection,
        advice=advice,
    )
    return Writing(transport, plan, records)


def writing_of_leads(
    transport: Transport,
    call: Call,
    leads: Iterable[R] | AsyncIterable[R],
    member: str,
    *,
    members: Mapping[str, object] | None = None,
    query_name: str | None = None,
    echoes: Iterable[str] = (),
    batch_size: int,
) -> Writing[R]:
    """Return the write of records that do nothing but name a lead each, under `member`; as `writing` for the rest."""
    return writing(
        transport,
        call,
        leads,
        _lead_reference(member),
        members=members,
        query_name=query_name,
        key_field=member,
        names_lead=True,
        echoes=echoes,
        argument="leads",
        batch_size=batch_size,
    )


def _lead_reference(member: str) -> Callable[[object, str], Mapping[str, object]]:
    """Return what makes the JSON object of a record that does nothing but name a lead, such as `{"id": 235}`."""

    def values(record: object, argument: str) -> Mapping[str, object]:
        return {member: lead_id_of(record, argument, member)}

    return values


def lead_id_of(record: object, argument: str, member: str = "id") -> int:
    """Return the id of a lead that is given as an id, or as a record, a mapping or an instance of a class that has it.

    Raises:
        ArgumentError: it is nothing of these, or the id cannot be one.
    """
    given = record
    names = _NAMES if member == _NAMES[0] else _NAMES[::-1]
    if isinstance(record, Lead):
        given = record.id
    elif isinstance(record, ProgramMember):
        given = record.lead_id
    elif isinstance(record, Mapping):
        given = next((record[name] for name in names if name in record), None)
    elif is_own(record):  # what another object calls its id, a lead's or not, nobody can know
        given = own_value(record, names)
    if not is_integer(given) or given < 1:
        whole = "an integer of 1 or more" if is_integer(given) else f"a Lead, or a mapping with {member!r}"
        raise ArgumentError(argument, record, f"the id of a lead, {whole}")
    return given


def _check_records(argument: str, given: object) -> None:
    """Refuse what is no iterable of records; a mapping is one record, and a text none."""
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable | AsyncIterable):
        raise ArgumentError(argument, given, "a list of records, or another iterable, or an async one")

"""Memberships as replies carry them: of a lead or a program's lead in one shape, of a program's members in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.dates import lead_date
from marketo_async.sandbox.areas.leads.rows import written
from marketo_async.sandbox.areas.programs.kinds import ENGAGEMENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.sandbox.areas.leads.schema.field import LeadField
    from marketo_async.sandbox.areas.members.record import Member
    from marketo_async.sandbox.areas.programs.record import Program

FIRST_STREAM = "Stream 1"
"""The stream that a member of an engagement program is in, unless another is set."""


def membership(member: Member, program: Program) -> dict[str, object]:
    """Write a membership as what a lead has: `id` is the program's, for every lead of a program the same."""
    row: dict[str, object] = {
        "id": program.id,
        "progressionStatus": member.status,
        "progressionStatusType": member.status,
        "isExhausted": member.exhausted,
        "acquiredBy": member.acquired,
        "reachedSuccess": member.succeeded_at is not None,
        "membershipDate": lead_date(member.joined_at),
        "updatedAt": lead_date(member.updated_at),
    }
    if program.kind is ENGAGEMENT:
        row |= {"stream": _stream(member), "nurtureCadence": _cadence(member)}
    return row


def member_row(seq: int, member: Member, program: Program, fields: Iterable[LeadField]) -> dict[str, object]:
    """Write a membership as a record of its own: its place in the reply, then every field asked for."""
    return {"seq": seq} | {field.name: written(field, _value(member, program, field.name)) for field in fields}


def _value(member: Member, program: Program, name: str) -> object:
    nurtured = program.kind is ENGAGEMENT
    standard: dict[str, object] = {
        "acquiredBy": member.acquired,
        "createdAt": member.joined_at,
        "isExhausted": member.exhausted,
        "leadId": member.lead_id,
        "membershipDate": member.joined_at,
        "nurtureCadence": _cadence(member) if nurtured else None,
        "program": program.name,
        "programId": program.id,
        "reachedSuccess": member.succeeded_at is not None,
        "reachedSuccessDate": member.succeeded_at,
        "statusName": member.status,
        "trackName": _stream(member) if nurtured else None,
        "updatedAt": member.updated_at,
    }
    return standard[name] if name in standard else member.values.get(name)


def _stream(member: Member) -> object:
    return member.values.get("trackName", FIRST_STREAM)


def _cadence(member: Member) -> str:
    return "pause" if member.paused else "norm"

"""What users' type checkers see of lists and members of programs; nothing executes it."""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, assert_type

import attrs

from marketo_async import Lead, ListMemberStatus, MarketoClient, Pager, ProgramMember, SchemaFieldStatus, StaticList

if TYPE_CHECKING:
    from collections.abc import Iterable


@attrs.frozen
class Guest:
    """A class of one's own."""

    lead_id: int


async def lists(marketo: MarketoClient) -> None:
    """Lists give lists, leads or one's own class, and a status for each lead."""
    assert_type(await marketo.lists.get(1), StaticList)
    assert_type(marketo.lists.browse(ids=[1]), Pager[StaticList])
    assert_type(marketo.lists.leads(1, fields="all", typed=True), Pager[Lead])
    assert_type(marketo.lists.leads(1, record=Guest), Pager[Guest])
    assert_type(marketo.lists.are_members(1, range(5)), Pager[ListMemberStatus])
    marketo.lists.leads(1, spelling="liste")  # type: ignore[call-overload]


async def members(marketo: MarketoClient, moment: datetime, values: Iterable[str | int | bool]) -> None:
    """Members are `ProgramMember`s or instances of one's own class; types cannot be said twice."""
    assert_type(marketo.program_members.find(1, "statusName", values), Pager[ProgramMember])
    assert_type(marketo.program_members.find(1, "leadId", [1], record=Guest), Pager[Guest])
    assert_type(marketo.program_members.find_updated(1, moment, moment, typed=True), Pager[ProgramMember])
    assert_type(marketo.program_members.browse(1, record=Guest, fields=["leadId"]), Pager[Guest])
    marketo.program_members.browse(1, record=Guest, typed=True)  # type: ignore[call-overload]
    assert_type(await marketo.program_member_fields.create([]), list[SchemaFieldStatus])

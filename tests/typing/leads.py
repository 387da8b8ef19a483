"""What users' type checkers see of leads; mypy and basedpyright run over it, nothing executes it.

Each `type: ignore` is a mistake that both must find: one that nobody finds is reported as unused by either.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

import dataclasses
from datetime import date
from typing import assert_type

import attrs

from marketo_async import (
    ActivityType,
    Lead,
    LeadPartition,
    MarketoClient,
    ObjectDescription,
    Pager,
    ProgramLead,
    ProgramMembership,
    SchemaField,
    marketo_field,
)


@attrs.frozen
class MyLead:
    """A class of a user's own."""

    id: int
    score: int | None = attrs.field(default=None, metadata=marketo_field("leadScore"))
    renewal: date | None = attrs.field(default=None, metadata=marketo_field("renewalDate_c", none_clears=True))


@dataclasses.dataclass(frozen=True)
class MyData:
    """A dataclass of a user's own."""

    email: str
    city: str | None = dataclasses.field(default=None, metadata=marketo_field(read_only=True))


async def reading(marketo: MarketoClient) -> None:
    """Leads are `Lead`s, or instances of the class that was asked for."""
    assert_type(await marketo.leads.get(7), Lead)
    assert_type(await marketo.leads.get(7, ["email"], typed=True), Lead)
    assert_type(await marketo.leads.get(7, fields="all"), Lead)
    assert_type(await marketo.leads.get(7, record=MyLead), MyLead)
    assert_type(await marketo.leads.get(7, record=MyData), MyData)
    assert_type(marketo.leads.find("id", [7, "8"]), Pager[Lead])
    assert_type(marketo.leads.find("id", [7], fields="all", typed=True), Pager[Lead])
    assert_type(marketo.leads.find("id", [7], record=MyLead), Pager[MyLead])
    assert_type(marketo.leads.find_by_program(1107), Pager[ProgramLead])
    assert_type(marketo.leads.find_by_program(1107, record=MyData, page_size=100), Pager[MyData])
    async for mine in marketo.leads.find("id", [7], record=MyLead):
        assert_type(mine.score, int | None)
    async for lead in marketo.leads.find_by_program(1107):
        assert_type(lead.membership, ProgramMembership | None)
        assert_type(lead["leadScore"], object)


async def describing(marketo: MarketoClient) -> None:
    """What describes leads has types of its own."""
    schema = await marketo.leads.describe(refresh=True)
    assert_type(schema, ObjectDescription)
    assert_type(schema.filter_types, tuple[str, ...])
    assert_type(await marketo.leads.partitions(), list[LeadPartition])
    assert_type(await marketo.activities.types(), list[ActivityType])
    assert_type(marketo.lead_fields.browse(), Pager[SchemaField])


async def mistakes(marketo: MarketoClient) -> None:
    """A class of one's own has types of its own already, and a record is a class, not an instance or a name."""
    await marketo.leads.get(7, record=MyLead, typed=True)  # type: ignore[call-overload]
    marketo.leads.find("id", [7], record="MyLead")  # type: ignore[call-overload]
    marketo.leads.find("id", 7)  # type: ignore[call-overload]
    await marketo.leads.get("7")  # type: ignore[call-overload]
    marketo_field(5)  # type: ignore[arg-type]
    (await marketo.leads.get(7, record=MyLead)).email  # type: ignore[attr-defined]  # noqa: B018

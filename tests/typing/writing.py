"""What type checkers see of a write: the input's own type, beside each result."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_type

import attrs

from marketo_async import Lead, Reason, RecordResult, WriteSummary, Writing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from marketo_async import MarketoClient


@attrs.frozen
class Person:
    """A lead of one's own."""

    email: str


async def writes(marketo: MarketoClient, people: AsyncIterator[Person], leads: list[Lead]) -> None:
    """Each result has its input, typed as it was given."""
    writing = marketo.leads.sync(people, action="createOnly")
    assert_type(writing, Writing[Person])
    async for result in writing.raise_for_skipped():
        assert_type(result, RecordResult[Person])
        assert_type(result.input.email, str)
        assert_type(result.reasons, tuple[Reason, ...])
        assert_type(result.id, int | None)
    assert_type(await marketo.leads.delete(leads).collect(), list[RecordResult[Lead]])
    assert_type(await marketo.lists.add(1, [7, 8]).summary(), WriteSummary[int])
    marketo.leads.sync(people, action="upsert")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await marketo.leads.delete(7).collect()  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

"""What a write is to the engine: may it be repeated, how long does Marketo take, how are its records checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from marketo_async.transport.writing.plan import WritePlan
    from marketo_async.transport.writing.writing import Writing

R = TypeVar("R")


def plan_of(writing: Writing[R]) -> WritePlan[R]:
    """Return what a write is to the engine."""
    return writing._plan  # noqa: SLF001 - the write does not show it, and a copy of its rules would go its own way

"""One operation that writes the records of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import attrs

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping

    from marketo_async.api.groups import Groups
    from marketo_async.cli.writes.rows import InputRow, Shape
    from marketo_async.transport.writing.writing import Writing

Start: TypeAlias = "Callable[[Groups, Iterable[InputRow] | AsyncIterable[InputRow], int], Writing[InputRow]]"
"""Returns the write of some records, in batches of so many."""


@attrs.frozen(kw_only=True)
class Operation:
    """One operation.

    Attributes:
        command: What it is called in full, such as `leads sync`.
        options: What else decides what is written, under the names of its options: a resume must have it in common.
        start: Returns the write.
        shape: What it wants of a record.
        key: The column that every record must have: the id of a lead unless said; None where there is none.
        look: Asks Marketo for the fields that there are; None where records have none.
        same_twice: Whether records may be sent again after a crash although the operation is not repeatable in general:
            done one after the other, and not at once, both times come to the same.
        values: Whether records have values: then those that may still be under way are waited for before they are
            written again, for the older values must not win.
    """

    command: str
    options: Mapping[str, object]
    start: Start
    shape: Shape
    key: str | None = attrs.field(default=attrs.Factory(lambda operation: operation.shape.id_member, takes_self=True))
    look: Callable[[Groups], Awaitable[object]] | None = None
    same_twice: bool = False
    values: bool = False

    @property
    def name(self) -> str:
        """What it is called in the names of files, such as `sync`."""
        return self.command.rpartition(" ")[2]

"""The answer of operations that only say which object they changed."""

from __future__ import annotations

from collections.abc import Mapping

from marketo_async.records._declare import Record, extra, record


@record
class IdResult(Record):
    """`{"id": 1109}`: what approve, unapprove, delete and the tag operations answer with."""

    id: int
    """The id of what was changed."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond it."""

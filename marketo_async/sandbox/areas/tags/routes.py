"""The two operations that read tag types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.arguments import required, window
from marketo_async.sandbox.areas.tags.state import TagTypes
from marketo_async.sandbox.exchange import rows_or_nothing

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.tags.state import TagType
    from marketo_async.sandbox.exchange import Answer, Request


def browse(request: Request) -> Answer:
    """Answer `GET /tagTypes.json`; without the values that each allows."""
    view = window(request.query)
    return rows_or_nothing(view.of([_row(tag_type) for tag_type in request.instance.state(TagTypes)]))


def by_name(request: Request) -> Answer:
    """Answer `GET /tagType/byName.json`; with the values that it allows."""
    found = request.instance.state(TagTypes).get(required(request.query, "name"))
    # Both lists are texts that only look like lists; one is written without blanks, the other with.
    rows = [] if found is None else [_row(found) | {"allowableValues": f"[{', '.join(found.values)}]"}]
    return rows_or_nothing(rows)


def _row(tag_type: TagType) -> dict[str, object]:
    return {
        "tagType": tag_type.name,
        "applicableProgramTypes": f"[{','.join(tag_type.applicable)}]",
        "required": tag_type.required,
    }

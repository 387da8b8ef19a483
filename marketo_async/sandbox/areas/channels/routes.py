"""The two operations that read channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.arguments import required, window
from marketo_async.sandbox.areas.channels.state import Channels
from marketo_async.sandbox.areas.dates import asset_date
from marketo_async.sandbox.exchange import rows_or_nothing

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.channels.state import Channel
    from marketo_async.sandbox.exchange import Answer, Request


def browse(request: Request) -> Answer:
    """Answer `GET /channels.json`."""
    view = window(request.query)
    return rows_or_nothing(view.of([_row(channel) for channel in request.instance.state(Channels)]))


def by_name(request: Request) -> Answer:
    """Answer `GET /channel/byName.json`; the parameter is written `name` or `Name`."""
    found = request.instance.state(Channels).get(required(request.query, "name", "Name"))
    return rows_or_nothing([] if found is None else [_row(found)])


def _row(channel: Channel) -> dict[str, object]:
    return {
        "id": channel.id,
        "name": channel.name,
        "applicableProgramType": channel.applicable,
        "progressionStatuses": [
            {
                "name": status.name,
                "step": status.step,
                "description": None,
                "hidden": status.hidden,
                "success": status.success,
            }
            for status in channel.statuses
        ],
        "createdAt": asset_date(channel.created_at),
        "updatedAt": asset_date(channel.updated_at),
    }

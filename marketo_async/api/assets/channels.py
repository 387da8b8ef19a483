"""Channels: two operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.api._base import ASSET_PAGE, Group
from marketo_async.api._checks import check_name
from marketo_async.records import Channel
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from marketo_async.transport.paging import Pager


class Channels(Group):
    """Channels: which statuses the members of a program go through. They are made in Marketo's own pages only."""

    def browse(self, *, page_size: int = ASSET_PAGE, start: int = 0) -> Pager[Channel]:
        """List all channels, each with its statuses.

        Args:
            page_size: Channels a call, 1 to 200.
            start: The offset to begin at, such as a `page.position`.

        Raises:
            ArgumentError: an argument is out of its range.

        Source: getAllChannelsUsingGET
        """
        call = GET("/rest/asset/v1/channels.json")
        return self._offset_pages(
            Channel, call, lambda channel: (channel.id, channel.name), page_size=page_size, start=start
        )

    async def find_by_name(self, name: str) -> Channel | None:
        """Return the channel of exactly that name, or None.

        Args:
            name: Up to 255 characters, no comma.

        Raises:
            ArgumentError: the name cannot be one.

        Source: getChannelByNameUsingGET
        """
        check_name("name", name)
        return await self._find(Channel, GET("/rest/asset/v1/channel/byName.json").query(name=name))

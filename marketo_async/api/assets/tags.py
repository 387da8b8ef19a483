"""Tag types: two operations. The tags of a program are changed with the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.api._base import ASSET_PAGE, Group
from marketo_async.api._checks import check_name
from marketo_async.records import TagType
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from marketo_async.transport.paging import Pager


class Tags(Group):
    """Tag types: what programs can, or must, be tagged with. They are made in Marketo's own pages only."""

    def browse(self, *, page_size: int = ASSET_PAGE, start: int = 0) -> Pager[TagType]:
        """List all tag types, without the values that they allow: ask `find_by_name` for these.

        Args:
            page_size: Tag types a call, 1 to 200.
            start: The offset to begin at, such as a `page.position`.

        Raises:
            ArgumentError: an argument is out of its range.

        Source: getTagTypesUsingGET
        """
        call = GET("/rest/asset/v1/tagTypes.json")
        return self._offset_pages(TagType, call, lambda tag: (tag.tag_type, None), page_size=page_size, start=start)

    async def find_by_name(self, name: str) -> TagType | None:
        """Return the tag type of exactly that name with the values that it allows, or None.

        Args:
            name: Up to 255 characters, no comma.

        Raises:
            ArgumentError: the name cannot be one.

        Source: getTagByNameUsingGET
        """
        check_name("name", name)
        return await self._find(TagType, GET("/rest/asset/v1/tagType/byName.json").query(name=name))

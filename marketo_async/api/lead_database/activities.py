"""Activities: what leads do, and what happens to them. So far, of which types they are."""

from __future__ import annotations

from marketo_async.api._base import Group
from marketo_async.api._checks import check_flag
from marketo_async.records import ActivityType
from marketo_async.transport.day_cache import Key
from marketo_async.wire.call import GET

_TYPES: Key[tuple[ActivityType, ...]] = Key("the types of activities")


class Activities(Group):
    """Activities of leads."""

    async def types(self, *, refresh: bool = False) -> list[ActivityType]:
        """Return the types of activities that the instance has, with what the activities of each type say.

        Kept for a day; callers who come meanwhile share one call.

        Args:
            refresh: Whether to ask Marketo again.

        Source: getAllActivityTypesUsingGET
        """
        check_flag("refresh", refresh)

        async def fetch() -> tuple[ActivityType, ...]:
            return tuple(await self._many(ActivityType, GET("/rest/v1/activities/types.json")))

        types = await self._kept(_TYPES, fetch, refresh=refresh)
        return list(types)

"""What leads are made of: their fields and their partitions, each asked for once a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.api._checks import check_flag
from marketo_async.api.lead_database._lead_schema import LeadSchemas
from marketo_async.records import LeadAttribute, LeadPartition
from marketo_async.transport.day_cache import Key
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from marketo_async.records import ObjectDescription

_ATTRIBUTES: Key[tuple[LeadAttribute, ...]] = Key("the older description of leads")
_PARTITIONS: Key[tuple[LeadPartition, ...]] = Key("the partitions of leads")


class LeadDescriptions(LeadSchemas):
    """What leads are made of."""

    async def describe(self, *, refresh: bool = False) -> ObjectDescription:
        """Return the fields of leads, and by which of them leads can be found.

        Kept for a day, for all groups of this client; callers who come meanwhile share one call. Once it is there,
        reading and writing use it to refuse misspelt fields before a call is spent.

        Args:
            refresh: Whether to ask Marketo again.

        Source: describeUsingGET_6
        """
        check_flag("refresh", refresh)
        return (await self._schema(refresh=refresh)).schema

    async def describe_superseded(self, *, refresh: bool = False) -> list[LeadAttribute]:
        """Return the fields of leads with their names in the REST and in the SOAP API; `describe` supersedes it.

        Kept for a day, as `describe` is.

        Args:
            refresh: Whether to ask Marketo again.

        Source: describeUsingGET_2
        """
        check_flag("refresh", refresh)

        async def fetch() -> tuple[LeadAttribute, ...]:
            return tuple(await self._many(LeadAttribute, GET("/rest/v1/leads/describe.json")))

        attributes = await self._kept(_ATTRIBUTES, fetch, refresh=refresh)
        return list(attributes)

    async def partitions(self, *, refresh: bool = False) -> list[LeadPartition]:
        """Return the partitions of leads; an instance has one at least.

        Kept for a day, as `describe` is.

        Args:
            refresh: Whether to ask Marketo again.

        Source: getLeadPartitionsUsingGET
        """
        check_flag("refresh", refresh)

        async def fetch() -> tuple[LeadPartition, ...]:
            return tuple(await self._many(LeadPartition, GET("/rest/v1/leads/partitions.json")))

        partitions = await self._kept(_PARTITIONS, fetch, refresh=refresh)
        return list(partitions)

"""Members of programs: reading, describing and writing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.api._checks import check_flag
from marketo_async.api.lead_database.member_reads import MemberReads
from marketo_async.api.lead_database.member_writes import MemberWrites
from marketo_async.records import ObjectDescription
from marketo_async.transport.day_cache import Key
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from collections.abc import Awaitable

_SUPERSEDED: Key[ObjectDescription] = Key("the older schema of program members")


class ProgramMembers(MemberReads, MemberWrites):
    """Members of programs: leads, with what each is and did in one program."""

    async def describe(self, *, refresh: bool = False) -> ObjectDescription:
        """Return the fields of program members, and by which of them they can be searched.

        Kept for a day, for all groups of this client; callers who come meanwhile share one call. Once it is there,
        searching uses it to refuse misspelt fields before a call is spent.

        Args:
            refresh: Whether to ask Marketo again.

        Source: describeProgramMemberUsingGET2
        """
        check_flag("refresh", refresh)
        return (await self._schema(refresh=refresh)).schema

    async def describe_superseded(self, *, refresh: bool = False) -> ObjectDescription:
        """Return the fields of program members by the operation that `describe` supersedes; it says less.

        Kept for a day, as `describe` is.

        Args:
            refresh: Whether to ask Marketo again.

        Source: describeProgramMemberUsingGET
        """
        check_flag("refresh", refresh)

        def fetch() -> Awaitable[ObjectDescription]:
            return self._one(ObjectDescription, GET("/rest/v1/program/members/describe.json"))

        return await self._kept(_SUPERSEDED, fetch, refresh=refresh)

"""Usage and errors of the instance: four operations, which need no permission and count as calls themselves."""

from __future__ import annotations

from marketo_async.api._base import Group
from marketo_async.records import ErrorDay, UsageDay
from marketo_async.wire.call import GET


class Usage(Group):
    """How many calls the instance has had from all integrations together, and how many went wrong.

    Days run from midnight to midnight US Central, as the daily quota does.
    """

    async def daily(self) -> UsageDay:
        """Return the calls of the present day, in total and by API user.

        Source: getDailyUsageUsingGET
        """
        return await self._one(UsageDay, GET("/rest/v1/stats/usage.json"))

    async def last_7_days(self) -> list[UsageDay]:
        """Return the calls of the last seven days, one entry a day.

        Source: getLast7DaysUsageUsingGET
        """
        return await self._many(UsageDay, GET("/rest/v1/stats/usage/last7days.json"))

    async def daily_errors(self) -> ErrorDay | None:
        """Return the errors of the present day, in total and by code; None where Marketo has no entry for it.

        Source: getDailyErrorsUsingGET
        """
        return await self._find(ErrorDay, GET("/rest/v1/stats/errors.json"))

    async def errors_last_7_days(self) -> list[ErrorDay]:
        """Return the errors of the last seven days, one entry a day.

        Source: getLast7DaysErrorsUsingGET
        """
        return await self._many(ErrorDay, GET("/rest/v1/stats/errors/last7days.json"))

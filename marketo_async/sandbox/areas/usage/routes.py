"""The four operations of the usage area. They need no permission, and count themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from marketo_async.sandbox.exchange import Answer, Request, Route

if TYPE_CHECKING:
    from datetime import date

    from marketo_async.sandbox.instance import Instance


def usage_today(request: Request) -> Answer:
    """Answer the calls of today."""
    return Answer([_usage(request.instance, request.instance.today())])


def usage_last_7_days(request: Request) -> Answer:
    """Answer the calls of seven days, the last of which is today."""
    return Answer([_usage(request.instance, day) for day in _last_7_days(request.instance)])


def errors_today(request: Request) -> Answer:
    """Answer the errors of today."""
    return Answer([_errors(request.instance, request.instance.today())])


def errors_last_7_days(request: Request) -> Answer:
    """Answer the errors of seven days, the last of which is today."""
    return Answer([_errors(request.instance, day) for day in _last_7_days(request.instance)])


def _last_7_days(instance: Instance) -> list[date]:
    today = instance.today()
    return [today - timedelta(days=ago) for ago in range(6, -1, -1)]


def _usage(instance: Instance, day: date) -> dict[str, object]:
    calls = instance.counters.calls(day)
    users = [{"userId": user, "count": count} for user, count in calls.items()]
    return {"date": day.isoformat(), "total": sum(calls.values()), "users": users}


def _errors(instance: Instance, day: date) -> dict[str, object]:
    errors = instance.counters.errors(day)
    listed = [{"errorCode": code, "count": count} for code, count in errors.items()]
    return {"date": day.isoformat(), "total": sum(errors.values()), "errors": listed}


ROUTES = (
    Route("GET", "/rest/v1/stats/usage.json", usage_today),
    Route("GET", "/rest/v1/stats/usage/last7days.json", usage_last_7_days),
    Route("GET", "/rest/v1/stats/errors.json", errors_today),
    Route("GET", "/rest/v1/stats/errors/last7days.json", errors_last_7_days),
)

"""Marketo's day: it begins at midnight US Central, and so do the daily quotas."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ZONE = "America/Chicago"


def next_central_midnight(moment: datetime) -> datetime:
    """Return when the US Central day after the one of `moment` begins, in UTC."""
    return datetime.combine(central_day(moment) + timedelta(days=1), time.min, ZoneInfo(_ZONE)).astimezone(UTC)


def central_day(moment: datetime) -> date:
    """Return which day it is in US Central time at an aware moment."""
    return moment.astimezone(ZoneInfo(_ZONE)).date()

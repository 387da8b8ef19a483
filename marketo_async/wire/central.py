"""Marketo's day: it begins at midnight US Central, and so do the daily quotas."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ZONE = "America/Chicago"


def next_central_midnight(moment: datetime) -> datetime:
    """Return when the US Central day after the one of `moment` begins, in UTC."""
    central = ZoneInfo(_ZONE)
    tomorrow = moment.astimezone(central).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, central).astimezone(UTC)

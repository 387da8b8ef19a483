"""How Marketo writes dates in replies, and what it accepts in requests."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals

if TYPE_CHECKING:
    from datetime import tzinfo

    from marketo_async.sandbox.instance import Instance

_INSTANT = re.compile(
    r"""(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)
    (?:[T ](?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d{1,9})?)?
    (?:t(?=[+-]))?(?P<offset>Z\+0000|Z|[+-]\d\d(?::?\d\d)?)?)?""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(instance: Instance) -> datetime:
    """Return the instance's time in UTC as Marketo stores it: in whole seconds."""
    return instance.now().astimezone(UTC).replace(microsecond=0)


def second_of(instant: datetime) -> int:
    """Return an aware date-time as a number, as `at_second` reads it: in eight bytes a million take little room."""
    return int(instant.timestamp())


def at_second(second: int) -> datetime:
    """Return the date-time, in UTC, that `second_of` made a number of."""
    return _EPOCH + timedelta(seconds=second)


def asset_date(instant: datetime) -> str:
    """Write a date-time as the Asset API does: `2015-05-21T22:45:13Z+0000`."""
    return f"{_written(instant)}+0000"


def lead_date(instant: datetime) -> str:
    """Write a date-time as the lead database does: `2015-05-21T22:45:13Z`."""
    return _written(instant)


@lru_cache(maxsize=8192)
def cost_date(day: date, zone: tzinfo) -> str:
    """Write the day of a cost as replies carry it: its midnight in the instance's time zone, in UTC."""
    return asset_date(datetime.combine(day, time(), zone))


def read_instant(field: str, text: str, zone: tzinfo) -> datetime:
    """Read any spelling of a date-time that Marketo accepts; without an offset it is the instance's own time.

    Raises:
        Refusal: 704 where it is none.
    """
    found = _INSTANT.fullmatch(text.strip())
    if found is None:
        raise refusals.bad_date(field, text)
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        at = time(int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0))
        return datetime.combine(day, at, _zone(found["offset"]) or zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refusals.bad_date(field, text) from None


def read_day(field: str, text: str, zone: tzinfo) -> date:
    """Read a day, or a date-time as its day in the instance's time zone.

    Raises:
        Refusal: 704 where it is neither.
    """
    instant = read_instant(field, text, zone)
    try:
        return instant.astimezone(zone).date()
    except OverflowError:  # at the ends of the calendar the instance's day may lie beyond it
        raise refusals.bad_date(field, text) from None


def _written(instant: datetime) -> str:
    # strftime would write the years before 1000 with fewer than four digits.
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _zone(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    if offset.upper().startswith("Z"):
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-distance if offset.startswith("-") else distance)

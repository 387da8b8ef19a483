"""Marketo's dates: a dozen ways to write a moment, read into one kind of `datetime`.

| text | where |
|---|---|
| `2015-05-21T22:45:13Z+0000` | the Asset API |
| `2015-08-24T20:17:23Z`, `...+0000`, `...-08:00`, `....000Z` | the Lead Database API |
| `2014-11-13 12:43:04` | leads of 2014 and before |
| `2020-12-31T08:00:00.000t+0000`, `20100327T18:27:42.0t+0000` | user management |
| `2015-01-01` | days |

Every moment is aware and keeps the offset it came with. A moment without offset is taken as UTC, which is what
the same API writes everywhere else; a day where a moment is expected is its midnight in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from marketo_async.records._misfit import Misfit, expected

_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"  # the day
    r"(?:[T ](\d\d:\d\d:\d\d)(\.\d+)?t?(Z|(?:Z?)[+-]\d\d:?\d\d)?)?",  # the time, if any
    re.ASCII,
)
_NO_TIME = "00:00:00"
_TO_MIDNIGHT = timedelta(hours=13)  # 00:00 to 10:30 UTC stay on their day, 11:00 and later reach the next
_ASSET_LENGTH, _ISO_LENGTH = len("2015-05-21T22:45:13Z+0000"), len("2015-05-21T22:45:13Z")
_DASH_AND_T, _Z_AT = slice(7, 11, 3), 19
_SHOWN = 40


def read_moment(value: object, _: object = None) -> datetime:
    """Take any of Marketo's dates as an aware datetime."""
    if not isinstance(value, str):
        raise expected("a date and time", value)
    length = len(value)
    # The two common forms, without the regular expression: a page of programs has 400 of them.
    if value[_DASH_AND_T] == "-T" and (
        (length == _ASSET_LENGTH and value[_Z_AT:] == "Z+0000") or (length == _ISO_LENGTH and value[_Z_AT] == "Z")
    ):
        try:
            return datetime.fromisoformat(value[:_ISO_LENGTH])
        except ValueError:
            raise _unreadable(value) from None
    return _moment_of(value)


def read_day(value: object, _: object = None) -> date:
    """Take a day; of a moment, the day that stands in its text."""
    if not isinstance(value, str):
        raise expected("a day", value)
    return _moment_of(value).date()


def read_cost_day(value: object) -> date:
    """Take the day of a period cost, which Marketo sends as a day or as midnight of the instance, written in UTC.

    A cost sent for 2019-05-14 comes back as `2019-05-14T05:00:00Z+0000`: midnight in Chicago. Whether that is the
    instance's own time zone or US Central for everybody, no source says, and it need not: a midnight is its own
    witness. From Hawaii (10:00 UTC of the same day) over Chicago (05:00, 06:00) and Berlin (22:00, 23:00 of the day
    before) to New Zealand in summer (11:00 of the day before) each midnight falls on another hour of UTC, so the
    hour says which day was meant, and sending the day that was read books the cost on the same day again. A time
    that is midnight nowhere keeps its day in UTC.
    """
    if not isinstance(value, str):
        raise expected("a day", value)
    moment = _moment_of(value)
    if moment.time().isoformat() == _NO_TIME:
        return moment.date()
    try:
        moment = moment.astimezone(UTC)
        return (moment + _TO_MIDNIGHT if _is_somewhere_midnight(moment) else moment).date()
    except OverflowError:
        raise _unreadable(value) from None


def _is_somewhere_midnight(moment: datetime) -> bool:
    # Whole and half hours, and the quarters of Nepal, Eucla and the Chatham Islands: no midnight is at minute 45.
    return moment.minute in {0, 15, 30} and not moment.second and not moment.microsecond


def write_moment(moment: datetime, utc: str) -> str:
    """Write a moment as the API it came from does; `utc` is what that API writes for UTC: `Z+0000` or `Z`."""
    if moment.utcoffset() == timedelta(0):
        return moment.replace(tzinfo=None).isoformat() + utc
    return moment.isoformat()


def _moment_of(text: str) -> datetime:
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise _unreadable(text)
    year, month, day, time, fraction, zone = match.groups()
    zone = "Z" if zone is None else zone.lstrip("Z") or "Z"
    try:
        return datetime.fromisoformat(f"{year}-{month}-{day}T{time or _NO_TIME}{fraction or ''}{zone}")
    except ValueError:
        raise _unreadable(text) from None


def _unreadable(text: str) -> Misfit:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return Misfit(f"no date that Marketo is known to write: {shown!r}")

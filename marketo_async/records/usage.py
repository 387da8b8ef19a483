"""How many calls were made, and how many went wrong, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from marketo_async.records._declare import Record, extra, json_name, record
from marketo_async.records._primitives import read_code


@record
class UserUsage(Record):
    """The calls of one API user."""

    user_id: str
    """The login of the API user."""

    count: int
    """Its calls on that day."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class UsageDay(Record):
    """The calls of one day, from midnight to midnight US Central."""

    date: dt.date
    """The day."""

    total: int = 0
    """All calls of that day, 0 if Marketo did not say."""

    users: tuple[UserUsage, ...] = ()
    """The calls of each API user; empty where there were none."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class ErrorCount(Record):
    """How often one error was answered."""

    error_code: str = json_name(read=read_code)
    """The code as text, such as `"604"`."""

    count: int
    """How often on that day."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class ErrorDay(Record):
    """The errors of one day, from midnight to midnight US Central."""

    date: dt.date
    """The day."""

    total: int = 0
    """All errors of that day, 0 if Marketo did not say."""

    errors: tuple[ErrorCount, ...] = ()
    """The errors by code; empty where there were none."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

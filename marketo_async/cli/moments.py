"""Dates as people type them: a day, or a moment with or without its offset."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Literal

from marketo_async.cli.exit_codes import UsageError

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LAST_SECOND = time(23, 59, 59, tzinfo=UTC)
_FIRST_SECOND = time(tzinfo=UTC)


def moment(option: str, text: str, *, edge: Literal["from", "until"]) -> datetime:
    """Return the moment that an option names, aware.

    A day means all of it, in UTC: its first second as a beginning, its last one as an end. A moment without an offset
    is UTC.

    Args:
        option: The option, for the error.
        text: What was typed, such as `2026-01-31`, `2026-01-31T08:00` or `2026-01-31T08:00:00+01:00`.
        edge: Whether it begins or ends a span of time.

    Raises:
        UsageError: it is no date.
    """
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return datetime.combine(day, _FIRST_SECOND if edge == "from" else _LAST_SECOND)
        read = datetime.fromisoformat(text)
    except ValueError:
        wanted = "a day such as 2026-01-31, or a moment such as 2026-01-31T08:00:00Z"
        raise UsageError(f"{option} {text!r} is no date: {wanted}") from None
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)

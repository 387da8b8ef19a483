from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.moments import moment

PLUS_ONE = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-01-31T08:00", *[datetime(2026, 1, 31, 8, tzinfo=UTC)] * 2),
        ("2026-01-31 08:00:01", *[datetime(2026, 1, 31, 8, 0, 1, tzinfo=UTC)] * 2),
        ("2026-01-31T08:00Z", *[datetime(2026, 1, 31, 8, tzinfo=UTC)] * 2),
        ("2026-01-31T08:00:00+01:00", *[datetime(2026, 1, 31, 8, tzinfo=PLUS_ONE)] * 2),
    ],
)
def test_dates(text: str, begins: datetime, ends: datetime) -> None:
    """A day is all of it in UTC, a moment without an offset is UTC, one with an offset keeps it."""
    assert moment("--updated-from", text, edge="from") == begins
    assert moment("--updated-until", text, edge="until") == ends


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "31.01.2026", "", "2026-01-31T25:00"])
def test_no_date(text: str) -> None:
    """What is no date is refused with the option's name and an example, before anything is sent."""
    with pytest.raises(UsageError, match=r"^--updated-from .* is no date: a day such as"):
        moment("--updated-from", text, edge="from")

"""When a quota begins anew: midnight US Central, by the server's clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketo_async.errors import ApiError, CloneQuotaError, DailyQuotaError, ExportQuotaError
from marketo_async.wire.central import next_central_midnight
from marketo_async.wire.envelope import HttpAnswer, open_envelope

CENTRAL = ZoneInfo("America/Chicago")


def refused(code: str, message: str, **headers: str) -> ApiError:
    body = json.dumps({"success": False, "errors": [{"code": code, "message": message}]}).encode()
    with pytest.raises(ApiError) as caught:
        open_envelope(HttpAnswer(200, headers, body), "GET /rest/v1/leads.json")
    return caught.value


QUOTAS = [
    ("607", "Daily quota reached", DailyQuotaError),
    ("1020", "Too many clones to program", CloneQuotaError),
    ("1029", "Export daily quota 500MB exceeded.", ExportQuotaError),
]


@pytest.mark.parametrize(("code", "message", "kind"), QUOTAS)
@pytest.mark.parametrize(
    ("date", "resets_at"),
    [
        ("Thu, 15 Jan 2026 05:59:59 GMT", datetime(2026, 1, 15, 6, tzinfo=UTC)),
        ("Thu, 15 Jan 2026 06:00:00 GMT", datetime(2026, 1, 16, 6, tzinfo=UTC)),
        # Summer time begins on 8 March 2026: the day has 23 hours.
        ("Sun, 08 Mar 2026 05:59:59 GMT", datetime(2026, 3, 8, 6, tzinfo=UTC)),
        ("Sun, 08 Mar 2026 06:00:00 GMT", datetime(2026, 3, 9, 5, tzinfo=UTC)),
        ("Wed, 15 Jul 2026 04:59:59 GMT", datetime(2026, 7, 15, 5, tzinfo=UTC)),
        # It ends on 1 November 2026: the day has 25 hours.
        ("Sun, 01 Nov 2026 05:00:00 GMT", datetime(2026, 11, 2, 6, tzinfo=UTC)),
        ("Thu, 31 Dec 2026 23:30:00 GMT", datetime(2027, 1, 1, 6, tzinfo=UTC)),
    ],
)
def test_a_quota_says_when_it_begins_anew(
    code: str, message: str, kind: type[ApiError], date: str, resets_at: datetime
) -> None:
    """A6: 607, 1020 and the export quota say when the next US Central day begins, summer time or not, in UTC."""
    error = refused(code, message, date=date)
    assert isinstance(error, DailyQuotaError | CloneQuotaError | ExportQuotaError)
    assert type(error) is kind
    assert error.resets_at == resets_at
    assert error.resets_at is not None
    assert error.resets_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(("code", "message", "kind"), QUOTAS)
@pytest.mark.parametrize("headers", [{}, {"date": "once upon a time"}])
def test_without_a_date_the_wire_does_not_guess(
    code: str, message: str, kind: type[ApiError], headers: dict[str, str]
) -> None:
    """The wire has no clock: without a readable `Date` it leaves the moment open."""
    error = refused(code, message, **headers)
    assert isinstance(error, DailyQuotaError | CloneQuotaError | ExportQuotaError)
    assert type(error) is kind
    assert error.resets_at is None


@given(st.datetimes(datetime(2007, 3, 12), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - gets UTC
def test_the_next_day_is_the_first_midnight_after(moment: datetime) -> None:
    """Marketo's day ends at the first moment after now whose US Central wall clock shows midnight."""
    ends = next_central_midnight(moment)
    wall = ends.astimezone(CENTRAL)
    assert (wall.hour, wall.minute, wall.second, wall.microsecond) == (0, 0, 0, 0)
    assert timedelta(0) < ends - moment <= timedelta(hours=25)
    assert (ends - timedelta(microseconds=1)).astimezone(CENTRAL).date() == moment.astimezone(CENTRAL).date()

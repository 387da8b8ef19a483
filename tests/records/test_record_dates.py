"""Marketo's dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketo_async.errors import DecodeError
from marketo_async.records import Cost, Lead, Program, read

_PACIFIC = timezone(timedelta(hours=-8))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2015-05-21T22:45:13Z+0000", datetime(2015, 5, 21, 22, 45, 13, tzinfo=UTC)),
        ("2015-08-24T20:17:23Z", datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)),
        ("2014-11-13 12:43:04", datetime(2014, 11, 13, 12, 43, 4, tzinfo=UTC)),
        ("2014-09-17T22:31:49+0000", datetime(2014, 9, 17, 22, 31, 49, tzinfo=UTC)),
        ("2015-05-07T11:47:30-08:00", datetime(2015, 5, 7, 11, 47, 30, tzinfo=_PACIFIC)),
        ("2015-05-07T11:47:30-0800", datetime(2015, 5, 7, 11, 47, 30, tzinfo=_PACIFIC)),
        ("2020-08-30T05:49:48.000Z", datetime(2020, 8, 30, 5, 49, 48, tzinfo=UTC)),
        ("2020-08-30T05:49:48.125Z", datetime(2020, 8, 30, 5, 49, 48, 125_000, tzinfo=UTC)),
        ("20100327T18:27:42.0t+0000", datetime(2010, 3, 27, 18, 27, 42, tzinfo=UTC)),
        ("2020-12-31T08:00:00.000t+0000", datetime(2020, 12, 31, 8, tzinfo=UTC)),
        ("2016-05-25", datetime(2016, 5, 25, tzinfo=UTC)),
        (" 2015-08-24T20:17:23Z ", datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)),
    ],
)
def test_every_known_format(text: str, moment: datetime) -> None:
    """Every way in which Marketo is known to write a moment becomes an aware datetime with the offset it came with."""
    read_back = read(Lead, {"id": 1, "createdAt": text}).created_at
    assert read_back == moment
    assert read_back is not None
    assert read_back.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2015",
        "2015-W21-4T22:45:13Z",
        "2015-05-21x22:45:13Z",
        "2015-05-21T25:00:00Z",
        "2015-02-30",
        "٢٠١٥-05-21",
    ],
)
def test_other_texts_are_no_dates(text: str) -> None:
    """What looks a little like a date is not guessed at."""
    with pytest.raises(DecodeError, match="no date that Marketo is known to write"):
        read(Lead, {"id": 1, "createdAt": text})


def test_a_long_text_is_shortened() -> None:
    """A text that is no date is quoted in the error, but not all of it."""
    with pytest.raises(DecodeError) as caught:
        read(Lead, {"id": 1, "createdAt": "x" * 5000})
    assert len(str(caught.value)) < 200


@given(
    moment=st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.none()),  # noqa: DTZ001 - the zone comes below
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_moments_survive_the_way_back(moment: datetime, minutes: int) -> None:
    """Law: any moment that a record writes is read as the same moment with the same offset."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    lead = Lead(id=1, created_at=aware)
    program = Program(id=1, name="x", type="Default", channel="Blog", created_at=aware)
    for created_at in (
        read(Lead, lead.to_dict()).created_at,
        read(Program, program.to_dict()).created_at,
    ):
        assert created_at == aware
        assert created_at.utcoffset() == aware.utcoffset()


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("2015-01-01", date(2015, 1, 1)),
        ("2015-01-01T00:00:00Z", date(2015, 1, 1)),
        ("2019-05-14T05:00:00Z+0000", date(2019, 5, 14)),  # recorded: Chicago in summer
        ("2019-12-14T06:00:00Z+0000", date(2019, 12, 14)),  # Chicago in winter
        ("2019-05-14T00:00:00-05:00", date(2019, 5, 14)),
        ("2019-05-14T00:00:00+02:00", date(2019, 5, 14)),
        ("2019-05-14T23:45:00.000Z", date(2019, 5, 14)),  # midnight nowhere
        ("2019-05-14T23:00:01Z", date(2019, 5, 14)),
    ],
)
def test_day_of_a_cost(sent: str, day: date) -> None:
    """A cost's day comes back as that day, whether Marketo sends the day or midnight of the instance in UTC."""
    cost = read(Cost, {"startDate": sent, "cost": 2000, "note": ""})
    assert cost.start_date == day
    assert cost.to_dict() == {"startDate": day.isoformat(), "cost": 2000, "note": ""}


@given(
    day=st.dates(min_value=date(2000, 1, 1), max_value=date(2035, 1, 1)),
    zone=st.sampled_from(
        [
            "America/Chicago",
            "America/New_York",
            "America/Los_Angeles",
            "America/Sao_Paulo",
            "America/St_Johns",
            "Pacific/Honolulu",
            "UTC",
            "Europe/London",
            "Europe/Berlin",
            "Asia/Kolkata",
            "Asia/Kathmandu",
            "Asia/Tokyo",
            "Australia/Sydney",
            "Australia/Adelaide",
            "Pacific/Auckland",
        ]
    ),
)
def test_day_of_a_cost_anywhere(day: date, zone: str) -> None:
    """Law: midnight of any instance between Hawaii and New Zealand, written in UTC, is the day that was meant."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    cost = read(Cost, {"startDate": f"{midnight:%Y-%m-%dT%H:%M:%S}Z+0000", "cost": 1})
    assert cost.start_date == day


def test_day_at_the_end_of_time() -> None:
    """A cost on the last day that there is does not end in an arithmetic error."""
    with pytest.raises(DecodeError, match=r"\$\.startDate"):
        read(Cost, {"startDate": "9999-12-31T23:00:00Z+0000", "cost": 1})

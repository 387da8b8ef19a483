from __future__ import annotations

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketo_async.sandbox.areas.arguments import folder_reference, integer, json_objects
from marketo_async.sandbox.areas.dates import asset_date, cost_date, lead_date, read_day, read_instant
from marketo_async.sandbox.areas.loose_json import read_loose_json
from marketo_async.sandbox.exchange import Refusal

CENTRAL = ZoneInfo("America/Chicago")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8
)


def loosened(value: object) -> str:
    """Write a value with single quotes, without strict JSON's escapes."""
    match value:
        case dict():
            return "{" + " , ".join(f"{loosened(key)} : {loosened(item)}" for key, item in value.items()) + "}"
        case list():
            return "[ " + ",".join(loosened(item) for item in value) + "]"
        case str():
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        case None:
            return "null"
        case _:
            return str(value)


@given(values)
def test_json_of_any_looseness_reads_the_same(value: object) -> None:
    """Strict JSON and JSON with single quotes mean the same value (P10)."""
    assert read_loose_json(json.dumps(value)) == value
    assert read_loose_json(loosened([value])) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'id': 1, 'type': Folder}", {"id": 1, "type": "Folder"}),
        ("{id:1035,type:Folder}", {"id": 1035, "type": "Folder"}),
        ("[{tagType: Target Audience, tagValue: 'a\\u00fc'}]", [{"tagType": "Target Audience", "tagValue": "aü"}]),
        ("{a: 1.5, b: -2e3, c: True, d: 1_0, e: nan}", {"a": 1.5, "b": -2000.0, "c": True, "d": "1_0", "e": "nan"}),
        (" word ", "word"),
    ],
)
def test_words_without_quotes(text: str, value: object) -> None:
    """Unquoted words are texts unless they are numbers or constants."""
    assert read_loose_json(text) == value


@pytest.mark.parametrize(
    "text", ["", "{", "[1", "{'a'}", "{a:1 b:2", "[1}", "[1] 2", "{1:", "'a", "[,]", "{[1]:2}", "[" * 50]
)
def test_what_is_no_json_at_all(text: str) -> None:
    """Broken JSON stays broken, however loosely it is read."""
    with pytest.raises(ValueError):
        read_loose_json(text)
    with pytest.raises(Refusal) as refusal:
        json_objects(text)
    assert refusal.value.code == "609"


def test_nesting_has_an_end() -> None:
    """A field of endless brackets is refused, not a crash."""
    for text in ("[" * 100_000 + "]" * 100_000, "[" * 40 + "x" + "]" * 40):
        with pytest.raises(ValueError):
            read_loose_json(text)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2017-01-30T00:00:00-05:00", datetime(2017, 1, 30, 5, tzinfo=UTC)),
        ("2015-05-21T22:45:13Z+0000", datetime(2015, 5, 21, 22, 45, 13, tzinfo=UTC)),
        ("2022-10-19T15:00:00.000Z", datetime(2022, 10, 19, 15, tzinfo=UTC)),
        ("20201231T08:00:00.000t+0000", datetime(2020, 12, 31, 8, tzinfo=UTC)),
        ("2014-11-13 12:43:04", datetime(2014, 11, 13, 18, 43, 4, tzinfo=UTC)),
        ("2019-07-01", datetime(2019, 7, 1, 5, tzinfo=UTC)),
        (" 20190701T0102+0530 ", datetime(2019, 6, 30, 19, 32, tzinfo=UTC)),
    ],
)
def test_instants_in_all_spellings(text: str, instant: datetime) -> None:
    """Every spelling that Marketo is known to take is read; without an offset it is the instance's own time."""
    assert read_instant("startDate", text, CENTRAL) == instant


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive
def test_asset_dates_are_read_back(instant: datetime) -> None:
    """What the sandbox writes it reads back, to the second."""
    assert read_instant("x", asset_date(instant), CENTRAL) == instant.replace(microsecond=0)


@given(st.dates(date(1971, 1, 1), date(2099, 1, 1)))
def test_cost_days_survive(day: date) -> None:
    """A cost's day written as midnight of the instance in UTC is the same day when read in the instance's zone."""
    assert read_day("x", cost_date(day, CENTRAL), CENTRAL) == day


@pytest.mark.parametrize(
    ("text", "zone"), [("0001-01-01T00:00:00Z", CENTRAL), ("9999-12-31T23:00:00Z", ZoneInfo("Asia/Tokyo"))]
)
def test_days_beyond_the_calendar(text: str, zone: ZoneInfo) -> None:
    """A moment whose day in the instance's zone lies beyond the calendar is a bad date, not a crash."""
    with pytest.raises(Refusal) as refusal:
        read_day("startDate", text, zone)
    assert refusal.value.code == "704"


def test_years_have_four_digits() -> None:
    """The years before 1000, which Marketo takes as any others, are written with four digits."""
    long_ago = datetime(101, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert asset_date(long_ago) == "0101-02-03T04:05:06Z+0000"
    assert lead_date(long_ago) == "0101-02-03T04:05:06Z"


@pytest.mark.parametrize("value", ["", "1.0", "1e3", "²", "0x1", 1.5, True, None, [1], "9" * 19, "1 2"])
def test_what_is_no_integer(value: object) -> None:
    """Only whole numbers of 64 bits are numbers."""
    with pytest.raises(Refusal) as refusal:
        integer(value)
    assert refusal.value.code == "1001"


def test_integers_from_text_and_json() -> None:
    """A number is the same in text and in JSON."""
    assert [integer(value) for value in (" 7 ", 7, 7.0, "+7")] == [7, 7, 7, 7]
    assert integer("-9") == -9
    assert folder_reference('{"id":"12","type":"program"}') == ("Program", 12)

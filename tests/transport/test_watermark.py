"""The watermark as a value: its text, its memory, and that it never goes back."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from marketo_async import ArgumentError, Watermark
from marketo_async.transport.watermark import REMEMBERED

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-6)), timezone(timedelta(hours=5, minutes=45))])
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9000, 1, 1), timezones=ZONES)  # noqa: DTZ001 - hypothesis asks for naive bounds
LATER = st.tuples(st.integers(1, 2**63), st.timedeltas(timedelta(0), timedelta(days=400)))


@given(moment=MOMENTS, later=st.lists(LATER, max_size=30))
def test_text_round_trip(moment: datetime, later: list[tuple[int, timedelta]]) -> None:
    """The text of any watermark reads back as the same watermark, and so does its pickle."""
    whole = moment.replace(microsecond=0)
    watermark = Watermark(moment, frozenset((identity, whole + distance) for identity, distance in later))
    assert Watermark.parse(str(watermark)) == watermark
    assert Watermark.parse(f" {watermark}\r\n") == watermark
    assert str(Watermark.parse(str(watermark))) == str(watermark)
    assert pickle.loads(pickle.dumps(watermark)) == watermark  # noqa: S301 - what it wrote itself
    assert hash(Watermark.parse(str(watermark))) == hash(watermark)
    assert str(watermark).isascii()


def test_the_beginning_has_a_text() -> None:
    """The watermark before everything can be stored like any other."""
    assert Watermark.parse(str(Watermark())) == Watermark()
    assert Watermark().moment is None


def test_the_text_is_short() -> None:
    """A quiet instance's watermark is a line; a full one stays below 16,000 characters."""
    assert str(Watermark(NOON, frozenset({(1107, NOON), (1108, NOON)}))).startswith(
        "mw1;2026-03-03T12:00:00Z;0:1107,1108;"
    )
    full = Watermark(NOON, frozenset((10_000_000 + number, NOON + timedelta(seconds=number)) for number in range(5000)))
    assert len(full.delivered) == REMEMBERED
    assert len(str(full)) < 16_000


@given(cut=st.integers(0, 200), other=st.characters(codec="utf-8"))
def test_garbage_is_refused(cut: int, other: str) -> None:
    """A text that is cut short or changed in any one place is refused, never read as another watermark."""
    text = str(Watermark(NOON, frozenset((1100 + number, NOON + timedelta(seconds=number)) for number in range(20))))
    assume(cut < len(text) and text[cut] != other)
    for wrong in (text[:cut], text[cut + 1 :], text[:cut] + other + text[cut + 1 :]):
        if wrong.strip() == text:
            continue
        with pytest.raises(ArgumentError, match="str\\(watermark\\)"):
            Watermark.parse(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "None",
        "garbage",
        "2026-03-03T12:00:00Z",
        "mw1;start",
        "mw1;start;00000000",
        "mw1;2026-02-30T12:00:00Z;6e9e5b0d",
        "mw2;start;00000000",
        "mw1;start;d4421\N{ARABIC-INDIC DIGIT ONE}ce",
        "\ud800",
        None,
        7,
        NOON,
        b"mw1;start",
    ],
)
def test_other_things_are_refused(wrong: object) -> None:
    """Whatever is no text of a watermark is an `ArgumentError`, and nothing else."""
    with pytest.raises(ArgumentError):
        Watermark.parse(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", ["2026-02-30T12:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z;99:1"])
def test_impossible_dates_are_refused(wrong: str) -> None:
    """A text with a right check sum and an impossible date is an `ArgumentError`, too."""
    import zlib

    said = f"mw1;{wrong}"
    with pytest.raises(ArgumentError):
        Watermark.parse(f"{said};{zlib.crc32(said.encode()):08x}")


@given(first=MOMENTS, second=MOMENTS)
def test_it_never_goes_back(first: datetime, second: datetime) -> None:
    """A watermark moves forward or stays."""
    before, after = Watermark(first), Watermark(first).after(moment=second)
    assert before.moment is not None
    assert after.moment is not None
    assert after.moment == max(before.moment, Watermark(second).moment or before.moment)


def test_it_remembers_the_latest_and_forgets_what_it_covers() -> None:
    """Versions before its moment are forgotten, for nobody will ask for them; of too many, the latest stay."""
    versions = frozenset((number, NOON + timedelta(seconds=number)) for number in range(REMEMBERED + 5))
    full = Watermark(NOON).after(versions)
    assert min(at for _, at in full.delivered) == NOON + timedelta(seconds=5)
    later = full.after(moment=NOON + timedelta(seconds=REMEMBERED))
    assert {number for number, _ in later.delivered} == set(range(REMEMBERED, REMEMBERED + 5))


def test_a_moment_without_time_zone_is_refused() -> None:
    """A naive moment is an `ArgumentError`, one that no UTC date has as well."""
    with pytest.raises(ArgumentError, match="time zone"):
        Watermark(datetime(2026, 3, 3))  # noqa: DTZ001 - that is the point
    with pytest.raises(ArgumentError, match="1 to 9999"):
        Watermark(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=3))))


def test_its_repr_is_short() -> None:
    """The repr says where it stands and how much it remembers, not what."""
    assert repr(Watermark(NOON, frozenset({(1, NOON)}))) == "<Watermark 2026-03-03T12:00:00+00:00, 1 remembered>"
    assert "before everything" in repr(Watermark())

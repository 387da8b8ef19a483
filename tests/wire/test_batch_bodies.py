"""The body of a batch: joined from records that were encoded one by one, and the same JSON as if encoded whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketo_async.errors import ArgumentError
from marketo_async.wire.batch import BatchBody, empty_length, record_bytes
from marketo_async.wire.call import POST
from marketo_async.wire.request import encode

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
RECORDS = st.dictionaries(st.text(min_size=1), SCALARS, max_size=5)


@given(st.dictionaries(st.text(min_size=1).filter(lambda name: name != "input"), SCALARS), st.lists(RECORDS))
def test_body_law(members: dict[str, object], records: list[dict[str, object]]) -> None:
    """Whatever the records are, the body is their JSON, as long as it was said to be, and reads as a mapping (P10)."""
    encoded = tuple(record_bytes("r", record) for record in records)
    body = BatchBody(members, encoded)
    raw = encode(POST("/rest/v1/leads.json").json(body)).body
    assert json.loads(raw) == {**members, "input": records} == dict(body)
    assert len(raw) == empty_length(members) + sum(map(len, encoded)) + max(0, len(encoded) - 1)


def test_moments_become_text() -> None:
    """A datetime inside a record goes as UTC, wherever it stands."""
    moment = datetime(2026, 1, 2, 3, tzinfo=UTC)
    assert record_bytes("r", {"a": moment, "b": [moment.date()]}) == b'{"a":"2026-01-02T03:00:00Z","b":["2026-01-02"]}'


@pytest.mark.parametrize("value", [{1}, float("inf"), "\udfff", datetime(2026, 1, 2), b"x"])  # noqa: DTZ001 - refused
def test_what_json_cannot_carry(value: object) -> None:
    """A value that cannot be sent is an error that names the record and the field."""
    with pytest.raises(ArgumentError, match=r"^records\[17\]\['born'\]="):
        record_bytes("records[17]", {"a": 1, "born": value})


def test_an_endless_record() -> None:
    """A record that holds itself ends in an error, not in a crash."""
    record: dict[str, object] = {}
    record["self"] = record
    with pytest.raises(ArgumentError):
        record_bytes("records[0]", record)

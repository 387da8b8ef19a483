"""Leads: typed where every instance agrees, under the instance's own names elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from marketo_async.records import Lead, read

_ROW: dict[str, object] = {
    "id": 318581,
    "firstName": "Ada",
    "email": None,
    "createdAt": "2015-08-24T20:17:23Z",
    "leadScore": 5,
    "customField_c": None,
    "unsubscribed": False,
    "cookies": ["a", "b"],
}


def test_core_is_typed() -> None:
    """The fields of every instance are attributes, with Python's names and types."""
    lead = read(Lead, _ROW)
    assert (lead.id, lead.first_name, lead.email, lead.last_name) == (318581, "Ada", None, None)
    assert lead.created_at == datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)


def test_own_fields_under_their_own_names() -> None:
    """The instance's fields stand under the instance's names, with the values as sent."""
    lead = read(Lead, _ROW)
    assert lead["leadScore"] == 5
    assert lead["unsubscribed"] is False
    assert lead.get("nobodyAskedFor") is None
    assert lead.get("nobodyAskedFor", 7) == 7
    assert dict(lead.fields) == {"leadScore": 5, "customField_c": None, "unsubscribed": False, "cookies": ("a", "b")}
    with pytest.raises(TypeError):
        lead.fields["leadScore"] = 6  # type: ignore[index]


def test_null_and_not_asked_for() -> None:
    """A field that is not set is in the lead, as None; a field that was not asked for is not in it."""
    lead = read(Lead, _ROW)
    assert "customField_c" in lead
    assert lead["customField_c"] is None
    assert "email" in lead
    assert lead["email"] is None
    for name in ("lastName", "other", "first_name", 5, None):
        assert name not in lead
    with pytest.raises(KeyError, match="'lastName'") as caught:
        lead["lastName"]
    assert "fields=" in caught.value.__notes__[0]


def test_mapping() -> None:
    """A lead is a mapping of all that was read, in the order of the answer, and becomes a dict by `dict()`."""
    lead = read(Lead, _ROW)
    assert list(lead) == list(_ROW)
    assert len(lead) == len(_ROW)
    assert dict(lead) == _ROW | {"createdAt": lead.created_at, "cookies": ("a", "b")}
    assert lead.to_dict() == _ROW
    assert lead


def test_made_by_hand() -> None:
    """A lead made by hand behaves like one that was read."""
    lead = Lead(id=1, email="ada@example.com", fields={"leadScore": 5, "list": [1]})
    assert dict(lead) == {"id": 1, "email": "ada@example.com", "leadScore": 5, "list": (1,)}
    assert lead == read(Lead, lead.to_dict())
    assert len({lead, read(Lead, lead.to_dict())}) == 1
    assert "firstName" not in lead


def test_many_shapes() -> None:
    """Rows with ever other names read right, however many different shapes were seen before."""
    for number in range(600):
        lead = read(Lead, {"id": 1, f"field{number}": number})
        assert dict(lead) == {"id": 1, f"field{number}": number}

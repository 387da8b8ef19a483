"""What does not fit is refused, with its place, and nothing is ever converted."""

from __future__ import annotations

import pickle
import re

import pytest

from marketo_async.errors import DecodeError
from marketo_async.records import (
    AccessToken,
    Channel,
    Cost,
    FolderRef,
    Lead,
    Program,
    Record,
    SmartList,
    Tag,
    TagType,
    UsageDay,
    read,
    read_all,
    read_tolerant,
)

_CORE: dict[str, object] = {"id": 1, "name": "x", "type": "Default", "channel": "Blog"}


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"name": None}, "$.name", "expected a string, got null"),
        ({"name": 5}, "$.name", "expected a string, got an integer"),
        ({"name": {"a": 1}}, "$.name", "expected a string, got an object"),
        ({"id": True}, "$.id", "expected an integer, got a boolean"),
        ({"id": "1"}, "$.id", "expected an integer, got a string"),
        ({"id": 1.0}, "$.id", "expected an integer, got a number"),
        ({"headStart": "false"}, "$.headStart", "expected a boolean, got a string"),
        ({"headStart": 0}, "$.headStart", "expected a boolean, got an integer"),
        ({"isHeadStart": 0}, "$.isHeadStart", "expected a boolean, got an integer"),
        ({"description": False}, "$.description", "expected a string, got a boolean"),
        ({"createdAt": 1432248313}, "$.createdAt", "expected a date and time, got an integer"),
        ({"createdAt": ""}, "$.createdAt", "no date that Marketo is known to write: ''"),
        ({"createdAt": "2015-02-30T00:00:00Z"}, "$.createdAt", "no date that"),
        ({"createdAt": "2015-02-30T00:00:00Z+0000"}, "$.createdAt", "no date that"),
        ({"folder": {"type": "Folder", "value": "75"}}, "$.folder.value", "expected an integer, got a string"),
        ({"folder": {"type": "Folder", "id": "75"}}, "$.folder.id", "expected an integer, got a string"),
        ({"folder": {"type": "Folder"}}, "$.folder.id", "is missing"),
        ({"folder": []}, "$.folder", "expected an object, got an array"),
        ({"tags": {}}, "$.tags", "expected an array, got an object"),
        ({"tags": "ab"}, "$.tags", "expected an array, got a string"),
        ({"tags": [None]}, "$.tags[0]", "expected an object, got null"),
        (
            {"tags": [{"tagType": "a", "tagValue": "b"}, {"tagType": "a", "tagValue": 1}]},
            "$.tags[1].tagValue",
            "expected a string, got an integer",
        ),
        ({"tags": [{"tagType": "a"}]}, "$.tags[0].tagValue", "is missing"),
        ({"costs": [{"startDate": "2015-01-01", "cost": "5"}]}, "$.costs[0].cost", "expected a number, got a string"),
        ({"costs": [{"startDate": "2015-01-01", "cost": True}]}, "$.costs[0].cost", "expected a number, got a boolean"),
        ({"costs": [{"startDate": None, "cost": 1}]}, "$.costs[0].startDate", "expected a day, got null"),
    ],
)
def test_misfit_is_named(change: dict[str, object], path: str, reason: str) -> None:
    """A value of another type is never converted: the error says where it stands, what it is, and holds the record."""
    raw = _CORE | change
    with pytest.raises(DecodeError) as caught:
        read(Program, raw)
    assert caught.value.path == path
    assert caught.value.reason.startswith(reason)
    assert caught.value.raw is raw
    assert str(caught.value).startswith(f"{path}: {reason}")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("missing", ["id", "name", "type", "channel"])
def test_required_field(missing: str) -> None:
    """A program without id, name, type or channel is no program."""
    with pytest.raises(DecodeError, match=re.escape(f"$.{missing}: is missing")):
        read(Program, {name: value for name, value in _CORE.items() if name != missing})


@pytest.mark.parametrize(
    ("kind", "raw", "path"),
    [
        (Lead, {"id": 1, "createdAt": "yesterday"}, "$.createdAt"),
        (Lead, {"email": "a@example.com"}, "$.id"),
        (Channel, {"id": 1, "name": "x", "progressionStatuses": [{"name": "a", "step": "1"}]}, ".step"),
        (TagType, {"tagType": "x", "allowableValues": 5}, "$.allowableValues"),
        (TagType, {"tagType": "x", "applicableProgramTypes": ["a", 5]}, "$.applicableProgramTypes"),
        (SmartList, {"id": 1, "name": "x", "rules": []}, "$.rules"),
        (FolderRef, {"type": None, "value": 1}, "$.type"),
        (UsageDay, {"date": 20151017}, "$.date"),
        (UsageDay, {"date": "today"}, "$.date"),
        (UsageDay, {"date": "2015-10-17", "users": [{"userId": 1, "count": 1}]}, "$.users[0].userId"),
        (Tag, "x", "$"),
        (Tag, None, "$"),
        (Cost, [], "$"),
    ],
)
def test_misfit_in_other_records(kind: type[Record], raw: object, path: str) -> None:
    """The other records are as strict, and a row that is no object at all is a misfit too."""
    with pytest.raises(DecodeError) as caught:
        read(kind, raw)
    assert caught.value.path.endswith(path)


def test_a_page_names_the_row() -> None:
    """In a page, the error's path says which row it was; an index stands for the position in the listing."""
    rows = [_CORE, _CORE, _CORE, _CORE | {"folder": {"type": "Folder", "value": None}}]
    with pytest.raises(DecodeError) as caught:
        read_all(Program, rows)
    assert caught.value.path == "$.result[3].folder.value"
    assert caught.value.raw is rows[3]
    with pytest.raises(DecodeError, match=re.escape("$.items[3].folder.value")):
        read_all(Program, rows, path="$.items")
    assert [program.id for program in read_all(Program, rows[:3])] == [1, 1, 1]


def test_tolerant_reading_skips_and_counts() -> None:
    """A listing may skip misfits: the good rows in order, and an error with its position for each other row."""
    rows: list[object] = [_CORE | {"id": 1}, None, _CORE | {"id": 3}, _CORE | {"id": "4"}]
    programs, errors = read_tolerant(Program, rows)
    assert [program.id for program in programs] == [1, 3]
    assert [(error.path, error.raw) for error in errors] == [("$.result[1]", None), ("$.result[3].id", rows[3])]
    assert read_tolerant(Program, []) == ([], [])


def test_error_shows_no_values() -> None:
    """P15: a misfit names types only; the text that Marketo sent may be somebody's address."""
    with pytest.raises(DecodeError) as caught:
        read(Lead, {"id": "somebody@example.com"})
    assert "somebody" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        {"access_token": "hush-hush:st", "expires_in": "soon"},
        {"access_token": ["hush-hush:st"]},
        ["hush-hush:st"],
        "hush-hush:st",
    ],
)
def test_secret_stays_out_of_errors(raw: object) -> None:
    """P15: an identity answer that does not fit raises an error that holds no token, not even in its pickle."""
    with pytest.raises(DecodeError) as caught:
        read(AccessToken, raw)
    assert "hush" not in f"{caught.value}{caught.value!r}{caught.value.raw!r}"
    assert b"hush" not in pickle.dumps(caught.value)


def test_secret_stays_out_of_reprs() -> None:
    """P15: an access token shows everything but itself."""
    token = read(AccessToken, {"access_token": "hush-hush:st", "expires_in": 0, "scope": "api@example.com"})
    assert repr(token) == "AccessToken(expires_in=0, scope='api@example.com')"
    assert f"{token}" == repr(token)
    assert token.access_token == "hush-hush:st"


def test_token_without_its_text() -> None:
    """A2: an identity answer without a token is a clear error, never a `KeyError`."""
    with pytest.raises(DecodeError, match=re.escape("$.access_token: is missing")):
        read(AccessToken, {"token_type": "bearer"})

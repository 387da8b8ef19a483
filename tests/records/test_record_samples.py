"""Every sample and recording reads, and writes itself back."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from marketo_async import records
from marketo_async.records import (
    Channel,
    Cost,
    ErrorDay,
    Folder,
    FolderRef,
    FolderTokens,
    Program,
    Record,
    SmartList,
    Tag,
    TagType,
    UsageDay,
    UserUsage,
    read,
)

_HERE = Path(__file__).parent / "samples"


def _kind(path: Path) -> type[Record]:
    kind: type[Record] = getattr(records, "".join(word.capitalize() for word in path.stem.split("_")))
    return kind


_SAMPLES = [
    pytest.param(_kind(path), row, id=f"{path.stem}: {name}")
    for path in sorted(_HERE.glob("*.json"))
    for name, row in json.loads(path.read_text(encoding="utf-8")).items()
]


def _program(name: str) -> Program:
    rows = json.loads((_HERE / "program.json").read_text(encoding="utf-8"))
    return read(Program, next(row for title, row in rows.items() if title.startswith(name)))


@pytest.mark.parametrize(("kind", "row"), _SAMPLES)
def test_sample_reads_and_writes_itself_back(kind: type[Record], row: dict[str, object]) -> None:
    """Every documented sample and recording reads, and gives back the same names, order and values."""
    before = copy.deepcopy(row)
    record = read(kind, row)
    assert json.dumps(record.to_dict()) == json.dumps(row)
    assert row == before
    assert read(kind, record.to_dict()) == record


@pytest.mark.parametrize(("kind", "row"), _SAMPLES)
def test_sample_can_be_hashed_pickled_and_copied(kind: type[Record], row: dict[str, object]) -> None:
    """Records of every kind hash, pickle, copy and deep-copy, and lose nothing by it."""
    record = read(kind, row)
    for twin in (
        pickle.loads(pickle.dumps(record)),  # noqa: S301 - our own bytes
        copy.copy(record),
        copy.deepcopy(record),
        read(kind, copy.deepcopy(row)),
    ):
        assert twin == record
        assert hash(twin) == hash(record)
        assert twin.to_dict() == row


@pytest.mark.parametrize(("kind", "row"), _SAMPLES)
def test_sample_keeps_what_is_unknown(kind: type[Record], row: dict[str, object]) -> None:
    """A name that Marketo adds tomorrow is kept, takes part in equality, and is written back."""
    novel = row | {"addedTomorrow": [1, {"deep": None}]}
    record = read(kind, novel)
    assert record != read(kind, row)
    assert record.to_dict() == novel
    kept = getattr(record, record.LAYOUT.extra)
    assert kept["addedTomorrow"] == (1, {"deep": None})
    with pytest.raises(TypeError):
        kept["addedTomorrow"] = 2
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - our own bytes
    assert copy.copy(kept) is copy.deepcopy(kept) is kept
    hash(record)


def test_program_by_id() -> None:
    """A program that was read by id has all its fields under Python's names, as Python's types."""
    assert _program("by id") == Program(
        id=1107,
        name="AAA2QueryProgramName",
        description="AssetAPI: getProgram tests",
        created_at=datetime(2015, 5, 21, 22, 45, 13, tzinfo=UTC),
        updated_at=datetime(2015, 5, 21, 22, 45, 13, tzinfo=UTC),
        url="https://app-devlocal1.marketo.com/#PG1107A1",
        type="Default",
        channel="Online Advertising",
        folder=FolderRef(id=1910, type="Folder", folder_name="ProgramQueryTestFolder"),
        status="",
        workspace="Default",
        tags=(Tag(type="AAA1 Required Tag Type", value="AAA1 RT1"),),
        head_start=False,
    )


@pytest.mark.parametrize(
    ("sample", "tags", "tags_sent", "costs_sent"),
    [
        ("browse: email", None, False, False),
        ("created", None, True, True),
        ("cloned", None, True, True),
        ("recorded", (), True, True),
        ("by tag", (Tag(type="Presenter", value="Dennis"),), True, False),
    ],
)
def test_null_missing_and_empty_are_told_apart(
    sample: str, tags: tuple[Tag, ...] | None, tags_sent: bool, costs_sent: bool
) -> None:
    """Null, missing and empty stay three different things."""
    program = _program(sample)
    assert program.tags == tags
    assert program.was_sent("tags") is tags_sent
    assert program.was_sent("costs") is costs_sent
    twin = pickle.loads(pickle.dumps(program))  # noqa: S301 - our own bytes
    assert twin.was_sent("tags") is tags_sent


def test_descriptions_are_told_apart() -> None:
    """A description is null, missing, empty or a blank, and none of them becomes another."""
    core = {"id": 1, "name": "x", "type": "Default", "channel": "Blog"}
    null, missing = read(Program, core | {"description": None}), read(Program, core)
    empty, blank = read(Program, core | {"description": ""}), read(Program, core | {"description": " "})
    assert [r.description for r in (null, missing, empty, blank)] == [None, None, "", " "]
    assert [r.was_sent("description") for r in (null, missing, empty, blank)] == [True, False, True, True]
    assert [r.to_dict() for r in (null, missing)] == [core | {"description": None}, core]


def test_was_sent_of_a_record_made_by_hand() -> None:
    """A record made by hand has what is not None, and a misspelt field name is an error."""
    cost = Cost(start_date=date(2026, 1, 1), cost=2000)
    assert cost.was_sent("cost")
    assert not cost.was_sent("note")
    with pytest.raises(AttributeError, match="Cost has no field 'notes'"):
        cost.was_sent("notes")


def test_oddities_of_programs() -> None:
    """A folder by id in capitals, `isHeadStart`, a Salesforce id, a missing `updatedAt` read as what they mean."""
    program = _program("synced")
    assert program.folder == FolderRef(id=75, type="FOLDER")
    assert program.folder is not None
    assert program.folder.is_folder
    assert not program.folder.is_program
    assert (program.head_start, program.sfdc_id, program.updated_at) == (True, "701000000000001", None)
    assert program.was_sent("head_start")
    assert _program("recorded").start_date == datetime(2019, 5, 20, 15, tzinfo=UTC)


def test_both_shapes_of_a_folder_reference() -> None:
    """A reference with `value` and `folderName`, with `id`, or with `id` and `name` reads into one kind of record."""
    by_value = {"type": "Program", "value": 75, "folderName": "Here"}
    by_id = {"type": "Program", "id": 75, "name": "Here"}
    assert read(FolderRef, by_value) == read(FolderRef, by_id) == FolderRef(id=75, type="Program", folder_name="Here")
    assert read(FolderRef, by_value).to_dict() == by_value
    assert read(FolderRef, by_id).to_dict() == by_id
    both = by_value | {"id": 76}
    assert read(FolderRef, both).id == 76
    assert read(FolderRef, both).extra == {"value": 75}
    assert read(FolderRef, both).to_dict() == both


def test_channel() -> None:
    """A channel has its statuses in order; without any it has none."""
    row = {"id": 3, "name": "Blog"}
    assert read(Channel, row).progression_statuses == ()
    assert read(Channel, row | {"progressionStatuses": None}).progression_statuses == ()
    full = json.loads((_HERE / "channel.json").read_text(encoding="utf-8"))["documented"]
    assert [(s.name, s.step, s.type) for s in read(Channel, full).progression_statuses] == [
        ("Not in Program", 0, None),
        ("Invited", 10, "Invited"),
    ]


@pytest.mark.parametrize(
    ("sent", "values"),
    [
        ("[program,email_batch]", ("program", "email_batch")),
        ("[AAA1 RT1, AAA1 RT2]", ("AAA1 RT1", "AAA1 RT2")),
        ("[one]", ("one",)),
        ("[]", ()),
        ("", ()),
        (["one", "two"], ("one", "two")),
        (None, None),
    ],
)
def test_bracketed_lists(sent: object, values: tuple[str, ...] | None) -> None:
    """Marketo's array-looking texts become tuples, with and without blanks; a real array would do as well."""
    tag_type = read(TagType, {"tagType": "Region", "required": True, "allowableValues": sent})
    assert tag_type.allowable_values == values
    assert read(TagType, tag_type.to_dict()) == tag_type


@pytest.mark.parametrize("row", [{}, {"tokens": None}, {"tokens": []}])
def test_folder_without_tokens(row: dict[str, object]) -> None:
    """A folder without tokens has none, whether Marketo omits them, sends null or an empty list."""
    assert read(FolderTokens, {"folder": {"type": "Folder", "value": 1}} | row).tokens == ()


def test_rules_are_read_only_all_the_way_down() -> None:
    """The rules of a smart list cannot be changed, even if they were given by hand as a dict."""
    for smart_list in (
        read(SmartList, {"id": 1, "name": "x", "rules": {"filters": [{"id": 1}]}}),
        SmartList(id=1, name="x", rules={"filters": [{"id": 1}]}),
    ):
        assert smart_list.rules == {"filters": ({"id": 1},)}
        hash(smart_list)
        assert smart_list.to_dict()["rules"] == {"filters": [{"id": 1}]}


@pytest.mark.parametrize("sent", ["2015-10-17", "2015-10-17T00:00:00Z", "2015-10-17T00:00:00Z+0000"])
def test_usage_day(sent: str) -> None:
    """A day of statistics is a date, also where Marketo's specification would have a moment."""
    assert read(UsageDay, {"date": sent, "total": 3, "users": [{"userId": "a@example.com", "count": 3}]}) == UsageDay(
        date=date(2015, 10, 17), total=3, users=(UserUsage(user_id="a@example.com", count=3),)
    )
    assert read(UsageDay, {"date": sent}).users == ()


def test_error_codes_are_text() -> None:
    """The code of a statistics row is text, whatever Marketo's specification promises."""
    day = read(ErrorDay, {"date": "2015-10-17", "total": 1, "errors": [{"errorCode": 604, "count": 1}]})
    assert day.errors[0].error_code == "604"


def test_folder_of_a_program_is_a_program() -> None:
    """The folder view of a program stands for that program, whatever the case of the type."""
    rows = json.loads((_HERE / "folder.json").read_text(encoding="utf-8"))
    assert read(Folder, rows["a program"]).as_argument() == {"id": 1107, "type": "Program"}
    assert read(Folder, rows["a root"]).as_argument() == {"id": 14, "type": "Folder"}
    assert read(Folder, {"id": 5, "name": "x"}).as_argument() == {"id": 5, "type": "Folder"}


def test_made_by_hand() -> None:
    """A record made by hand writes every field that is not None, under Marketo's names and with Marketo's dates."""
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    program = Program(id=1, name="x", type="Default", channel="Blog", created_at=moment, extra={"novel": 1})
    assert program.to_dict() == {
        "id": 1,
        "name": "x",
        "type": "Default",
        "channel": "Blog",
        "createdAt": "2026-01-01T12:00:00Z+0000",
        "novel": 1,
    }
    half = Program(id=1, name="x", type="Default", channel="Blog", created_at=moment + timedelta(microseconds=5))
    assert read(Program, half.to_dict()) == half


def test_repr_is_short() -> None:
    """A repr shows what is there: no field that is None, no empty `extra`."""
    assert repr(Tag(type="a", value="b")) == "Tag(type='a', value='b')"
    assert repr(read(Tag, {"tagType": "a", "tagValue": "b", "c": 1})) == "Tag(type='a', value='b', extra={'c': 1})"

"""What goes into a request."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from marketo_async.errors import ArgumentError
from marketo_async.records import (
    Argument,
    Cost,
    Folder,
    FolderId,
    FolderItem,
    FolderRef,
    Lead,
    Program,
    ProgramId,
    Tag,
    TagType,
    read,
    to_wire,
)


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (FolderId(1035), {"id": 1035, "type": "Folder"}),
        (ProgramId(1107), {"id": 1107, "type": "Program"}),
        (FolderRef(id=75, type="FOLDER", folder_name="x"), {"id": 75, "type": "Folder"}),
        (read(FolderRef, {"type": "program", "value": 75}), {"id": 75, "type": "Program"}),
        (FolderItem(id=5, type="Folder"), {"id": 5, "type": "Folder"}),
        (Folder(id=9, name="x"), {"id": 9, "type": "Folder"}),
        (Program(id=8, name="x", type="Event", channel="Webinar"), {"id": 8, "type": "Program"}),
        (Tag(type="Region", value="EMEA"), {"tagType": "Region", "tagValue": "EMEA"}),
        (Cost(start_date=date(2026, 1, 1), cost=2000), {"startDate": "2026-01-01", "cost": 2000}),
        (
            Cost(start_date=date(2026, 1, 1), cost=19.5, note="x"),
            {"startDate": "2026-01-01", "cost": 19.5, "note": "x"},
        ),
    ],
)
def test_arguments(value: Argument, wire: dict[str, object]) -> None:
    """P10: every argument record becomes the plain object that Marketo wants, whichever shape it was read in."""
    assert to_wire(value) == wire
    assert to_wire([value]) == [wire]
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own bytes
    hash(value)


def test_plain_values_pass() -> None:
    """P10: plain values pass as they are, `False` and 0 included; tuples become lists, at any depth."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    value = {"a": (0, False, "", None), "b": [{"c": (FolderId(1),)}], "d": date(2026, 1, 1), "e": moment, "f": 1.5}
    assert to_wire(value) == {
        "a": [0, False, "", None],
        "b": [{"c": [{"id": 1, "type": "Folder"}]}],
        "d": date(2026, 1, 1),
        "e": moment,
        "f": 1.5,
    }
    assert to_wire(value["a"]) == [0, False, "", None]


@pytest.mark.parametrize(
    "value", [{1, 2}, object(), Decimal(1), b"x", TagType(tag_type="x"), Lead(id=1), [[object()]], {"a": object()}]
)
def test_what_no_request_can_carry(value: object) -> None:
    """P10: nothing is sent as the `str()` of a Python object: what has no place in a request is refused."""
    with pytest.raises(ArgumentError, match="folder"):
        to_wire(value, argument="folder")


def test_refusal_names_the_place() -> None:
    """A refusal inside a list says which item it was."""
    with pytest.raises(ArgumentError, match=r"tags\[1\]="):
        to_wire([Tag(type="a", value="b"), object()], argument="tags")


def test_only_folders_and_programs_hold_things() -> None:
    """A list or an e-mail among a folder's contents cannot stand where a folder is asked for."""
    item = FolderItem(id=1, type="Smart List")
    assert not item.is_folder
    assert not item.is_program
    with pytest.raises(ArgumentError, match="a folder or a program"):
        to_wire(item)


@pytest.mark.parametrize("number", [0, -1, True, "1035", 1.0, None])
@pytest.mark.parametrize("kind", [FolderId, ProgramId])
def test_ids_are_positive_integers(kind: type[FolderId | ProgramId], number: object) -> None:
    """An id that cannot be one is refused at once, in words that name the type."""
    with pytest.raises(ArgumentError, match=rf"{kind.__name__}=.* an integer of 1 or more"):
        kind(number)  # type: ignore[arg-type]


def test_folder_and_program_ids_are_different() -> None:
    """Folder 1035 is not program 1035."""
    either: set[object] = {FolderId(1035), ProgramId(1035)}
    assert len(either) == 2
    assert repr(FolderId(1035)) == "FolderId(id=1035)"


def test_what_was_read_can_be_sent_again() -> None:
    """Costs and tags that were read go back into an update unchanged, on the same day, without what is not theirs."""
    program = read(
        Program,
        {
            "id": 1,
            "name": "x",
            "type": "Event",
            "channel": "Webinar",
            "tags": [{"tagType": "Region", "tagValue": "EMEA", "novel": 1}],
            "costs": [{"startDate": "2019-05-14T05:00:00Z+0000", "cost": 2000, "note": ""}],
        },
    )
    assert to_wire(program.tags) == [{"tagType": "Region", "tagValue": "EMEA"}]
    assert to_wire(program.costs) == [{"startDate": "2019-05-14", "cost": 2000, "note": ""}]

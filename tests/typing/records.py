"""What users' type checkers see of records; mypy and basedpyright run over it, nothing executes it.

Each `type: ignore` is a mistake that both must find: one that nobody finds is reported as unused by either.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import assert_type

from marketo_async.records import Cost, FolderId, FolderRef, Lead, Program, Tag, UsageDay, read, read_all, read_tolerant


def fields_have_their_types(program: Program, lead: Lead, day: UsageDay) -> None:
    """Every field has the declared type, with None where it may be None."""
    assert_type(program.id, int)
    assert_type(program.name, str)
    assert_type(program.created_at, datetime | None)
    assert_type(program.head_start, bool | None)
    assert_type(program.folder, FolderRef | None)
    assert_type(program.tags, tuple[Tag, ...] | None)
    assert_type(program.costs, tuple[Cost, ...] | None)
    assert_type(program.extra, Mapping[str, object])
    assert_type(program.to_dict(), dict[str, object])
    assert_type(lead["customField_c"], object)
    assert_type(lead.email, str | None)
    assert_type(lead.fields, Mapping[str, object])
    assert_type(day.date, date)
    assert_type(day.total, int)


def reading_keeps_the_kind(raw: object, rows: list[object]) -> None:
    """What is read is what was asked for."""
    assert_type(read(Program, raw), Program)
    assert_type(read_all(Lead, rows), list[Lead])
    programs, errors = read_tolerant(Program, rows)
    assert_type(programs, list[Program])
    assert_type(errors[0].path, str)


def constructors_are_keyword_only(today: date) -> None:
    """Constructors take Python's names as keywords, and know what is required."""
    assert_type(Tag(type="Region", value="EMEA"), Tag)
    assert_type(Cost(start_date=today, cost=2000), Cost)
    assert_type(Cost(start_date=today, cost=2000, note=None, extra={}), Cost)
    assert_type(FolderId(1035).id, int)
    assert_type(Program(id=1, name="x", type="Event", channel="Webinar", tags=()), Program)
    Tag("Region", "EMEA")  # type: ignore[call-arg]
    Tag(type="Region")  # type: ignore[call-arg]
    Tag(tagType="Region", value="EMEA")  # type: ignore[call-arg]
    Cost(start_date="2026-01-01", cost=2000)  # type: ignore[arg-type]


def records_are_frozen(program: Program) -> None:
    """Assigning to a field is an error, and so is a name that does not exist."""
    program.name = "y"  # type: ignore[misc]
    program.extra["x"] = 1  # type: ignore[index]
    program.createdAt  # type: ignore[attr-defined]  # noqa: B018

"""Arguments of the Asset API that are more than a plain value: folders, costs, tags; and how its writes travel."""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite
from typing import TYPE_CHECKING, TypeAlias

from marketo_async.api._checks import check_text, is_integer, items_of
from marketo_async.errors import ArgumentError
from marketo_async.records import Cost, Folder, FolderId, FolderItem, FolderRef, Program, ProgramId, Tag, to_wire

if TYPE_CHECKING:
    from marketo_async.wire.call import Call

AnyFolder: TypeAlias = FolderId | ProgramId | Folder | FolderRef | FolderItem | Program
"""Whatever can stand where Marketo asks for a folder: an id of one kind or the other, or a record read before."""

_ANY_FOLDER = "FolderId(n) for a folder, ProgramId(n) for a program, or a folder or program read before"
_ONLY_FOLDER = "a folder, not a program: FolderId(n), or a folder read before"

_SERVER_LIMIT = 300.0
_READ_TIMEOUT = 310.0


def folder_argument(argument: str, given: object, *, programs: bool = True) -> dict[str, object]:
    """Return a folder or, unless only folders will do, a program as Marketo takes it."""
    number, kind = id_and_type(argument, given, programs=programs)
    return {"id": number, "type": kind}


def id_and_type(argument: str, given: object, *, programs: bool = True) -> tuple[int, str]:
    """Return the id and the type of a folder or, unless only folders will do, of a program."""
    allowed = _ANY_FOLDER if programs else _ONLY_FOLDER
    if not isinstance(given, AnyFolder):
        raise ArgumentError(argument, given, allowed)
    try:
        kind = str(given.as_argument()["type"])
    except ArgumentError:  # what lies in a folder may be an e-mail
        raise ArgumentError(argument, given, allowed) from None
    if not programs and kind != "Folder":
        raise ArgumentError(argument, given, allowed)
    return given.id, kind


def costs_argument(costs: object) -> list[object] | None:
    """Return period costs as Marketo takes them."""
    if costs is None:
        return None
    wire: list[object] = []
    for index, cost in enumerate(items_of("costs", costs, "Cost(...)")):
        argument = f"costs[{index}]"
        if not isinstance(cost, Cost):
            raise ArgumentError(argument, cost, "a Cost(start_date=date(...), cost=..., note=...)")
        _check_cost(argument, cost)
        wire.append(to_wire(cost, argument=argument))
    return wire


def _check_cost(argument: str, cost: Cost) -> None:
    _check_day(f"{argument}.start_date", cost.start_date)
    _check_amount(f"{argument}.cost", cost.cost)
    check_text(f"{argument}.note", cost.note, blank=True, optional=True)


def _check_day(argument: str, given: object) -> None:
    if not isinstance(given, date) or isinstance(given, datetime):
        raise ArgumentError(argument, given, "a day, such as date(2026, 1, 1)")


def _check_amount(argument: str, given: object) -> None:
    if not is_integer(given) and not (isinstance(given, float) and isfinite(given)):
        raise ArgumentError(argument, given, "a finite number")


def tags_argument(tags: object) -> list[object] | None:
    """Return tags as Marketo takes them."""
    if tags is None:
        return None
    wire: list[object] = []
    for index, tag in enumerate(items_of("tags", tags, "Tag(...)")):
        argument = f"tags[{index}]"
        if not isinstance(tag, Tag):
            raise ArgumentError(argument, tag, "a Tag(type=..., value=...)")
        check_text(f"{argument}.type", tag.type)
        check_text(f"{argument}.value", tag.value)
        wire.append(to_wire(tag, argument=argument))
    return wire


def patient(call: Call) -> Call:
    """Return a write with the time that Marketo gives the Asset API: 300 s, then a little for the way.

    A write that we stop waiting for may still be done, and most must not be repeated: waiting is what tells.
    """
    return call.slow(read_timeout=_READ_TIMEOUT, server_limit=_SERVER_LIMIT)

"""What searches of the lead database look for: any number of values, each once, as text."""

from __future__ import annotations

from marketo_async.api._checks import check_id, is_integer, items_of
from marketo_async.errors import ArgumentError
from marketo_async.transport.value_walk import FindPosition
from marketo_async.wire.request import BODY_LIMIT, encoded_length

VALUE_PAGE = 300
"""Values, and rows, that a call takes at most."""

_ROOM = 16_384
"""Bytes of a body that are left for the page token and the names of the parameters."""

_COMMA = len("%2C")


def distinct_values(values: object, *, caseless: bool = False, flags: bool = False) -> tuple[str, ...]:
    """Return each value once, as text, in order; a pager walks more than once, so an iterator is emptied here.

    Args:
        values: Texts without commas, or integers.
        caseless: Whether texts that differ in case only are the same.
        flags: Whether booleans are values, too.
    """
    found: dict[str, str] = {}
    words = "texts, integers or booleans" if flags else "texts or integers"
    for index, value in enumerate(items_of("values", values, words)):
        text = _text(f"values[{index}]", value, flags=flags)
        lower = text.lower() if caseless else text
        found.setdefault(text if lower == text else lower, text)  # a million values need not be held twice
    return tuple(found.values())


def distinct_ids(argument: str, ids: object) -> tuple[int, ...]:
    """Return each id once, in order."""
    found: dict[int, None] = {}
    for index, number in enumerate(items_of(argument, ids, "ids")):
        check_id(f"{argument}[{index}]", number)
        found[number] = None  # type: ignore[index]  # check_id has seen to it
    return tuple(found)


def start_within(start: object, values: int) -> FindPosition:
    """Return the position to begin at, which must lie within so many values; None is the first."""
    if start is None:
        return FindPosition(0)
    if not isinstance(start, FindPosition):
        raise ArgumentError("start", start, "a FindPosition, such as a page.position")
    if start.first > values:
        raise ArgumentError("start", start, f"a position within these values, of which there are {values}")
    return start


def value_bytes(value: str) -> int:
    """Return how many bytes a value takes in a request, with the comma after it."""
    return encoded_length(value) + _COMMA


def room_beside(names: tuple[str, ...] | None) -> int:
    """Return the bytes of values that one call has room for beside the names of its fields."""
    room = BODY_LIMIT - _ROOM - encoded_length(",".join(names or ()))
    if room <= 0:
        raise ArgumentError("fields", f"{len(names or ())} names", "fewer: these alone fill a call")
    return room


def _text(argument: str, value: object, *, flags: bool) -> str:
    if flags and isinstance(value, bool):
        return "true" if value else "false"
    if is_integer(value):
        return str(value)
    if not isinstance(value, str):
        allowed = "a text, an integer or a boolean" if flags else "a text or an integer"
        raise ArgumentError(argument, value, f"{allowed} (this is a {type(value).__name__})")
    if not value.strip():
        raise ArgumentError(argument, value, "a value that is not blank")
    if "," in value:
        raise ArgumentError(argument, value, "a value without a comma: Marketo's filters cannot express one")
    return value

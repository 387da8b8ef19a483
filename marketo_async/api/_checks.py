"""Arguments, checked before anything is sent: each refusal names the Python argument and says what is allowed.

Only what Marketo is known to refuse, or to misread, is refused here. None stands for "not sent" and passes where a
check is told that its argument is `optional`; flags and moments always are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeGuard

from marketo_async.errors import ArgumentError

NAME_LIMIT = 255
"""Characters that Marketo allows in the name of an asset."""


def is_integer(given: object) -> TypeGuard[int]:
    """Tell whether it is an int; a bool is none."""
    return isinstance(given, int) and not isinstance(given, bool)


def check_range(argument: str, given: object, low: int, high: int) -> None:
    """Refuse what is no integer from `low` to `high`."""
    if not is_integer(given) or not low <= given <= high:
        raise ArgumentError(argument, given, f"an integer from {low} to {high}")


def check_count(argument: str, given: object) -> None:
    """Refuse what is no integer of 0 or more."""
    if not is_integer(given) or given < 0:
        raise ArgumentError(argument, given, "an integer of 0 or more")


def check_id(argument: str, given: object) -> None:
    """Refuse what is no id of Marketo's."""
    if not is_integer(given) or given < 1:
        raise ArgumentError(argument, given, "an id, an integer of 1 or more")


def check_flag(argument: str, given: object) -> None:
    """Refuse what is no boolean: `"false"` is true in Python, and 0 is no flag in Marketo."""
    if given is not None and not isinstance(given, bool):
        raise ArgumentError(argument, given, "True or False")


def check_choice(argument: str, given: object, allowed: Iterable[object], *, optional: bool = False) -> None:
    """Refuse what is not one of a closed set; case matters."""
    choices = tuple(allowed)
    if not (optional and given is None) and given not in choices:
        raise ArgumentError(argument, given, f"one of {', '.join(map(repr, choices))}")


def check_text(
    argument: str, given: object, *, most: int | None = None, blank: bool = False, optional: bool = False
) -> None:
    """Refuse what is no text, is longer than `most` characters or, unless that is allowed, is blank."""
    if optional and given is None:
        return
    if not isinstance(given, str):
        raise ArgumentError(argument, given, f"a text (this is a {type(given).__name__})")
    if not blank and not given.strip():
        raise ArgumentError(argument, given, "a text that is not blank")
    if most is not None and len(given) > most:
        raise ArgumentError(argument, given, f"at most {most} characters")


def check_name(argument: str, given: object, *, most: int = NAME_LIMIT, optional: bool = False) -> None:
    """Refuse a name that is blank, too long, or that has a comma, so that Marketo could never find it again."""
    check_text(argument, given, most=most, optional=optional)
    if isinstance(given, str) and "," in given:
        raise ArgumentError(argument, given, "a name without a comma: Marketo takes a comma as the end of a name")


def check_moment(argument: str, given: object) -> None:
    """Refuse what is no datetime with a time zone."""
    if given is None:
        return
    if not isinstance(given, datetime):
        raise ArgumentError(argument, given, f"a datetime with a time zone (this is a {type(given).__name__})")
    if given.utcoffset() is None:
        raise ArgumentError(
            argument, given.isoformat(), "a datetime with a time zone, such as datetime.now(timezone.utc)"
        )


def check_window(first: str, start: datetime | None, last: str, end: datetime | None) -> None:
    """Refuse two moments, each with its argument's name, that have no time zone or are in the wrong order."""
    check_moment(first, start)
    check_moment(last, end)
    if start is not None and end is not None and start > end:
        raise ArgumentError(first, start.isoformat(), f"not after {last}, {end.isoformat()}")


def items_of(argument: str, given: object, words: str) -> list[object]:
    """Return the items of any iterable but a text, whose items would be its letters."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise ArgumentError(argument, given, f"a list of {words}")
    return list(given)


def names_argument(argument: str, given: object) -> list[str] | None:
    """Return names that travel joined by commas, such as `fields`; refuse none at all."""
    if given is None:
        return None
    names: list[str] = []
    for index, name in enumerate(items_of(argument, given, "names")):
        check_name(f"{argument}[{index}]", name)
        names.append(str(name))
    if not names:
        raise ArgumentError(argument, names, "at least one name, or None for Marketo's choice")
    return names

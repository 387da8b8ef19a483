"""Values as people give them to a command: as words, from standard input, from a file; and names with commas."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from marketo_async.cli.exit_codes import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def given_values(values: Iterable[str], what: str = "VALUES") -> list[str]:
    """Return the values that words stand for: themselves, `-` for standard input, `@FILE` for a file's lines.

    Raises:
        UsageError: there are none, or a file cannot be read.
    """
    given = list(_given(values))
    if not given:
        raise UsageError(f"{what}: give at least one, - for standard input, or @FILE")
    return given


def given_ids(values: Iterable[str], what: str) -> list[int]:
    """Return the ids that words stand for, in the same way.

    Raises:
        UsageError: one of them is none.
    """
    return [_id(value, what) for value in given_values(values, what)]


def names_of(given: Iterable[str]) -> list[str]:
    """Return names that may be separated by commas, or given one by one."""
    return [name.strip() for some in given for name in some.split(",") if name.strip()]


def fields_of(given: Iterable[str]) -> list[str] | Literal["all"] | None:
    """Return which fields to read; None where nothing was said."""
    names = names_of(given)
    return "all" if names == ["all"] else names or None


def _id(value: str, what: str) -> int:
    if value.isascii() and value.isdigit() and int(value):
        return int(value)
    raise UsageError(f"{what}: {value!r} is no id")


def _given(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        if value == "-":
            yield from _lines(sys.stdin.read())
        elif value.startswith("@"):
            try:
                # With a byte order mark or without: spreadsheets write one.
                yield from _lines(Path(value[1:]).read_text(encoding="utf-8-sig"))
            except OSError as error:
                raise UsageError(f"{value}: {error.strerror}") from None
            except UnicodeDecodeError:
                raise UsageError(f"{value}: the file is not UTF-8 text") from None
        elif value.startswith("-") and not value[1:].isdigit():
            raise UsageError(f"there is no option {value}; a value that begins with a hyphen goes into a file: @FILE")
        else:
            yield value


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.split("\n") if line.strip())

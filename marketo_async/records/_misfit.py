"""What a value is refused with while a record is read, in the words of JSON."""

from __future__ import annotations

_WORDS: dict[type[object], str] = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
}


class Misfit(ValueError):  # noqa: N818 - it never leaves this package: `DecodeError` does
    """A value that is not of the declared type. It names types, never the value: that may be somebody's address."""


def expected(what: str, value: object) -> Misfit:
    """Return the misfit of a value that should have been `what`, such as `"an integer"`."""
    return Misfit(f"expected {what}, got {_WORDS.get(type(value), type(value).__name__)}")

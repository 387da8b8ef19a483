"""JSON as Marketo's form fields accept it: single quotes and unquoted words are fine too.

Clients in the wild send Python dictionaries and `{'id': 1, 'type': Folder}`, and Marketo takes them.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn

_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>[{}\[\]:,])
    |"(?P<double>(?:[^"\\]|\\.)*)"
    |'(?P<single>(?:[^'\\]|\\.)*)'
    |(?P<word>[^\s{}\[\]:,"'](?:[^{}\[\]:,"']*[^\s{}\[\]:,"'])?))\s*""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"[+-]?\d{1,300}(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None}
_DEEPEST = 32


def read_loose_json(text: str) -> object:
    """Read strict JSON, or the same with single quotes and unquoted words.

    Raises:
        ValueError: It is neither.
    """
    try:
        return json.loads(text)
    except ValueError:
        return _Reader(text).whole()
    except RecursionError:
        raise ValueError("nested too deeply") from None


class _Reader:
    """Reads one value, token by token."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def whole(self) -> object:
        value = self._value(self._next())
        if self._at != len(self._text):
            self._fail()
        return value

    def _fail(self) -> NoReturn:
        raise ValueError(f"not JSON, however loose, at character {self._at}")

    def _next(self) -> re.Match[str]:
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            self._fail()
        self._at = found.end()
        return found

    def _value(self, token: re.Match[str]) -> object:
        if token["sign"] in {"{", "["}:
            self._depth += 1
            if self._depth > _DEEPEST:
                self._fail()
            value = self._object() if token["sign"] == "{" else self._array()
            self._depth -= 1
            return value
        word = token["word"]
        return self._text_of(token) if word is None else _constant(word)

    def _text_of(self, token: re.Match[str]) -> str:
        if token["word"] is not None:
            return token["word"]
        quoted = token["double"] if token["double"] is not None else token["single"]
        if quoted is None:
            self._fail()
        return _ESCAPE.sub(_unescape, quoted)

    def _object(self) -> dict[str, object]:
        members: dict[str, object] = {}
        token = self._next()
        while token["sign"] != "}":
            name = self._text_of(token)
            if self._next()["sign"] != ":":
                self._fail()
            members[name] = self._value(self._next())
            token = self._after_item("}")
        return members

    def _array(self) -> list[object]:
        items: list[object] = []
        token = self._next()
        while token["sign"] != "]":
            items.append(self._value(token))
            token = self._after_item("]")
        return items

    def _after_item(self, end: str) -> re.Match[str]:
        token = self._next()
        if token["sign"] == end:
            return token
        if token["sign"] != ",":
            self._fail()
        return self._next()


def _unescape(found: re.Match[str]) -> str:
    escape = found[1]
    return chr(int(escape[1:], 16)) if len(escape) > 1 else _ESCAPED.get(escape, escape)


def _constant(word: str) -> object:
    if word.lower() in _CONSTANTS:
        return _CONSTANTS[word.lower()]
    if _NUMBER.fullmatch(word) is None:
        return word
    return int(word) if word.lstrip("+-").isdecimal() else float(word)

"""My Tokens: named values that belong to a folder or a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.references import FolderRef
    from marketo_async.sandbox.instance import Instance


class MyTokens:
    """All tokens, each known by its place, its name and its type. Values are text, as in Marketo."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._tokens: dict[FolderRef, dict[tuple[str, str], str]] = {}

    def of(self, ref: FolderRef) -> list[tuple[str, str, str]]:
        """Return the name, type and value of every token that stands in a place itself."""
        return [(name, token_type, value) for (name, token_type), value in self._tokens.get(ref, {}).items()]

    def put(self, ref: FolderRef, name: str, token_type: str, value: str) -> None:
        """Make a token, or give the one of that name and type another value."""
        self._tokens.setdefault(ref, {})[name, token_type] = value

    def remove(self, ref: FolderRef, name: str, token_type: str) -> bool:
        """Take a token away; tell whether it was there."""
        return self._tokens.get(ref, {}).pop((name, token_type), None) is not None

    def copy(self, source: FolderRef, target: FolderRef) -> None:
        """Give one place the tokens of another."""
        if source in self._tokens:
            self._tokens[target] = dict(self._tokens[source])

    def forget(self, ref: FolderRef) -> None:
        """Take all tokens of a place away."""
        self._tokens.pop(ref, None)

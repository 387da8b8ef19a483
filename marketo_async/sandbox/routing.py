"""From a path to the operations that live there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import unquote

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.sandbox.exchange import Route


@attrs.frozen
class Segment:
    """One piece of a template between slashes: literal text, or a variable with the text that follows it."""

    text: str
    variable: str = ""

    @classmethod
    def parse(cls, piece: str) -> Segment:
        """Read `leads.json` or `{id}.json`."""
        if not piece.startswith("{"):
            return cls(piece)
        variable, _, suffix = piece[1:].partition("}")
        return cls(suffix, variable)

    def match(self, piece: str) -> str | None:
        """Return the variable's value ("" for literal text), or None where the piece does not fit."""
        if not self.variable:
            return "" if piece == self.text else None
        value = piece.removesuffix(self.text) if self.text else piece
        return value if value and piece.endswith(self.text) else None


@attrs.define(eq=False)
class Place:
    """One path of the API and its verbs."""

    template: str
    segments: tuple[Segment, ...]
    routes: dict[str, Route] = attrs.field(factory=dict)


@attrs.frozen
class Match:
    """A path that exists, and what its variables stand for, percent-decoded."""

    place: Place
    arguments: dict[str, str]


class Router:
    """The table of all routes. Literal paths go before variable ones: `byName.json` before `{id}.json`."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Build the table.

        Raises:
            ValueError: two routes have the same verb and path.
        """
        places: dict[str, Place] = {}
        for route in routes:
            segments = tuple(Segment.parse(piece) for piece in route.template.split("/"))
            place = places.setdefault(route.template, Place(route.template, segments))
            if route.method in place.routes:
                raise ValueError(f"{route.method} {route.template} is there twice")
            place.routes[route.method] = route
        self._literal = {
            tuple(segment.text for segment in place.segments): place
            for place in places.values()
            if not any(segment.variable for segment in place.segments)
        }
        self._variable: defaultdict[int, list[Place]] = defaultdict(list)
        for place in places.values():
            if any(segment.variable for segment in place.segments):
                self._variable[len(place.segments)].append(place)
        for same_length in self._variable.values():
            # Of two places that both fit, the one that is literal further to the left wins, then the longer suffix.
            same_length.sort(key=lambda place: [(bool(s.variable), -len(s.text)) for s in place.segments])

    def find(self, raw_path: str) -> Match | None:
        """Return what is at a path, as it was sent: still percent-encoded, so that `%2F` separates nothing."""
        pieces = tuple(unquote(piece) for piece in raw_path.split("/"))
        literal = self._literal.get(pieces)
        if literal is not None:
            return Match(literal, {})
        for place in self._variable.get(len(pieces), ()):
            values = [segment.match(piece) for segment, piece in zip(place.segments, pieces, strict=True)]
            if None not in values:
                found = zip(place.segments, values, strict=True)
                return Match(place, {s.variable: value for s, value in found if s.variable and value is not None})
        return None

"""Programs in the order of listings, fast at any size."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from marketo_async.sandbox.areas.programs.record import Program


class NameOrder:
    """Programs sorted by name (without regard to case), then by id.

    Keys are kept sorted, so that adding, removing and renaming one costs a search and a shift, and a window of a
    listing costs only its own length.
    """

    def __init__(self) -> None:
        self._keys: list[tuple[str, int]] = []
        self._programs: dict[int, Program] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Program]:
        programs = self._programs
        return (programs[program_id] for _, program_id in self._keys)

    def get(self, program_id: int) -> Program | None:
        """Return a program, or None."""
        return self._programs.get(program_id)

    def add(self, program: Program) -> None:
        """Put a program where it belongs."""
        self._programs[program.id] = program
        insort(self._keys, program.key)

    def extend(self, programs: Iterable[Program]) -> None:
        """Put many programs where they belong, sorting once."""
        for program in programs:
            self._programs[program.id] = program
            self._keys.append(program.key)
        self._keys.sort()

    def discard(self, program: Program) -> None:
        """Take a program out; it must still have the name under which it was added."""
        del self._keys[bisect_left(self._keys, program.key)]
        del self._programs[program.id]

    def window(self, offset: int, size: int) -> list[Program]:
        """Return up to `size` programs after the first `offset`."""
        return [self._programs[program_id] for _, program_id in self._keys[offset : offset + size]]

    def named(self, name: str) -> list[Program]:
        """Return the programs of a name, whatever its case, by id."""
        folded = name.casefold()
        found: list[Program] = []
        at = bisect_left(self._keys, (folded, -1))
        while at < len(self._keys) and self._keys[at][0] == folded:
            found.append(self._programs[self._keys[at][1]])
            at += 1
        return found

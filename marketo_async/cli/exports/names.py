"""The files of an export: the one that was asked for, and those beside it."""

from __future__ import annotations

import os
from pathlib import Path

import attrs


@attrs.frozen
class Names:
    """What the files of an export are called.

    Attributes:
        path: The file itself, symbolic links followed.
        shown: What to call it in a message.
    """

    path: Path
    shown: str

    @classmethod
    def of(cls, path: Path, out: str) -> Names:
        """Return the names for a file.

        Args:
            path: Where it is, symbolic links followed.
            out: What the user called it; shown, unless the files beside it are somewhere else.
        """
        return cls(path, out if path.parent == Path(os.path.abspath(out)).parent else str(path))  # noqa: PTH100 - `resolve` would follow the link

    @property
    def partial(self) -> Path:
        """Where rows are kept until everything was read."""
        return self.path.with_name(f"{self.path.name}.partial")

    @property
    def journal(self) -> Path:
        """What says how far that is."""
        return self.path.with_name(f"{self.path.name}.partial.journal")

    @property
    def manifest(self) -> Path:
        """What vouches for the finished file."""
        return self.path.with_name(f"{self.path.name}.manifest.json")

    @property
    def partial_shown(self) -> str:
        """What to call the partial file in a message."""
        return f"{self.shown}.partial"

    @property
    def journal_shown(self) -> str:
        """What to call the journal in a message."""
        return f"{self.shown}.partial.journal"

    @property
    def manifest_shown(self) -> str:
        """What to call the manifest in a message."""
        return f"{self.shown}.manifest.json"

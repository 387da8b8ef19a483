"""Where the calls of a day outlive the process."""

from __future__ import annotations

import json
import logging
import os
from datetime import date
from pathlib import Path
from typing import Protocol, cast

import attrs

logger = logging.getLogger("marketo_async")


@attrs.frozen
class DayCalls:
    """How many calls were made on one US Central day."""

    day: date
    calls: int


class BudgetStore(Protocol):
    """What a limiter asks for the calls that were made before it began, and tells after every call.

    Both are called on the event loop, a few times a second at most, so they should take a millisecond at most. An
    `OSError` is logged and goes no further.
    """

    def load(self) -> DayCalls | None:
        """Return what was saved last; None where nothing was, or nothing that makes sense."""
        ...

    def save(self, calls: DayCalls) -> None:
        """Keep the calls of a day instead of what was kept before."""
        ...


class FileBudgetStore:
    """A small JSON file, replaced as a whole, so that a crash leaves the old one or the new one.

    One file belongs to one limiter at a time: two that write it forget each other's calls.

    Args:
        path: The file; its folder must exist.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    def load(self) -> DayCalls | None:
        """Return what was saved last; None where there is no file, or, with a warning, one that makes no sense."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return None
        known = _read(text)
        if known is None:
            logger.warning("%s has no calls of a day: they are counted from nought, and it is replaced", self._path)
        return known

    def save(self, calls: DayCalls) -> None:
        """Replace the file."""
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        beside.write_text(json.dumps({"day": calls.day.isoformat(), "calls": calls.calls}), "utf-8")
        beside.replace(self._path)


def _read(text: bytes) -> DayCalls | None:
    try:
        kept: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(kept, dict):
        return None
    fields = cast("dict[str, object]", kept)
    day, calls = fields.get("day"), fields.get("calls")
    if not isinstance(day, str) or not isinstance(calls, int) or isinstance(calls, bool) or calls < 0:
        return None
    try:
        return DayCalls(date.fromisoformat(day), calls)
    except ValueError:
        return None

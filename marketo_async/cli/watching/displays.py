"""Three ways to show looks at a fleet, all on standard output: a live view, a line of text, a line of JSON."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, cast

import attrs

from marketo_async.cli.output.columns import compact_json
from marketo_async.cli.output.target import STANDARD_OUTPUT_NAME, said_plainly
from marketo_async.cli.saying import count, counted, note

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.cli.watching.sight import Sight
    from marketo_async.transport.limits.fleet import FleetStats

NOBODY = "nobody has used it yet"


class Display(Protocol):
    """Shows looks."""

    def show(self, sight: Sight) -> None:
        """Show one look."""
        ...

    def close(self) -> None:
        """Leave what was shown last."""
        ...


class Lines:
    """Writes each look on a line, and says beside it, once, why there is nothing to see.

    Args:
        written: Returns the line of a look.
        quiet: Whether nothing is said beside it.
    """

    def __init__(self, written: Callable[[FleetStats, Sight], str], *, quiet: bool = False) -> None:
        self._written = written
        self._quiet = quiet
        self._said: str | None = None

    def show(self, sight: Sight) -> None:
        """Write a line, or say why there is none."""
        trouble = sight.trouble or (NOBODY if sight.stats is None else None)
        if trouble is not None and trouble != self._said and not self._quiet:
            note(trouble)
        self._said = trouble
        if trouble is None and sight.stats is not None:
            with said_plainly(STANDARD_OUTPUT_NAME):
                sys.stdout.write(f"{_writable(self._written(sight.stats, sight))}\n")
                sys.stdout.flush()

    def close(self) -> None:
        """Do nothing."""


def as_json(stats: FleetStats, instance: str) -> str:
    """Return everything that is known as one JSON object, under names as Marketo writes them."""
    known = {
        re.sub(r"_(\w)", lambda found: found[1].upper(), field.name): _plain(getattr(stats, field.name))
        for field in attrs.fields(type(stats))
    }
    return compact_json({"instance": instance, **known})


def as_text(stats: FleetStats, sight: Sight) -> str:
    """Return a look in one line."""
    calls = f"{stats.in_use} calls" if stats.limit is None else f"{stats.in_use}/{stats.limit} calls"
    parts = [
        f"{stats.at:%H:%M:%S} {calls} in {stats.window:g} s",
        f"{stats.in_flight}/{stats.places} places",
        f"waiting {waiting(stats)}",
        f"refused {counted(sorted(stats.refusals.items())) or 'none'}",
        count(stats.workers, "worker"),
        f"{stats.calls_today:,} calls today",
    ]
    if stats.budget_left is not None:
        parts.append(f"{stats.budget_left:,} left")
    if sight.rate is not None:
        parts.append(f"{sight.rate:.1f}/s")
    return " · ".join(parts)


def waiting(stats: FleetStats) -> str:
    """Return `3 interactive, 12 bulk`."""
    return ", ".join(f"{callers:,} {lane}" for lane, callers in stats.waiting.items())


def _writable(text: str) -> str:
    """Return a text as standard output can take it: a dot between two numbers is no reason to end."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else value

"""What is said to people, on standard error: notes, and errors in one clear line."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from marketo_async.cli.exit_codes import ExitCode, exit_code
from marketo_async.errors import ArgumentError, MarketoError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIZES = ("bytes", "KB", "MB", "GB")
_KILO = 1000.0
_MINUTE, _HOUR = 60, 3600


def note(text: str) -> None:
    """Say something beside the output."""
    _line(text)


def complain(error: BaseException) -> None:
    """Say what went wrong, in one line."""
    more = " · `marketo-async check` says more" if exit_code(error) is ExitCode.ACCESS else ""
    _line(f"error: {words(error)}{more}", style="bold red", styled="error:")


def words(error: BaseException) -> str:
    """Return an error on one line: Marketo's words, the operation and the request id, and when to come back."""
    parts: list[str]
    match error:
        case ArgumentError():
            option = _OPTIONS.get(error.argument, _option(error.argument))
            parts = [f"{option}: {error.given!r} is not allowed; {error.allowed}"]
        case MarketoError():
            shown = error.fresh()
            shown.position = None  # where there is something to go on from, the command says so in its own words
            parts = [str(shown)]
        case _:
            parts = [str(error) or type(error).__name__]
    resets_at: object = getattr(error, "resets_at", None)
    if isinstance(resets_at, datetime):
        parts.append(f"new calls from {resets_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC on (in {until(resets_at)})")
    parts += getattr(error, "__notes__", ())
    return " · ".join(" ".join(part.split()) for part in parts)


_OPTIONS = {
    "base_url": "MARKETO_BASE_URL or --base-url",
    "client_id": "MARKETO_CLIENT_ID or --client-id",
    "client_secret": "MARKETO_CLIENT_SECRET",
    "values": "VALUES",
    "program_id": "ID",
    "updated_from": "--updated-from",
}


def _option(argument: str) -> str:
    return f"--{argument.replace('_', '-')}"


def count(number: int, thing: str) -> str:
    """Return `1 program`, `2,000 programs`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def size(number: float) -> str:
    """Return a number of bytes for people."""
    for unit in _SIZES[:-1]:
        if number < _KILO:
            return f"{number:.0f} {unit}" if unit == "bytes" or number >= _KILO / 10 else f"{number:.1f} {unit}"
        number /= _KILO
    return f"{number:.1f} {_SIZES[-1]}"


def span(seconds: float) -> str:
    """Return a number of seconds for people: `3.4 s`, `2 min 5 s`, `3 h 20 min`."""
    if seconds < _MINUTE:
        return f"{seconds:.1f} s" if seconds < _MINUTE / 6 else f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min {int(seconds % _MINUTE)} s"
    return f"{int(seconds // _HOUR)} h {int(seconds % _HOUR // _MINUTE)} min"


def until(when: datetime) -> str:
    """Return how far an aware moment is away, for people."""
    return span(max(0.0, (when - datetime.now(UTC)).total_seconds()))


def counted(counts: Iterable[tuple[str, int]]) -> str:
    """Return `606: 3, 615: 1`."""
    return ", ".join(f"{name}: {number:,}" for name, number in counts)


def _line(text: str, *, style: str = "", styled: str = "") -> None:
    if styled and sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415 - only where there are colours
        from rich.text import Text  # noqa: PLC0415 - as above

        shown = Text(text)
        shown.stylize(style, 0, len(styled))
        Console(stderr=True, soft_wrap=True, highlight=False).print(shown)
        return
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()

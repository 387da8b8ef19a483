"""What every error means and what follows it, as tables in Markdown: asked of the code that decides, not copied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marketo_async.errors import (
    CODES,
    ApiError,
    ArgumentError,
    AuthenticationError,
    ClientStateError,
    ConnectionLostError,
    DailyBudgetError,
    DeadlineError,
    DecodeError,
    LimiterUnavailableError,
    ListingUnstableError,
    MarketoError,
    NotSentError,
    ProtocolError,
    ReadTimeoutError,
    RequestTooLargeError,
    UriTooLongError,
    error_class,
)
from marketo_async.transport.retry import Action, Attempt, RetryPolicy, Wait, action, decide
from marketo_async.wire.call import GET, POST, Call

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WITHOUT_CODE: tuple[type[MarketoError], ...] = (
    NotSentError,
    ConnectionLostError,
    ReadTimeoutError,
    ProtocolError,
    RequestTooLargeError,
    UriTooLongError,
    AuthenticationError,
    ApiError,
    DecodeError,
    ListingUnstableError,
    LimiterUnavailableError,
    DeadlineError,
    ArgumentError,
    ClientStateError,
    DailyBudgetError,
)
"""What is raised without a code of Marketo's, or with one that nobody has written down yet."""

EXPORT_MESSAGES = ("Too many jobs in queue", "Export daily quota exceeded", "Job already queued")
"""The three things that 1029 can say."""

_READ, _WRITE = GET("/rest/v1/leads.json"), POST("/rest/v1/leads.json")
_PATIENCE = RetryPolicy()
_HOW: dict[Action, str] = {"new token": "new token", "limiter": "limiter", "back off": "pause", "never": ""}
_COLUMNS = ("What it means", "A read", "A write", "Later?")


def markdown() -> str:
    """Return both tables: errors with codes of Marketo's, and those without."""
    coded = [(shown, *cells) for cells, shown in _grouped().items()]
    return "\n".join((
        *_table(("Code", "Error", *_COLUMNS), coded),
        "",
        *_table(("Without a code", *_COLUMNS), [_cells(_made(kind)) for kind in WITHOUT_CODE]),
    ))  # fmt: skip


def _grouped() -> dict[tuple[str, ...], str]:
    """Return the rows of all codes; codes that mean the same and are treated alike share one."""
    rows: dict[tuple[str, ...], str] = {}
    for code in sorted(CODES, key=int):
        for message in EXPORT_MESSAGES if code == "1029" else ("",):
            shown = f"{code} “{message}”" if message else code
            cells = _cells(error_class(code, message)(message, code=code))
            rows[cells] = f"{rows[cells]}, {shown}" if cells in rows else shown
    return rows


def _cells(error: MarketoError) -> tuple[str, ...]:
    kind = type(error)
    name = f"{{py:class}}`~marketo_async.{kind.__name__}`"
    return name, meaning(kind), follows(error, _READ), follows(error, _WRITE), _later(error)


def _made(kind: type[MarketoError]) -> MarketoError:
    return kind("argument", None, "") if kind is ArgumentError else kind("")


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [_line(columns), _line(["---"] * len(columns)), *(_line(row) for row in rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def meaning(kind: type[MarketoError]) -> str:
    """Return the first line of a class's docstring, without the codes it may begin with."""
    said = (kind.__doc__ or "").strip().partition("\n")[0]
    said = re.sub(r"^(?:HTTP )?\d{3}[^:]*: ", "", said)
    return said[:1].upper() + said[1:]


def follows(error: MarketoError, call: Call) -> str:
    """Return what `decide` does with a call after such an error, under the default policy.

    Such as "pause, 6 times" (sent again after a pause, up to six times in all), "limiter, 300 s" (for so long),
    "raised" (never sent again), or "**unknown**" (the same, and the error has `outcome_unknown`).
    """
    sent, elapsed, outcome = 1, 0.0, None
    while True:
        attempt = Attempt(number=sent, failures=sent, tokens=sent, elapsed=elapsed, jitter=0.0)
        outcome = decide(error, call, attempt, _PATIENCE)
        if not isinstance(outcome, Wait):
            break
        sent, elapsed = sent + 1, elapsed + outcome.seconds
    if sent == 1:
        return "**unknown**" if outcome.outcome_unknown else "raised"
    # A policy without a count of its own goes on as long as time allows.
    timed = elapsed > _PATIENCE.seconds - 10
    return f"{_HOW[action(error)]}, {f'{_PATIENCE.seconds:g} s' if timed else f'{sent} times'}"


def _later(error: MarketoError) -> str:
    if hasattr(type(error), "resets_at"):
        return "at `resets_at`"
    return "yes" if error.retryable else "no"

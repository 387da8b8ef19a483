from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import marketo_async.errors
from marketo_async.cli.exit_codes import MEANINGS, ExitCode, OutputError, UsageError, exit_code
from marketo_async.errors import ArgumentError, ClientStateError, DecodeError, MarketoError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli_caller import Ran

ERRORS = sorted(
    (kind for name in marketo_async.errors.__all__ if isinstance(kind := getattr(marketo_async.errors, name), type)),
    key=lambda kind: kind.__name__,
)
OURS_TO_MEND = {MarketoError, ClientStateError}


def made(kind: type[MarketoError]) -> MarketoError:
    if issubclass(kind, ArgumentError):
        return kind("name", "a,b", "no comma")
    return kind("no", path="$") if issubclass(kind, DecodeError) else kind("no")


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_of_its_class(kind: type[MarketoError]) -> None:
    """Every error that a user can meet ends the program with a code that says what to do, never with 1."""
    assert (exit_code(made(kind)) is ExitCode.UNEXPECTED) == (kind in OURS_TO_MEND)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ArgumentError", 2), ("AuthenticationError", 3), ("ExpiredTokenError", 3), ("AccessDeniedError", 3),
        ("NotFoundError", 4), ("ValidationError", 5), ("BusinessRuleError", 5), ("UriTooLongError", 5),
        ("RateLimitError", 6), ("ConcurrencyLimitError", 6), ("DailyQuotaError", 7), ("ServerError", 8),
        ("RequestTimeoutError", 8), ("NotSentError", 8), ("DecodeError", 9), ("ProtocolError", 9),
        ("DeadlineError", 10),
    ],
)  # fmt: skip
def test_codes_are_promised(name: str, code: int) -> None:
    """The codes are part of what the program promises: scripts branch on them."""
    assert exit_code(made(getattr(marketo_async.errors, name))) == code


def test_other_endings() -> None:
    """What is no error of Marketo's has a code as well."""
    assert exit_code(UsageError("x")) == 2
    assert exit_code(OutputError("x")) == 11
    assert exit_code(KeyboardInterrupt()) == 130
    assert exit_code(BrokenPipeError()) == 141
    assert exit_code(ValueError("x")) == 1


def test_help_lists_all_codes(run: Callable[..., Ran]) -> None:
    """`--help` shows the whole table, from the table itself."""
    told = run("--help")
    assert told.code == 0
    assert set(MEANINGS) == set(ExitCode)
    for code, meaning in MEANINGS.items():
        assert any(line.split() == [str(code.value), *meaning.split()] for line in told.out.splitlines()), meaning

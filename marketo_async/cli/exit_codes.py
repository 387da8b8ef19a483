"""Which exit code an error becomes: one table, which `--help` shows."""

from __future__ import annotations

from enum import IntEnum

from marketo_async.errors import (
    AccessDeniedError,
    ApiError,
    ArgumentError,
    AuthenticationError,
    CloneQuotaError,
    DailyQuotaError,
    DeadlineError,
    DecodeError,
    LimiterUnavailableError,
    ListingUnstableError,
    NotFoundError,
    ProtocolError,
    RequestTooLargeError,
    ThrottleError,
    TransientError,
    TransportError,
    UriTooLongError,
)


class UsageError(Exception):
    """The command cannot be carried out as it was given; nothing was sent."""


class OutputError(Exception):
    """What was read could not be written."""


class ExitCode(IntEnum):
    """What the process ends with."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    ACCESS = 3
    NOT_FOUND = 4
    REFUSED = 5
    THROTTLED = 6
    QUOTA = 7
    NETWORK = 8
    PROTOCOL = 9
    DEADLINE = 10
    OUTPUT = 11
    SKIPPED = 12
    UNKNOWN = 13
    INTERRUPTED = 130
    PIPE_CLOSED = 141


MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done",
    ExitCode.UNEXPECTED: "an error that nobody expected, or a check that found something wrong",
    ExitCode.USAGE: "the command, its options or the configuration; nothing was sent",
    ExitCode.ACCESS: "the credentials, or what they permit",
    ExitCode.NOT_FOUND: "it is not there",
    ExitCode.REFUSED: "Marketo refused the request",
    ExitCode.THROTTLED: "too many calls, still after waiting",
    ExitCode.QUOTA: "the day's calls are used up, until midnight US Central",
    ExitCode.NETWORK: "no connection, Marketo unavailable, or a listing that moves too fast: later may do",
    ExitCode.PROTOCOL: "an answer that is not as documented",
    ExitCode.DEADLINE: "--deadline passed",
    ExitCode.OUTPUT: "the output could not be written",
    ExitCode.SKIPPED: "some records were skipped, or would be: the results say why",
    ExitCode.UNKNOWN: "some records may have been written or not: the results say which",
    ExitCode.INTERRUPTED: "Ctrl-C (143: SIGTERM, 129: SIGHUP)",
    ExitCode.PIPE_CLOSED: "the reader of the output went away",
}

_TABLE: tuple[tuple[type[BaseException], ExitCode], ...] = (
    # The first line that fits decides: what is more special stands further up.
    (UsageError, ExitCode.USAGE),
    (ArgumentError, ExitCode.USAGE),
    (OutputError, ExitCode.OUTPUT),
    (AuthenticationError, ExitCode.ACCESS),
    (AccessDeniedError, ExitCode.ACCESS),
    (NotFoundError, ExitCode.NOT_FOUND),
    (DailyQuotaError, ExitCode.QUOTA),
    (CloneQuotaError, ExitCode.QUOTA),
    (ThrottleError, ExitCode.THROTTLED),
    (TransientError, ExitCode.NETWORK),
    (TransportError, ExitCode.NETWORK),
    (ListingUnstableError, ExitCode.NETWORK),
    (LimiterUnavailableError, ExitCode.NETWORK),
    (DeadlineError, ExitCode.DEADLINE),
    (RequestTooLargeError, ExitCode.REFUSED),
    (UriTooLongError, ExitCode.REFUSED),
    (DecodeError, ExitCode.PROTOCOL),
    (ProtocolError, ExitCode.PROTOCOL),
    (ApiError, ExitCode.REFUSED),
    (BrokenPipeError, ExitCode.PIPE_CLOSED),
    (KeyboardInterrupt, ExitCode.INTERRUPTED),
)


def exit_code(error: BaseException) -> ExitCode:
    """Return the exit code for an error."""
    return next((code for kind, code in _TABLE if isinstance(error, kind)), ExitCode.UNEXPECTED)

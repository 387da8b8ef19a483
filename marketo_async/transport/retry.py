"""What follows an error: one table and one pure function.

The table (design page, section 7). "Write" means a call that is neither a GET nor declared idempotent:

    600 601 602                       a new token, at most three different ones          reads and writes
    606 615 608                       back through the limiter, jittered                 reads and writes
    not sent                          exponential, full jitter                           reads and writes
    429 500 502 503 504 604 611 614
    713 1014 1022, lost connection,
    broken body                       exponential, full jitter                           reads only
    everything else                   never

A write whose row says "reads only" ends with `outcome_unknown`: Marketo may have done it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

import attrs

from marketo_async.errors import (
    ApiError,
    ArgumentError,
    ConnectionLostError,
    MarketoError,
    NotSentError,
    ProtocolError,
    ServerError,
)

if TYPE_CHECKING:
    from marketo_async.wire.call import Call

MAX_TOKENS = 3
"""Different access tokens that one call may try."""


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How long a call is repeated.

    Attributes:
        attempts: How often a failing call is sent at most, 1 to 100; 606, 615 and 608, which say that nothing was
            done, are bounded by `seconds` alone.
        seconds: No attempt starts later than this many seconds after the call began; the waiting for the limiter
            before the first attempt does not count.
        first_wait: The upper bound of the first wait in seconds; it doubles with every failure.
        longest_wait: The upper bound of any wait, in seconds.
    """

    attempts: int = 6
    seconds: float = 300.0
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.attempts <= 100:  # noqa: PLR2004 - the documented range
            raise ArgumentError("attempts", self.attempts, "1 to 100")
        for name in ("seconds", "first_wait", "longest_wait"):
            seconds: float = getattr(self, name)
            if not 0 <= seconds < float("inf"):
                raise ArgumentError(name, seconds, "seconds, 0 or more")

    @classmethod
    def never(cls) -> RetryPolicy:
        """Return the policy that sends every call once."""
        return cls(attempts=1, seconds=0)


@attrs.frozen
class Attempt:
    """What is known when an attempt has failed.

    Attributes:
        number: How many attempts were made, this one included.
        failures: How many of them failed for another reason than the limits or the token.
        tokens: How many different tokens were refused.
        elapsed: Seconds since the first attempt began.
        jitter: A random number from 0 to 1.
        alike: How many of the failures were of this error's kind; all of them unless given.
    """

    number: int
    failures: int
    tokens: int
    elapsed: float
    jitter: float
    alike: int = attrs.field(default=attrs.Factory(lambda self: self.failures, takes_self=True))


@attrs.frozen
class Wait:
    """Send it again after this many seconds."""

    seconds: float


@attrs.frozen
class GiveUp:
    """Raise the error; `outcome_unknown` where Marketo may have done what was asked."""

    outcome_unknown: bool = False


Action = Literal["new token", "limiter", "back off", "never"]

_ACTIONS: dict[str, Action] = {
    **dict.fromkeys(("600", "601", "602"), "new token"),
    **dict.fromkeys(("606", "615", "608"), "limiter"),
    **dict.fromkeys(
        ("429", "500", "502", "503", "504", "604", "611", "614", "713", "1014", "1022"),
        "back off",
    ),
}

_THROTTLE_WAITS: dict[str, tuple[float, float]] = {"606": (1.0, 3.0), "615": (0.2, 1.0), "608": (1.0, 5.0)}
"""Uniform waits in seconds before the call queues at the limiter again."""

_LAST_SECOND = 1.0
"""Seconds to wait when a second token was refused: for its last second identity hands out the one that was refused."""

_FEWER_ATTEMPTS = {"611": 3, "614": 4}
"""Codes that are often permanent: repeating them for minutes only hides that."""


def action(error: MarketoError) -> Action:
    """Return the row of the table that an error belongs to."""
    if isinstance(error, NotSentError | ConnectionLostError):
        return "back off"
    if isinstance(error, ServerError):  # whatever its number: proxies have some of their own, such as 520
        return "back off"
    if error.code is not None and isinstance(error, ApiError):
        return _ACTIONS.get(error.code, "never")
    if isinstance(error, ProtocolError) and error.retryable:
        return "back off"
    return "never"


def decide(error: MarketoError, call: Call, attempt: Attempt, policy: RetryPolicy) -> Wait | GiveUp:
    """Decide whether a call is sent again after an error, and when."""
    what = action(error)
    if what == "never":
        return GiveUp(outcome_unknown=_is_unknown(error) and not call.idempotent)
    if what == "new token":
        wait = 0.0 if attempt.tokens <= 1 else min(_LAST_SECOND, policy.longest_wait)
        fresh_token = attempt.tokens < MAX_TOKENS and attempt.elapsed + wait <= policy.seconds
        return Wait(wait) if fresh_token and policy.attempts > 1 else GiveUp()
    if what == "limiter":
        low, high = _THROTTLE_WAITS[error.code or "608"]
        wait = low + (high - low) * attempt.jitter
        within = attempt.elapsed + wait <= policy.seconds and policy.attempts > 1
        return Wait(wait) if within else GiveUp()
    if not call.idempotent and not isinstance(error, NotSentError):
        return GiveUp(outcome_unknown=True)
    wait = min(policy.longest_wait, policy.first_wait * 2 ** (attempt.failures - 1)) * attempt.jitter
    stubborn = attempt.alike >= _FEWER_ATTEMPTS.get(error.code or "", policy.attempts)
    if not stubborn and attempt.failures < policy.attempts and attempt.elapsed + wait <= policy.seconds:
        return Wait(wait)
    return GiveUp()


def leaves_open(error: MarketoError) -> bool:
    """Tell whether an attempt that was sent and ended so may have been carried out, be it a read or a write."""
    return _is_unknown(error) or (action(error) == "back off" and not isinstance(error, NotSentError))


def may_still_run(error: Exception | None) -> bool:
    """Tell whether the server may still be at work on an attempt that left its outcome open.

    It is not where Marketo itself answered, if only with half a JSON; a gateway, or nobody at all, answers for nothing.
    """
    if isinstance(error, ServerError):
        return True
    if isinstance(error, ProtocolError):
        return error.status is None or error.status >= HTTPStatus.BAD_REQUEST
    return not isinstance(error, ApiError)


def _is_unknown(error: MarketoError) -> bool:
    """Tell whether an error that is never repeated leaves open what happened.

    A lock time-out does (719), and an unheard-of HTTP status, unless it is one that blames the request (404).
    """
    if isinstance(error, ApiError):
        return error.code == "719"
    return isinstance(error, ProtocolError) and (error.status is None or error.status < HTTPStatus.BAD_REQUEST)

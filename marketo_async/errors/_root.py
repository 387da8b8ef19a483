"""The root of the tree, and what goes wrong before and around an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_E = TypeVar("_E", bound="MarketoError")


class MarketoError(Exception):
    """The root of every exception that this library raises.

    Attributes:
        message: What went wrong, in Marketo's words where it said something.
        code: Marketo's code as text, such as `"610"`; None where it sent none.
        request_id: Marketo's `requestId`, worth quoting to Adobe's support; None where there was no answer.
        status: The HTTP status; None where there was no answer.
        operation: The verb and the path template, such as `"GET /rest/asset/v1/program/{id}.json"`.
        attempts: How often the call was sent before giving up; 0 where nothing was sent.
        elapsed: Seconds from the start of the call to this error; None before a call began.
        outcome_unknown: True where Marketo may have done what was asked although no usable answer came.
        position: Where a listing stood: what `start=` takes to go on from there; in a write the index of the
            first record without a result. None elsewhere.
        partial: The items that a `collect()` had read so far, the results that it had; empty elsewhere.
    """

    retryable: bool = False
    """Whether the same call may succeed if it is sent again a little later."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        request_id: str | None = None,
        status: int | None = None,
        operation: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.request_id = request_id
        self.status = status
        self.operation = operation
        self.attempts: int = 0
        self.elapsed: float | None = None
        self.outcome_unknown: bool = False
        self.position: Any = None
        self.partial: Sequence[object] = ()

    def __str__(self) -> str:
        parts = [f"{self.code}: {self.message}" if self.code else self.message]
        if self.operation:
            parts.append(self.operation)
        if self.request_id:
            parts.append(f"request {self.request_id}")
        if self.attempts > 1:
            parts.append(f"{self.attempts} attempts")
        if self.outcome_unknown:
            parts.append("outcome unknown: Marketo may have done it")
        if self.position is not None:
            parts.append(f"at {self.position}")
        return " · ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by state, so that an error survives a process pool whatever its constructor takes."""
        return _rebuild, (type(self), self.args, dict(self.__dict__))

    def fresh(self) -> Self:
        """Return an equal error without traceback, for the next task that waits for the same outcome."""
        return _rebuild(type(self), self.args, dict(self.__dict__))


def _rebuild(kind: type[_E], args: tuple[object, ...], state: dict[str, object]) -> _E:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


# ---------------------------------------------------------------- before and around an answer


class ArgumentError(MarketoError, ValueError):
    """An argument that Marketo would refuse: says which, what was given and what is allowed. Nothing was sent."""

    def __init__(self, argument: str, given: object, allowed: str) -> None:
        try:
            shown = repr(given)
        except RecursionError:
            shown = f"<{type(given).__name__}, nested too deeply to show>"
        if len(shown) > _SHOWN:
            shown = f"{shown[:_SHOWN]}… ({len(shown)} characters)"
        super().__init__(f"{argument}={shown} is not allowed: {allowed}")
        self.argument = argument
        self.given = given
        self.allowed = allowed


_SHOWN = 80


class ClientStateError(MarketoError, RuntimeError):
    """The client was used before `async with`, after it, on another event loop or after a fork. Nothing was sent."""


class DeadlineError(MarketoError, TimeoutError):
    """The deadline of the whole call passed; `outcome_unknown` says whether something may have been done."""


class DecodeError(MarketoError):
    """A record that does not have the documented shape.

    Attributes:
        path: Where, as a JSON path such as `"$.result[3].folder.value"`.
        raw: The whole record as Marketo sent it.
    """

    def __init__(self, message: str, *, path: str = "$", raw: object = None) -> None:
        super().__init__(f"{path}: {message}")
        self.reason = message
        self.path = path
        self.raw = raw


class LimiterUnavailableError(MarketoError):
    """Redis, over which limits are shared, cannot be used, and going on without it was ruled out. Nothing was sent."""

    retryable = True


class ListingUnstableError(MarketoError):
    """The listing moves faster than it can be read; `position` says how far it was read without a gap."""

    retryable = True


class TransportError(MarketoError):
    """No answer arrived."""

    retryable = True


class NotSentError(TransportError):
    """The connection could not be made: nothing left this machine, so every call may be repeated."""


class ConnectionLostError(TransportError):
    """The connection broke after the request may have left: Marketo may have done what was asked."""


class ReadTimeoutError(ConnectionLostError):
    """The read time-out passed: the server may still be working on the call."""


class ProtocolError(MarketoError):
    """An answer that is not Marketo's envelope: an HTML page, half a JSON, an empty body.

    Attributes:
        body_start: The first 200 characters of the body.
    """

    retryable = True
    body_start: str = ""

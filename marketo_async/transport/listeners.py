"""Tells those who asked for it of every attempt; what they do with it cannot hurt a call."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from marketo_async.errors import (
    ApiError,
    ArgumentError,
    ClientStateError,
    MarketoError,
    NotSentError,
    ProtocolError,
    ServerError,
)
from marketo_async.transport.events import CallEvent
from marketo_async.wire.envelope import Envelope

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.transport.events import CallOutcome
    from marketo_async.transport.limits import Lease
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import HttpAnswer
    from marketo_async.wire.request import HttpRequest

logger = logging.getLogger("marketo_async")


@attrs.frozen
class Before:
    """What an attempt's own call went through before it.

    Attributes:
        number: Which attempt it is, from 1.
        paused: Seconds that the call rested after the attempt before.
        after: The class name of what that one ended with.
    """

    number: int = 1
    paused: float = 0.0
    after: str | None = None


class Listeners:
    """Those who are told of every attempt of one client; false where there are none, and then nothing is made.

    Args:
        given: One function, several, or None; each takes a `CallEvent` and does not wait.
        origin: Whom the client calls.

    Raises:
        ArgumentError: one of them cannot be called, or would have to be awaited.
    """

    def __init__(
        self, given: Callable[[CallEvent], object] | Iterable[Callable[[CallEvent], object]] | None, origin: str
    ) -> None:
        self._hooks = _hooks(given)
        self._origin = origin
        self._complained: set[tuple[int, type[BaseException]]] = set()

    def __bool__(self) -> bool:
        return bool(self._hooks)

    def tell(
        self,
        call: Call,
        request: HttpRequest,
        before: Before,
        ending: Envelope | BaseException | None,
        *,
        lease: Lease | None,
        sent_at: float | None,
        answer: HttpAnswer | None,
    ) -> None:
        """Tell that an attempt has ended; nothing that a listener raises reaches the call.

        Args:
            call: What was asked.
            request: The same as bytes.
            before: Which attempt it was.
            ending: What it ended with; None for a success that has no envelope, as identity's.
            lease: What the limiter granted; None where it was not asked.
            sent_at: Loop time at which the request began to leave; None where it did not.
            answer: What came; None where nothing did.
        """
        # One look at the wall clock: were there two, a clock that is set in between would make a wrong duration.
        ended_at = datetime.now(UTC)
        seconds = 0.0 if sent_at is None else asyncio.get_running_loop().time() - sent_at
        failure = ending if isinstance(ending, BaseException) else None
        envelope = None if isinstance(ending, BaseException) else ending
        error = failure if isinstance(failure, MarketoError) else None
        event = CallEvent(
            operation=call.operation,
            template=call.template,
            method=request.method,
            api=call.api,
            lane=None if lease is None else lease.lane,
            attempt=before.number,
            outcome=_outcome(failure, sent=sent_at is not None, answered=answer is not None),
            error=None if failure is None else type(failure).__name__,
            code=None if error is None else error.code,
            status=None if answer is None else answer.status,
            request_id=_request_id(ending),
            records=None if envelope is None else len(envelope.result),
            waited=0.0 if lease is None else lease.waited,
            paused=before.paused,
            after=before.after,
            seconds=seconds,
            sent_at=None if sent_at is None else ended_at - timedelta(seconds=seconds),
            ended_at=ended_at,
            bytes_sent=len(request.body),
            bytes_received=0 if answer is None else len(answer.body),
            origin=self._origin,
        )
        for hook in self._hooks:
            try:
                _call(hook, event)
            except (Exception, asyncio.CancelledError) as trouble:  # noqa: BLE001 - somebody else's code must not hurt a call
                self._complain(hook, trouble)

    def _complain(self, hook: Callable[[CallEvent], object], error: BaseException) -> None:
        """Log a listener's failure, once for each kind; without its words, for they may quote anything."""
        kind = (id(hook), type(error))
        if kind not in self._complained:
            self._complained.add(kind)
            logger.warning(
                "on_call: %s raised %s at %s; the call goes on, and this is not said again",
                _name(hook),
                type(error).__name__,
                _place(error),
            )


def _call(hook: Callable[[CallEvent], object], event: CallEvent) -> None:
    made = hook(event)
    if inspect.iscoroutine(made):  # of a function that did not look like one
        made.close()
        raise TypeError("it would have to be awaited")


_DO_NOTHING_WHEN_CALLED = (inspect.iscoroutinefunction, inspect.isasyncgenfunction, inspect.isgeneratorfunction)
"""Functions whose call makes something that somebody would have to wait for, or to go through."""


def _hooks(given: object) -> tuple[Callable[[CallEvent], object], ...]:
    if given is None:
        return ()
    allowed = "a function that takes a CallEvent, or several"
    if not callable(given) and not isinstance(given, Iterable):
        raise ArgumentError("on_call", given, allowed)
    hooks: tuple[Callable[[CallEvent], object], ...] = (given,) if callable(given) else tuple(given)
    for hook in hooks:
        if not callable(hook):
            raise ArgumentError("on_call", hook, allowed)
        called = getattr(hook, "__call__", None)  # noqa: B004 - its kind is asked for, not whether it is there
        if any(kind(hook) or kind(called) for kind in _DO_NOTHING_WHEN_CALLED):
            raise ArgumentError("on_call", _name(hook), "a plain function: nobody waits for it")
    return hooks


def _outcome(failure: BaseException | None, *, sent: bool, answered: bool) -> CallOutcome:
    if failure is None:
        return "ok"
    if not sent or isinstance(failure, NotSentError | ClientStateError):
        return "not sent"
    if isinstance(failure, ApiError) and not isinstance(failure, ServerError):
        return "refused"
    return "failed" if answered or isinstance(failure, ProtocolError) else "unknown"


def _request_id(ending: Envelope | BaseException | None) -> str | None:
    return ending.request_id if isinstance(ending, Envelope | MarketoError) else None


def _name(hook: object) -> str:
    return getattr(hook, "__qualname__", None) or type(hook).__qualname__


def _place(error: BaseException) -> str:
    """Return file and line of where an error was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"

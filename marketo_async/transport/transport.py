"""The way of a call: place and slot, token, send, open the envelope, decide; again until it is decided."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

from marketo_async.errors import ArgumentError, CloneQuotaError, DailyQuotaError, DeadlineError, ExportQuotaError
from marketo_async.transport.attempts import Failure
from marketo_async.transport.retry import Attempt, Wait, action, decide
from marketo_async.wire.central import next_central_midnight
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from marketo_async.errors import MarketoError
    from marketo_async.transport.attempts import Attempts
    from marketo_async.transport.limits import Limiter
    from marketo_async.transport.retry import RetryPolicy
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope


@attrs.frozen(kw_only=True)
class CallOptions:
    """What may differ from call to call.

    Attributes:
        deadline: Seconds for a whole call, waiting and retries included; None waits as long as it takes.
        read_timeout: Seconds to wait for bytes of an answer; None takes the operation's own or the client's.
    """

    deadline: float | None = None
    read_timeout: float | None = None

    def __attrs_post_init__(self) -> None:
        for name in ("deadline", "read_timeout"):
            seconds: float | None = getattr(self, name)
            if seconds is not None and not 0 < seconds < float("inf"):
                raise ArgumentError(name, seconds, "more than 0 seconds, or None")


@attrs.define
class _Journey:
    """What one call has been through so far."""

    began: float
    first_attempt: float | None = None
    attempts: int = 0
    failures: int = 0
    tokens: int = 0
    in_flight: bool = False
    last_error: MarketoError | None = None
    codes: Counter[str | None] = attrs.Factory(Counter)


class Transport:
    """Carries calls out within the limits, with the shared token, and repeats what may be repeated."""

    def __init__(self, attempts: Attempts, retries: RetryPolicy, options: CallOptions) -> None:
        self.attempts = attempts
        self._retries = retries
        self._options = options

    @property
    def limiter(self) -> Limiter:
        """The limiter that every attempt passes."""
        return self.attempts.limiter

    def with_options(self, *, deadline: float | None = None, read_timeout: float | None = None) -> Transport:
        """Return a transport over the same connections, token and limits; an option that is None stays as it is."""
        before = self._options
        options = CallOptions(
            deadline=before.deadline if deadline is None else deadline,
            read_timeout=before.read_timeout if read_timeout is None else read_timeout,
        )
        return Transport(self.attempts, self._retries, options)

    async def send(self, call: Call) -> Envelope:
        """Carry out one call and return Marketo's answer.

        Raises:
            MarketoError: in the class that says what happened; `attempts`, `elapsed` and `outcome_unknown` are set.
        """
        self.attempts.check_usable()
        # Slow operations bring a longer time of their own; it never shortens the client's.
        usual = max(call.read_timeout or 0.0, self.attempts.read_timeout)
        call = attrs.evolve(call, read_timeout=self._options.read_timeout or usual)
        journey = _Journey(asyncio.get_running_loop().time())
        if self._options.deadline is None:
            return await self._carry_out(call, journey)
        try:
            async with asyncio.timeout(self._options.deadline):
                return await self._carry_out(call, journey)
        except TimeoutError:
            raise self._too_late(call, journey) from journey.last_error

    async def _carry_out(self, call: Call, journey: _Journey) -> Envelope:
        clock = asyncio.get_running_loop().time
        request = encode(call)
        while True:
            try:
                lease = await self.limiter.acquire(call.lane, opening=call.opening)
            except DailyQuotaError as error:
                error.operation, error.attempts, error.elapsed = (
                    call.operation,
                    journey.attempts,
                    clock() - journey.began,
                )
                raise error from journey.last_error
            # From here to the attempt's own task there is no await: the lease cannot be lost.
            journey.attempts += 1
            if journey.first_attempt is None:
                journey.first_attempt = clock()
            journey.in_flight = True
            outcome = await self.attempts.outcome(call, lease, request, journey.attempts)
            journey.in_flight = False
            if not isinstance(outcome, Failure):
                return outcome
            await asyncio.sleep(self._wait_after(outcome, call, journey, clock()))

    def _wait_after(self, failure: Failure, call: Call, journey: _Journey, now: float) -> float:
        """Return the seconds to wait before the next attempt, or raise the error for good."""
        error = journey.last_error = failure.error
        what = action(error)
        journey.codes[error.code] += 1
        journey.tokens += what == "new token"
        journey.failures += what not in {"new token", "limiter"}
        since_first = 0.0 if journey.first_attempt is None else now - journey.first_attempt
        if failure.sent:
            attempt = Attempt(
                journey.attempts,
                journey.failures,
                journey.tokens,
                since_first,
                random.random(),
                alike=journey.codes[error.code],
            )
            decision = decide(error, call, attempt, self._retries)
            if isinstance(decision, Wait) and self._in_time(decision.seconds, journey, now):
                return decision.seconds
            error.outcome_unknown = not isinstance(decision, Wait) and decision.outcome_unknown
            error.attempts = journey.attempts
        error.elapsed = now - journey.began
        if isinstance(error, DailyQuotaError | ExportQuotaError | CloneQuotaError) and error.resets_at is None:
            # The answer had no Date header; this machine's clock is the next best.
            error.resets_at = next_central_midnight(datetime.now(UTC))
        raise error

    def _in_time(self, wait: float, journey: _Journey, now: float) -> bool:
        """Tell whether a wait ends before the deadline; if not, the error at hand says more than a DeadlineError."""
        deadline = self._options.deadline
        return deadline is None or now + wait < journey.began + deadline

    def _too_late(self, call: Call, journey: _Journey) -> DeadlineError:
        error = DeadlineError(f"not done within {self._options.deadline:g} s", operation=call.operation)
        error.attempts = journey.attempts
        error.elapsed = asyncio.get_running_loop().time() - journey.began
        error.outcome_unknown = journey.in_flight and not call.idempotent
        return error

"""The way of a call: place and slot, token, send, open the envelope, decide; again until it is decided."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

from marketo_async.errors import (
    ArgumentError,
    ClientStateError,
    CloneQuotaError,
    DailyQuotaError,
    DeadlineError,
    ExportQuotaError,
)
from marketo_async.transport.attempts import Failure
from marketo_async.transport.listeners import Before
from marketo_async.transport.retry import Attempt, Wait, action, decide, leaves_open, may_still_run
from marketo_async.wire.central import next_central_midnight
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from marketo_async.errors import MarketoError
    from marketo_async.transport.attempts import Attempts, Outcome
    from marketo_async.transport.limits import Lease, Limiter
    from marketo_async.transport.retry import RetryPolicy
    from marketo_async.wire.call import Call, Lane
    from marketo_async.wire.envelope import Envelope


@attrs.frozen(kw_only=True)
class CallOptions:
    """What may differ from call to call.

    Attributes:
        deadline: Seconds for a whole call, waiting and retries included; None waits as long as it takes.
        read_timeout: Seconds to wait for bytes of an answer; None takes the operation's own or the client's.
        lane: The limiter's lane that every call takes; None takes each operation's own.
    """

    deadline: float | None = None
    read_timeout: float | None = None
    lane: Lane | None = None

    def __attrs_post_init__(self) -> None:
        for name in ("deadline", "read_timeout"):
            seconds: float | None = getattr(self, name)
            if seconds is not None and not 0 < seconds < float("inf"):
                raise ArgumentError(name, seconds, "more than 0 seconds, or None")
        if self.lane not in {None, "interactive", "bulk"}:
            raise ArgumentError("lane", self.lane, "'interactive', 'bulk' or None")


@attrs.define
class Journey:
    """What one call has been through so far.

    Attributes:
        attempt: The attempt that is out; also the one that was when its caller walked away. None while none is.
        lease: The last attempt's; None before the first one.
        departed_at: Loop time at which the last attempt began; None before the first one.
        left_open: Whether the last attempt failed and may have been carried out all the same.
        unsure: Whether any attempt failed and may have been carried out all the same.
    """

    began: float = 0.0
    first_attempt: float | None = None
    attempts: int = 0
    failures: int = 0
    tokens: int = 0
    paused: float = 0.0
    attempt: asyncio.Task[Outcome] | None = None
    lease: Lease | None = None
    departed_at: float | None = None
    left_open: bool = False
    unsure: bool = False
    last_error: MarketoError | None = None
    codes: Counter[str | None] = attrs.Factory(Counter)

    def depart(self, attempt: asyncio.Task[Outcome]) -> None:
        """Take down that an attempt is out."""
        self.attempt = attempt
        self.departed_at = asyncio.get_running_loop().time()

    @property
    def out(self) -> bool:
        """Whether an attempt is out whose request has begun to leave, or was when its caller walked away."""
        return self.attempt is not None and self.lease is not None and self.lease.left

    def settled_at(self, call: Call) -> float:
        """Return the loop time at which the server can no longer be at work on the last attempt."""
        return (self.departed_at or 0.0) + call.server_limit


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

    @property
    def deadline(self) -> float | None:
        """Seconds for a whole call; None where it may take as long as it takes."""
        return self._options.deadline

    def with_options(
        self, *, deadline: float | None = None, read_timeout: float | None = None, lane: Lane | None = None
    ) -> Transport:
        """Return a transport over the same connections, token and limits; an option that is None stays as it is."""
        before = self._options
        options = CallOptions(
            deadline=before.deadline if deadline is None else deadline,
            read_timeout=before.read_timeout if read_timeout is None else read_timeout,
            lane=before.lane if lane is None else lane,
        )
        return Transport(self.attempts, self._retries, options)

    async def send(self, call: Call, journey: Journey | None = None) -> Envelope:
        """Carry out one call and return Marketo's answer.

        Args:
            call: The call.
            journey: A new one, for who wants to know afterwards how it went.

        Raises:
            MarketoError: in the class that says what happened; `attempts`, `elapsed` and `outcome_unknown` are set.
        """
        self.attempts.check_usable()
        # Slow operations bring a longer time of their own; it never shortens the client's.
        usual = max(call.read_timeout or 0.0, self.attempts.read_timeout)
        call = attrs.evolve(call, read_timeout=self._options.read_timeout or usual)
        if self._options.lane is not None:
            call = call.in_lane(self._options.lane)
        journey = journey or Journey()
        journey.began = asyncio.get_running_loop().time()
        waiting = self.attempts.waiting
        bound = asyncio.timeout(self._options.deadline)
        try:
            async with bound:
                waiting.add(bound)
                return await self._carry_out(call, journey, bound)
        except TimeoutError:
            if not bound.expired():  # somebody else's, such as a token store's
                raise
            raise self._ended_early(call, journey) from journey.last_error
        finally:
            waiting.discard(bound)

    async def _carry_out(self, call: Call, journey: Journey, bound: asyncio.Timeout) -> Envelope:
        clock, waiting = asyncio.get_running_loop().time, self.attempts.waiting
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
            waiting.discard(bound)
            journey.attempts += 1
            journey.lease = lease
            if journey.first_attempt is None:
                journey.first_attempt = clock()
            failed = journey.last_error
            before = Before(journey.attempts, journey.paused, None if failed is None else type(failed).__name__)
            outcome = await self.attempts.outcome(call, lease, request, before, journey.depart)
            journey.attempt = None
            if not isinstance(outcome, Failure):
                return outcome
            journey.paused = self._wait_after(outcome, call, journey, clock())
            waiting.add(bound)
            await asyncio.sleep(journey.paused)

    def _wait_after(self, failure: Failure, call: Call, journey: Journey, now: float) -> float:
        """Return the seconds to wait before the next attempt, or raise the error for good."""
        error = journey.last_error = failure.error
        journey.left_open = failure.sent and leaves_open(error)
        journey.unsure |= journey.left_open
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
            wait = decision.seconds if isinstance(decision, Wait) else 0.0
            if call.settles and journey.left_open and may_still_run(error):
                wait = max(wait, journey.settled_at(call) - now)
            if isinstance(decision, Wait) and self._in_time(wait, journey, now):
                return wait
            error.outcome_unknown = not isinstance(decision, Wait) and decision.outcome_unknown
            error.attempts = journey.attempts
        error.elapsed = now - journey.began
        if isinstance(error, DailyQuotaError | ExportQuotaError | CloneQuotaError) and error.resets_at is None:
            # The answer had no Date header; this machine's clock is the next best.
            error.resets_at = next_central_midnight(datetime.now(UTC))
        raise error

    def _in_time(self, wait: float, journey: Journey, now: float) -> bool:
        """Tell whether a wait ends before the deadline and the client do; if not, the error at hand says more."""
        deadline = self._options.deadline
        return not self.attempts.closed and (deadline is None or now + wait < journey.began + deadline)

    def _ended_early(self, call: Call, journey: Journey) -> MarketoError:
        """Return the error of a call that met its deadline, or was turned away by a client that closes."""
        error: MarketoError
        elapsed, deadline = asyncio.get_running_loop().time() - journey.began, self._options.deadline
        if self.attempts.closed and (deadline is None or elapsed < deadline):
            error = ClientStateError("the client was closed while the call waited", operation=call.operation)
        else:
            error = DeadlineError(f"not done within {deadline or 0:g} s", operation=call.operation)
        error.attempts = journey.attempts
        error.elapsed = elapsed
        error.outcome_unknown = journey.out and not call.idempotent
        return error

"""Single attempts: tasks of the client's own, which nobody cancels.

A caller that is cancelled or times out walks away; its attempt finishes, its answer is dropped, its lease ends as it
should. So the place stays taken for as long as the server works on the call, and the connection pool never sees a
cancelled request.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import attrs

from marketo_async.errors import (
    ClientStateError,
    DailyQuotaError,
    InvalidTokenError,
    MarketoError,
    NotSentError,
    ProtocolError,
    ReadTimeoutError,
    TransportError,
)
from marketo_async.transport.closing import Closing, outlast
from marketo_async.transport.day_cache import DayCache
from marketo_async.transport.home import Home
from marketo_async.transport.owned_tasks import start
from marketo_async.transport.tokens import Tokens
from marketo_async.wire.envelope import Envelope, HttpAnswer, open_envelope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from marketo_async.records.access_token import AccessToken
    from marketo_async.transport.http import Http
    from marketo_async.transport.limits import Lease, Limiter
    from marketo_async.transport.listeners import Before, Listeners
    from marketo_async.transport.secret import Secret
    from marketo_async.transport.timeouts import Timeouts
    from marketo_async.wire.call import Call
    from marketo_async.wire.request import HttpRequest

_T = TypeVar("_T")

logger = logging.getLogger("marketo_async")


@attrs.frozen
class Failure:
    """How an attempt ended without a usable answer; `sent` is False where it never left, for want of a token."""

    error: MarketoError
    sent: bool


Outcome: TypeAlias = "Envelope | Failure"


class Attempts:
    """Owns the tasks, the connections and the token of one client, on one event loop.

    Attributes:
        limiter: The limiter that grants places and slots.
        tokens: The shared access token.
        read_timeout: Seconds to wait for bytes of an answer, unless a call has a longer time of its own.
        kept: Answers that are good for a day, such as schemas.
    """

    def __init__(
        self,
        http: Http,
        limiter: Limiter,
        fetch_token: Callable[[Http], Awaitable[AccessToken]],
        *,
        timeouts: Timeouts,
        owns_limiter: bool,
        listeners: Listeners,
    ) -> None:
        self.limiter = limiter
        self.tokens = Tokens(lambda: fetch_token(http), lambda refresh: start(refresh, self._owned))
        self._http = http
        self.read_timeout = timeouts.read
        self._close_timeout = timeouts.close
        self._closing = Closing(timeouts.close)
        self._owns_limiter = owns_limiter
        self._listeners = listeners
        self._owned: set[asyncio.Task[object]] = set()
        self._walks: set[asyncio.Task[object]] = set()
        self.kept = DayCache(self.walk)
        self._home = Home()

    async def open(self) -> None:
        """Bind to the running loop and pay the costs of first use."""
        self._home.enter(closed=self.closed)
        await self._http.open()
        if self.closed:  # meanwhile, when there was nothing to close yet
            await self._http.aclose()
            raise ClientStateError("the client is closed")

    @property
    def closed(self) -> bool:
        """Whether the client closes, or is closed: what waits for another attempt has waited in vain."""
        return self._closing.begun

    @property
    def waiting(self) -> set[asyncio.Timeout]:
        """The bounds of calls that wait for something other than an answer; closing ends those waits."""
        return self._closing.waiting

    def check_usable(self) -> None:
        """Refuse a call from where this client cannot work.

        Raises:
            ClientStateError: not entered yet, closed, another event loop, or another process.
        """
        self._home.check(closed=self.closed)

    async def outcome(
        self,
        call: Call,
        lease: Lease,
        request: HttpRequest,
        before: Before,
        departed: Callable[[asyncio.Task[Outcome]], object],
    ) -> Outcome:
        """Make one attempt and wait for its outcome; the caller may be cancelled, the attempt goes on if it was sent.

        There is no await before the attempt is a task of its own, which ends the lease whatever happens. `departed` is
        told of that task, for a caller that walks away and wants to know nevertheless.
        """
        try:
            self.check_usable()
        except ClientStateError:
            lease.unsent()
            raise
        attempt = start(self._attempt(call, lease, request, before), self._owned)
        departed(attempt)
        try:
            await asyncio.wait((attempt,))
        except asyncio.CancelledError:
            lease.forgo()
            raise
        if attempt.cancelled():
            error = ClientStateError("the client was closed while the call was out", operation=call.operation)
            error.outcome_unknown = lease.left and not call.idempotent
            raise error
        return attempt.result()

    def walk(self, coroutine: Coroutine[object, object, _T]) -> asyncio.Task[_T]:
        """Start a task that only waits for attempts, such as the fetching of a page ahead; it may be cancelled."""
        return start(coroutine, self._walks)

    async def aclose(self) -> None:
        """Wait for what is out, at most `close_timeout` seconds, then let go. Closing twice is closing once."""
        await self._closing.once(self._close)

    async def _close(self) -> None:
        try:
            self._closing.turn_away()
            if self._owns_limiter:
                await self.limiter.aclose()
            for task in tuple(self._walks):
                task.cancel()
            await self._closing.wait_for({*self._owned, *self._walks})
        finally:
            await self._let_go()

    async def _let_go(self) -> None:
        try:
            if self._owned and self._http.owns_client:
                logger.warning("%d calls were still out when the client closed", len(self._owned))
                for task in tuple(self._owned):
                    task.cancel()
                await asyncio.wait({*self._owned, *self._walks}, timeout=self._close_timeout)
        finally:
            closing = asyncio.get_running_loop().create_task(self._http.aclose())
            await outlast(closing)
            closing.result()

    async def _attempt(self, call: Call, lease: Lease, request: HttpRequest, before: Before) -> Outcome:
        clock = asyncio.get_running_loop().time
        started, number = clock(), before.number
        sent_at: float | None = None
        answer: HttpAnswer | None = None
        try:
            token = await self._token(lease)
            # A lease that has lapsed is repeated, like a call that found no connection.
            sent_at = None if lease.forgone else lease.granted_at
            lease.sending()
            sent_at = lease.sent_at
            answer = await self._send(call, lease, request, token)
            envelope = self._opened(call, lease, answer, token)
            outcome: Outcome = envelope
            said, request_id = "ok", envelope.request_id
            for warning in envelope.warnings:
                logger.info("%s warns: %s request=%s", call.operation, warning, request_id)
        except MarketoError as error:
            error.operation = error.operation or call.operation
            outcome = Failure(error, sent_at is not None)
            said, request_id = error.code or type(error).__name__, error.request_id
        except BaseException as error:
            logger.debug("%s -> %s attempt=%d", call.operation, type(error).__name__, number)
            if self._listeners:
                self._listeners.tell(call, request, before, error, lease=lease, sent_at=sent_at, answer=answer)
            raise
        seconds = clock() - started
        logger.debug("%s -> %s request=%s seconds=%.3f attempt=%d", call.operation, said, request_id, seconds, number)
        if self._listeners:
            ending = outcome.error if isinstance(outcome, Failure) else outcome
            self._listeners.tell(call, request, before, ending, lease=lease, sent_at=sent_at, answer=answer)
        return outcome

    async def _token(self, lease: Lease) -> Secret:
        try:
            return await self.tokens.get()
        except BaseException:
            lease.unsent()
            raise

    async def _send(self, call: Call, lease: Lease, request: HttpRequest, token: Secret) -> HttpAnswer:
        try:
            return await self._http.send(request, token=token, read_timeout=call.read_timeout)
        except (NotSentError, ClientStateError):
            lease.unsent()
            raise
        except ReadTimeoutError:
            lease.unknown(call.server_limit)
            raise
        except (TransportError, ProtocolError):
            lease.unknown(0)  # the connection is gone: the server is done with the call
            raise
        except BaseException:
            lease.unknown(call.server_limit)
            raise

    def _opened(self, call: Call, lease: Lease, answer: HttpAnswer, token: Secret) -> Envelope:
        try:
            envelope = open_envelope(answer, call.operation)
        except MarketoError as error:
            resets_at = error.resets_at if isinstance(error, DailyQuotaError) else None
            lease.answered(error.code, resets_at=resets_at)
            if isinstance(error, InvalidTokenError):
                self.tokens.refused(token)
            raise
        lease.answered()
        return envelope

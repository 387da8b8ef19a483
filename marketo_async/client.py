"""The client: builds the transport, and has one property per group of the Marketo reference."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Self

from marketo_async.api.groups import Groups
from marketo_async.errors import ArgumentError
from marketo_async.transport.attempts import Attempts
from marketo_async.transport.credentials import Credentials, origin_of
from marketo_async.transport.http import Http
from marketo_async.transport.identity import token_fetcher
from marketo_async.transport.limits import Limiter, Limits
from marketo_async.transport.listeners import Listeners
from marketo_async.transport.retry import RetryPolicy
from marketo_async.transport.secret import Secret
from marketo_async.transport.timeouts import Timeouts
from marketo_async.transport.token_store import TokenOwner, shared_fetcher
from marketo_async.transport.transport import CallOptions, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    import httpx

    from marketo_async.transport.events import CallEvent
    from marketo_async.transport.token_store import TokenStore
    from marketo_async.wire.call import Lane

_ENVIRONMENT = {
    "base_url": "MARKETO_BASE_URL",
    "client_id": "MARKETO_CLIENT_ID",
    "client_secret": "MARKETO_CLIENT_SECRET",
}


_MUNCHKIN_ID = re.compile(r"\d{3}-[a-z]{3}-\d{3}")


def _check_shared(limiter: object, token_store: object, origin: str) -> None:
    """Refuse what cannot be shared, before the first call does."""
    if limiter is not None and not isinstance(limiter, Limiter):
        raise ArgumentError("limiter", limiter, "a Limiter or a RedisLimiter; limits go to `limits`")
    if limiter is not None and limiter.instance is not None:
        # Names may be anything; two Munchkin ids are two instances.
        theirs, ours = _MUNCHKIN_ID.fullmatch(limiter.instance), _MUNCHKIN_ID.search(origin)
        if theirs and ours and theirs[0] != ours[0]:
            allowed = f"one of {ours[0]}, which has limits of its own"
            raise ArgumentError("limiter", f"a limiter of {limiter.instance}", allowed)
    if token_store is not None and not hasattr(token_store, "token"):
        raise ArgumentError("token_store", type(token_store), "a TokenStore, such as RedisTokenStore(redis=...)")


class MarketoClient(Groups):
    """A client of one Marketo instance, used as `async with MarketoClient(...) as marketo:`.

    One client serves any number of tasks of one event loop: they share one access token and one limiter.

    Args:
        base_url: The address of the instance as Marketo's pages show it, with or without `/rest` or `/identity`;
            https, except for this machine itself.
        client_id: The client id of the custom service.
        client_secret: Its secret; it goes to identity in a form body and nowhere else.
        limits: The limits to keep; by default Marketo's own, with small reserves for single calls.
        limiter: A limiter shared with other clients of the same instance; excludes `limits`.
        timeout: How long a single attempt waits for the network.
        deadline: Seconds for a whole call, waiting and retries included; None waits as long as it takes.
        retries: How long failing calls are repeated.
        http_client: Your own `httpx.AsyncClient`, for a proxy, mutual TLS or HTTP/2. It must be this client's alone,
            with a pool of at least as many connections as the limits allow calls at once; you close it. Redirects,
            authentication, time-outs, headers and cookies are set per request and not taken from it.
        on_call: Called with a `CallEvent` after every attempt of every call, identity's included: one function or
            several, which return at once, for the event loop waits meanwhile. What they raise is logged and dropped.
        token_store: Where several clients share their access token, such as a `RedisTokenStore`; you close it.

    Raises:
        ArgumentError: an argument cannot be right; nothing is sent.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        *,
        limits: Limits | None = None,
        limiter: Limiter | None = None,
        timeout: Timeouts | None = None,
        deadline: float | None = None,
        retries: RetryPolicy | None = None,
        http_client: httpx.AsyncClient | None = None,
        on_call: Callable[[CallEvent], object] | Iterable[Callable[[CallEvent], object]] | None = None,
        token_store: TokenStore | None = None,
    ) -> None:
        secret = Secret(client_secret)
        del client_secret  # from here on no traceback that shows variables can show it
        if limits is not None and limiter is not None:
            raise ArgumentError("limiter", "a limiter beside limits", "one of the two: a limiter has limits of its own")
        origin = origin_of(base_url)
        _check_shared(limiter, token_store, origin)
        credentials = Credentials(client_id, secret)
        retries = retries or RetryPolicy()
        times = timeout or Timeouts()
        shared = limiter or Limiter(limits)
        listeners = Listeners(on_call, origin)
        http = Http(origin, client=http_client, connections=shared.limits.max_concurrency, timeouts=times)
        fetch = token_fetcher(credentials, retries, listeners)
        if token_store is not None:
            fetch = shared_fetcher(token_store, TokenOwner(origin, client_id, secret), fetch)
        attempts = Attempts(
            http,
            shared,
            fetch,
            timeouts=times,
            owns_limiter=limiter is None,
            listeners=listeners,
        )
        super().__init__(Transport(attempts, retries, CallOptions(deadline=deadline)))
        self._attempts = attempts
        self._origin = origin

    @classmethod
    def from_env(
        cls,
        *,
        environ: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        limiter: Limiter | None = None,
        timeout: Timeouts | None = None,
        deadline: float | None = None,
        retries: RetryPolicy | None = None,
        http_client: httpx.AsyncClient | None = None,
        on_call: Callable[[CallEvent], object] | Iterable[Callable[[CallEvent], object]] | None = None,
        token_store: TokenStore | None = None,
    ) -> Self:
        """Return a client for `MARKETO_BASE_URL`, `MARKETO_CLIENT_ID` and `MARKETO_CLIENT_SECRET`.

        Raises:
            ArgumentError: a variable is missing or cannot be right.
        """
        given = {
            name: Secret((os.environ if environ is None else environ).get(variable, "").strip())
            for name, variable in _ENVIRONMENT.items()
        }
        del environ  # as in __init__
        missing = [_ENVIRONMENT[name] for name, value in given.items() if not value.text]
        if missing:
            raise ArgumentError("environment", f"no {', '.join(missing)}", f"all of {', '.join(_ENVIRONMENT.values())}")
        return cls(
            given["base_url"].text,
            given["client_id"].text,
            given["client_secret"].text,
            limits=limits,
            limiter=limiter,
            timeout=timeout,
            deadline=deadline,
            retries=retries,
            http_client=http_client,
            on_call=on_call,
            token_store=token_store,
        )

    @property
    def base_url(self) -> str:
        """The address of the instance.

        Scheme, host and port, such as `https://123-abc-456.mktorest.com`.
        """
        return self._origin

    @property
    def limiter(self) -> Limiter:
        """The limiter; `limiter.stats()` says how near the limits are."""
        return self._attempts.limiter

    async def sync_budget(self) -> int | None:
        """Ask Marketo how many calls the whole instance has had today, and count them against `Limits.daily_budget`.

        Costs one call. What other integrations do afterwards is not seen until the next time, so a long job calls it
        now and then. Marketo's numbers lag behind by some minutes.

        Returns:
            The calls that the budget has left; None where no budget is set.

        Raises:
            DailyBudgetError: the budget is used up, so that there is no call left to ask with.
            MarketoError: whatever else may befall a call; nothing was learned.
        """
        day = await self.usage.daily()
        self.limiter.learn_total(day.total, day.date)
        return self.limiter.stats().budget_left

    def with_options(
        self, *, deadline: float | None = None, read_timeout: float | None = None, lane: Lane | None = None
    ) -> Groups:
        """Return the same groups with other times or another lane, over the same connections, token and limits.

        Args:
            deadline: Seconds for a whole call, waiting and retries included; None keeps the client's.
            read_timeout: Seconds to wait for bytes of an answer; None keeps the operation's own or the client's.
            lane: "bulk" for single calls of a job that nobody waits for, so that they leave the reserve to others;
                "interactive" for a listing that somebody waits for; None keeps each operation's own.

        Raises:
            ArgumentError: an argument cannot be right.
        """
        return Groups(self._transport.with_options(deadline=deadline, read_timeout=read_timeout, lane=lane))

    async def __aenter__(self) -> Self:
        await self._attempts.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Wait for the calls that are out, at most `timeout.close` seconds, then close the connections.

        Whoever waits for a turn, or to be repeated, is turned away with a `ClientStateError`. A closing that is
        cancelled waits no longer, but closes the connections all the same. A second closing waits for the first.
        """
        await self._attempts.aclose()

    def __repr__(self) -> str:
        # A traceback that shows variables may meet a client that is not made yet.
        return f"<MarketoClient {getattr(self, '_origin', '')}>"

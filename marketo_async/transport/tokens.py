"""One shared access token: fetched once for any number of waiters, used until it dies.

Identity returns the *same* token until it expires, with the whole seconds that remain. So asking early brings nothing
but a storm: a token is used up, and only then, or when Marketo refuses it, the next one is fetched.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs

from marketo_async.errors import MarketoError
from marketo_async.transport.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from marketo_async.records.access_token import AccessToken

_SHORTEST_LIFE = 1.0
"""Seconds for which any token is used: `expires_in` is cut to whole seconds, so 0 means "less than one"."""

_DEFAULT_LIFE = 60.0
"""Seconds for which a token without `expires_in` is used; Marketo's word (601, 602) ends it earlier."""


@attrs.frozen
class HeldToken:
    """A token and the loop time until which it is used."""

    token: Secret
    dies_at: float


class Tokens:
    """Hands out one token to everybody.

    Args:
        fetch: Asks identity, retries included.
        spawn: Starts a task that the client owns, so that a waiter that is cancelled takes nobody with it.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[AccessToken]],
        spawn: Callable[[Coroutine[object, object, HeldToken]], asyncio.Task[HeldToken]],
    ) -> None:
        self._fetch = fetch
        self._spawn = spawn
        self._held: HeldToken | None = None
        self._fetching: asyncio.Task[HeldToken] | None = None

    async def get(self) -> Secret:
        """Return a token to send; any number of waiters share one call of identity.

        Raises:
            AuthenticationError: identity refused the credentials.
        """
        if self._held is not None and asyncio.get_running_loop().time() < self._held.dies_at:
            return self._held.token
        if self._fetching is None or self._fetching.done():
            self._fetching = self._spawn(self._refresh())
        fetching = self._fetching
        # Unlike `await`, this neither cancels the task with its waiter nor adds every waiter to its error's traceback.
        await asyncio.wait((fetching,))
        error = fetching.exception()
        if isinstance(error, MarketoError):
            raise error.fresh() from error
        return fetching.result().token

    def refused(self, token: Secret) -> None:
        """Forget a token that Marketo refused, unless a newer one has taken its place already."""
        if self._held is not None and self._held.token == token:
            self._held = None

    async def _refresh(self) -> HeldToken:
        asked_at = asyncio.get_running_loop().time()
        reply = await self._fetch()
        life = _DEFAULT_LIFE if reply.expires_in is None else max(reply.expires_in, _SHORTEST_LIFE)
        self._held = HeldToken(Secret(reply.access_token), asked_at + life)
        return self._held

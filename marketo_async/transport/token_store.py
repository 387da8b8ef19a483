"""Where clients share one access token: what a store is, and how a client asks it. Pure but for the asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

from marketo_async.transport.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from marketo_async.records.access_token import AccessToken
    from marketo_async.transport.http import Http


@attrs.frozen
class TokenOwner:
    """Whose token it is: one custom service of one instance.

    Attributes:
        origin: Scheme, host and port of the instance.
        client_id: The client id of the custom service.
        client_secret: Its secret; a store may derive keys from it, and keeps it nowhere.
    """

    origin: str
    client_id: str
    client_secret: Secret


class TokenStore(Protocol):
    """Hands out one token to all clients of one owner."""

    async def token(
        self, owner: TokenOwner, fetch: Callable[[], Awaitable[AccessToken]], *, refused: Secret | None
    ) -> AccessToken:
        """Return a token, with the seconds that it lives from now.

        Args:
            owner: Whose.
            fetch: Asks identity, retries included; what it raises goes to the caller.
            refused: A token that may not be returned any more, because Marketo refused it or it has died. Another one
                that has taken its place meanwhile is as good as a fetched one.
        """
        ...


def shared_fetcher(
    store: TokenStore, owner: TokenOwner, fetch: Callable[[Http], Awaitable[AccessToken]]
) -> Callable[[Http], Awaitable[AccessToken]]:
    """Return a function that asks the store where `fetch` asks identity.

    A client asks again only when its token has died or was refused, so the last one is never wanted once more.
    """
    last: Secret | None = None

    async def ask(http: Http) -> AccessToken:
        nonlocal last
        reply = await store.token(owner, lambda: fetch(http), refused=last)
        last = Secret(reply.access_token)
        return reply

    return ask

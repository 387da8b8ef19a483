"""Access tokens: the same one until it expires, 602 once, then 601."""

from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.exchange import Refusal
from marketo_async.sandbox.words import WORDS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from marketo_async.sandbox.clock import Clock
    from marketo_async.sandbox.exchange import Permission

EVERYTHING: frozenset[str] = frozenset(
    {
        "Read-Write Assets",
        "Read-Write Lead",
        "Read-Only Activity",
        "Read-Write Schema Standard Field",
        "Read-Write Schema Custom Field",
    }
)
"""The role of the client that a sandbox starts with."""


@attrs.frozen
class Client:
    """A custom service of Marketo: what asks for tokens.

    Attributes:
        client_id: Its public half.
        client_secret: Its secret half.
        user: The login of the API-only user it acts for.
        permissions: What that user's role grants.
    """

    client_id: str
    client_secret: str = attrs.field(repr=False)
    user: str
    permissions: frozenset[str]

    def may(self, permission: Permission) -> bool:
        """Tell whether the role grants a permission; Read-Write implies Read-Only."""
        return permission == "none" or any(
            one in self.permissions or one.replace("Read-Only", "Read-Write") in self.permissions
            for one in permission.split(" or ")
        )


@attrs.frozen
class Token:
    """An access token.

    Attributes:
        text: What travels in the header.
        client: Whose it is.
        expires_at: When it dies, on the sandbox's clock.
    """

    text: str = attrs.field(repr=False)
    client: Client
    expires_at: float


class Tokens:
    """The clients of an instance and their tokens."""

    def __init__(self, clock: Clock, rng: random.Random, *, life: float = 3600) -> None:
        """Begin without clients.

        Args:
            clock: The sandbox's clock.
            rng: What the texts of tokens are drawn from.
            life: Seconds that a new token lives.
        """
        self.life = life
        self._clock = clock
        self._rng = rng
        self._clients: dict[str, Client] = {}
        self._by_text: dict[str, Token] = {}
        self._by_client: dict[str, Token] = {}

    def add_client(
        self,
        client_id: str,
        client_secret: str,
        *,
        user: str = "api@sandbox.example",
        permissions: Iterable[str] = EVERYTHING,
    ) -> Client:
        """Add a custom service, or replace the one with that id.

        Args:
            client_id: Its public half.
            client_secret: Its secret half.
            user: The login of its API user; several services may share one.
            permissions: What the user's role grants, in Marketo's words; Read-Write implies Read-Only.
        """
        client = Client(client_id, client_secret, user, frozenset(permissions))
        self._clients[client_id] = client
        return client

    def issue(self, client_id: str, client_secret: str) -> tuple[Token, int] | None:
        """Return the client's token and the whole seconds it has left; None where the credentials are wrong."""
        client = self._clients.get(client_id)
        if client is None or client.client_secret != client_secret:
            return None
        now = self._clock.monotonic()
        token = self._by_client.get(client_id)
        if token is None or token.expires_at <= now or token.client is not client:
            token = Token(f"{uuid.UUID(int=self._rng.getrandbits(128), version=4)}:sj", client, now + self.life)
            self._by_client[client_id] = self._by_text[token.text] = token
        return token, math.floor(token.expires_at - now)

    def check(self, authorization: str | None) -> Token:
        """Return the token that an `Authorization` header carries.

        Raises:
            Refusal: 603 where there is none, 602 at the first use after it expired, else 601.
        """
        scheme, _, text = (authorization or "").strip().partition(" ")
        text = text.strip()
        if not scheme or (scheme.lower() == "bearer" and not text):
            raise Refusal("603", WORDS["603"])
        token = self._by_text.get(text) if scheme.lower() == "bearer" else None
        if token is None:
            raise Refusal("601", WORDS["601"])
        if token.expires_at <= self._clock.monotonic():
            self.forget(token)
            raise Refusal("602", WORDS["602"])
        return token

    def forget(self, token: Token) -> None:
        """Make a token unknown: its next use is 601, and identity issues another one."""
        self._by_text.pop(token.text, None)
        if self._by_client.get(token.client.client_id) is token:
            del self._by_client[token.client.client_id]

    def forget_all(self) -> None:
        """Make every token unknown, as if Marketo had lost them."""
        self._by_text.clear()
        self._by_client.clear()

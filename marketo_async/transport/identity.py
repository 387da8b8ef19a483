"""Asks identity for a token: by POST with a form, so that no log of URLs ever holds the client secret."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from marketo_async.errors import MarketoError
from marketo_async.records import read
from marketo_async.records.access_token import AccessToken
from marketo_async.transport.retry import Attempt, Wait, decide
from marketo_async.wire.call import POST
from marketo_async.wire.envelope import open_identity
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from marketo_async.transport.credentials import Credentials
    from marketo_async.transport.http import Http
    from marketo_async.transport.retry import RetryPolicy

OPERATION = "/identity/oauth/token"


def token_fetcher(credentials: Credentials, retries: RetryPolicy) -> Callable[[Http], Awaitable[AccessToken]]:
    """Return the function that asks identity with these credentials.

    Source: identityUsingPOST
    """
    call = (
        POST(OPERATION)
        .form(
            grant_type="client_credentials",
            client_id=credentials.client_id,
            client_secret=credentials.client_secret.text,
        )
        .repeatable()
    )

    async def fetch(http: Http) -> AccessToken:
        clock = asyncio.get_running_loop().time
        started = clock()
        number = 0
        while True:
            number += 1
            try:
                answer = await http.send(encode(call), token=None)
                return read(AccessToken, open_identity(answer, call.operation))
            except MarketoError as error:
                error.operation, error.attempts, error.elapsed = call.operation, number, clock() - started
                attempt = Attempt(number, number, 0, error.elapsed, random.random())
                decision = decide(error, call, attempt, retries)
                if not isinstance(decision, Wait):
                    raise
            await asyncio.sleep(decision.seconds)

    return fetch

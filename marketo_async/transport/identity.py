"""Asks identity for a token: by POST with a form, so that no log of URLs ever holds the client secret."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from marketo_async.errors import MarketoError
from marketo_async.records import read
from marketo_async.records.access_token import AccessToken
from marketo_async.transport.listeners import Before
from marketo_async.transport.retry import Attempt, Wait, decide
from marketo_async.wire.call import POST
from marketo_async.wire.envelope import open_identity
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from marketo_async.transport.credentials import Credentials
    from marketo_async.transport.http import Http
    from marketo_async.transport.listeners import Listeners
    from marketo_async.transport.retry import RetryPolicy
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import HttpAnswer

OPERATION = "/identity/oauth/token"


def token_fetcher(
    credentials: Credentials, retries: RetryPolicy, listeners: Listeners | None = None
) -> Callable[[Http], Awaitable[AccessToken]]:
    """Return the function that asks identity with these credentials, and tells the listeners of each attempt.

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
        before = Before()
        while True:
            number = before.number
            try:
                return await _ask(http, call, before, listeners)
            except MarketoError as error:
                error.operation, error.attempts, error.elapsed = call.operation, number, clock() - started
                attempt = Attempt(number, number, 0, error.elapsed, random.random())
                decision = decide(error, call, attempt, retries)
                if not isinstance(decision, Wait):
                    raise
                before = Before(number + 1, decision.seconds, type(error).__name__)
            await asyncio.sleep(decision.seconds)

    return fetch


async def _ask(http: Http, call: Call, before: Before, listeners: Listeners | None) -> AccessToken:
    request = encode(call)
    sent_at = asyncio.get_running_loop().time()
    answer: HttpAnswer | None = None
    try:
        answer = await http.send(request, token=None)
        token = read(AccessToken, open_identity(answer, call.operation))
    except BaseException as error:
        if listeners:
            listeners.tell(call, request, before, error, lease=None, sent_at=sent_at, answer=answer)
        raise
    if listeners:
        listeners.tell(call, request, before, None, lease=None, sent_at=sent_at, answer=answer)
    return token

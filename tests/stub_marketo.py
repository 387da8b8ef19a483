"""The smallest Marketo: an httpx transport that answers what a test tells it to, and remembers what it was asked.

For tests of the transport floor, where the sandbox's rules would only be in the way.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qsl

import httpx

from marketo_async import Limits, MarketoClient, RetryPolicy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from marketo_async import CallEvent, Timeouts

Answer: TypeAlias = "dict[str, object] | httpx.Response | Exception"


def success(*rows: object, **members: object) -> dict[str, object]:
    """Return an envelope with these rows."""
    return {"requestId": "1a2b#14d9bd96352", "success": True, "result": list(rows), **members}


def failure(code: str, message: str = "no") -> dict[str, object]:
    """Return the envelope of a refusal."""
    return {"requestId": "1a2b#14d9bd96352", "success": False, "errors": [{"code": code, "message": message}]}


class StubMarketo:
    """Answers identity by itself and everything else by `answer`."""

    def __init__(self, answer: Callable[[httpx.Request, dict[str, str]], Awaitable[Answer]]) -> None:
        self._answer = answer
        self.calls: list[httpx.Request] = []
        self.identity_calls = 0
        self.at_once = 0
        self.most_at_once = 0
        self.token_life = 3600

    def transport(self) -> httpx.MockTransport:
        """Return the transport to build an `httpx.AsyncClient` on."""
        return httpx.MockTransport(self._handle)

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/identity/oauth/token":
            self.identity_calls += 1
            token = f"token-{self.identity_calls}:int"
            return httpx.Response(200, json={"access_token": token, "expires_in": self.token_life})
        self.calls.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            answer = await self._answer(request, query_of(request))
        finally:
            self.at_once -= 1
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, content=json.dumps(answer).encode())


def answering(*answers: Answer, seconds: float = 0.0) -> StubMarketo:
    """Return a stub that gives these answers in turn, the last one for ever, each after some seconds."""
    left = list(answers)

    async def answer(_request: httpx.Request, _query: dict[str, str]) -> Answer:
        given_now = left.pop(0) if len(left) > 1 else left[0]
        await asyncio.sleep(seconds)
        return given_now

    return StubMarketo(answer)


def query_of(request: httpx.Request) -> dict[str, str]:
    """Return the query and form parameters of a request."""
    return dict(parse_qsl(request.url.query.decode()) + parse_qsl(request.content.decode(errors="replace")))


@asynccontextmanager
async def client_of(
    stub: StubMarketo,
    *,
    limits: Limits | None = None,
    retries: RetryPolicy | None = None,
    timeout: Timeouts | None = None,
    deadline: float | None = None,
    on_call: Callable[[CallEvent], object] | Iterable[Callable[[CallEvent], object]] | None = None,
) -> AsyncIterator[MarketoClient]:
    """Open a client of a stub; it keeps no limits unless told to."""
    async with (
        httpx.AsyncClient(transport=stub.transport()) as http_client,
        MarketoClient(
            "http://localhost",
            "stub-client",
            "stub-secret",
            limits=limits or Limits.off(),
            retries=retries,
            timeout=timeout,
            deadline=deadline,
            http_client=http_client,
            on_call=on_call,
        ) as marketo,
    ):
        yield marketo


def listing(
    size: int, *, latency: Callable[[], float] = lambda: 0.3
) -> Callable[[httpx.Request, dict[str, str]], Awaitable[Answer]]:
    """Return an answer function: an offset listing of `size` rows, each `{"id": n}`."""

    async def answer(_: httpx.Request, query: dict[str, str]) -> Answer:
        await asyncio.sleep(latency())
        offset, count = int(query["offset"]), int(query["maxReturn"])
        rows = [{"id": number} for number in range(offset, min(offset + count, size))]
        if rows:
            return success(*rows)
        return {
            "success": True,
            "errors": [],
            "requestId": "e#1",
            "warnings": ["No assets found for the given search criteria."],
        }

    return answer

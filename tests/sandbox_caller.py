"""A caller of the sandbox's operations who sees plain JSON, and the instance behind it."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx

from marketo_async.sandbox.clock import Clock
from marketo_async.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from marketo_async.sandbox.instance import Instance

START = datetime(2025, 9, 1, 12, 0, 0, 987_654, tzinfo=UTC)
USER = "api@sandbox.example"
NOTHING = "No assets found for the given search criteria."


class Caller:
    """Sends what an API user sends; the clock stands still unless a test moves it."""

    def __init__(self, http: httpx.AsyncClient, instance: Instance) -> None:
        self._http = http
        self.instance = instance

    async def get(self, path: str, **query: object) -> dict[str, Any]:
        """Return the whole answer to a GET."""
        return self._read(await self._http.get(path, params=_texts(query)))

    async def post(self, path: str, **fields: object) -> dict[str, Any]:
        """Return the whole answer to a POST of a form."""
        return self._read(await self._http.post(path, data=_texts(fields)))

    async def send(self, method: str, path: str, body: object = None, **query: object) -> dict[str, Any]:
        """Return the whole answer to a call of the lead database: JSON, if anything, and lists repeat their name."""
        headers = {} if body is None else {"content-type": "application/json"}
        content = None if body is None else json.dumps(body)
        return self._read(
            await self._http.request(method, path, params=_repeated(query), content=content, headers=headers)
        )

    async def rows(self, path: str, **query: object) -> list[Any]:
        """Return the result of a GET that succeeds; nothing found is an empty list, and must be said rightly."""
        reply = await self.get(path, **query)
        assert reply["success"], reply
        if "result" not in reply:
            assert reply["warnings"] == [NOTHING]
        result: list[Any] = reply.get("result", [])
        return result

    async def done(self, path: str, **fields: object) -> Any:
        """Return the one row that a POST that succeeds answers."""
        reply = await self.post(path, **fields)
        assert reply["success"], reply
        (row,) = reply["result"]
        return row

    async def refused(self, path: str, **fields: object) -> tuple[str, str]:
        """Return code and message with which a POST is refused."""
        return _error(await self.post(path, **fields))

    async def not_read(self, path: str, **query: object) -> tuple[str, str]:
        """Return code and message with which a GET is refused."""
        return _error(await self.get(path, **query))

    def _read(self, response: httpx.Response) -> dict[str, Any]:
        assert response.status_code == 200, response.text
        reply: dict[str, Any] = response.json()
        return reply


@asynccontextmanager
async def calling(programs: int = 0, leads: int = 0, *, start: datetime = START) -> AsyncGenerator[Caller]:
    """Open a sandbox without limits and log in."""
    sandbox = Sandbox(programs, leads, limits=None, clock=Clock(monotonic=lambda: 0.0, start=start))
    transport = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://123-abc-456.mktorest.com") as http:
        login = {
            "grant_type": "client_credentials",
            "client_id": sandbox.client_id,
            "client_secret": sandbox.client_secret,
        }
        token = (await http.post("/identity/oauth/token", data=login)).json()["access_token"]
        http.headers["authorization"] = f"Bearer {token}"
        yield Caller(http, sandbox.instance)


def _texts(values: dict[str, object]) -> dict[str, str]:
    return {name: _text(value) for name, value in values.items() if value is not None}


def _repeated(values: dict[str, object]) -> dict[str, str | list[str]]:
    return {
        name: [_text(one) for one in value] if isinstance(value, list) else _text(value)
        for name, value in values.items()
    }


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _error(reply: dict[str, Any]) -> tuple[str, str]:
    assert reply["success"] is False, reply
    assert "result" not in reply
    (error,) = reply["errors"]
    return error["code"], error["message"]

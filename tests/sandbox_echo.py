"""A sandbox whose operations say what reached them: for tests of everything that stands in front of the areas."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx

from marketo_async.sandbox.app import Application
from marketo_async.sandbox.exchange import Answer, Parameters, Refusal, Request, Route, rows_or_nothing
from marketo_async.sandbox.instance import Instance
from marketo_async.sandbox.routing import Router

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from marketo_async.sandbox.admission import Admission
    from marketo_async.sandbox.clock import Clock
    from marketo_async.sandbox.latency import Latency

IDENTITY = "/identity/oauth/token"
GRANT = {"grant_type": "client_credentials", "client_id": "id", "client_secret": "secret"}


class Worked:
    """How often work was done, as an area's state."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.times = 0


def pairs(parameters: Parameters) -> list[list[str]]:
    """Return parameters as JSON has them."""
    return [list(pair) for pair in parameters.pairs]


def echo(request: Request) -> Answer:
    """Answer with what arrived."""
    request.instance.state(Worked).times += 1
    row = {
        "method": request.method,
        "arguments": dict(request.arguments),
        "query": pairs(request.query),
        "fields": pairs(request.fields),
        "json": request.json,
        "user": request.user,
    }
    return Answer([row])


def nothing(request: Request) -> Answer:
    """Find nothing."""
    return rows_or_nothing([])


def refuse(request: Request) -> Answer:
    """Say no."""
    raise Refusal("709", "Program with the same name already exists")


def blunder(request: Request) -> Answer:
    """Break."""
    raise ZeroDivisionError("a mistake in an area")


def many(request: Request) -> Answer:
    """Answer with a large page."""
    return Answer(
        [{"id": number, "name": "naïve 日本"} for number in range(200)], next_page_token="AB==", more_result=True
    )


ROUTES = (
    Route("GET", "/rest/asset/v1/thing/byName.json", nothing, "Read-Only Assets"),
    Route("GET", "/rest/asset/v1/thing/{id}.json", echo, "Read-Only Assets"),
    Route("POST", "/rest/asset/v1/thing/{id}.json", echo, "Read-Write Assets"),
    Route("POST", "/rest/asset/v1/thing/{id}/tag/{tagType}.json", echo, "Read-Write Assets"),
    Route("POST", "/rest/asset/v1/thing/{id}/clone.json", refuse, "Read-Write Assets"),
    Route("GET", "/rest/v1/things.json", echo, "Read-Only Lead"),
    Route("POST", "/rest/v1/things.json", echo, "Read-Write Lead"),
    Route("DELETE", "/rest/v1/things.json", echo, "Read-Write Lead"),
    Route("POST", "/rest/v1/writeOnly.json", echo, "Read-Write Lead"),
    Route("GET", "/rest/v1/many.json", many),
    Route("GET", "/rest/v1/refused.json", refuse),
    Route("GET", "/rest/v1/blunder.json", blunder),
)

THING = "/rest/asset/v1/thing/1.json"
THINGS = "/rest/v1/things.json"


class Marketo(httpx.AsyncClient):
    """A client with a token on an instance with the echoing operations."""

    def __init__(self, instance: Instance, app: Application) -> None:
        super().__init__(transport=httpx.ASGITransport(app), base_url="https://123-abc-456.mktorest.example")
        self.instance = instance

    @property
    def worked(self) -> int:
        return self.instance.state(Worked).times

    async def log_in(self) -> str:
        token: str = (await self.post(IDENTITY, data=GRANT)).json()["access_token"]
        self.headers["authorization"] = f"Bearer {token}"
        return token

    async def code(self, method: str, path: str, **arguments: object) -> str | None:
        """Make a call; return the code of its first error, or None."""
        reply = await self.request(method, path, **arguments)  # type: ignore[arg-type]
        assert reply.status_code == 200
        return None if reply.json()["success"] else reply.json()["errors"][0]["code"]


@asynccontextmanager
async def echoing(
    *,
    admission: Admission | None = None,
    clock: Clock | None = None,
    latency: Latency | None = None,
    token_life: float = 3600,
    raise_bugs: bool = True,
    permissions: Iterable[str] = ("Read-Write Assets", "Read-Write Lead"),
) -> AsyncGenerator[Marketo, None]:
    """Open a sandbox with the echoing operations, and log in."""
    instance = Instance(clock=clock, admission=admission, latency=latency, token_life=token_life)
    instance.tokens.add_client("id", "secret", permissions=permissions)
    async with Marketo(instance, Application(instance, Router(ROUTES), raise_bugs=raise_bugs)) as marketo:
        await marketo.log_in()
        yield marketo

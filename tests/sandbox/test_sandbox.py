"""The sandbox as a whole, and as an ASGI application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from sandbox_echo import IDENTITY

from marketo_async.sandbox import Clock, Fault, Latency, Sandbox, SandboxLimits
from marketo_async.sandbox.envelope import success
from marketo_async.sandbox.exchange import Answer
from marketo_async.sandbox.families import LEAD_DATABASE, family_of

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping


async def read_everything(sandbox: Sandbox) -> list[object]:
    rows: list[object] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="https://x.example") as client:
        grant = {"grant_type": "client_credentials"}
        grant |= {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}
        token = (await client.post(IDENTITY, data=grant)).json()["access_token"]
        while True:
            reply = await client.get(
                "/rest/asset/v1/programs.json",
                params={"offset": len(rows), "maxReturn": 200},
                headers={"authorization": f"Bearer {token}"},
            )
            if "result" not in reply.json():
                return rows
            rows += reply.json()["result"]


async def test_a_sandbox_is_filled_from_its_seed() -> None:
    """All programs can be paged out; the same seed gives the same instance, another one another."""
    first, again, other = [await read_everything(Sandbox(programs=450, seed=seed)) for seed in (1, 1, 2)]
    names = [[row["name"] for row in rows if isinstance(row, dict)] for rows in (first, again, other)]
    assert len(names[0]) == len(set(names[0])) == len(names[2]) == 450
    assert names[0] == names[1] != names[2]


def test_a_sandbox_shows_what_belongs_to_it() -> None:
    """The handles of a sandbox are those of its instance; its credentials are what it was given."""
    clock = Clock(monotonic=lambda: 0.0)
    sandbox = Sandbox(0, client_id="me", client_secret="s", clock=clock, latency=Latency.fixed(1), limits=None)
    rule = sandbox.faults.add(Fault.dropped())
    sandbox.faults.remove(rule)
    assert (sandbox.client_id, sandbox.client_secret, sandbox.munchkin_id) == ("me", "s", "123-ABC-456")
    assert sandbox.instance.clock is clock
    assert (len(sandbox.arrivals), sandbox.refusals) == (0, {})
    assert "'s'" not in repr(sandbox.instance.tokens.issue("me", "s"))


def test_limits_become_the_admission() -> None:
    """What the sandbox enforces is what it was told, down to how it counts."""
    limits = SandboxLimits(rate=7, window=3.0, concurrency=2, daily=9, counts_refused=False, counting="completion")
    admission = Sandbox(0, limits=limits).instance.admission
    assert (admission.rate, admission.window, admission.concurrency, admission.daily) == (7, 3.0, 2, 9)
    assert (admission.counts_refused, admission.counting) == (False, "completion")


async def test_lifespan_is_answered() -> None:
    """Servers that announce start and stop get their answers."""
    told = iter(["lifespan.startup", "lifespan.shutdown"])
    said: list[str] = []

    async def receive() -> MutableMapping[str, object]:
        return {"type": next(told)}

    async def send(message: MutableMapping[str, object]) -> None:
        said.append(str(message["type"]))

    await Sandbox(0).app({"type": "lifespan"}, receive, send)
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_what_is_not_http_is_refused() -> None:
    """A websocket is a mistake of the caller."""

    async def never(*_: object) -> MutableMapping[str, object]:
        raise AssertionError

    with pytest.raises(RuntimeError, match="speaks HTTP, not websocket"):
        await Sandbox(0).app({"type": "websocket"}, never, never)  # type: ignore[arg-type]


async def test_a_request_that_never_ends_is_forgotten() -> None:
    """A client that goes away in the middle of its request leaves no trace."""
    messages: Iterator[MutableMapping[str, object]] = iter(
        [{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> MutableMapping[str, object]:
        return next(messages)

    async def send(_: object) -> None:
        raise AssertionError

    sandbox = Sandbox(0)
    scope = {"type": "http", "method": "POST", "path": "/rest/v1/leads.json", "query_string": b"", "headers": []}
    await sandbox.app(scope, receive, send)
    assert len(sandbox.arrivals) == 0


def test_the_lead_database_may_warn() -> None:
    """Warnings of the lead database appear only where there are some."""
    warned = success(Answer([], warnings=["Watch out"]), LEAD_DATABASE, "1#2").body
    assert warned == b'{"requestId":"1#2","result":[],"warnings":["Watch out"],"success":true}'
    assert success(Answer(None), LEAD_DATABASE, "1#2").body == b'{"requestId":"1#2","success":true}'


def test_families_by_path() -> None:
    """Version 2 of the Asset API takes JSON, version 1 forms; all the rest goes with the lead database."""
    bodies = [family_of(path).bodies for path in ("/rest/asset/v1/a.json", "/rest/asset/v2/a", "/bulk/v1/a.json")]
    assert bodies == ["form", "json", "json"]

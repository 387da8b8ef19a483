from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_echo import GRANT, IDENTITY, THING, THINGS, echoing

from marketo_async.sandbox.admission import Admission
from marketo_async.sandbox.clock import Clock

if TYPE_CHECKING:
    import httpx


@pytest.mark.parametrize(
    ("method", "where"), [("GET", "params"), ("POST", "params"), ("POST", "data"), ("POST", "files")]
)
async def test_identity_takes_every_form_in_use(method: str, where: str) -> None:
    """Clients ask by GET or POST, in the query, in a form or in multipart; all get the same token."""
    async with echoing() as marketo:
        sent = {name: (None, value) for name, value in GRANT.items()} if where == "files" else GRANT
        reply = await marketo.request(method, IDENTITY, **{where: sent})  # type: ignore[arg-type]
        assert reply.status_code == 200
        assert reply.json()["token_type"] == "bearer"
        assert reply.json()["scope"] == "api@sandbox.example"
        assert marketo.headers["authorization"] == f"Bearer {reply.json()['access_token']}"
        assert (reply.headers["cache-control"], reply.headers["pragma"]) == ("no-store", "no-cache")


@pytest.mark.parametrize(
    ("change", "status", "error", "description"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", "Bad client credentials"),
        ({"client_id": "wrong"}, 401, "invalid_client", "Bad client credentials"),
        ({"client_id": ""}, 401, "unauthorized", "Full authentication is required to access this resource"),
        ({"grant_type": ""}, 400, "invalid_request", "Missing grant type"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", "Unsupported grant type: password"),
    ],
)
async def test_identity_refuses_in_the_words_of_oauth(
    change: dict[str, str], status: int, error: str, description: str
) -> None:
    """Wrong credentials are HTTP 401 without Marketo's envelope (A2)."""
    async with echoing() as marketo:
        reply = await marketo.post(IDENTITY, data=GRANT | change)
        assert reply.status_code == status
        assert reply.json() == {"error": error, "error_description": description}


async def test_identity_has_one_path_and_two_verbs() -> None:
    """Anything else below /identity is the web server's page."""
    async with echoing() as marketo:
        assert (await marketo.put(IDENTITY, data=GRANT)).status_code == 405
        assert (await marketo.get("/identity/other")).status_code == 404


async def test_the_same_token_until_it_expires() -> None:
    """Identity returns the same token with the whole seconds that remain, then another one."""
    clock = Clock(monotonic=lambda: 0.0)
    async with echoing(clock=clock) as marketo:
        first = (await marketo.post(IDENTITY, data=GRANT)).json()
        clock.advance(3599.5)
        dying = (await marketo.post(IDENTITY, data=GRANT)).json()
        clock.advance(0.5)
        second = (await marketo.post(IDENTITY, data=GRANT)).json()
        assert (first["expires_in"], dying["expires_in"], second["expires_in"]) == (3600, 0, 3600)
        assert first["access_token"] == dying["access_token"] != second["access_token"]


async def test_an_expired_token_is_602_once_then_601() -> None:
    """The first use after expiry says 602, every later one 601."""
    clock = Clock(monotonic=lambda: 0.0)
    async with echoing(clock=clock, token_life=60) as marketo:
        assert await marketo.code("GET", THINGS) is None
        clock.advance(60)
        assert [await marketo.code("GET", THINGS) for _ in range(3)] == ["602", "601", "601"]
        await marketo.log_in()
        assert await marketo.code("GET", THINGS) is None


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "603"),
        ("", "603"),
        ("Bearer", "603"),
        ("Bearer nonsense", "601"),
        ("Basic aWQ6c2VjcmV0", "601"),
    ],
)
async def test_a_token_travels_in_the_header_only(header: str | None, code: str) -> None:
    """No header is 603 and garbage 601; a token in the query or in the form is as good as none (A3)."""
    async with echoing() as marketo:
        token = marketo.headers.pop("authorization").removeprefix("Bearer ")
        headers = {} if header is None else {"authorization": header}
        reply: httpx.Response = await marketo.post(
            THING, params={"access_token": token}, data={"access_token": token}, headers=headers
        )
        message = {"603": "Access denied", "601": "Access token invalid"}[code]
        assert reply.json()["errors"] == [{"code": code, "message": message}]


async def test_clients_have_tokens_and_permissions_of_their_own() -> None:
    """Two services of one instance have independent tokens; what a role does not grant is 603."""
    async with echoing(permissions=["Read-Write Assets"]) as marketo:
        marketo.instance.tokens.add_client("other", "x", user="other@sandbox.example", permissions=["Read-Only Lead"])
        other = (await marketo.post(IDENTITY, data=GRANT | {"client_id": "other", "client_secret": "x"})).json()
        assert await marketo.code("GET", THING) is None
        assert await marketo.code("GET", THINGS) == "603"
        theirs = {"authorization": f"Bearer {other['access_token']}"}
        assert await marketo.code("GET", THINGS, headers=theirs) is None
        assert await marketo.code("POST", THINGS, headers=theirs, json={}) == "603"
        assert other["scope"] == "other@sandbox.example"


async def test_identity_is_not_limited_and_not_counted() -> None:
    """Any number of tokens may be asked for, and none is counted."""
    async with echoing(admission=Admission(rate=1, daily=1)) as marketo:
        replies = [await marketo.post(IDENTITY, data=GRANT) for _ in range(50)]
        assert all(reply.status_code == 200 for reply in replies)
        assert marketo.instance.admission.counted_today == 0
        assert marketo.instance.arrivals.most_in_window() == 0
        assert len(marketo.instance.arrivals.to(IDENTITY)) == 51


async def test_a_forgotten_token_is_601_and_identity_issues_another() -> None:
    """A token that Marketo lost is 601 before its time, and the next one differs."""
    async with echoing() as marketo:
        before = marketo.headers["authorization"]
        marketo.instance.tokens.forget_all()
        assert await marketo.code("GET", THINGS) == "601"
        await marketo.log_in()
        assert marketo.headers["authorization"] != before


async def test_a_replaced_client_loses_its_token_at_identity() -> None:
    """A new secret makes the old one useless, and identity issues a token of the new role."""
    async with echoing() as marketo:
        marketo.instance.tokens.add_client("id", "new secret", permissions=[])
        assert (await marketo.post(IDENTITY, data=GRANT)).status_code == 401
        reply = await marketo.post(IDENTITY, data=GRANT | {"client_secret": "new secret"})
        headers = {"authorization": f"Bearer {reply.json()['access_token']}"}
        assert await marketo.code("GET", THINGS, headers=headers) == "603"

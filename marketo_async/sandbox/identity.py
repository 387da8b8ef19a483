"""Identity: client credentials in, access token out. Not limited, not counted, not enveloped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.envelope import Reply, encode, html

if TYPE_CHECKING:
    from marketo_async.sandbox.exchange import Parameters
    from marketo_async.sandbox.tokens import Tokens

TOKEN_PATH = "/identity/oauth/token"  # noqa: S105 - a path, not a secret
NO_STORE = (("cache-control", "no-store"), ("pragma", "no-cache"))


def answer(method: str, path: str, parameters: Parameters, tokens: Tokens) -> Reply:
    """Answer a call to identity.

    Args:
        method: The verb: GET and POST are as good as each other.
        path: The path; `/identity/oauth/token` is the only one there is.
        parameters: `grant_type`, `client_id` and `client_secret`, from the query, from a form or from both.
        tokens: The instance's clients.
    """
    if path != TOKEN_PATH:
        return html(404)
    if method not in {"GET", "POST"}:
        return html(405)
    grant_type = parameters.get("grant_type")
    client_id, client_secret = parameters.get("client_id"), parameters.get("client_secret")
    if not client_id or not client_secret:
        return _failure(401, "unauthorized", "Full authentication is required to access this resource")
    if not grant_type:
        return _failure(400, "invalid_request", "Missing grant type")
    if grant_type != "client_credentials":
        return _failure(400, "unsupported_grant_type", f"Unsupported grant type: {grant_type}")
    issued = tokens.issue(client_id, client_secret)
    if issued is None:
        return _failure(401, "invalid_client", "Bad client credentials")
    token, seconds = issued
    return _reply(
        200,
        {"access_token": token.text, "token_type": "bearer", "expires_in": seconds, "scope": token.client.user},
    )


def _failure(status: int, error: str, description: str) -> Reply:
    return _reply(status, {"error": error, "error_description": description})


def _reply(status: int, members: dict[str, object]) -> Reply:
    return Reply(status, encode(members), headers=NO_STORE, chunked=True)

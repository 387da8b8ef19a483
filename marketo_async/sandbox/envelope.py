"""Marketo's envelopes: the JSON around every answer, by family."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.words import page

if TYPE_CHECKING:
    from marketo_async.sandbox.exchange import Answer, Refusal
    from marketo_async.sandbox.families import Family

JSON = "application/json;charset=UTF-8"


@attrs.frozen
class Reply:
    """What goes back to the client.

    Attributes:
        status: The HTTP status.
        body: The body, not yet compressed; None where the connection is dropped without an answer.
        content_type: Its type.
        headers: Other headers.
        code: The code of the first error, for the log; None where there is none.
        chunked: Whether the length is left unsaid, as the Asset API and identity do.
        cut_short: Whether the connection is closed in the middle of the body.
        trickle: Seconds over which the body is sent.
    """

    status: int
    body: bytes | None
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    code: str | None = None
    chunked: bool = False
    cut_short: bool = False
    trickle: float = 0.0


def encode(value: object) -> bytes:
    """Return compact JSON; what UTF-8 cannot say (half a surrogate pair) becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def success(answer: Answer, family: Family, request_id: str) -> Reply:
    """Wrap an answer."""
    members: dict[str, object]
    if family.envelope == "asset":
        members = {"success": True, "errors": [], "requestId": request_id, "warnings": list(answer.warnings)}
        if answer.result is not None:
            members["result"] = answer.result
        return Reply(200, encode(members), chunked=True)
    members = {"requestId": request_id}
    if answer.result is not None:
        members["result"] = answer.result
    if answer.warnings:
        members["warnings"] = list(answer.warnings)
    members["success"] = True
    if answer.next_page_token is not None:
        members["nextPageToken"] = answer.next_page_token
    if answer.more_result is not None:
        members["moreResult"] = answer.more_result
    return Reply(200, encode(members))


def refusal(refused: Refusal, family: Family, request_id: str) -> Reply:
    """Wrap a refusal: HTTP 200 as ever. The gateway's own codes (6xx) look the same for every family."""
    errors = [{"code": refused.code, "message": refused.message}]
    members: dict[str, object]
    if family.envelope == "asset" and not refused.code.startswith("6"):
        members = {"success": False, "errors": errors, "requestId": request_id, "warnings": []}
    else:
        members = {"requestId": request_id, "success": False, "errors": errors}
    return Reply(200, encode(members), code=refused.code)


def html(status: int) -> Reply:
    """Answer with the web server's own page."""
    return Reply(status, page(status), "text/html")


def dropped() -> Reply:
    """Answer with nothing: the connection is closed."""
    return Reply(0, None)

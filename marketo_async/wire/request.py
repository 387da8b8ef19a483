"""A call as the bytes of one HTTP request: percent-encoding, forms, JSON, and what is too long for Marketo."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import attrs

from marketo_async.errors import ArgumentError
from marketo_async.wire.batch import BatchBody
from marketo_async.wire.values import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.wire.call import Call

LONG_URI = 7_500
"""Bytes of path and query from which a lead-database GET goes as a POST: Marketo's limit is 8 KB with the host."""

URI_LIMITS = {"lead_database": 8_000}
"""Bytes of path and query beyond which nothing is sent, where that is less than `LONGEST_URI`."""

LONGEST_URI = 65_000
"""Bytes of path and query beyond which nothing is ever sent: assets take 64 KB with the host, no HTTP library more."""

BODY_LIMIT = 1_048_576
"""Bytes of a body beyond which nothing is sent: Marketo answers 413 to more than 1 MB."""

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


@attrs.frozen
class HttpRequest:
    """What goes over the network, but for the host and the token.

    Attributes:
        method: The HTTP verb.
        target: Path and query, percent-encoded.
        content_type: The body's type; None where there is no body.
        body: The body; hidden from the repr, since identity's holds the client secret.
    """

    method: str
    target: str
    content_type: str | None = None
    body: bytes = attrs.field(default=b"", repr=False)


def encode(call: Call) -> HttpRequest:
    """Return the HTTP request of a call.

    Raises:
        ArgumentError: a path parameter is empty or a dot, or the URI or the body is longer than Marketo takes.
    """
    path = _path(call)
    query = _pairs(call.query_pairs)
    target = f"{path}?{query}" if query else path
    if call.method == "GET" and call.api == "lead_database" and len(target) > LONG_URI:
        # The lead database reads a long query from the body of a POST; the Asset API has no such door.
        return _checked(call, HttpRequest("POST", f"{path}?_method=GET", _FORM, query.encode("ascii")))
    if isinstance(call.json_body, BatchBody):
        return _checked(call, HttpRequest(call.method, target, _JSON, call.json_body.encoded()))
    if call.json_body is not None:
        return _checked(call, HttpRequest(call.method, target, _JSON, json_text("body", call.json_body).encode()))
    if call.form_pairs is not None:
        return _checked(call, HttpRequest(call.method, target, _FORM, _pairs(call.form_pairs).encode("ascii")))
    if call.method == "POST" and call.api == "asset":
        return _checked(call, HttpRequest(call.method, target, _FORM))
    return _checked(call, HttpRequest(call.method, target))


def encoded_length(text: str) -> int:
    """Return how many bytes a text takes inside a query or a form."""
    return len(quote(text, safe=""))


def _checked(call: Call, request: HttpRequest) -> HttpRequest:
    longest = URI_LIMITS.get(call.api, LONGEST_URI)
    if len(request.target) > longest:
        raise ArgumentError(
            "query",
            request.target,
            f"a URI of at most {longest} bytes (this has {len(request.target)}): {call.operation}",
        )
    if len(request.body) > BODY_LIMIT:
        raise ArgumentError(
            "body", f"{len(request.body)} bytes", f"at most {BODY_LIMIT} bytes, Marketo's limit: {call.operation}"
        )
    return request


def _path(call: Call) -> str:
    path = call.template
    for name, value in call.arguments:
        if value in {"", ".", ".."}:
            raise ArgumentError(name, value, "a text that can stand in a path")
        path = path.replace("{" + name + "}", quote(value, safe=""))
    return path


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)

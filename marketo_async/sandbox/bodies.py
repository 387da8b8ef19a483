"""Reading what a request carries: form, multipart or JSON; and the limits of size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qsl

import attrs
from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from marketo_async.sandbox.exchange import Parameters, Refusal
from marketo_async.sandbox.words import WORDS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import Receive, Scope

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


@attrs.frozen
class Incoming:
    """A request as it came off the wire.

    Attributes:
        method: The verb on the wire.
        path: The path, percent-encoded.
        query: The query, percent-encoded.
        headers: The headers.
        body: The body; empty where it was too large.
        too_large: Whether the body was larger than allowed.
    """

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    too_large: bool

    @property
    def uri_bytes(self) -> int:
        """The length of path and query as they were sent."""
        return len(self.path) + (len(self.query) + 1 if self.query else 0)

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case; "" where none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def parameters(self) -> Parameters:
        """The parameters of the query."""
        return parameters(self.query)


@attrs.frozen
class Body:
    """A body that was read, or why it was not.

    Attributes:
        form: The fields of a form or of multipart data; None where the body is neither.
        json: The value of a JSON body; None where there is none.
        refusal: What is wrong with it: said when its turn comes, after the path was looked at.
    """

    form: Parameters | None = None
    json: object = None
    refusal: Refusal | None = None


def parameters(text: str) -> Parameters:
    """Read `a=1&b=2`: order, repetitions and blank values are kept."""
    return Parameters(tuple(parse_qsl(text, keep_blank_values=True)))


async def receive_request(scope: Scope, receive: Receive, largest_body: int) -> Incoming | None:
    """Take a whole request off the wire.

    Args:
        scope: ASGI's scope.
        receive: ASGI's receive.
        largest_body: Bytes; the rest of a larger body is not read.

    Returns:
        The request; None where the client went away before it was complete.
    """
    headers = Headers(scope=scope)
    announced = headers.get("content-length", "0")
    too_large = announced.isdecimal() and int(announced) > largest_body
    body = bytearray()
    more = not too_large
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        too_large = len(body) > largest_body
        more = message.get("more_body", False) and not too_large
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    return Incoming(
        method=scope["method"].upper(),
        path=raw_path.decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=b"" if too_large else bytes(body),
        too_large=too_large,
    )


async def read_body(incoming: Incoming) -> Body:
    """Read a body after its content type; an empty body is read as nothing, whatever the type says."""
    if not incoming.body:
        return Body(form=Parameters() if incoming.media_type in {FORM, MULTIPART} else None)
    if incoming.media_type == FORM:
        return Body(form=parameters(incoming.body.decode("utf-8", "replace")))
    if incoming.media_type == MULTIPART:
        return await _read_multipart(incoming)
    if incoming.media_type == "application/json":
        return _read_json(incoming.body)
    return Body(refusal=Refusal("612", WORDS["612"]))


def _read_json(body: bytes) -> Body:
    try:
        return Body(json=json.loads(body, parse_constant=_no_number))
    except (ValueError, RecursionError):
        return Body(refusal=Refusal("609", WORDS["609"]))


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


async def _read_multipart(incoming: Incoming) -> Body:
    async def once() -> AsyncGenerator[bytes, None]:
        yield incoming.body

    try:
        form = await MultiPartParser(incoming.headers, once()).parse()
    except (MultiPartException, FormParserError):  # older versions of starlette let the second one through
        return Body(refusal=Refusal("613", WORDS["613"]))
    try:
        return Body(form=Parameters(tuple([(name, await _text(value)) for name, value in form.multi_items()])))
    finally:
        await form.close()


async def _text(value: str | UploadFile) -> str:
    return value if isinstance(value, str) else (await value.read()).decode("utf-8", "replace")

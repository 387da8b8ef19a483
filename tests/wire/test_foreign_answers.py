"""Answers that are not Marketo's: pages of proxies and load balancers, and broken bodies."""

from __future__ import annotations

import pytest

from marketo_async.errors import (
    AccessDeniedError,
    ApiError,
    AuthenticationError,
    BadRequestError,
    MarketoError,
    NotFoundError,
    ProtocolError,
    RateLimitError,
    RequestTooLargeError,
    ServerError,
    UriTooLongError,
)
from marketo_async.wire.envelope import HttpAnswer, open_envelope

READ = "GET /rest/asset/v1/programs.json"
FILE = "GET /bulk/v1/leads/export/{exportId}/file.json"
PAGE = b"<html>\r\n<head><title>Sorry</title></head>\r\n</html>"


def opening(status: int, body: bytes = PAGE, operation: str = READ) -> MarketoError:
    with pytest.raises(MarketoError) as caught:
        open_envelope(HttpAnswer(status, {}, body), operation)
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (413, RequestTooLargeError, None),
        (414, UriTooLongError, None),
        (429, RateLimitError, "429"),
        (500, ServerError, "500"),
        (502, ServerError, "502"),
        (503, ServerError, "503"),
        (504, ServerError, "504"),
        (520, ServerError, "520"),
        (401, AuthenticationError, None),
        (403, AccessDeniedError, None),
        (404, ProtocolError, None),
        (400, ProtocolError, None),
        (301, ProtocolError, None),
        (204, ProtocolError, None),
        (200, ProtocolError, None),
    ],
)
def test_a_page_instead_of_an_envelope(status: int, kind: type[MarketoError], code: str | None) -> None:
    """P13: an HTML page becomes the error that its status means, with status, operation and the page's first bytes."""
    error = opening(status)
    assert type(error) is kind
    assert (error.status, error.operation, error.code) == (status, READ, code)
    assert "<title>Sorry</title>" in str(error)
    if isinstance(error, ProtocolError):
        assert error.body_start == PAGE.decode()


@pytest.mark.parametrize(
    ("status", "retryable"),
    [
        (200, True),
        (429, True),
        (502, True),
        (520, True),
        (301, False),
        (401, False),
        (403, False),
        (404, False),
        (413, False),
        (414, False),
    ],
)
def test_whether_a_page_may_be_gone_next_time(status: int, retryable: bool) -> None:
    """A7: an overloaded or broken proxy may recover; a wrong host or a refused request will not."""
    assert opening(status).retryable is retryable


def test_a_missing_bulk_file_is_not_found_and_any_other_404_is_a_wrong_host() -> None:
    """A25: only bulk files are missing by HTTP status."""
    assert type(opening(404, b"File not found", FILE)) is NotFoundError
    assert not isinstance(opening(404), ApiError)


def test_sizes_are_bad_requests_and_protocol_errors_at_once() -> None:
    """413 and 414 are caught as what they are and as a page instead of an answer."""
    for status in (413, 414):
        error = opening(status)
        assert isinstance(error, BadRequestError)
        assert isinstance(error, ProtocolError)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b'{"requestId":"1#2","success":tr',
        b'{"requestId":"1#2","success":true,"result":[{"id":1},',
        b'{"success":true}{"success":true}',
        b'{"success":true,"result":["\xff\xfe"]}',
        b"[" * 100_000,
        b'{"success":true,"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"[]",
        b"null",
        b"success",
        b"\x1f\x8b\x08\x00not decompressed",
        '{"success":true}'.encode("utf-16-le")[:-1],
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_broken_body_is_a_protocol_error(body: bytes) -> None:
    """P13: half a JSON, nothing, invalid UTF-8 or nesting without end is a ProtocolError, never a crash."""
    error = opening(200, body)
    assert type(error) is ProtocolError
    assert error.retryable
    assert error.body_start == body.decode(errors="replace")[:200]


def test_the_start_of_a_body_is_200_characters() -> None:
    """P13: an error quotes the first 200 characters, whole ones, of however large a page."""
    error = opening(200, "é".encode() * 1_000_000)
    assert isinstance(error, ProtocolError)
    assert error.body_start == "é" * 200
    assert len(str(error)) < 400


@pytest.mark.parametrize("status", [200, 404, 413, 429, 502])
def test_an_empty_page(status: int) -> None:
    """An empty page is told by its status alone."""
    error = opening(status, b"")
    assert error.status == status
    assert str(error).strip()

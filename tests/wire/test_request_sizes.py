"""What is too long: reads that turn into a POST, and requests that are refused before they are sent."""

from __future__ import annotations

import pytest

from marketo_async.errors import ArgumentError
from marketo_async.wire.call import GET, POST, Call
from marketo_async.wire.request import BODY_LIMIT, LONG_URI, HttpRequest, encode

LEADS = "/rest/v1/leads.json"
PROGRAMS = "/rest/asset/v1/programs.json"
FORM = "application/x-www-form-urlencoded"
MARKETOS_URI, MARKETOS_ASSET_URI, MARKETOS_BODY = 8_192, 65_536, 1_048_576
HOST = len("https://123-abc-456.mktorest.com")


def of_target_length(template: str, length: int) -> Call:
    return GET(template).query(filterValues="x" * (length - len(f"{template}?filterValues=")))


def test_a_short_lead_database_read_is_a_get() -> None:
    """A14: up to the threshold a read is a GET, and Marketo's limit still holds for it with its host."""
    request = encode(of_target_length(LEADS, LONG_URI))
    assert (request.method, len(request.target), request.body) == ("GET", LONG_URI, b"")
    assert LONG_URI + HOST < MARKETOS_URI


def test_a_long_lead_database_read_goes_as_a_post() -> None:
    """A14: near 8 KB the query moves into a form, and `_method=GET` says what is meant."""
    call = of_target_length(LEADS, LONG_URI + 1)
    body = b"filterValues=" + b"x" * (LONG_URI + 1 - len(f"{LEADS}?filterValues="))
    assert encode(call) == HttpRequest("POST", f"{LEADS}?_method=GET", FORM, body)
    assert call.idempotent, "it is still a read: it may be repeated"


def test_a_long_read_keeps_every_encoded_byte() -> None:
    """P10: what is in the body is exactly what would have been in the query."""
    call = GET(LEADS).query(filterType="email", filterValues=["ü@exämple.com,"[:-1]] * 400, fields=["a b", "c"])
    request = encode(call)
    assert request.method == "POST"
    assert request.body.startswith(b"filterType=email&filterValues=%C3%BC%40ex%C3%A4mple.com%2C%C3%BC%40")
    assert request.body.endswith(b"&fields=a%20b%2Cc")


@pytest.mark.parametrize("length", [LONG_URI + 1, MARKETOS_URI, 64_000])
def test_a_long_asset_read_stays_a_get(length: int) -> None:
    """A14: the Asset API knows no `_method`; it takes 64 KB in the URI instead."""
    request = encode(of_target_length(PROGRAMS, length))
    assert (request.method, len(request.target)) == ("GET", length)


@pytest.mark.parametrize(
    "call",
    [
        of_target_length(PROGRAMS, MARKETOS_ASSET_URI - HOST),
        of_target_length("/bulk/v1/leads/export.json", 66_000),
        of_target_length("/userservice/management/v1/users/allusers.json", 66_000),
        POST(LEADS).query(lookupField="x" * MARKETOS_URI).json({}),
        GET("/rest/v1/list/{listId}/leads.json", listId="x" * MARKETOS_URI),
    ],
    ids=["asset", "bulk", "user management", "lead database, write", "lead database, path"],
)
def test_a_uri_that_is_longer_than_anybody_takes_is_refused(call: Call) -> None:
    """What would end in 414, or in an error of the HTTP library, is an ArgumentError and never sent."""
    with pytest.raises(ArgumentError, match="URI") as caught:
        encode(call)
    assert caught.value.argument == "query"
    assert len(str(caught.value)) < 400


def test_a_body_of_one_megabyte_is_sent_and_one_byte_more_is_not() -> None:
    """Bodies over 1 MB are refused before sending, counted as they go over the wire."""
    assert BODY_LIMIT == MARKETOS_BODY
    fits = POST(PROGRAMS).form(x="y" * (BODY_LIMIT - 2))
    assert len(encode(fits).body) == BODY_LIMIT
    for call in (
        POST(PROGRAMS).form(x="y" * (BODY_LIMIT - 1)),
        POST(PROGRAMS).form(x="é" * (BODY_LIMIT // 6 + 1)),
        POST(LEADS).json({"x": "y" * (BODY_LIMIT - 7)}),
        GET(LEADS).query(filterValues="x" * BODY_LIMIT),
    ):
        with pytest.raises(ArgumentError, match="1048576") as caught:
            encode(call)
        assert caught.value.argument == "body"
        assert len(str(caught.value)) < 400

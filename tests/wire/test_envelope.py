"""Opening Marketo's envelope: every shape in which it was seen, and the refusals inside."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketo_async.errors import (
    ApiError,
    ExportQuotaError,
    InvalidTokenError,
    MarketoError,
    NotFoundError,
    ProtocolError,
    RateLimitError,
    UnknownResourceError,
    ValidationError,
)
from marketo_async.wire.envelope import Envelope, HttpAnswer, open_envelope

READ = "GET /rest/asset/v1/programs.json"


def opened(document: object, **headers: str) -> Envelope:
    return open_envelope(HttpAnswer(200, headers, json.dumps(document).encode()), READ)


def refused(document: object, *, status: int = 200) -> MarketoError:
    with pytest.raises(MarketoError) as caught:
        open_envelope(HttpAnswer(status, {}, json.dumps(document).encode()), READ)
    return caught.value


def test_a_lead_database_envelope() -> None:
    """The lead database sends neither errors nor warnings with a success."""
    found = opened({"requestId": "13a14#149c9fca60e", "result": [{"id": 1}], "success": True})
    assert found == Envelope([{"id": 1}], request_id="13a14#149c9fca60e")


def test_an_asset_envelope() -> None:
    """The Asset API sends empty errors and warnings with a success."""
    found = opened({"success": True, "errors": [], "requestId": "888#178", "warnings": [], "result": [{"id": 1}]})
    assert found == Envelope([{"id": 1}], request_id="888#178")


@pytest.mark.parametrize("members", [{}, {"result": None}, {"result": []}])
def test_nothing_found_is_an_empty_result(members: dict[str, object]) -> None:
    """A16, P6: a result that is missing, null or empty is an empty listing, and its warning stays readable."""
    warning = "No assets found for the given search criteria."
    found = opened({"success": True, "errors": [], "requestId": "e#1", "warnings": [warning]} | members)
    assert (found.result, found.warnings) == ([], (warning,))


@pytest.mark.parametrize("result", [["a", "b"], [1, 2], [None], [[1]], [{"id": 1}, "mixed"]])
def test_a_result_is_a_list_of_anything(result: list[object]) -> None:
    """A result holds objects, texts or ids; what it holds is passed on as it came."""
    assert opened({"success": True, "result": result}).result == result


@pytest.mark.parametrize("result", [{"id": 1}, "text", 7, True])
def test_a_result_that_is_no_list_is_a_broken_answer(result: object) -> None:
    """P1: a result of another shape is never taken for an empty one."""
    error = refused({"success": True, "requestId": "e#1", "result": result})
    assert type(error) is ProtocolError
    assert (error.request_id, error.retryable) == ("e#1", True)


@pytest.mark.parametrize(
    ("warnings", "read"),
    [
        (["one", "two"], ("one", "two")),
        ([{"code": 1003, "message": "odd"}], ("1003 odd",)),
        ([{"code": "1003"}, {"message": "odd"}], ("1003", "odd")),
        ([{"code": None, "message": ""}], ("",)),
        ([7], ("7",)),
        (None, ()),
        ("text", ()),
    ],
)
def test_warnings_are_texts_or_objects(warnings: object, read: tuple[str, ...]) -> None:
    """Warnings are readable text, whether Marketo sends texts or objects with a code."""
    assert opened({"success": True, "result": [], "warnings": warnings}).warnings == read


@pytest.mark.parametrize(
    ("members", "token", "more"),
    [
        ({}, None, None),
        (
            {"moreResult": True, "nextPageToken": "GIYDAOBNGEYS2MBWKQYDAORQGA5DAMBOGAYDAKZQGAYDALBRGA3TQ==="},
            "GIYD",
            True,
        ),
        (
            {"moreResult": False, "nextPageToken": "WQV2VQVPPCKHC6AQYVK7JDSA3J62DUSJ3EXJGDPTKPEBFW3SAVUA===="},
            "WQV2",
            False,
        ),
        ({"moreResult": False}, None, False),
        ({"nextPageToken": ""}, None, None),
        ({"nextPageToken": None, "moreResult": None}, None, None),
        ({"nextPageToken": 7, "moreResult": "true"}, None, None),
    ],
)
def test_where_the_next_page_is(members: dict[str, object], token: str | None, more: bool | None) -> None:
    """P6: the page token and `moreResult` are read where they are there and of their type, and are None elsewhere."""
    found = opened({"success": True, "result": []} | members)
    assert (found.next_page_token and found.next_page_token[:4], found.more_result) == (token, more)


@pytest.mark.parametrize(("sent", "read"), [("1#2", "1#2"), (None, None), (12345, "12345")])
def test_the_request_id_is_opaque(sent: object, read: str | None) -> None:
    """A request id is a text, rarely null or plain digits."""
    assert opened({"success": True, "requestId": sent}).request_id == read
    assert refused({"success": False, "requestId": sent, "errors": [{"code": "610"}]}).request_id == read


def test_the_servers_clock_is_passed_on() -> None:
    """The `Date` header says what time it is on Marketo's side; one that cannot be read says nothing."""
    assert opened({"success": True}, date="Sun, 08 Mar 2026 07:59:00 GMT").date == datetime(
        2026, 3, 8, 7, 59, tzinfo=UTC
    )
    assert opened({"success": True}, date="Sun, 08 Mar 2026 07:59:00 -0000").date == datetime(
        2026, 3, 8, 7, 59, tzinfo=UTC
    )
    for nonsense in ("", "soon", "Sun, 99 Mar 2026 07:59:00 GMT", "0"):
        assert opened({"success": True}, date=nonsense).date is None
    assert opened({"success": True}).date is None


# ---------------------------------------------------------------- success: false


def test_a_refusal_raises_in_the_class_of_its_first_code() -> None:
    """P1: `success: false` inside HTTP 200 raises, with code, words, request id, operation and every further error."""
    error = refused(
        {
            "requestId": "5576#16523a39ed7",
            "success": False,
            "errors": [{"code": "606", "message": "Max rate limit '100' exceeded with in '20' secs"}, {"code": "1003"}],
        }
    )
    assert type(error) is RateLimitError
    assert (error.code, error.message) == ("606", "Max rate limit '100' exceeded with in '20' secs")
    assert (error.request_id, error.status, error.operation) == ("5576#16523a39ed7", 200, READ)
    assert error.errors == (("606", "Max rate limit '100' exceeded with in '20' secs"), ("1003", ""))


def test_a_refusal_with_a_result_still_raises() -> None:
    """P1: a result beside `success: false` is not taken for an answer."""
    assert refused({"success": False, "result": [{"id": 1}], "errors": [{"code": "601"}]}).code == "601"


@pytest.mark.parametrize(
    ("entry", "kind", "code", "message"),
    [
        ({"code": 1001, "message": "Invalid value 'X'"}, ValidationError, "1001", "Invalid value 'X'"),
        ({"code": "610", "message": None}, UnknownResourceError, "610", "Marketo refused without saying why"),
        ({"code": "610"}, UnknownResourceError, "610", "Marketo refused without saying why"),
        ({"code": "1099", "message": "new"}, ApiError, "1099", "new"),
        ({"message": "only words"}, ApiError, None, "only words"),
        ({"code": None, "message": "only words"}, ApiError, None, "only words"),
        ("only words", ApiError, None, "only words"),
        ({"code": "702", "message": 75}, NotFoundError, "702", "75"),
    ],
)
def test_every_shape_of_an_error_entry(entry: object, kind: type[ApiError], code: str | None, message: str) -> None:
    """Codes may be numbers, words may be missing: the class and the text are right all the same."""
    error = refused({"success": False, "errors": [entry]})
    assert (type(error), error.code, error.message) == (kind, code, message)


@pytest.mark.parametrize("members", [{}, {"errors": []}, {"errors": None}, {"errors": "no"}, {"errors": {}}])
def test_a_refusal_without_errors_still_raises(members: dict[str, object]) -> None:
    """P1: `success: false` raises even where Marketo does not say why."""
    error = refused({"success": False, "requestId": "1#2"} | members)
    assert type(error) is ApiError
    assert (error.code, error.request_id, error.message) == (None, "1#2", "Marketo refused without saying why")


def test_a_refusal_is_opened_whatever_the_http_status() -> None:
    """Marketo's own words win over the HTTP status that they came with."""
    error = refused({"success": False, "errors": [{"code": "601", "message": "Access token invalid"}]}, status=401)
    assert type(error) is InvalidTokenError
    assert (error.status, error.code) == (401, "601")


def test_an_export_quota_is_told_by_its_text() -> None:
    """P8: 1029 becomes the class that its words mean."""
    error = refused({"success": False, "errors": [{"code": "1029", "message": "Export daily quota 500MB exceeded."}]})
    assert type(error) is ExportQuotaError


# ---------------------------------------------------------------- no envelope


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"success": "true"},
        {"success": 1},
        {"success": None},
        {"result": [], "requestId": "1#2"},
        [],
        [{"success": True}],
        7,
        None,
        "x",
    ],
    ids=str,
)
def test_a_json_that_is_no_envelope_is_a_broken_answer(document: object) -> None:
    """P1, P13: a JSON without a boolean `success` is a ProtocolError with the start of the body."""
    error = refused(document)
    assert type(error) is ProtocolError
    assert error.body_start == json.dumps(document)
    assert (error.status, error.operation, error.retryable) == (200, READ, True)


def test_a_broken_answer_keeps_the_request_id() -> None:
    """P13: a request id is quoted wherever one was found."""
    assert refused({"requestId": "1#2", "success": "yes"}).request_id == "1#2"
    assert refused({"requestId": "1#2"}, status=502).request_id == "1#2"
    assert refused({"requestId": "1#2"}, status=404).request_id == "1#2"


def test_a_byte_order_mark_does_no_harm() -> None:
    """An answer with a byte order mark is still Marketo's."""
    assert open_envelope(HttpAnswer(200, {}, b'\xef\xbb\xbf{"success":true,"result":[1]}'), READ).result == [1]


@given(st.binary(), st.integers(100, 599))
def test_no_body_is_a_crash(body: bytes, status: int) -> None:
    """Whatever bytes and status arrive, what comes out is a MarketoError that says where it came from."""
    with pytest.raises(MarketoError) as caught:
        open_envelope(HttpAnswer(status, {}, body), READ)
    assert (caught.value.status, caught.value.operation) == (status, READ)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).flatmap(
        lambda value: st.fixed_dictionaries(
            {},
            optional={
                name: st.just(value) | st.booleans() | st.just([value])
                for name in ("success", "result", "errors", "warnings", "requestId", "moreResult", "nextPageToken")
            },
        )
    )
)
def test_no_envelope_is_a_crash(document: dict[str, object]) -> None:
    """Whatever stands in the members of an envelope, it opens or raises a MarketoError; true means opened."""
    try:
        opened(document)
    except ApiError:
        assert document["success"] is False
    except ProtocolError:
        assert document.get("success") is not False
    else:
        assert document["success"] is True


def test_a_repr_shows_no_body_and_no_headers() -> None:
    """P15: the bytes of an answer, identity's among them, show in no repr."""
    assert repr(HttpAnswer(200, {"set-cookie": "x"}, b"token")) == "HttpAnswer(status=200)"

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sandbox_echo import THING, THINGS, echoing

from marketo_async.sandbox.admission import Admission
from marketo_async.sandbox.clock import Clock
from marketo_async.sandbox.exchange import Answer, Route
from marketo_async.sandbox.routing import Router

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def test_envelopes_differ_by_family() -> None:
    """An asset reply carries errors and warnings, a lead-database reply neither; both end in Marketo's order."""
    async with echoing() as marketo:
        asset, lead = (await marketo.get(THING)).json(), (await marketo.get("/rest/v1/many.json")).json()
        assert list(asset) == ["success", "errors", "requestId", "warnings", "result"]
        assert list(lead) == ["requestId", "result", "success", "nextPageToken", "moreResult"]
        assert (lead["nextPageToken"], lead["moreResult"]) == ("AB==", True)
        assert int(asset["requestId"].partition("#")[2], 16) > 1_700_000_000_000


async def test_an_empty_asset_search_has_no_result() -> None:
    """Nothing found is success with a warning and without the key `result` (A16)."""
    async with echoing() as marketo:
        members = (await marketo.get("/rest/asset/v1/thing/byName.json")).json()
        assert members["warnings"] == ["No assets found for the given search criteria."]
        assert (members["success"], "result" in members) == (True, False)


async def test_refusals_are_http_200() -> None:
    """An error is HTTP 200 with `success: false` (P1)."""
    async with echoing() as marketo:
        error = {"code": "709", "message": "Program with the same name already exists"}
        for method, path in (("POST", "/rest/asset/v1/thing/1/clone.json"), ("GET", "/rest/v1/refused.json")):
            reply = await marketo.request(method, path)
            assert reply.status_code == 200
            assert (reply.json()["success"], reply.json()["errors"]) == (False, [error])


async def test_headers_are_marketos() -> None:
    """The date is the sandbox's, the length is said for the lead database only, gzip only from 1024 bytes on."""
    clock = Clock(monotonic=lambda: 0.0, start=datetime(2026, 3, 1, 12, tzinfo=UTC))
    async with echoing(clock=clock) as marketo:
        lead, asset = await marketo.get(THINGS), await marketo.get(THING)
        assert lead.headers["date"] == "Sun, 01 Mar 2026 12:00:00 GMT"
        assert lead.headers["content-type"] == "application/json;charset=UTF-8"
        assert ("content-length" in lead.headers, "content-length" in asset.headers) == (True, False)
        assert "content-encoding" not in lead.headers
        large = await marketo.get("/rest/v1/many.json")
        assert large.headers["content-encoding"] == "gzip"
        assert large.json()["result"][7] == {"id": 7, "name": "naïve 日本"}
        for refusing in ("identity", "gzip;q=0"):
            plain = await marketo.get("/rest/v1/many.json", headers={"accept-encoding": refusing})
            assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/rest/v1/nowhere.json", "610"),
        ("/rest/v1/things", "610"),
        ("/rest/asset/v1/thing/1", "610"),
        ("/rest/asset/v1/thing/.json", "610"),
        ("/rest//v1/things.json", "610"),
        ("//rest/v1/things.json", "610"),
        ("/rest/v1/writeOnly.json", "605"),
        ("/rest/v1/things.json", None),
    ],
)
async def test_paths_and_verbs(path: str, code: str | None) -> None:
    """An unknown path is 610, be it for a missing `.json` or a double slash; a known one with another verb 605."""
    async with echoing() as marketo:
        reply = await marketo.get(f"https://sandbox.example{path}")
        assert [error["code"] for error in reply.json().get("errors", [])] == ([code] if code else [])


async def test_605_names_the_verb() -> None:
    """The text of 605 is Marketo's, and the call costs nothing."""
    async with echoing(admission=Admission(rate=1, daily=1)) as marketo:
        for method in ("PUT", "POST"):
            reply = await marketo.request(method, "/rest/asset/v1/thing/byName.json")
            assert reply.json()["errors"] == [{"code": "605", "message": f"Request method '{method}' not supported"}]
        assert await marketo.code("GET", THINGS) is None


async def test_arguments_of_a_path_are_decoded() -> None:
    """A percent-encoded slash belongs to the argument; literal paths go before variable ones."""
    async with echoing() as marketo:
        reply = await marketo.post("/rest/asset/v1/thing/7/tag/R%2FD%20%C3%A9.json?tagValue=a%2Bb")
        row = reply.json()["result"][0]
        assert row["arguments"] == {"id": "7", "tagType": "R/D é"}
        assert row["fields"] == [["tagValue", "a+b"]]


def test_the_same_operation_twice_is_a_mistake() -> None:
    """Two routes with one verb and one path are refused when the table is built."""
    route = Route("GET", "/rest/v1/things.json", lambda _: Answer(None))
    with pytest.raises(ValueError, match="there twice"):
        Router([route, route])


def test_the_most_literal_path_wins() -> None:
    """Of several templates that fit, the one that is literal further to the left wins, then the longer suffix."""
    templates = ["/{a}/b.json", "/x/{a}.json", "/x/{a}Draft.json", "/x/y.json"]
    for order in itertools.permutations(templates):
        router = Router([Route("GET", template, lambda _: Answer(None)) for template in order])
        found = {path: router.find(path) for path in ("/z/b.json", "/x/b.json", "/x/bDraft.json", "/x/y.json", "/z/c")}
        assert [match and match.place.template for match in found.values()] == [*templates, None]


@pytest.mark.parametrize(
    ("path", "body", "content_type", "code"),
    [
        (THING, b'{"a": 1}', "application/json", "612"),
        (THING, b"{broken", "application/json", "612"),
        (THING, b"a=1", "text/plain", "612"),
        (THING, b"a=1", None, "612"),
        (THING, b"a=1", "application/x-www-form-urlencoded; charset=utf-8", None),
        (THING, b"", "application/json; charset=utf-8", None),
        (THING, b"x", "multipart/form-data", "613"),
        (THING, b"x", "multipart/form-data; boundary=b", "613"),
        (THINGS, b"a=1", "application/x-www-form-urlencoded", "612"),
        (THINGS, b"x", "multipart/form-data", "612"),
        (THINGS, b'{"a": 1}', "text/plain", "612"),
        (THINGS, b'{"a": 1', "application/json", "609"),
        (THINGS, b"[NaN]", "application/json", "609"),
        (THINGS, b"[" * 100_000, "application/json", "609"),
        (THINGS, b"\xff", "application/json", "609"),
        (THINGS, b'{"a": 1}', "application/json;charset=UTF-8", None),
    ],
)
async def test_bodies_of_the_wrong_kind(path: str, body: bytes, content_type: str | None, code: str | None) -> None:
    """Assets take forms, the lead database JSON, anything else is 612; then what cannot be read is 609 or 613."""
    async with echoing() as marketo:
        headers = {} if content_type is None else {"content-type": content_type}
        assert await marketo.code("POST", path, content=body, headers=headers) == code


async def test_a_body_on_a_get_is_tolerated() -> None:
    """Some clients send JSON, or nonsense, with a GET."""
    async with echoing() as marketo:
        for path in (THINGS, THING):
            assert await marketo.code("GET", path, content=b"{", headers={"content-type": "application/json"}) is None


async def test_form_fields_go_before_query_parameters() -> None:
    """An asset POST takes its arguments from the form or from the query; the form wins, blanks and order stay (P10)."""
    async with echoing() as marketo:
        reply = await marketo.post(
            THING + "?name=query&only=there",
            content="name=a%26b+c&name=&flag=false&id=1&id=2&x=%E6%97%A5",
            headers=FORM,
        )
        row = reply.json()["result"][0]
        form = [["name", "a&b c"], ["name", ""], ["flag", "false"], ["id", "1"], ["id", "2"], ["x", "日"]]
        assert row["fields"] == [*form, ["only", "there"]]
        assert row["query"] == [["name", "query"], ["only", "there"]]


async def test_multipart_fields_are_form_fields() -> None:
    """Assets take multipart too, with text in fields or in files."""
    async with echoing() as marketo:
        reply = await marketo.post(THING, files={"name": (None, "Webinar 7"), "content": ("a.html", "<p>日</p>")})
        assert reply.json()["result"][0]["fields"] == [["name", "Webinar 7"], ["content", "<p>日</p>"]]


@pytest.mark.parametrize(("uri", "body"), [("?_method=GET&a=1", "b=2"), ("", "_method=GET&a=1&b=2")])
async def test_a_post_may_be_a_get(uri: str, body: str) -> None:
    """The lead database takes `_method=GET` in the URI or in the form, whose fields are then the query (A14)."""
    async with echoing() as marketo:
        row = (await marketo.post(THINGS + uri, content=body, headers=FORM)).json()["result"][0]
        assert row["method"] == "GET"
        assert sorted(pair for pair in row["query"] if pair[0] != "_method") == [["a", "1"], ["b", "2"]]


async def test_a_post_may_be_a_delete_and_a_get_may_have_json() -> None:
    """`_method=DELETE` and `_method=GET` go with JSON bodies as well."""
    async with echoing() as marketo:
        for method in ("DELETE", "GET"):
            row = (await marketo.post(f"{THINGS}?_method={method}", json={"input": [{"id": 1}]})).json()["result"][0]
            assert (row["method"], row["json"]) == (method, {"input": [{"id": 1}]})


async def test_assets_do_not_know_the_override() -> None:
    """An asset POST with `_method=GET` stays a POST."""
    async with echoing() as marketo:
        row = (await marketo.post(THING + "?_method=GET")).json()["result"][0]
        assert row["method"] == "POST"
        assert await marketo.code("POST", "/rest/asset/v1/thing/byName.json?_method=GET") == "605"


async def test_long_uris_are_414() -> None:
    """More than 8 KB of path and query is the web server's 414 for the lead database, more than 64 KB for assets."""
    async with echoing() as marketo:
        room = 8192 - len(THINGS + "?q=")
        assert (await marketo.get(f"{THINGS}?q={'x' * room}")).status_code == 200
        too_long = await marketo.get(f"{THINGS}?q={'x' * (room + 1)}")
        assert (too_long.status_code, too_long.headers["content-type"]) == (414, "text/html")
        room = 65536 - len(THING + "?q=")
        assert (await marketo.get(f"{THING}?q={'x' * room}")).status_code == 200
        assert (await marketo.get(THING, params={"q": "x" * (room + 1)})).status_code == 414


async def test_large_bodies_are_413() -> None:
    """More than 1 MB of body is the web server's 413, whether its length was announced or not."""
    async with echoing() as marketo:
        for path in (THING, THINGS):
            assert (await marketo.post(path, content=b"a=" + b"x" * 1_048_575, headers=FORM)).status_code == 413
        assert await marketo.code("POST", THING, content=b"a=" + b"x" * 1_048_574, headers=FORM) is None

        async def unannounced() -> AsyncGenerator[bytes, None]:
            for _ in range(3):
                yield b"x" * 500_000

        assert (await marketo.post(THING, content=unannounced(), headers=FORM)).status_code == 413


async def test_checks_come_in_marketos_order() -> None:
    """Token before limits, limits before verb and path, those before the content type, that before the JSON."""
    clock = Clock(monotonic=lambda: 0.0)
    async with echoing(clock=clock, admission=Admission(rate=1, counts_refused=False)) as marketo:
        bad = {"content": b"{", "headers": {"content-type": "text/plain"}}
        nobody = {"headers": {"authorization": "Bearer nobody"}}
        assert await marketo.code("POST", "/rest/v1/nowhere.json", **nobody) == "601"
        assert await marketo.code("POST", "/rest/v1/nowhere.json", **bad) == "610"
        assert await marketo.code("POST", "/rest/v1/nowhere.json", **bad) == "606"
        assert await marketo.code("POST", "/rest/v1/nowhere.json", **nobody) == "601"
        clock.advance(21)
        assert await marketo.code("PUT", THINGS, **bad) == "605"
        assert await marketo.code("POST", THINGS, **bad) == "612"
        clock.advance(21)
        assert await marketo.code("POST", THINGS, content=b"{", headers={"content-type": "application/json"}) == "609"


async def test_a_mistake_in_an_area_is_loud() -> None:
    """In process a mistake in the sandbox leaves the app; its concurrency place is free again."""
    async with echoing(admission=Admission(concurrency=1)) as marketo:
        for _ in range(2):
            with pytest.raises(ZeroDivisionError, match="a mistake in an area"):
                await marketo.get("/rest/v1/blunder.json")
        assert marketo.instance.admission.in_flight == 0


async def test_a_mistake_in_an_area_may_be_611(caplog: pytest.LogCaptureFixture) -> None:
    """Behind a server a mistake is logged with its traceback and answered as Marketo's 611."""
    async with echoing(raise_bugs=False) as marketo:
        assert await marketo.code("GET", "/rest/v1/blunder.json") == "611"
        assert "ZeroDivisionError: a mistake in an area" in caplog.text

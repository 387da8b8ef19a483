"""What the encoder writes, parsers that know nothing of it read back."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
from hypothesis import given
from hypothesis import strategies as st

from marketo_async.sandbox.bodies import parameters
from marketo_async.wire.call import GET, POST, Call
from marketo_async.wire.request import HttpRequest, encode

PROGRAMS = "/rest/asset/v1/programs.json"
LEADS = "/rest/v1/leads.json"

texts = st.text(st.characters(exclude_categories=["Cs"]))
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
scalars = st.one_of(texts, st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
pairs = st.dictionaries(names, scalars, max_size=8)
json_values = st.recursive(
    st.one_of(st.none(), scalars),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=20,
)


def as_text(value: object) -> str:
    """Write a scalar as the facts about Marketo say, in the simplest way."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def query_of(request: HttpRequest) -> str:
    return urlsplit(request.target).query


@given(pairs)
def test_queries_read_back(values: dict[str, str]) -> None:
    """P10: any names and values of a query come back from Python's parser and from the sandbox's, in order."""
    query = query_of(encode(GET(PROGRAMS).query(**values)))
    expected = [(name, as_text(value)) for name, value in values.items()]
    assert parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)) == expected
    assert list(parameters(query).pairs) == expected


@given(pairs)
def test_forms_read_back(values: dict[str, str]) -> None:
    """P10: any names and values of a form come back from Python's parser and from the sandbox's, in order."""
    body = encode(POST(PROGRAMS).form(**values)).body.decode("ascii")
    expected = [(name, as_text(value)) for name, value in values.items()]
    assert parse_qsl(body, keep_blank_values=True) == expected
    assert list(parameters(body).pairs) == expected


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=","), min_size=1), min_size=1))
def test_comma_lists_read_back(values: list[str]) -> None:
    """P10: a list of any texts without commas comes apart into the same texts."""
    ((name, joined),) = parse_qsl(query_of(encode(GET(PROGRAMS).query(x=values))), keep_blank_values=True)
    assert (name, joined.split(",")) == ("x", values)


@given(st.one_of(st.lists(json_values), st.dictionaries(texts, json_values)))
def test_json_in_a_form_reads_back(value: list[object]) -> None:
    """P10: what stands as JSON inside a form field comes back as the same values, `null` included."""
    ((_, text),) = parse_qsl(encode(POST(PROGRAMS).form(x=value)).body.decode("ascii"), keep_blank_values=True)
    assert json.loads(text) == value


@given(st.dictionaries(texts, json_values))
def test_json_bodies_read_back(value: dict[str, object]) -> None:
    """P10: a JSON body is UTF-8 and holds the same values."""
    assert json.loads(encode(POST(LEADS).json(value)).body.decode()) == value


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text not in {".", ".."}))
def test_path_parameters_read_back(value: str) -> None:
    """P10: any path parameter is one segment, and comes back as it was given."""
    target = encode(GET("/rest/v1/list/{listId}/leads.json", listId=value)).target
    *before, segment, last = target.split("/")
    assert ("/".join(before), unquote(segment), last) == ("/rest/v1/list", value, "leads.json")


@given(pairs, texts.filter(lambda text: text not in {"", ".", ".."}))
def test_the_http_library_leaves_the_bytes_alone(values: dict[str, str], argument: str) -> None:
    """What was encoded here goes over the wire as it is: httpx escapes nothing a second time and folds no path."""
    request = encode(GET("/rest/asset/v1/program/{id}.json", id=argument).query(**values))
    assert httpx.Request("GET", f"https://h{request.target}").url.raw_path.decode() == request.target


@given(st.lists(texts.map(lambda text: text.replace(",", ";"))))
def test_a_read_says_the_same_as_a_get_and_as_a_post(values: list[str]) -> None:
    """A14: whether a long read goes as GET or as POST with `_method=GET`, its parameters are the same."""
    call: Call = GET(LEADS).query(filterType="email", filterValues=[*values, *["x" * 30] * 300])
    request = encode(call)
    assert request.method == "POST"
    assert query_of(request) == "_method=GET"
    assert tuple(parse_qsl(request.body.decode("ascii"), keep_blank_values=True)) == call.query_pairs

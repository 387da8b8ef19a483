"""The exact bytes of requests: queries, forms, JSON and paths."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from marketo_async.errors import ArgumentError
from marketo_async.wire.call import DELETE, GET, POST, Call
from marketo_async.wire.request import HttpRequest, encode, encoded_length

PROGRAMS = "/rest/asset/v1/programs.json"
PROGRAM = "/rest/asset/v1/program/{id}.json"
LEADS = "/rest/v1/leads.json"
FORM = "application/x-www-form-urlencoded"


class Size(float):
    """A float that writes itself like numpy's does."""

    def __repr__(self) -> str:
        return f"np.float64({float(self)})"


class Level(int, enum.Enum):
    LOW = 0
    HIGH = 7


class Kind(enum.StrEnum):
    EVENT = "Event"


VALUES = [
    ("two words", "two%20words"),
    ("a,b", "a%2Cb"),
    ("1+1", "1%2B1"),
    ("a&b=c", "a%26b%3Dc"),
    ('say "hi"', "say%20%22hi%22"),
    ("it's", "it%27s"),
    ("{}[]", "%7B%7D%5B%5D"),
    ("50 % off?", "50%20%25%20off%3F"),
    ("/#;:@", "%2F%23%3B%3A%40"),
    ("Zoë 活動 🎉", "Zo%C3%AB%20%E6%B4%BB%E5%8B%95%20%F0%9F%8E%89"),
    ("a\r\nb\tc", "a%0D%0Ab%09c"),
    ("%2B", "%252B"),
    ("", ""),
    (False, "false"),
    (True, "true"),
    (0, "0"),
    (-7, "-7"),
    (2**63, "9223372036854775808"),
    (Level.LOW, "0"),
    (Level.HIGH, "7"),
    (Kind.EVENT, "Event"),
    (0.0, "0.0"),
    (1.5, "1.5"),
    (Size(1.5), "1.5"),
    (date(2026, 3, 8), "2026-03-08"),
    (datetime(2026, 3, 8, 9, 30, tzinfo=UTC), "2026-03-08T09%3A30%3A00Z"),
    (datetime(2026, 3, 8, 9, 30, 1, 250_999, tzinfo=UTC), "2026-03-08T09%3A30%3A01.250Z"),
    (datetime(2026, 3, 8, 0, 30, tzinfo=timezone(timedelta(hours=2))), "2026-03-07T22%3A30%3A00Z"),
]


@pytest.mark.parametrize(("value", "written"), VALUES)
def test_a_value_in_a_query(value: str, written: str) -> None:
    """P10: every value of a query is percent-encoded, `false` and `0` are sent, moments go as UTC."""
    assert encode(GET(PROGRAMS).query(x=value)) == HttpRequest("GET", f"{PROGRAMS}?x={written}")


@pytest.mark.parametrize(("value", "written"), VALUES)
def test_a_value_in_a_form(value: str, written: str) -> None:
    """P10: every value of a form is percent-encoded like a query's: a blank is %20, never a plus."""
    assert encode(POST(PROGRAMS).form(x=value)) == HttpRequest("POST", PROGRAMS, FORM, f"x={written}".encode())


def test_none_is_not_sent_and_order_is_kept() -> None:
    """P10: None means "not sent"; everything else goes in the order in which it was given, repetitions included."""
    call = GET(PROGRAMS).query(z=1, a=None, m="").query(a=2, z=3)
    assert encode(call).target == f"{PROGRAMS}?z=1&m=&a=2&z=3"
    assert encode(GET(PROGRAMS).query(a=None)).target == PROGRAMS
    assert encode(POST(PROGRAMS).form(a=None, b=1)).body == b"b=1"


def test_lists_in_a_query_are_joined_by_commas() -> None:
    """P10: a list is Marketo's comma list, of any plain values, never Python's `str(list)`."""
    call = GET(LEADS).query(filterValues=["a b", 1, False, date(2026, 1, 2)], fields=("email", "leadScore"))
    assert encode(call).target == f"{LEADS}?filterValues=a%20b%2C1%2Cfalse%2C2026-01-02&fields=email%2CleadScore"


def test_a_comma_inside_a_list_is_refused() -> None:
    """P10: a value that would fall apart into two in a comma list is refused by name."""
    with pytest.raises(ArgumentError, match="comma") as caught:
        GET(LEADS).query(filterValues=["Smith, John"])
    assert caught.value.argument == "filterValues"


def test_mappings_and_lists_in_forms_and_mappings_in_queries_are_json() -> None:
    """P10: a folder, costs and tags are JSON inside their field, compact, with non-ASCII as it is."""
    folder = {"id": 1035, "type": "Folder"}
    assert encode(GET(PROGRAMS).query(root=folder)).target == (
        f"{PROGRAMS}?root=%7B%22id%22%3A1035%2C%22type%22%3A%22Folder%22%7D"
    )
    call = POST(PROGRAMS).form(
        folder=folder, costs=[{"startDate": date(2026, 1, 1), "cost": 0, "note": "é"}], tags=[], on=True
    )
    assert encode(call).body == (
        b"folder=%7B%22id%22%3A1035%2C%22type%22%3A%22Folder%22%7D"
        b"&costs=%5B%7B%22startDate%22%3A%222026-01-01%22%2C%22cost%22%3A0%2C%22note%22%3A%22%C3%A9%22%7D%5D"
        b"&tags=%5B%5D&on=true"
    )


def test_a_json_body() -> None:
    """A JSON body is compact UTF-8: null stays null, false false, moments are Marketo's text, keys are text."""
    body = {"input": [{"email": "zoë@example.com", "score": None, "on": False, 7: datetime(2026, 1, 1, tzinfo=UTC)}]}
    assert encode(POST(LEADS).json(body)) == HttpRequest(
        "POST",
        LEADS,
        "application/json",
        '{"input":[{"email":"zoë@example.com","score":null,"on":false,"7":"2026-01-01T00:00:00Z"}]}'.encode(),
    )


def test_an_asset_post_without_fields_is_still_a_form() -> None:
    """Marketo looks at the content type of an empty asset POST, too (612)."""
    approve = POST("/rest/asset/v1/program/{id}/approve.json", id=7)
    assert encode(approve) == HttpRequest("POST", "/rest/asset/v1/program/7/approve.json", FORM)
    assert encode(DELETE(LEADS)) == HttpRequest("DELETE", LEADS)


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        (1107, "1107"),
        ("a/b c", "a%2Fb%20c"),
        ("50%", "50%25"),
        ("x?y#z", "x%3Fy%23z"),
        ("{id}", "%7Bid%7D"),
        ("...", "..."),
        ("Ünïcode", "%C3%9Cn%C3%AFcode"),
        (Level.HIGH, "7"),
    ],
)
def test_a_path_parameter_stays_one_segment(argument: str, written: str) -> None:
    """P10: whatever a path parameter holds, it stays one segment of the path."""
    assert encode(GET(PROGRAM, id=argument)).target == f"/rest/asset/v1/program/{written}.json"


def test_several_path_parameters_fill_their_own_places() -> None:
    """A value that looks like another parameter's place is not filled in again."""
    call = GET("/rest/v1/lists/{listId}/leads/{leadId}.json", listId="{leadId}", leadId=7)
    assert encode(call).target == "/rest/v1/lists/%7BleadId%7D/leads/7.json"


@pytest.mark.parametrize("argument", ["", ".", ".."])
def test_a_path_parameter_that_would_change_the_path_is_refused(argument: str) -> None:
    """An empty or dotted path parameter would address something else."""
    with pytest.raises(ArgumentError, match="path"):
        encode(GET(PROGRAM, id=argument))


@pytest.mark.parametrize("argument", [None, 1.5j, ["1"], {"id": 1}, b"1", "\ud800"])
def test_a_path_parameter_that_is_no_text_or_number_is_refused(argument: str) -> None:
    """`get(None)` must not ask for `program/None.json`."""
    with pytest.raises(ArgumentError) as caught:
        GET(PROGRAM, id=argument)
    assert caught.value.argument == "id"


SENSELESS = [
    datetime(2026, 1, 1),  # noqa: DTZ001 - the naive datetime is the point
    float("nan"),
    float("inf"),
    "\ud800",
    "half \udc80 a pair",
    b"bytes",
    bytearray(b"bytes"),
    memoryview(b"bytes"),
    {1, 2},
    object(),
    1 + 2j,
    datetime.min.replace(tzinfo=timezone(timedelta(hours=2))),
]


@pytest.mark.parametrize("value", SENSELESS, ids=lambda value: type(value).__name__)
def test_what_has_no_place_on_the_wire_is_refused_by_name(value: str) -> None:
    """P10: naive datetimes, nan, half surrogate pairs, bytes and objects are refused wherever they stand."""
    for write in (GET(LEADS).query, POST(PROGRAMS).form):
        for given in (value, ["a", value], {"a": value}, [{"a": [value]}]):
            with pytest.raises(ArgumentError) as caught:
                write(x=given)
            assert caught.value.argument == "x"
    with pytest.raises(ArgumentError):
        encode(POST(LEADS).json({"input": [value]}))


def test_none_in_a_list_of_a_query_is_refused() -> None:
    """P10: a comma list has no way to say null."""
    with pytest.raises(ArgumentError):
        GET(LEADS).query(x=["a", None])


@pytest.mark.parametrize("key", ["\ud800", None, (1, 2)])
def test_json_keys_are_texts(key: str) -> None:
    """A key that is no text ends as an ArgumentError, not in the middle of encoding."""
    with pytest.raises(ArgumentError):
        encode(POST(LEADS).json({"input": [{key: 1}]}))


def test_a_bad_value_inside_json_is_blamed_in_plain_words() -> None:
    """The error of a naive datetime deep inside `costs` says "time zone" once, and shows that value."""
    with pytest.raises(ArgumentError) as caught:
        POST(PROGRAMS).form(costs=[{"startDate": datetime(2026, 1, 1)}])  # noqa: DTZ001 - as above
    assert str(caught.value).startswith("costs='2026-01-01T00:00:00' is not allowed: a datetime with a time zone")


def test_json_without_bottom_is_refused() -> None:
    """A structure that holds itself, or is nested without end, is an ArgumentError."""
    ring: list[object] = []
    ring.append(ring)
    with pytest.raises(ArgumentError):
        POST(PROGRAMS).form(x=ring)
    deep: list[object] = []
    for _ in range(10_000):
        deep = [deep]
    with pytest.raises(ArgumentError):
        POST(PROGRAMS).form(x=deep)


def test_a_call_is_a_value() -> None:
    """P2: building on a call leaves it as it was, so a replay starts from what was asked."""
    first = GET(PROGRAMS).query(a=1)
    second = first.query(b=2)
    assert (first, second) == (GET(PROGRAMS).query(a=1), GET(PROGRAMS).query(a=1, b=2))
    assert encode(first) == encode(first)


@pytest.mark.parametrize(
    ("template", "api", "seconds"),
    [
        (PROGRAMS, "asset", 300),
        ("/rest/asset/v2/email", "asset", 300),
        (LEADS, "lead_database", 30),
        ("/bulk/v1/leads.json", "bulk", 60),
        ("/userservice/management/v1/users/allusers.json", "user_management", 30),
        ("/identity/oauth/token", "identity", 30),
    ],
)
def test_a_path_says_which_api_it_belongs_to(template: str, api: str, seconds: float) -> None:
    """The family of a path decides its server limit; a path of no family is a mistake of ours."""
    assert (GET(template).api, GET(template).server_limit) == (api, seconds)
    with pytest.raises(ValueError, match="no API"):
        GET("/else")


def test_only_a_get_is_repeatable_by_itself() -> None:
    """P5: a write is idempotent only where the operation says so."""
    assert GET(LEADS).idempotent
    assert not POST(LEADS).idempotent
    assert not DELETE(LEADS).idempotent
    assert POST(LEADS).repeatable().idempotent


def test_how_a_call_is_treated_is_part_of_its_value() -> None:
    """P11: lane, opening, read time-out and server limit travel with the call."""
    call = GET(PROGRAMS).in_lane("bulk", opening=True).slow(read_timeout=310, server_limit=305)
    assert (call.lane, call.opening, call.read_timeout, call.server_limit) == ("bulk", True, 310, 305)
    assert GET(PROGRAMS).slow(read_timeout=310).server_limit == 300


def test_a_repr_shows_no_body() -> None:
    """P15: identity's form holds the client secret, so no repr shows a body."""
    call: Call = POST("/identity/oauth/token").form(client_secret="s3cret").json({"x": "s3cret"})
    assert "s3cret" not in repr(call)
    assert "s3cret" not in repr(encode(call))
    assert "s3cret" not in repr(encode(POST("/identity/oauth/token").form(client_secret="s3cret")))


@pytest.mark.parametrize("text", ["", "abc", "a b", "a,b", "é", "🎉"])
def test_the_encoded_length_of_a_text(text: str) -> None:
    """Chunking by bytes counts what a value takes in the request."""
    assert encoded_length(text) == len(encode(GET(LEADS).query(x=text)).target) - len(f"{LEADS}?x=")

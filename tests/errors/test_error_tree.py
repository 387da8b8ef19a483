"""The exception tree: its picture, its names, and that errors survive being copied, pickled and shown."""

from __future__ import annotations

import builtins
import copy
import inspect
import pickle
import re
from datetime import UTC, datetime

import pytest

from marketo_async import errors
from marketo_async.errors import (
    CODES,
    ApiError,
    ArgumentError,
    ClientStateError,
    DailyQuotaError,
    DeadlineError,
    DecodeError,
    MarketoError,
    ProtocolError,
    RequestTooLargeError,
    ServerError,
    UriTooLongError,
)

CLASSES = [value for value in vars(errors).values() if inspect.isclass(value)]
LINE = re.compile(r"^(?P<indent>[ │├└─]*)(?P<name>\w+Error)\b(?: \((?P<builtin>\w+)\))?(?P<rest>.*)$")


def drawn() -> dict[str, tuple[str | None, str | None, str]]:
    """Read the picture: name -> (parent, builtin beside it, what is written behind it)."""
    found: dict[str, tuple[str | None, str | None, str]] = {}
    path: list[tuple[int, str]] = []
    for line in inspect.cleandoc(errors.__doc__ or "").splitlines():
        match = LINE.match(line)
        if match is None:
            continue
        depth = len(match["indent"])
        path = [entry for entry in path if entry[0] < depth]
        found[match["name"]] = (path[-1][1] if path else None, match["builtin"], match["rest"])
        path.append((depth, match["name"]))
    return found


def codes_in(text: str) -> set[str]:
    """Return the codes that a line of the picture names, ranges such as 1076-1080 spelled out."""
    text = re.sub(r"HTTP \d+|\"[^\"]*\"", "", text)
    codes: set[str] = set()
    for first, last in re.findall(r"\b(\d{3,4})(?:-(\d{3,4}))?\b", text):
        codes |= {str(code) for code in range(int(first), int(last or first) + 1)}
    return codes


def made(kind: type[MarketoError]) -> MarketoError:
    """Return an error of this class with everything set that can be set."""
    error: MarketoError
    if issubclass(kind, ArgumentError):
        error = kind("page_size", 201, "1 to 200")
    elif issubclass(kind, DecodeError):
        error = kind("expected an integer, got null", path="$.result[3].id", raw={"id": None})
    else:
        error = kind("no", code="610", request_id="1#2", status=200, operation="GET /rest/v1/leads.json")
    error.attempts, error.elapsed, error.outcome_unknown = 3, 1.5, True
    error.position, error.partial = 400, [1, 2]
    if isinstance(error, ApiError):
        error.errors = (("610", "no"), ("611", "never"))
    if isinstance(error, DailyQuotaError):
        error.resets_at = datetime(2026, 3, 8, 6, tzinfo=UTC)
    if isinstance(error, ProtocolError):
        error.body_start = "<html>"
    return error


def test_the_picture_is_the_tree() -> None:
    """The picture in the docstring shows every class below the parent that it has, with the builtin it also is."""
    picture = drawn()
    assert set(picture) == {kind.__name__ for kind in CLASSES}
    for kind in CLASSES:
        parent, builtin, rest = picture[kind.__name__]
        assert kind.__bases__[0].__name__ == (parent or "Exception"), kind
        beside = {base.__name__ for base in kind.__bases__[1:]}
        assert beside == ({builtin} if builtin else {"ProtocolError"} if "also a ProtocolError" in rest else set()), (
            kind
        )


def test_the_picture_names_the_codes_of_each_class() -> None:
    """Every code in the picture stands at the class that the table gives it, and none is missing there."""
    told = {(code, name) for name, (_, _, rest) in drawn().items() for code in codes_in(rest)}
    # 1029 stands at the two classes, too, that only its text tells; 429 is an HTTP status there.
    texts = {("1029", "ExportQuotaError"), ("1029", "JobAlreadyQueuedError")}
    table = {(code, kind.__name__) for code, kind in CODES.items() if code != "429"}
    assert told == table | texts


def test_every_name_ends_in_error_and_shadows_no_builtin() -> None:
    """`from marketo_async import *` can hide no builtin exception, and every class says that it is an error."""
    for kind in CLASSES:
        assert kind.__name__.endswith("Error")
        assert not hasattr(builtins, kind.__name__)


def test_everything_public_is_listed_and_derives_from_the_root() -> None:
    """`except MarketoError` catches every exception of this library, and `__all__` lists each of them."""
    assert all(issubclass(kind, MarketoError) for kind in CLASSES)
    assert set(errors.__all__) == {kind.__name__ for kind in CLASSES} | {"CODES", "error_class"}


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_says_what_it_means(kind: type[MarketoError]) -> None:
    """Each class has a docstring of its own."""
    assert kind.__doc__
    assert kind.__doc__ != MarketoError.__doc__ or kind is MarketoError


@pytest.mark.parametrize(
    ("kind", "builtin"), [(ArgumentError, ValueError), (ClientStateError, RuntimeError), (DeadlineError, TimeoutError)]
)
def test_errors_are_also_what_python_calls_them(kind: type[MarketoError], builtin: type[Exception]) -> None:
    """Code that knows nothing of this library catches bad arguments, wrong states and deadlines by their names."""
    with pytest.raises(builtin):
        raise made(kind)


@pytest.mark.parametrize("kind", [RequestTooLargeError, UriTooLongError, ServerError])
def test_refusals_by_http_status_are_protocol_errors_too(kind: type[MarketoError]) -> None:
    """P13: what came as an HTTP status carries the start of the body, whichever way it is caught."""
    assert issubclass(kind, ProtocolError)
    assert issubclass(kind, ApiError)


@pytest.mark.parametrize("kind", CLASSES)
def test_errors_survive_pickle_and_copy(kind: type[MarketoError]) -> None:
    """An error that comes back from a process pool says all that it said there."""
    error = made(kind)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own bytes
        assert type(again) is kind
        assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))
    for again in (copy.copy(error), copy.deepcopy(error), error.fresh()):
        assert type(again) is kind
        assert again is not error
        assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))


def test_a_fresh_error_has_no_traceback_and_leaves_the_first_alone() -> None:
    """Waiters that share a failure get equal errors of their own: what one adds to its error no other sees."""
    error = made(ApiError)
    try:
        raise error
    except ApiError:
        again = error.fresh()
    assert error.__traceback__ is not None
    assert again.__traceback__ is None
    again.attempts = 99
    assert error.attempts == 3


def test_an_error_says_everything_in_one_line() -> None:
    """`str(error)` holds code, words, operation, request id, attempts, the unknown outcome and the position."""
    assert str(made(ApiError)) == (
        "610: no · GET /rest/v1/leads.json · request 1#2 · 3 attempts · "
        "outcome unknown: Marketo may have done it · at 400"
    )
    assert str(MarketoError("no")) == "no"


def test_an_argument_error_says_which_what_and_what_is_allowed() -> None:
    """A refused argument is named with its value, cut where it is long."""
    error = made(ArgumentError)
    assert str(error).startswith("page_size=201 is not allowed: 1 to 200")
    long = ArgumentError("name", "x" * 1000, "at most 255 characters")
    assert len(str(long)) < 200
    assert "1002 characters" in str(long)


def test_an_argument_error_of_something_without_bottom_can_be_made() -> None:
    """A value that is nested so deeply that Python cannot show it still ends as an ArgumentError."""
    bottomless: list[object] = []
    for _ in range(100_000):
        bottomless = [bottomless]
    assert "nested" in str(ArgumentError("costs", bottomless, "a flat list"))


def test_a_decode_error_says_where() -> None:
    """A record that does not fit is named by its JSON path, and kept."""
    error = made(DecodeError)
    assert isinstance(error, DecodeError)
    assert str(error).startswith("$.result[3].id: expected an integer, got null")
    assert (error.path, error.raw) == ("$.result[3].id", {"id": None})

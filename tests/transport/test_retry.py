"""What follows an error: the published table, row by row, and the bounds of every wait."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketo_async.errors import (
    CODES,
    ApiError,
    ArgumentError,
    AuthenticationError,
    ClientStateError,
    ConnectionLostError,
    DeadlineError,
    DecodeError,
    MarketoError,
    NotFoundError,
    NotSentError,
    ProtocolError,
    ReadTimeoutError,
    RequestTooLargeError,
    ServerError,
    UriTooLongError,
    error_class,
)
from marketo_async.transport.retry import Attempt, GiveUp, RetryPolicy, Wait, decide
from marketo_async.wire.call import GET, POST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketo_async.wire.call import Call

READ = GET("/rest/asset/v1/programs.json")
WRITE = POST("/rest/asset/v1/programs.json").form(name="Webinar 7")
REPEATABLE = WRITE.repeatable()
POLICY = RetryPolicy()
DESIGN = Path(__file__).parents[2] / "docs" / "design.md"

TOKEN_CODES = ["600", "601", "602"]
LIMIT_CODES = ["606", "608", "615"]
BACK_OFF_CODES = ["429", "500", "502", "503", "504", "604", "611", "614", "713", "1014", "1022"]


def api(code: str, message: str = "no") -> ApiError:
    return error_class(code, message)(message, code=code)


def page(status: int) -> ProtocolError:
    """Return what the wire makes of an unheard-of status."""
    error = ProtocolError(f"HTTP {status}", status=status)
    error.retryable = status == 200
    return error


BACK_OFF: list[MarketoError] = [
    *map(api, BACK_OFF_CODES),
    ServerError("HTTP 520", code="520", status=520),
    ServerError("identity answered HTTP 502", status=502),
    ConnectionLostError("gone"),
    ReadTimeoutError("slow"),
    page(200),
]
NEVER: list[MarketoError] = [
    *(api(code) for code in CODES if code not in {*TOKEN_CODES, *LIMIT_CODES, *BACK_OFF_CODES, "719"}),
    api("1029", "Export daily quota 500MB exceeded."),
    api("1029", "Job already queued"),
    api("1099"),
    ApiError("refused without a code"),
    AuthenticationError("invalid_client"),
    NotFoundError("HTTP 404", status=404),
    RequestTooLargeError("HTTP 413", status=413),
    UriTooLongError("HTTP 414", status=414),
    page(400),
    page(404),
    ArgumentError("page_size", 0, "1 to 200"),
    ClientStateError("closed"),
    DeadlineError("late"),
    DecodeError("odd"),
]


def attempt(
    number: int = 1, *, failures: int | None = None, tokens: int = 0, elapsed: float = 0.0, jitter: float = 0.5
) -> Attempt:
    return Attempt(number, number if failures is None else failures, tokens, elapsed, jitter)


def name(error: object) -> str:
    return f"{type(error).__name__} {getattr(error, 'code', '') or ''}" if isinstance(error, MarketoError) else ""


calls = pytest.mark.parametrize("call", [READ, WRITE, REPEATABLE], ids=["read", "write", "idempotent write"])


# ---------------------------------------------------------------- the table


@calls
@pytest.mark.parametrize("code", TOKEN_CODES)
def test_a_refused_token_is_replaced_at_once(code: str, call: Call) -> None:
    """A1: 600, 601 and 602 mean that nothing was done, so reads and writes go out again with another token."""
    assert decide(api(code), call, attempt(failures=0, tokens=1), POLICY) == Wait(0.0)


@calls
@pytest.mark.parametrize("code", TOKEN_CODES)
def test_three_tokens_are_enough(code: str, call: Call) -> None:
    """P3: a call tries three different tokens at most; the write's outcome is known, it was refused."""
    assert isinstance(decide(api(code), call, attempt(2, failures=0, tokens=2), POLICY), Wait)
    assert decide(api(code), call, attempt(3, failures=0, tokens=3), POLICY) == GiveUp(outcome_unknown=False)


def test_a_second_refused_token_waits_for_identitys_last_second() -> None:
    """P4: identity may hand out the dying token that was just refused, for less than a second more."""
    assert decide(api("602"), READ, attempt(2, failures=0, tokens=2), POLICY) == Wait(1.0)
    hasty = RetryPolicy(longest_wait=0)
    assert decide(api("602"), READ, attempt(2, failures=0, tokens=2), hasty) == Wait(0.0)


@calls
@pytest.mark.parametrize("code", LIMIT_CODES)
@pytest.mark.parametrize("number", [1, 2, 50])
def test_a_refused_pace_goes_back_through_the_limiter(code: str, call: Call, number: int) -> None:
    """P5: 606, 608 and 615 mean that nothing was done: reads and writes come back, as long as there is time."""
    early = decide(api(code), call, attempt(number, failures=0, jitter=0.0), POLICY)
    late = decide(api(code), call, attempt(number, failures=0, jitter=1.0), POLICY)
    assert isinstance(early, Wait)
    assert isinstance(late, Wait)
    assert 0 < early.seconds < late.seconds <= 5


@pytest.mark.parametrize("error", BACK_OFF, ids=name)
def test_what_may_pass_is_repeated_where_that_is_harmless(error: MarketoError) -> None:
    """P5: a lost or broken answer is repeated for reads and for writes that are declared idempotent."""
    for call in (READ, REPEATABLE):
        assert isinstance(decide(error, call, attempt(), POLICY), Wait)
        assert decide(error, call, attempt(POLICY.attempts), POLICY) == GiveUp(outcome_unknown=False)


@pytest.mark.parametrize("error", BACK_OFF, ids=name)
def test_a_write_of_unknown_outcome_is_never_repeated(error: MarketoError) -> None:
    """P5: any other write may have been done: it is not repeated, and the error says so."""
    assert decide(error, WRITE, attempt(), POLICY) == GiveUp(outcome_unknown=True)


@calls
def test_what_was_not_sent_is_repeated(call: Call) -> None:
    """A call that never left this machine is repeated, whatever it is, and its outcome is always known."""
    assert isinstance(decide(NotSentError("refused"), call, attempt(), POLICY), Wait)
    assert decide(NotSentError("refused"), call, attempt(POLICY.attempts), POLICY) == GiveUp(outcome_unknown=False)


@calls
@pytest.mark.parametrize("error", NEVER, ids=name)
def test_everything_else_is_final(error: MarketoError, call: Call) -> None:
    """P8: 607, 610, 1003, 1029 and all that waiting cannot mend end after one attempt, with a known outcome."""
    assert decide(error, call, attempt(), POLICY) == GiveUp(outcome_unknown=False)


def test_a_lock_time_out_leaves_the_outcome_open() -> None:
    """P5: after 719 the clone may be there: nothing is repeated, and the error says how to look for it."""
    assert decide(api("719"), WRITE, attempt(), POLICY) == GiveUp(outcome_unknown=True)
    assert decide(api("719"), READ, attempt(), POLICY) == GiveUp(outcome_unknown=False)
    assert "name" in (type(api("719")).__doc__ or "")


@pytest.mark.parametrize(("status", "unknown"), [(202, True), (204, True), (302, True), (400, False), (404, False)])
def test_an_unheard_of_status_leaves_a_write_open_unless_it_blames_the_request(status: int, unknown: bool) -> None:
    """P5: an empty 204 to a write may mean that it was done; a 404 page means that nobody took it."""
    assert decide(page(status), WRITE, attempt(), POLICY) == GiveUp(outcome_unknown=unknown)
    assert decide(page(status), READ, attempt(), POLICY) == GiveUp(outcome_unknown=False)


# ---------------------------------------------------------------- the design page


def design_rows() -> Iterator[tuple[list[str], list[str], str, str]]:
    """Yield (codes, words, reads, writes) of each row of the design page's table."""
    section = DESIGN.read_text(encoding="utf-8").split("## 7.")[1].split("## 8.")[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and set(cells[0]) != {"-"} and cells[0] != "answer":
            yield re.findall(r"\b\d{3,4}\b", cells[0]), re.findall(r"[a-z]+ [a-z]+", cells[0]), cells[1], cells[2]


WORDS: dict[str, list[MarketoError]] = {
    "lost connection": [ConnectionLostError("gone"), ReadTimeoutError("slow")],
    "broken body": [page(200)],
    "not sent": [NotSentError("refused")],
    "everything else": NEVER,
}
IN_THE_PAGES_WORDS = {
    "another": "another token",
    "limiter": "limiter",
    "exponential": "exponential",
    "never": "never",
    "": "never",
}


def judged(error: MarketoError, call: Call) -> str:
    """Return what `decide` does, in the words of the design page."""
    tokens = 1 if error.code in TOKEN_CODES else 0
    decision = decide(error, call, attempt(tokens=tokens), RetryPolicy(attempts=100, seconds=10_000))
    if isinstance(decision, GiveUp):
        return "never, outcome unknown" if decision.outcome_unknown else "never"
    worn_out = decide(error, call, attempt(100, tokens=tokens), RetryPolicy(attempts=100, seconds=10_000))
    if isinstance(worn_out, GiveUp):
        return "exponential"
    return "another token" if decision.seconds == 0 else "limiter"


def test_the_table_of_the_design_page_is_the_table_of_the_code() -> None:
    """A7: the published table of retryable codes says, row by row, what the code does."""
    rows = list(design_rows())
    assert len(rows) >= 6
    seen: set[str] = set()
    for codes, words, reads, writes in rows:
        errors: list[MarketoError] = [api(code, "Export daily quota exceeded") for code in codes]
        errors += [error for word in words for error in WORDS.get(word, [])]
        assert errors, f"a row that this test cannot read: {codes} {words}"
        seen |= set(codes)
        read = next(said for word, said in IN_THE_PAGES_WORDS.items() if word in reads)
        write = read if "the same" in writes else "never, outcome unknown" if "never:" in writes else "never"
        for error in errors:
            assert (judged(error, READ), judged(error, WRITE)) == (read, write), name(error)
    repeated = {code for code in CODES if judged(api(code), READ) != "never"}
    assert repeated <= seen, "the page names every code that is repeated"


# ---------------------------------------------------------------- bounds

any_error = st.sampled_from(
    [*BACK_OFF, *NEVER, NotSentError("refused"), *map(api, TOKEN_CODES), *map(api, LIMIT_CODES)]
)
any_call = st.sampled_from([READ, WRITE, REPEATABLE])
policies = st.builds(
    RetryPolicy,
    attempts=st.integers(1, 100),
    seconds=st.floats(0, 1000),
    first_wait=st.floats(0, 60),
    longest_wait=st.floats(0, 120),
)


any_attempt = st.builds(
    attempt, st.integers(1, 100), tokens=st.integers(0, 5), elapsed=st.floats(0, 2000), jitter=st.floats(0, 1)
)


@given(any_error, any_call, policies, any_attempt)
def test_no_wait_leaves_its_bounds(error: MarketoError, call: Call, policy: RetryPolicy, at: Attempt) -> None:
    """A9: whatever happens, a wait is not negative, ends within `seconds`, and no longer than its kind allows."""
    decision = decide(error, call, at, policy)
    if isinstance(decision, Wait):
        assert decision.seconds >= 0
        assert at.elapsed + decision.seconds <= policy.seconds
        assert decision.seconds <= (5 if error.code in LIMIT_CODES else policy.longest_wait)
        assert policy.attempts > 1
        if error.code in TOKEN_CODES:
            assert at.tokens < 3
        elif error.code not in LIMIT_CODES:
            assert at.failures < policy.attempts
            assert decision.seconds <= policy.first_wait * 2 ** (at.failures - 1)
        assert not (call is WRITE and error in BACK_OFF)


@given(st.sampled_from(BACK_OFF), policies, st.floats(0, 1))
def test_waits_grow_with_every_failure(error: MarketoError, policy: RetryPolicy, jitter: float) -> None:
    """With the same jitter no wait is shorter than the one before."""
    waits = []
    for number in range(1, policy.attempts + 1):
        decision = decide(error, READ, attempt(number, jitter=jitter), policy)
        if isinstance(decision, Wait):
            waits.append(decision.seconds)
    assert all(earlier <= later for earlier, later in pairwise(waits))


def test_the_default_waits() -> None:
    """A read that keeps failing is sent six times, with waits of at most 0.5, 1, 2, 4 and 8 seconds."""
    waits = [decide(ReadTimeoutError("slow"), READ, attempt(number, jitter=1.0), POLICY) for number in range(1, 7)]
    assert waits == [Wait(0.5), Wait(1.0), Wait(2.0), Wait(4.0), Wait(8.0), GiveUp()]
    assert decide(ReadTimeoutError("slow"), READ, attempt(jitter=0.0), POLICY) == Wait(0.0)


@pytest.mark.parametrize(("code", "attempts"), [("611", 3), ("614", 4), ("713", 6)])
def test_codes_that_are_often_permanent_are_tried_less_often(code: str, attempts: int) -> None:
    """P8: a "system error" is sometimes a refusal: three attempts tell, not six."""
    decisions = [decide(api(code), READ, attempt(number), POLICY) for number in range(1, 7)]
    assert [isinstance(decision, Wait) for decision in decisions] == [number < attempts for number in range(1, 7)]
    few = RetryPolicy(attempts=2)
    assert isinstance(decide(api(code), READ, attempt(2), few), GiveUp)


def test_one_odd_answer_among_others_is_not_permanent() -> None:
    """P8: what makes a code look permanent is its own repetition, not that other things failed before it."""
    mixed = Attempt(number=4, failures=4, tokens=0, elapsed=0.0, jitter=0.5, alike=1)
    assert isinstance(decide(api("611"), READ, mixed, POLICY), Wait)
    worn_out = Attempt(number=6, failures=6, tokens=0, elapsed=0.0, jitter=0.5, alike=1)
    assert isinstance(decide(api("611"), READ, worn_out, POLICY), GiveUp)


def test_time_and_count_both_end_it() -> None:
    """A9: no attempt starts later than `seconds` after the first; 606 knows no count, only that."""
    assert isinstance(decide(api("713"), READ, attempt(elapsed=299.0, jitter=1.0), POLICY), Wait)
    assert isinstance(decide(api("713"), READ, attempt(elapsed=299.9, jitter=1.0), POLICY), GiveUp)
    assert isinstance(decide(api("606"), WRITE, attempt(1000, failures=0, elapsed=290.0), POLICY), Wait)
    assert isinstance(decide(api("606"), WRITE, attempt(1000, failures=0, elapsed=299.9), POLICY), GiveUp)
    assert isinstance(decide(api("601"), WRITE, attempt(tokens=1, elapsed=300.1), POLICY), GiveUp)


@pytest.mark.parametrize("code", [*TOKEN_CODES, *LIMIT_CODES, *BACK_OFF_CODES])
def test_never_means_once(code: str) -> None:
    """`RetryPolicy.never()` sends every call once, whatever comes back."""
    for call in (READ, WRITE, REPEATABLE):
        assert isinstance(decide(api(code), call, attempt(tokens=1, jitter=0.0), RetryPolicy.never()), GiveUp)


@pytest.mark.parametrize(
    "wrong",
    [
        {"attempts": 0},
        {"attempts": 101},
        {"seconds": -1},
        {"seconds": float("nan")},
        {"first_wait": float("inf")},
        {"longest_wait": -0.1},
    ],
    ids=str,
)
def test_a_policy_without_sense_is_refused(wrong: dict[str, float]) -> None:
    """A policy outside its documented ranges is an ArgumentError that names what is wrong."""
    with pytest.raises(ArgumentError) as caught:
        RetryPolicy(**wrong)  # type: ignore[arg-type] # the wrong types are among the wrong values
    assert [caught.value.argument] == list(wrong)

"""Which class each of Marketo's codes becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketo_async import errors
from marketo_async.errors import CODES, ApiError, error_class
from marketo_async.transport.retry import action

# Written down from the documentation of Marketo's codes, not from the table of the code.
EXPECTED = {
    "AccessDeniedError": "603 1008",
    "AlreadyExistsError": "1005 1017",
    "AmbiguousMatchError": "1007",
    "BadRequestError": "605 609 612 613",
    "BusinessRuleError": "709 711 1010 1021 1048",
    "CloneQuotaError": "1020",
    "ConcurrencyLimitError": "615",
    "DailyQuotaError": "607",
    "ExpiredTokenError": "602",
    "ExportQueueFullError": "1029",
    "FeatureUnavailableError": "616 703 1018 1026 1035",
    "ImportInProgressError": "1019",
    "ImportQueueFullError": "1016",
    "InvalidTokenError": "600 601",
    "LimitReachedError": "1027 1028",
    "LockTimeoutError": "719",
    "MergeError": "712 714 1076 1077 1078 1079 1080",
    "NotFoundError": "702 710 718 1004 1013",
    "NotMemberError": "1015",
    "ObjectInUseError": "1022",
    "RateLimitError": "429 606",
    "RequestTimeoutError": "604",
    "ServerError": "500 502 503 504",
    "ServiceUnavailableError": "608",
    "SkippedError": "1037",
    "SubscriptionUnavailableError": "614",
    "SystemFailureError": "611",
    "TransientError": "713 1014",
    "UnknownFieldError": "1006",
    "UnknownResourceError": "610",
    "ValidationError": "701 704 1001 1002 1003 1009 1011 1012 1025 1036 1042 1049",
}
CODE_AND_NAME = [(code, name) for name, codes in EXPECTED.items() for code in codes.split()]

UNDOCUMENTED = [
    "617",
    "699",
    "705",
    "715",
    "799",
    "1000",
    "1023",
    "1030",
    "1050",
    "1075",
    "1081",
    "9999",
    "",
    "nonsense",
]


@pytest.mark.parametrize(("code", "name"), CODE_AND_NAME)
def test_every_documented_code_has_its_class(code: str, name: str) -> None:
    """Each code that is documented becomes the class that says what it means."""
    assert error_class(code).__name__ == name


def test_the_table_holds_nothing_else() -> None:
    """No code is in the table that no source knows."""
    assert set(CODES) == {code for code, _ in CODE_AND_NAME}


@pytest.mark.parametrize("code", UNDOCUMENTED)
def test_a_code_that_nobody_has_written_down_is_a_plain_api_error(code: str) -> None:
    """An undocumented 6xx, 7xx or 1xxx, or what is no number at all, is an ApiError and not retried."""
    assert error_class(code) is ApiError
    assert action(ApiError("what?", code=code)) == "never"


@given(st.text(), st.text())
def test_no_code_and_no_text_is_a_crash(code: str, message: str) -> None:
    """Whatever Marketo sends as code and message, there is a class for it."""
    assert issubclass(error_class(code, message), ApiError)


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Too many jobs in queue", "ExportQueueFullError"),
        ("Export daily quota 500MB exceeded.", "ExportQuotaError"),
        ("Export daily quota exceeded", "ExportQuotaError"),
        ("export DAILY quota exceeded", "ExportQuotaError"),
        ("Job already queued", "JobAlreadyQueuedError"),
        ("", "ExportQueueFullError"),
        ("something new", "ExportQueueFullError"),
    ],
)
def test_1029_is_told_apart_by_its_text(message: str, name: str) -> None:
    """1029 means three different things, which only its words tell apart."""
    assert error_class("1029", message).__name__ == name


@pytest.mark.parametrize(("code", "name"), CODE_AND_NAME)
def test_other_codes_are_told_by_the_code_alone(code: str, name: str) -> None:
    """Words never decide a code but 1029: they differ between Adobe's pages."""
    if code != "1029":
        assert error_class(code, "Export daily quota exceeded; job already queued").__name__ == name


@pytest.mark.parametrize("code", sorted(CODES))
def test_retryable_says_what_the_retry_table_does(code: str) -> None:
    """A7: `error.retryable` is true for exactly the codes that the table repeats for a read."""
    kind = error_class(code)
    assert kind.retryable == (action(kind("no", code=code)) != "never")


@pytest.mark.parametrize("name", ["NotSentError", "ConnectionLostError", "ReadTimeoutError", "ProtocolError"])
def test_lost_answers_are_retryable(name: str) -> None:
    """A7: what never arrived, and what arrived broken, says that the same call may succeed."""
    kind = getattr(errors, name)
    assert kind.retryable
    assert action(kind("gone")) == "back off"


@pytest.mark.parametrize(
    "name",
    [
        "ArgumentError",
        "ClientStateError",
        "DeadlineError",
        "DecodeError",
        "AuthenticationError",
        "RequestTooLargeError",
        "UriTooLongError",
    ],
)
def test_what_waiting_cannot_mend_is_not_retryable(name: str) -> None:
    """P8: a wrong argument, state, credential or size stays wrong."""
    assert not getattr(errors, name).retryable

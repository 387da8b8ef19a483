"""What the documentation lets the code write."""

from __future__ import annotations

import errors_table
import generated
import pytest

from marketo_async.errors import CODES, MarketoError, NotSentError, RateLimitError, ServerError, error_class
from marketo_async.transport.retry import RetryPolicy
from marketo_async.wire.call import GET, POST

READ = GET("/rest/v1/leads.json")
WRITE = POST("/rest/v1/leads.json")


def test_every_code_and_every_class_is_in_the_table() -> None:
    """A7: each code that becomes a class of its own has a row, 1029 three, and each class is in one of the tables."""
    table = errors_table.markdown()
    rows = [(line.split("|")[1].split(), line) for line in table.splitlines() if line]
    for code, kind in CODES.items():
        found = [line for codes, line in rows if code in [word.strip(",") for word in codes]]
        assert len(found) == (3 if code == "1029" else 1)
        assert f"marketo_async.{kind.__name__}`" in found[0]
    leaves = [kind for kind in all_errors() if not kind.__subclasses__()]
    assert [kind for kind in leaves if f"marketo_async.{kind.__name__}`" not in table] == []


def all_errors(root: type[MarketoError] = MarketoError) -> list[type[MarketoError]]:
    ours = [kind for kind in root.__subclasses__() if kind.__module__.startswith("marketo_async.")]
    return [root, *(found for kind in ours for found in all_errors(kind))]


@pytest.mark.parametrize(
    ("error", "read", "write"),
    [
        (ServerError("", code="502"), "pause, 6 times", "**unknown**"),
        (RateLimitError("", code="606"), "limiter, 300 s", "limiter, 300 s"),
        (NotSentError(""), "pause, 6 times", "pause, 6 times"),
        (error_class("601")("", code="601"), "new token, 3 times", "new token, 3 times"),
        (error_class("611")("", code="611"), "pause, 3 times", "**unknown**"),
        (error_class("719")("", code="719"), "raised", "**unknown**"),
        (error_class("1003")("", code="1003"), "raised", "raised"),
    ],
)
def test_the_table_says_what_decide_does(error: MarketoError, read: str, write: str) -> None:
    """A7, P5, P8: what a page promises about repeating is what the retry table does."""
    assert errors_table.follows(error, READ) == read
    assert errors_table.follows(error, WRITE) == write


def test_another_policy_makes_another_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers are asked of the policy, not written down."""
    monkeypatch.setattr(errors_table, "_PATIENCE", RetryPolicy(attempts=2))
    assert errors_table.follows(ServerError("", code="500"), READ) == "pause, 2 times"


def test_every_command_is_on_its_page() -> None:
    """A32: the page of the command line has each command with its options."""
    text = generated.commands()
    for words in (
        "export programs",
        "export verify",
        "programs get",
        "programs list",
        "leads find",
        "leads sync",
        "leads delete",
        "lists add",
        "members status",
        "limits watch",
        "usage",
        "check",
        "sandbox",
    ):
        assert f" marketo-async {words}\n" in text
    assert "`--on-misfit CHOICE`" in text

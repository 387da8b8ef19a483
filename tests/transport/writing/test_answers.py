"""The rows of an answer beside the records that were sent."""

from __future__ import annotations

import pytest
from recording_transport import rows

from marketo_async import ProtocolError, Reason
from marketo_async.transport.writing.answers import results_of
from marketo_async.transport.writing.plan import Item, WritePlan
from marketo_async.wire.call import POST

PLAN: WritePlan[str] = WritePlan(
    call=POST("/rest/v1/leads.json"), values=lambda text, _: {"x": text}, key_field=None, echoes=frozenset({"1005"})
)
ITEMS = [Item(index, text, None, b"{}") for index, text in enumerate("ab", start=7)]
SKIP = {"status": "skipped", "reasons": [{"code": 1005, "message": "Lead already exists"}]}


def test_each_beside_its_input() -> None:
    """The first row is the first record's: index, input, id, status, and what else Marketo said (A27)."""
    envelope = rows({"id": "50", "status": "created", "warnings": []}, SKIP)
    first, second = results_of(PLAN, ITEMS, envelope, unsure=False)
    assert (first.index, first.input, first.id, first.status, first.request_id) == (7, "a", 50, "created", "a1b2#18c")
    assert first.extra == {"warnings": ()}
    assert (second.input, second.id, second.skipped) == ("b", None, True)
    assert second.reasons == (Reason("1005", "Lead already exists"),)
    assert not second.maybe_done


def test_seq_decides_where_it_is_whole() -> None:
    """Rows that say which record they are about are laid beside that one, in whatever order they come."""
    envelope = rows({"seq": 1, "leadId": 2, "status": "updated"}, {"seq": 0, "leadId": 1, "status": "updated"})
    found = [(result.input, result.id, result.seq) for result in results_of(PLAN, ITEMS, envelope, unsure=False)]
    assert found == [("a", 1, 0), ("b", 2, 1)]
    same = rows({"seq": 0, "leadId": 1, "status": "updated"}, {"seq": 0, "leadId": 2, "status": "updated"})
    assert [r.id for r in results_of(PLAN, ITEMS, same, unsure=False)] == [1, 2]


@pytest.mark.parametrize(
    "row",
    [
        {"id": 3525, "reasons": [{"code": "501", "message": "no"}]},
        {"status": "skipped", "reason": {"code": "501", "message": "no"}},
        {"status": "skipped", "errors": [{"code": "501", "message": "no"}]},
    ],
)
def test_reasons_however_they_are_written(row: dict[str, object]) -> None:
    """Reasons are read under each name that Marketo has for them, and a row that has nothing else was skipped."""
    result = results_of(PLAN, ITEMS[:1], rows(row), unsure=False)[0]
    assert (result.status, result.reasons) == ("skipped", (Reason("501", "no"),))


def test_an_echo_is_said_to_be_one() -> None:
    """Skipped by a repeated call with the code that its own first attempt causes: it may have been done (P5)."""
    other = {"status": "skipped", "reasons": [{"code": "1003", "message": "Invalid value"}]}
    echo, refusal = results_of(PLAN, ITEMS, rows(SKIP, other), unsure=True)
    assert (echo.status, echo.maybe_done) == ("skipped", True)
    assert not refusal.maybe_done


@pytest.mark.parametrize("result", [[], [{"status": "created"}], ["x", "y"], [{"id": 1}, {"id": 2}], [{}] * 3])
def test_rows_that_fit_no_records(result: list[object]) -> None:
    """An answer that cannot be laid beside the records is an error, never somebody else's result."""
    with pytest.raises(ProtocolError, match=f"{len(result)} rows for 2 records"):
        results_of(PLAN, ITEMS, rows(*result), unsure=False)

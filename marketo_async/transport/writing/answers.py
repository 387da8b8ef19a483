"""The rows of an answer, or what it failed with, as the results of the records that were sent."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar, cast

from marketo_async.errors import ApiError, MarketoError, ProtocolError
from marketo_async.records._mapping import NOTHING_ELSE, ReadOnlyMapping
from marketo_async.records.write_result import ACCEPTED, SKIPPED, UNKNOWN, Reason, RecordResult
from marketo_async.transport.writing.carrying import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketo_async.errors import ArgumentError
    from marketo_async.transport.writing.plan import Advice, Item, WritePlan
    from marketo_async.wire.envelope import Envelope

R = TypeVar("R")

_KNOWN = frozenset({"id", "leadId", "seq", "status", "reasons", "reason", "errors"})


def outcome_of(
    plan: WritePlan[R], items: Sequence[Item[R]], ending: Ending, *, unsure: bool
) -> tuple[Sequence[RecordResult[R]], Ending]:
    """Return the results of a batch that came to an end, none where nothing was written, and what it comes to.

    Args:
        plan: The operation.
        items: The records, as they were sent.
        ending: How the way of the batch ended. Where the answer cannot be read it comes to another one.
        unsure: Whether an attempt may have been carried out although it failed.
    """
    if ending.envelope is not None:
        try:
            return results_of(plan, items, ending.envelope, unsure=unsure), ending
        except ProtocolError as error:
            error.status = HTTPStatus.OK
            ending = Ending(error=error, unknown=True)
    if not ending.unknown:
        _advise(plan.advice, ending.error)
        return (), ending
    failure = ending.error
    if not isinstance(failure, MarketoError):
        failure = MarketoError(f"{type(failure).__name__}: {failure}", operation=plan.call.operation)
    return unknown(items, failure), ending


def _advise(advice: Advice | None, error: Exception | None) -> None:
    """Add to what Marketo refused a whole batch with what the schema has to say."""
    if advice is None or not isinstance(error, ApiError) or error.code is None:
        return
    words = advice(error.code, error.message)
    if words is not None and words not in getattr(error, "__notes__", ()):
        error.add_note(words)


def results_of(
    plan: WritePlan[R], items: Sequence[Item[R]], envelope: Envelope, *, unsure: bool
) -> list[RecordResult[R]]:
    """Return the result of each record.

    Args:
        plan: The operation.
        items: The records, as they were sent.
        envelope: Marketo's answer.
        unsure: Whether an earlier attempt of the same call may have been carried out.

    Raises:
        ProtocolError: the answer cannot be laid beside the records; what was done is unknown.
    """
    if not plan.says_rows and len(envelope.result) != len(items):
        return [
            RecordResult(
                index=item.index, input=item.record, status=ACCEPTED, id=item.lead_id, request_id=envelope.request_id
            )
            for item in items
        ]
    rows = _in_order(envelope.result, len(items))
    if rows is None:
        said = f"{len(envelope.result)} rows for {len(items)} records, or rows that are no objects with a status"
        raise ProtocolError(said, request_id=envelope.request_id, operation=plan.call.operation)
    return [_result(plan, item, row, envelope, unsure=unsure) for item, row in zip(items, rows, strict=True)]


def unknown(items: Sequence[Item[R]], error: MarketoError) -> list[RecordResult[R]]:
    """Return the results of records that may have been written or not."""
    error = error.fresh()  # without its traceback, which would keep a batch alive for as long as its last result
    error.outcome_unknown = True
    return [
        RecordResult(
            index=item.index,
            input=item.record,
            status=UNKNOWN,
            id=item.lead_id,
            request_id=error.request_id,
            maybe_done=True,
            error=error,
        )
        for item in items
    ]


def refused(index: int, record: R, error: ArgumentError) -> RecordResult[R]:
    """Return the result of a record that was never sent."""
    reason = Reason("", error.message)
    return RecordResult(index=index, input=record, status=SKIPPED, reasons=(reason,), error=error.fresh())


def _in_order(result: Sequence[object], count: int) -> list[dict[str, object]] | None:
    """Return the rows in the order of the records: as they come, unless each says its own place."""
    if len(result) != count or not all(isinstance(row, dict) and _status(row) for row in result):
        return None
    rows = [cast("dict[str, object]", row) for row in result]
    places = [row.get("seq") for row in rows]
    if sorted(place for place in places if isinstance(place, int)) == list(range(count)):
        rows.sort(key=lambda row: cast("int", row["seq"]))
    return rows


def _status(row: dict[str, object]) -> str:
    """Return a row's status; one that has reasons only (as Adobe's example of a push does) was skipped."""
    status = row.get("status")
    if isinstance(status, str) and status:
        return status
    return SKIPPED if _reasons(row) else ""


def _result(
    plan: WritePlan[R], item: Item[R], row: dict[str, object], envelope: Envelope, *, unsure: bool
) -> RecordResult[R]:
    status, reasons = _status(row), _reasons(row, plan.advice)
    more = {name: value for name, value in row.items() if name not in _KNOWN}
    echoed = unsure and status == SKIPPED and any(reason.code in plan.echoes for reason in reasons)
    lead_id = _integer(row.get("id", row.get("leadId")))
    return RecordResult(
        index=item.index,
        input=item.record,
        status=status,
        id=item.lead_id if lead_id is None else lead_id,
        reasons=reasons,
        request_id=envelope.request_id,
        seq=_integer(row.get("seq")),
        maybe_done=echoed,
        extra=ReadOnlyMapping(more) if more else NOTHING_ELSE,
    )


def _reasons(row: dict[str, object], advice: Advice | None = None) -> tuple[Reason, ...]:
    """Return why it was skipped: Marketo's `reasons`; its specification also has `reason`, activities `errors`."""
    given = row.get("reasons") or row.get("reason") or row.get("errors")
    if not given:
        return ()
    entries = cast("list[object]", given) if isinstance(given, list) else [given]
    return tuple(_reason(entry, advice) for entry in entries)


def _reason(entry: object, advice: Advice | None) -> Reason:
    if not isinstance(entry, dict):
        return Reason("", str(entry))
    fields = cast("dict[str, object]", entry)
    code, message = (str(fields[name]) if fields.get(name) is not None else "" for name in ("code", "message"))
    return Reason(code, message, None if advice is None else advice(code, message))


def _integer(value: object) -> int | None:
    """Return an integer; ids come as texts at times."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None

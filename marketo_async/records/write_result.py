"""What became of each record of a write, beside that record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Self, TypeVar

import attrs

from marketo_async.errors import MarketoError, error_class
from marketo_async.records._mapping import NOTHING_ELSE, thaw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketo_async.records._mapping import ReadOnlyMapping

R = TypeVar("R")

SKIPPED = "skipped"
UNKNOWN = "unknown"
ACCEPTED = "accepted"


@attrs.frozen
class Reason:
    """Why a record was skipped.

    Attributes:
        code: Marketo's code, such as `"1004"`; empty where this library refused the record before sending it.
        message: Marketo's words, or this library's.
        advice: What the schema of leads has to say about it, where it is kept: the nearest name of a field that there
            is, the type that a value must have. Else None.
    """

    code: str
    message: str
    advice: str | None = None

    def to_dict(self) -> dict[str, str]:
        """Return it as plain values, without what is not there."""
        advice = {} if self.advice is None else {"advice": self.advice}
        return {"code": self.code, "message": self.message, **advice}


@attrs.frozen(kw_only=True)
class RecordResult(Generic[R]):
    """What became of one record.

    Attributes:
        index: Which record of the input it was, from 0.
        input: The record itself, as it was given.
        status: Marketo's word: `"created"`, `"updated"`, `"deleted"`, `"added"`, `"removed"` or `"skipped"`; or one of
            this library's: `"unknown"` where the call was sent and no usable answer came, so that it may have been
            done or not, and `"accepted"` where Marketo was asked not to say (`async_processing=True`).
        id: The lead's id, from the answer, or from the input where leads are named by id; None where neither has one.
        reasons: Why it was skipped; the first one decides the error of `raise_for_skipped`.
        request_id: Marketo's `requestId` of the call; None where it sent none, or nothing was sent.
        seq: Marketo's number of the record within its call, where the answer has one.
        maybe_done: Whether it may have been done although the status does not say so. True for `"unknown"`; also for a
            record that was skipped by a call that had to be repeated, with the code that a repeated call meets if its
            first attempt, whose answer was lost, was carried out: 1005 "already exists" after `createOnly`, 1004 "not
            found" after a deletion.
        error: What went wrong, for `"unknown"`, and for a record that was refused before it was sent; else None.
        extra: What else Marketo said about the record.
    """

    index: int
    input: R
    status: str
    id: int | None = None
    reasons: tuple[Reason, ...] = ()
    request_id: str | None = None
    seq: int | None = None
    maybe_done: bool = False
    error: MarketoError | None = attrs.field(default=None, eq=False)
    extra: ReadOnlyMapping = attrs.field(default=NOTHING_ELSE)

    @property
    def skipped(self) -> bool:
        """Whether Marketo, or this library, refused the record."""
        return self.status == SKIPPED

    @property
    def unknown(self) -> bool:
        """Whether nobody can say what became of it."""
        return self.status == UNKNOWN

    def raise_for_skipped(self) -> Self:
        """Return this result, unless the record was skipped or its outcome is unknown.

        Raises:
            MarketoError: for a skipped record the class of its first reason's code, such as `AlreadyExistsError` for
                1005, with the record's index as `position`; for an unknown outcome the error of its call.
        """
        if self.error is not None:
            error = self.error.fresh()
        elif self.skipped:
            code, message = (self.reasons[0].code, self.reasons[0].message) if self.reasons else ("", "skipped")
            error = error_class(code, message)(message, code=code or None, request_id=self.request_id)
            error.outcome_unknown = self.maybe_done
            if self.reasons and self.reasons[0].advice is not None:
                error.add_note(self.reasons[0].advice)
        else:
            return self
        error.position = self.index
        raise error

    def to_dict(self) -> dict[str, object]:
        """Return everything but the input as plain values for a file of results; what is empty is left out."""
        row: dict[str, object] = {"index": self.index, "status": self.status}
        if self.id is not None:
            row["id"] = self.id
        if self.reasons:
            row["reasons"] = [reason.to_dict() for reason in self.reasons]
        if self.request_id is not None:
            row["requestId"] = self.request_id
        if self.maybe_done:
            row["maybeDone"] = True
        if self.error is not None:
            row["error"] = str(self.error)
        return row | {name: thaw(value) for name, value in self.extra.items()}


@attrs.frozen(kw_only=True)
class WriteProgress:
    """How far a write is.

    Attributes:
        records: Records whose outcome is known, or known to be unknown.
        calls: Calls that were answered, or given up, repetitions counted.
        statuses: How many records have each status.
    """

    records: int = 0
    calls: int = 0
    statuses: Mapping[str, int] = attrs.field(factory=dict[str, int])

    @property
    def skipped(self) -> int:
        """How many records were skipped."""
        return self.statuses.get(SKIPPED, 0)

    @property
    def unknown(self) -> int:
        """How many records have an unknown outcome."""
        return self.statuses.get(UNKNOWN, 0)

    @property
    def done(self) -> int:
        """How many records were written, or accepted to be written."""
        return self.records - self.skipped - self.unknown


@attrs.frozen(kw_only=True)
class WriteSummary(WriteProgress, Generic[R]):
    """What a whole write came to.

    Attributes:
        not_done: The results of the first records that were skipped or have an unknown outcome, in input order.
    """

    not_done: tuple[RecordResult[R], ...] = ()

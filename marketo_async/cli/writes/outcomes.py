"""What became of a record, as the results show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from marketo_async.cli.exports.fields import Fields
    from marketo_async.cli.writes.rows import InputRow
    from marketo_async.errors import ArgumentError
    from marketo_async.records.write_result import RecordResult


def fields_of(result: RecordResult[InputRow], again: Container[int], echoes: Container[str]) -> Fields:
    """Return what became of a record, under the names of the results.

    Args:
        result: What the library says.
        again: The records that an earlier run, which was killed, may have written.
        echoes: The codes that such a record meets where it had been.
    """
    fields = result.to_dict()
    fields["index"] = result.input.index
    if result.skipped:
        fields.pop("error", None)  # said by its reason
        if result.reasons and not result.reasons[0].code:
            fields["reasons"] = [{"code": "", "message": of_record(result.reasons[0].message, result.index)}]
    if result.input.index in again:
        fields["again"] = True
        if result.skipped and any(reason.code in echoes for reason in result.reasons):
            fields["maybeDone"] = True
    return fields


def of_record(message: str, index: int) -> str:
    """Return words about one of the records that were given to the library, without its number there."""
    place = f"records[{index}]"
    return f"record{message.removeprefix(place)}" if message.startswith(place) else message


def problem_of(error: ArgumentError, index: int) -> str:
    """Return what speaks against a record, in words."""
    return of_record(error.message, index)

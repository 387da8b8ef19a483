"""What is checked before the first record is read: the fields that there are, and the columns of the input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.cli.exit_codes import UsageError
from marketo_async.errors import AccessDeniedError, ArgumentError

if TYPE_CHECKING:
    from marketo_async.api.groups import Groups
    from marketo_async.cli.writes.operation import Operation
    from marketo_async.cli.writes.rows import InputRow
    from marketo_async.cli.writes.source import Source
    from marketo_async.transport.writing.plan import WritePlan


async def look(operation: Operation, groups: Groups) -> None:
    """Ask Marketo which fields there are: one call, which spares those for records that it would refuse.

    Who may write but not read does without.
    """
    if operation.look is not None:
        try:
            await operation.look(groups)
        except AccessDeniedError:
            return


def check_columns(operation: Operation, source: Source, plan: WritePlan[InputRow]) -> None:
    """Refuse a CSV whose columns cannot be written: every one of its records would be skipped for it.

    Raises:
        UsageError: the column that says whom a record is about is missing, or a column is no field that can be set.
    """
    columns = source.columns
    if columns is None:
        return
    shape, key = operation.shape, operation.key
    if key is not None and key not in columns and shape.id_column(columns) is None:
        raise UsageError(f"{source.shown} has no column {key}, which says whom a record is about")
    if shape.id_alone or plan.objection is None:
        return
    objection = plan.objection(shape.of_object(dict.fromkeys(columns)), "column")
    if objection is not None:
        raise UsageError(f"{source.shown}: {_said(objection)}")


def _said(objection: ArgumentError) -> str:
    name = objection.argument.removeprefix("column['").removesuffix("']")
    return f"column {name} is not allowed: {objection.allowed}"

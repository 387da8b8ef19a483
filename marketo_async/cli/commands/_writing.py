"""What the commands share that write the records of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from marketo_async.cli.writes.options import WriteOptions

if TYPE_CHECKING:
    from marketo_async.cli.options import Connection, Speech
    from marketo_async.cli.writes.operation import Operation

File = Annotated[str, Parameter(name="FILE", allow_leading_hyphen=True)]


async def carried_out(
    operation: Operation,
    file: str,
    options: WriteOptions | None,
    connection: Connection | None,
    speech: Speech | None,
) -> int:
    """Carry an operation out, and return the exit code."""
    from marketo_async.cli.writes.running import carry_out  # noqa: PLC0415 - `--help` need not load the network

    return await carry_out(operation, file, options or WriteOptions(), connection, speech)

"""What an export is of, as plain data: what a resume must have in common with the run before, and a manifest tells.

How fast it is read, in pages of which size, and what becomes of odd records does not belong to it: those may change
from run to run. Secrets do not belong to it either; the client id stands there as a digest.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from marketo_async.cli.connecting import access
from marketo_async.cli.exports.fields import written
from marketo_async.cli.options import DEMO_LEADS, DEMO_PROGRAMS, DEMO_SEED

if TYPE_CHECKING:
    from marketo_async.cli.exports.fields import Fields
    from marketo_async.cli.filters import ProgramFilters
    from marketo_async.cli.options import Connection
    from marketo_async.cli.output.formats import Format


def selection(connection: Connection, filters: ProgramFilters, *, format_: Format, compressed: bool) -> Fields:
    """Return what an export is of, under the names of its options.

    Raises:
        UsageError: no instance is named, or a date is none.
    """
    chosen: dict[str, object] = {
        "instance": instance_of(connection),
        "client": client_of(connection),
        "format": format_,
        "gzip": compressed,
        "updated-from": written(filters.first_moment),
        "updated-until": written(filters.last_moment),
        "status": filters.status,
        "filter-type": filters.filter_type,
        "filter-values": sorted({str(value) for value in filters.values or ()}),
        "start": filters.start,
    }
    return chosen


def instance_of(connection: Connection) -> str:
    """Return what to call an instance, so that two of them cannot be confused.

    Raises:
        UsageError: none is named.
    """
    if not connection.sandbox:
        from marketo_async.transport.credentials import origin_of  # noqa: PLC0415 - `--help` need not load it

        return origin_of(access(connection).base_url)
    numbers = (
        (connection.sandbox_programs, DEMO_PROGRAMS),
        (connection.sandbox_leads, DEMO_LEADS),
        (connection.seed, DEMO_SEED),
    )
    return "sandbox " + "/".join(str(default if given is None else given) for given, default in numbers)


def client_of(connection: Connection) -> str | None:
    """Return a digest of whom an instance is visited as; None for the sandbox.

    Raises:
        UsageError: nobody is named.
    """
    return None if connection.sandbox else _digest(access(connection).client_id)


def differences(before: Fields, now: Fields) -> list[str]:
    """Return where two selections differ, in words; nothing where they do not."""
    return [
        f"{_option(name)} was {_shown(before.get(name))}, now {_shown(now.get(name))}"
        for name in dict.fromkeys((*before, *now))
        if before.get(name) != now.get(name)
    ]


def _option(name: str) -> str:
    return {"instance": "the instance", "client": "the client id", "gzip": "gzip", "command": "the command"}.get(
        name, f"--{name}"
    )


def _shown(value: object) -> str:
    match value:
        case None | [] | "":
            return "not given"
        case bool():
            return "on" if value else "off"
        case list():
            return ",".join(map(str, value))
        case _:
            return str(value)


def _digest(client_id: str) -> str:
    return hashlib.sha256(client_id.encode()).hexdigest()[:16]

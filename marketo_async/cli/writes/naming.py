"""What a run is of: the input, as it was, and everything that decides what is written."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.exports.selection import client_of, instance_of
from marketo_async.cli.output.target import STANDARD_OUTPUT, regular_file
from marketo_async.cli.writes.opening import ResultNames, beside
from marketo_async.cli.writes.source import STANDARD_INPUT, input_format

if TYPE_CHECKING:
    from marketo_async.cli.exports.fields import Fields
    from marketo_async.cli.options import Connection
    from marketo_async.cli.writes.operation import Operation
    from marketo_async.cli.writes.options import InputFormat, WriteOptions

_PIECE = 2**20


@attrs.frozen
class Fingerprint:
    """What an input is: its size and SHA-256, and about how many lines it has."""

    size: int
    sha256: str
    lines: int


def fingerprint(given: str) -> Fingerprint | None:
    """Return what an input is; None for one that can be read only once.

    Raises:
        UsageError: it cannot be read.
    """
    path = Path(given)
    if given == STANDARD_INPUT or (path.exists() and not path.is_file()):
        return None
    size, lines, digest = 0, 0, hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                size += len(piece)
                lines += piece.count(b"\n")
                digest.update(piece)
    except OSError as error:
        raise UsageError(f"{given} cannot be read: {error.strerror or error}") from None
    return Fingerprint(size, digest.hexdigest(), lines)


def identity_of(
    operation: Operation, options: WriteOptions, connection: Connection, format_: InputFormat, seen: Fingerprint | None
) -> Fields:
    """Return what a run is of, under the names of its options.

    Raises:
        UsageError: no instance is named.
    """
    return {
        "command": operation.command,
        "instance": instance_of(connection),
        "client": client_of(connection),
        "input": None if seen is None else {"size": seen.size, "sha256": seen.sha256},
        "format": format_,
        "empty": options.empty,
        **operation.options,
    }


def results_of(given: str, operation: Operation, options: WriteOptions) -> tuple[ResultNames | None, str, InputFormat]:
    """Return the files that the results go to, None for what is no regular file; what to call them; their format.

    Raises:
        UsageError: there can be no such file.
    """
    theirs = input_format(given, options.format_)
    out = options.results
    if out is None:
        out = STANDARD_OUTPUT if given == STANDARD_INPUT else beside(given, operation.name, theirs)
    named = Path(out).suffix.lower()
    format_: InputFormat = "csv" if named == ".csv" else "jsonl" if named in {".jsonl", ".ndjson"} else theirs
    path = regular_file(out, "--results")
    if path is None:
        return None, out, format_
    if given != STANDARD_INPUT and os.path.realpath(given) == str(path):
        raise UsageError(f"--results {out}: that is the input itself")
    return ResultNames(path, out), out, format_

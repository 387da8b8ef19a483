"""The last step: from the rows that were kept to the file that was asked for, and the manifest that vouches for it.

Whatever the format, the file is written in one go from the same lines. So it is the same, byte for byte, in however
many runs they were read; and a process that ends meanwhile leaves the rows, from which the next one writes it again.
"""

from __future__ import annotations

import hashlib
import json
from itertools import islice
from typing import TYPE_CHECKING

from marketo_async.cli.exports.manifest import Manifest
from marketo_async.cli.exports.threads import to_the_end
from marketo_async.cli.output.formats import written_as
from marketo_async.cli.output.target import replaced
from marketo_async.records import Program, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import BinaryIO

    from marketo_async.cli.exports.fields import Fields
    from marketo_async.cli.exports.stage import Stage
    from marketo_async.cli.output.formats import Format
    from marketo_async.cli.output.target import Target

_PIECE = 2**20
_BATCH = 1_000


async def finish(
    stage: Stage, options: Fields, *, format_: Format, compressed: bool, read_until: datetime | None, from_start: bool
) -> Manifest:
    """Write the file and its manifest, then take the partial file away.

    Args:
        stage: What was read: everything.
        options: What it is an export of.
        format_: The format of the file.
        compressed: Whether it is compressed with gzip.
        read_until: Where the filter ends by date, if it does.
        from_start: Whether the listing was read from its beginning.

    Raises:
        OutputError: they cannot be written.
    """
    names, mark = stage.names, stage.mark
    with replaced(names.path, names.shown) as file:
        hashed = _Hashed(file)
        with names.partial.open("rb") as rows, written_as(format_, hashed, compressed=compressed) as (writer, sink):
            # Bit by bit, in threads: Ctrl-C need not wait for the end.
            if format_ == "jsonl":
                while piece := await to_the_end(rows.read, _PIECE):
                    await to_the_end(sink.write, piece)
            else:
                while programs := await to_the_end(_programs, rows):
                    await to_the_end(writer.write, programs)
    manifest = Manifest(
        file=names.path.name,
        records=mark.rows,
        misfits=stage.misfits,
        size=hashed.written,
        sha256=hashed.sha256,
        watermark=_watermark(mark.began, read_until) if from_start else None,
        calls=mark.spent.calls,
        refusals=dict(mark.spent.refusals),
        seconds=mark.spent.seconds,
        runs=mark.spent.runs,
        options=options,
    )
    manifest.write(names)
    stage.discard()
    return manifest


class _Hashed:
    """A target that knows the SHA-256 of what went through."""

    def __init__(self, target: Target) -> None:
        self.name = target.name
        self.appears_whole = target.appears_whole
        self.written = 0
        self._target = target
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self._target.write(data)
        self._digest.update(data)
        self.written += len(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def _programs(rows: BinaryIO) -> list[Program]:
    lines: Iterator[bytes] = islice(rows, _BATCH)
    return [read(Program, json.loads(line)) for line in lines]


def _watermark(began: datetime | None, read_until: datetime | None) -> datetime | None:
    """Return the moment before which nothing can be missing, in whole seconds: Marketo's dates have no finer ones."""
    if began is None:
        return None
    return (began if read_until is None else min(began, read_until)).replace(microsecond=0)

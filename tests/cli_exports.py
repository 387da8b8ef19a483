"""For tests of exports: runs that end early, in this process and without the command line, and reading files back."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pyarrow.parquet as pq

from marketo_async.cli.exports.finishing import finish
from marketo_async.cli.exports.names import Names
from marketo_async.cli.exports.opening import staged
from marketo_async.cli.exports.pouring import read_into
from marketo_async.cli.output.formats import compressed_by_name, format_of
from marketo_async.cli.progress.meters import Silence
from marketo_async.cli.progress.tally import Tally

if TYPE_CHECKING:
    from marketo_async import MarketoClient

OPTIONS = {"instance": "made up"}


@attrs.frozen
class Stop:
    """How a run ends early: after how many pages, and what a crash does to the two files at their ends."""

    pages: int
    lost: int = 0
    torn: bytes = b""


class StoppedError(Exception):
    pass


async def export(marketo: MarketoClient, names: Names, *, page_size: int, stop: Stop | None) -> bool:
    """Run an export, or go on with one; return whether it came to its end."""
    pages = itertools.count(1)

    def progress(_: object) -> None:
        if stop is not None and next(pages) > stop.pages:
            raise StoppedError

    format_ = format_of(names.shown, None)
    try:
        with staged(names, OPTIONS, "resume") as stage:
            listing = marketo.programs.browse(page_size=page_size).with_options(progress=progress)
            if not stage.mark.whole:
                await read_into(stage, listing, Tally(), Silence(), marketo.limiter.stats)
            await finish(
                stage,
                OPTIONS,
                format_=format_,
                compressed=compressed_by_name(names.shown, format_),
                read_until=None,
                from_start=True,
            )
    except StoppedError:
        assert stop is not None
        if names.partial.exists():
            crash(names.partial, stop)
            crash(names.journal, attrs.evolve(stop, lost=0))
        return False
    return True


def crash(path: Path, stop: Stop) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) - stop.lost] + stop.torn)


def ids(path: Path) -> list[int]:
    """Read a finished file back."""
    if path.suffix == ".parquet":
        found: list[int] = pq.read_table(path)["id"].to_pylist()
        return found
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if ".csv" in path.name:
        return [int(row["id"]) for row in csv.DictReader(io.StringIO(content.decode(), newline=""))]
    return [json.loads(line)["id"] for line in content.splitlines()]

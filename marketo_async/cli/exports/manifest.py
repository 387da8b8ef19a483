"""The manifest beside a finished file: what is in it, what it took, and what tells whether it is still the same."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.exports.fields import Fields, counts, moment, read_object, seconds, section, text, whole, written
from marketo_async.cli.output.target import replaced

if TYPE_CHECKING:
    from pathlib import Path

    from marketo_async.cli.exports.names import Names

VERSION = 1
"""Of the form of a manifest."""

_PIECE = 2**20


def _our_version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - slow, and `--help` does without

    return version("marketo-async")


@attrs.frozen(kw_only=True)
class Manifest:
    """What a manifest says.

    Attributes:
        file: The name of the file, without its folder.
        records: Records in it.
        misfits: Records left out since they did not have the documented shape.
        size: Its size in bytes.
        sha256: The SHA-256 of its bytes, in hexadecimal digits.
        watermark: When the reading began, by Marketo's clock: whatever changed later may be missing. What `--since`
            takes next time. None where the file does not begin at the beginning (`--start`).
        calls: Calls made.
        refusals: Calls that Marketo refused for a limit, by code.
        seconds: How long it took, over all runs.
        runs: Over how many runs.
        options: What it is an export of.
        finished: When it was finished, by the clock of the machine.
        made_by: The version of this program.
    """

    file: str
    records: int
    misfits: int
    size: int
    sha256: str
    watermark: datetime | None
    calls: int
    refusals: dict[str, int]
    seconds: float
    runs: int
    options: Fields
    finished: datetime = attrs.field(factory=lambda: datetime.now(UTC).replace(microsecond=0))
    made_by: str = attrs.field(factory=_our_version)

    def write(self, names: Names) -> None:
        """Write it beside its file.

        Raises:
            OutputError: it cannot be written.
        """
        content = {"manifest": VERSION} | attrs.asdict(self)
        content |= {"watermark": written(self.watermark), "finished": written(self.finished)}
        with replaced(names.manifest, names.manifest_shown) as target:
            target.write(json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n")


def read_manifest(path: Path, shown: str) -> Manifest:
    """Return a manifest.

    Raises:
        UsageError: there is none, or it is none.
    """
    try:
        return _manifest(read_object(path.read_bytes()))
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise UsageError(f"{shown} is no manifest: {error}") from error


def earlier_manifest(names: Names) -> Manifest | None:
    """Return the manifest of an earlier export to the same file, if there is one."""
    try:
        return read_manifest(names.manifest, names.manifest_shown)
    except UsageError:
        return None


def sha256_of(path: Path) -> tuple[int, str]:
    """Return size and SHA-256 of a file.

    Raises:
        OSError: it cannot be read.
    """
    size, digest = 0, hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            digest.update(piece)
    return size, digest.hexdigest()


def _manifest(fields: Fields) -> Manifest:
    if whole(fields, "manifest") != VERSION:
        raise ValueError("it is of another form than this version writes")
    finished = moment(fields, "finished")
    if finished is None:
        raise ValueError("finished is no moment")
    return Manifest(
        file=text(fields, "file"),
        records=whole(fields, "records"),
        misfits=whole(fields, "misfits"),
        size=whole(fields, "size"),
        sha256=text(fields, "sha256"),
        watermark=moment(fields, "watermark"),
        calls=whole(fields, "calls"),
        refusals=counts(fields, "refusals"),
        seconds=seconds(fields, "seconds"),
        runs=whole(fields, "runs"),
        options=section(fields, "options"),
        finished=finished,
        made_by=text(fields, "made_by"),
    )

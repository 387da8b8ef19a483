"""`--since`: a moment, or the export after which to go on."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.exports.fields import written
from marketo_async.cli.exports.manifest import read_manifest
from marketo_async.cli.exports.names import Names
from marketo_async.cli.moments import moment

_OPTION = "--since"

OVERLAP = timedelta(minutes=5)
"""How late a change may show up in a listing: what an earlier export is gone on with before its end."""


def since_moment(given: str, *, instance: str) -> datetime:
    """Return the moment from which on changes are wanted: of an earlier export, its watermark less the overlap.

    Args:
        given: A moment, a day, a manifest, or a file that has a manifest beside it.
        instance: The instance that is read; another one's watermark means nothing here.

    Raises:
        UsageError: it is none of these, or the manifest is of another instance or has no watermark.
    """
    path = Path(given)
    if not path.exists():
        try:
            return moment(_OPTION, given, edge="from")
        except UsageError as error:
            raise UsageError(f"{error}, or the manifest of an earlier export") from None
    if path.suffix != ".json":
        path = Names.of(path.resolve(), given).manifest
    manifest = read_manifest(path, f"{_OPTION} {given}" if path == Path(given) else f"{_OPTION} {path}")
    theirs = manifest.options.get("instance")
    if theirs != instance:
        raise UsageError(f"{_OPTION} {given} is of another instance: {theirs}, not {instance}")
    if manifest.watermark is None:
        raise UsageError(f"{_OPTION} {given} has no watermark: that export did not begin at the beginning")
    return manifest.watermark - OVERLAP


def as_option(watermark: datetime) -> str:
    """Return a moment as `--updated-from` takes it."""
    return written(watermark) or ""

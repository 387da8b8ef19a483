"""`marketo-async export verify`: whether a file is still what its export wrote."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - cyclopts looks the annotation up

from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.exports.manifest import read_manifest, sha256_of
from marketo_async.cli.exports.names import Names
from marketo_async.cli.options import Speech
from marketo_async.cli.saying import count, size


def verify(file: Path, /, *, speech: Speech | None = None) -> int:
    """Compare a file with the manifest that its export wrote: size and SHA-256. Sends nothing.

    The exit code is 0 if they agree and 1 if they do not.

    Args:
        file: The file; its manifest is FILE.manifest.json.
        speech: With --quiet, nothing is said about a file that is as it should be.
    """
    names = Names.of(file.resolve(), str(file))
    manifest = read_manifest(names.manifest, names.manifest_shown)
    try:
        found, sha256 = sha256_of(names.path)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}") from error
    if (found, sha256) == (manifest.size, manifest.sha256):
        if not (speech or Speech()).quiet:
            _say(f"{file} is as it was exported: {count(manifest.records, 'program')}, {size(found)}, SHA-256 {sha256}")
        return ExitCode.DONE
    what = (
        f"{found:,} bytes in place of {manifest.size:,}"
        if found != manifest.size
        else f"SHA-256 {sha256} in place of {manifest.sha256}"
    )
    _say(f"{file} is NOT as it was exported {manifest.finished:%Y-%m-%d %H:%M} UTC: {what}")
    return ExitCode.UNEXPECTED


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")

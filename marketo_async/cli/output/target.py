"""Where bytes go: standard output, or a file that appears whole or not at all.

A file is written beside its final name, flushed to the disk, and renamed. Until then whoever looks sees the file of
before, or none; afterwards the new one, complete.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from marketo_async.cli.exit_codes import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import BinaryIO

STANDARD_OUTPUT, STANDARD_OUTPUT_NAME = "-", "standard output"


class Target(Protocol):
    """Takes bytes and counts them."""

    name: str
    """What to call it in a message."""

    written: int
    """Bytes so far."""

    appears_whole: bool
    """Whether nothing of it is left when it is not finished."""

    def write(self, data: bytes) -> None:
        """Take more bytes.

        Raises:
            OutputError: they cannot be written.
            BrokenPipeError: whoever read them went away.
        """
        ...


class _Counting:
    def __init__(self, stream: BinaryIO, name: str, *, appears_whole: bool) -> None:
        self.name = name
        self.written = 0
        self.appears_whole = appears_whole
        self._stream = stream

    def write(self, data: bytes) -> None:
        with said_plainly(self.name):
            self._stream.write(data)
            self.written += len(data)

    def flush(self) -> None:
        with said_plainly(self.name):
            self._stream.flush()


@contextmanager
def opened(out: str) -> Generator[Target, None, None]:
    """Open a target; leaving the block regularly finishes it, leaving it by an exception leaves no half file.

    Args:
        out: A path, or `-` for standard output. What exists and is no regular file, such as `/dev/null` or a named
            pipe, is written to as it is.

    Raises:
        UsageError: there can be no such file.
        OutputError: it cannot be written.
    """
    if out == STANDARD_OUTPUT:
        target = _Counting(sys.stdout.buffer, STANDARD_OUTPUT_NAME, appears_whole=False)
        yield target
        target.flush()
        return
    path = regular_file(out)
    if path is None:
        with said_plainly(out), Path(out).open("wb") as stream:
            target = _Counting(stream, out, appears_whole=False)
            yield target
            target.flush()
        return
    with replaced(path, out) as file:
        yield file


def regular_file(out: str, option: str = "--out") -> Path | None:
    """Return where a file is or will be, symbolic links followed; None for what is written to as it is.

    Args:
        out: A path, or `-` for standard output.
        option: The option that it was given with.

    Raises:
        UsageError: there can be no such file.
    """
    if out == STANDARD_OUTPUT:
        return None
    path = Path(os.path.realpath(out))
    if path.is_dir():
        raise UsageError(f"{option} {out}: that is a folder; name the file to write in it")
    if not path.parent.is_dir():
        raise UsageError(f"{option} {out}: there is no folder {path.parent}")
    return None if path.exists() and not path.is_file() else path


@contextmanager
def replaced(path: Path, shown: str) -> Generator[Target, None, None]:
    """Open a file that takes its name when the block is left regularly, and leaves no trace when it is not.

    Two at once would be in each other's way; a process that was killed leaves a file that the next one takes away.

    Args:
        path: What to replace.
        shown: What to call it in a message.

    Raises:
        OutputError: it cannot be written.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    with said_plainly(shown):
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            target = _Counting(stream, shown, appears_whole=True)
            yield target
            target.flush()
            with said_plainly(shown):
                os.fsync(stream.fileno())
        with said_plainly(shown):
            if path.exists():
                unfinished.chmod(stat.S_IMODE(path.stat().st_mode))
            unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _remember_the_name(path.parent)


def _remember_the_name(folder: Path) -> None:
    """Flush the folder as well, so that the new name survives a power cut; not every system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def said_plainly(name: str) -> Generator[None, None, None]:
    """Turn an error of the operating system's into one that names what was written to.

    Raises:
        OutputError: in place of any `OSError` but a broken pipe, which stays `BrokenPipeError`.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise BrokenPipeError(*error.args) from error
        raise OutputError(f"{name} cannot be written: {error.strerror or error}") from error

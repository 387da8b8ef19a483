"""One process at a time on one file. The system takes the lock back when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    _FAR_BEHIND = 2**30  # a locked byte cannot be read on Windows, so it is one that nobody wrote

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR_BEHIND, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from error
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock(descriptor: int) -> bool:
    """Take an open file for this process alone; return whether it was free.

    Where the file system knows no locks, it counts as free.
    """
    try:
        _lock(descriptor)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def open_to_grow(path: Path) -> BinaryIO:
    """Open a file to read and write, making it where it is missing; a link is not followed."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    return os.fdopen(os.open(path, flags, 0o666), "r+b")


def taken(stream: BinaryIO, path: Path) -> bool:
    """Take an open file for this process alone; return whether it was free and is still the file of that name."""
    return lock(stream.fileno()) and _still_there(stream, path)


def close_and_remove(stream: BinaryIO, path: Path) -> None:
    """Take an open file away while it is still locked, where the system can; else after it was closed."""
    removed = False
    with suppress(OSError):
        path.unlink()
        removed = True
    with suppress(OSError):
        stream.close()
    if not removed:
        with suppress(OSError):
            path.unlink()


def _still_there(stream: BinaryIO, path: Path) -> bool:
    """Tell whether a file was not taken away by whoever had it before, after it was opened."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except OSError:
        return False

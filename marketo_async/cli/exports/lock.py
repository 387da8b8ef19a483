"""One export at a time into one file. The system takes the lock back when the process ends, however it ends."""

from __future__ import annotations

import os
import sys

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

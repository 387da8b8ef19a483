"""The command line: `marketo-async`. Needs the extra `cli`; the sandbox in it needs the extra `sandbox` as well."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

EXTRA = frozenset({"cyclopts", "rich", "platformdirs"})
"""What the command line imports beyond the library's own dependencies."""

_USAGE, _INTERRUPTED = 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: The words after the program's name; those of this process unless given.

    Returns:
        The exit code, as `marketo_async.cli.exit_codes` lists them.
    """
    _open_what_is_closed()
    try:
        from marketo_async.cli.app import run  # noqa: PLC0415 - the extra may be missing

        return run(sys.argv[1:] if argv is None else list(argv))
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in EXTRA:
            raise
        sys.stderr.write(
            f"error: the command line needs the extra `cli`, and {missing} is not installed: "
            "pip install 'marketo-async[cli]' (or [cli,sandbox] for the sandbox as well)\n"
        )
        return _USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED


def _open_what_is_closed() -> None:
    """Let a standard stream that the caller has closed (`>&-`) lead nowhere.

    Python has None in its place, and the next file that is opened gets its number, which others take for the stream.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            # The lowest number that is free is this one, for those before it have been seen to.
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for as long as we live

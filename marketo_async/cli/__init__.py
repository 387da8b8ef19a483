"""The command line: `marketo-async`. Needs the extra `cli`; the sandbox in it needs the extra `sandbox` as well."""

from __future__ import annotations

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

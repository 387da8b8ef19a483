"""Opening the stage of an export: anew, or where an earlier run stopped; never over what somebody may still want."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.exports.journal import read_journal
from marketo_async.cli.exports.lock import close_and_remove, open_to_grow, taken
from marketo_async.cli.exports.selection import differences
from marketo_async.cli.exports.stage import Stage
from marketo_async.cli.output.target import said_plainly
from marketo_async.cli.saying import count

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path
    from typing import BinaryIO

    from marketo_async.cli.exports.fields import Fields
    from marketo_async.cli.exports.journal import Journal
    from marketo_async.cli.exports.names import Names

How = Literal["new", "resume", "fresh"]
"""What to do about an unfinished export: complain about it, go on with it, or begin anew."""


@contextmanager
def staged(names: Names, options: Fields, how: How) -> Generator[Stage, None, None]:
    """Open the stage of an export; leaving the block keeps what it holds, unless that was discarded.

    Args:
        names: The files.
        options: What the export is of.
        how: What to do about an unfinished one.

    Raises:
        UsageError: there is an unfinished one that is not to be gone on with, or cannot be, or somebody works on it.
        OutputError: the files cannot be written.
    """
    with _journal_of(names) as journal_file:
        with said_plainly(names.journal_shown):
            found = read_journal(journal_file.read())
        # A head without a mark after it: the process ended within its first page, and nothing is there to go on with.
        kept = _size(names.partial) > 0 and (found is None or len(found.marks) > 0)
        if kept and how != "fresh":
            _check(names, found, options, how)
        with said_plainly(names.partial_shown):
            rows = open_to_grow(names.partial)
        stage = Stage(names, rows, journal_file)
        try:
            if kept and found is not None and how == "resume":
                stage.take_up(found)
            else:
                stage.begin(options)
            yield stage
        finally:
            stage.close()


@contextmanager
def _journal_of(names: Names) -> Generator[BinaryIO, None, None]:
    """Open the journal for this process alone; one that is empty in the end is taken away."""
    with said_plainly(names.journal_shown):
        journal = open_to_grow(names.journal)
    with journal:
        if not taken(journal, names.journal):
            raise UsageError(f"{names.shown} is being written by another export at this moment")
        try:
            yield journal
        finally:
            if not journal.closed and not _size(names.journal):
                close_and_remove(journal, names.journal)


def _check(names: Names, found: Journal | None, options: Fields, how: How) -> None:
    anew = "--fresh begins anew"
    if found is None:
        raise UsageError(f"{names.partial_shown} is there, but no journal that tells what it is of: {anew}")
    if how == "new":
        raise UsageError(
            f"{names.partial_shown} is an unfinished export, begun {found.begun:%Y-%m-%d %H:%M} UTC, with "
            f"{count(found.marks[-1].rows, 'program')}: --resume goes on with it, {anew}"
        )
    different = differences(found.options, options)
    if different:
        raise UsageError(
            f"{names.partial_shown} is an unfinished export of something else ({'; '.join(different)}): --resume needs "
            f"the options that it was begun with, {anew}"
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

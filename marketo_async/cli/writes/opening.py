"""Opening the results of a run: anew, or where an earlier run stopped; never over what somebody may still want."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import attrs

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.exports.lock import close_and_remove, open_to_grow, taken
from marketo_async.cli.exports.selection import differences
from marketo_async.cli.output.target import STANDARD_OUTPUT, STANDARD_OUTPUT_NAME, said_plainly
from marketo_async.cli.writes.book import Book
from marketo_async.cli.writes.journal import head_line, now, read_journal
from marketo_async.cli.writes.sheet import Found

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import BinaryIO

    from marketo_async.cli.exports.fields import Fields
    from marketo_async.cli.writes.journal import Known
    from marketo_async.cli.writes.sheet import Sheet

How = Literal["new", "resume", "fresh"]
"""What to do about results that are there already: complain about them, go on with them, or replace them."""

_ANEW = "--fresh replaces them"


@attrs.frozen
class ResultNames:
    """What the files of a run are called.

    Attributes:
        path: The results.
        shown: What to call them in a message.
    """

    path: Path
    shown: str

    @property
    def journal(self) -> Path:
        """The journal."""
        return self.path.with_name(f"{self.path.name}.journal")

    @property
    def journal_shown(self) -> str:
        """What to call the journal in a message."""
        return f"{self.shown}.journal"


def beside(given: str, operation: str, format_: str) -> str:
    """Return where results go unless something else is said: beside the input, under the operation's name.

    So what one operation told of a file is not in the way of another one's.
    """
    path = Path(given)
    return str(path.with_name(f"{path.stem}.{operation}-results.{format_}"))


@contextmanager
def opened_book(names: ResultNames, identity: Fields, how: How, sheet: Sheet) -> Generator[Book, None, None]:
    """Open the results for this process alone; what says nothing in the end is taken away.

    Args:
        names: The files.
        identity: What the run is of.
        how: What to do about results that are there.
        sheet: How rows are written.

    Raises:
        UsageError: there are some that are not to be gone on with, or cannot be, or somebody works on them.
        OutputError: the files cannot be written.
    """
    with said_plainly(names.journal_shown):
        journal = open_to_grow(names.journal)
    with journal:
        if not taken(journal, names.journal):
            raise UsageError(f"{names.shown} is being written by another run at this moment")
        results: BinaryIO | None = None
        book: Book | None = None
        try:
            known = _known(names, journal, identity, how)
            with said_plainly(names.shown):
                results = open_to_grow(names.path)
            found = Found(0, 0, Counter()) if known is None else sheet.found(results, names.shown)
            if known is not None and known.done not in {None, found.rows}:
                raise UsageError(f"{names.shown} has {found.rows:,} of {known.done:,} results: it was edited; {_ANEW}")
            _cut(names, journal, results, found, sheet=sheet, anew=identity if known is None else None)
            book = Book(sheet, ResultsFile(results, names.shown), journal, known, found)
            yield book
        finally:
            if book is not None:
                book.close()
            if results is not None and book is not None and book.empty:
                close_and_remove(results, names.path)
                close_and_remove(journal, names.journal)
            elif results is not None:
                with suppress(OSError):
                    results.close()
            elif not names.journal.stat().st_size:
                close_and_remove(journal, names.journal)


@contextmanager
def passing_book(out: str, sheet: Sheet) -> Generator[Book, None, None]:
    """Open standard output, or what is no regular file, for results that nobody can go on with."""
    if out == STANDARD_OUTPUT:
        yield _begun(sheet, ResultsStream(sys.stdout.buffer, STANDARD_OUTPUT_NAME))
        return
    with said_plainly(out), Path(out).open("wb") as stream:
        yield _begun(sheet, ResultsStream(stream, out))


class ResultsStream:
    """Results that go where they are read at once."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self._stream = stream

    def write(self, data: bytes) -> None:
        """Take some rows."""
        with said_plainly(self.name):
            self._stream.write(data)
            self._stream.flush()

    def sync(self) -> None:
        """Do nothing: what was read cannot be lost here."""


class ResultsFile(ResultsStream):
    """Results that grow in a file."""

    def sync(self) -> None:
        """Bring them onto the disk."""
        with said_plainly(self.name):
            os.fsync(self._stream.fileno())


def _begun(sheet: Sheet, results: ResultsStream) -> Book:
    results.write(sheet.heading())
    return Book(sheet, results, None, None, Found(0, 0, Counter()))


def _known(names: ResultNames, journal: BinaryIO, identity: Fields, how: How) -> Known | None:
    """Return what is known of an earlier run that is gone on with; None to begin anew."""
    with said_plainly(names.journal_shown):
        read = read_journal(journal.read())
    there = names.path.is_file() and names.path.stat().st_size > 0
    if how == "fresh" or not (there or read):
        return None
    if read is None:
        raise UsageError(f"{names.shown} is there, but no journal that tells what it has the results of: {_ANEW}")
    known, size = read
    if how == "new":
        state = "an unfinished run" if known.done is None else "a finished run"
        go_on = "" if known.done is not None else "--resume goes on with it, "
        begun = f"{known.begun:%Y-%m-%d %H:%M} UTC"
        raise UsageError(f"{names.shown} has the results of {state}, begun {begun}: {go_on}{_ANEW}")
    _check(names, known, identity)
    with said_plainly(names.journal_shown):
        journal.truncate(size)
        journal.seek(0, os.SEEK_END)
    return known


def _check(names: ResultNames, known: Known, identity: Fields) -> None:
    before, now_ = dict(known.identity), dict(identity)
    if before.pop("input", None) != now_.pop("input", None):
        raise UsageError(
            f"{names.shown} has the results of another input, or the input has changed since "
            f"{known.begun:%Y-%m-%d %H:%M} UTC: --resume needs it as it was, {_ANEW}"
        )
    different = differences(before, now_)
    if different:
        raise UsageError(
            f"{names.shown} has the results of something else ({'; '.join(different)}): --resume needs the options "
            f"that it was begun with, {_ANEW}"
        )


def _cut(
    names: ResultNames, journal: BinaryIO, results: BinaryIO, found: Found, *, sheet: Sheet, anew: Fields | None
) -> None:
    """Cut off what was not written whole; with an identity, begin both files.

    In this order: rows of before never stand beside a journal of now.
    """
    with said_plainly(names.shown):
        results.truncate(found.size)
    if anew is not None:
        with said_plainly(names.journal_shown):
            journal.seek(0)
            journal.truncate()
            journal.write(head_line(anew, now()))
            journal.flush()
    with said_plainly(names.shown):
        results.seek(found.size)
        if not found.size:
            results.write(sheet.heading())
            results.flush()

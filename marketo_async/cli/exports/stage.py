"""The partial file and its journal, kept together through whatever ends the process.

Rows are flushed before the journal tells of them, so a process that is killed leaves at most rows too many, which a
resume cuts off. After a power cut rows may be too few: each mark has a checksum, and what does not match is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import attrs

from marketo_async.cli.exports.journal import Mark, head_line, mark_line
from marketo_async.cli.exports.lock import close_and_remove
from marketo_async.cli.output.columns import compact_json
from marketo_async.cli.output.target import said_plainly

if TYPE_CHECKING:
    from datetime import datetime
    from typing import BinaryIO

    from marketo_async.cli.exports.fields import Fields
    from marketo_async.cli.exports.journal import Journal, Spent
    from marketo_async.cli.exports.names import Names
    from marketo_async.errors import DecodeError
    from marketo_async.records import Program
    from marketo_async.transport.page import Page


class Stage:
    """What was read so far, on disk.

    Attributes:
        names: The files.
        mark: How far it is.
        misfits: How many records were left out.
        seen: Id and name of every record that an earlier run kept, in order.
    """

    def __init__(self, names: Names, rows: BinaryIO, journal: BinaryIO) -> None:
        self.names = names
        self.mark = Mark()
        self.misfits = 0
        self.seen: list[tuple[int, str]] = []
        self._rows = rows
        self._journal = journal
        self._left_out: set[str] = set()
        self._finished = False

    def begin(self, options: Fields) -> None:
        """Begin anew."""
        with said_plainly(self.names.partial_shown):
            for stream in (self._rows, self._journal):
                stream.seek(0)
                stream.truncate()
            self._journal.write(head_line(options))
            self._journal.flush()

    def take_up(self, journal: Journal) -> None:
        """Go on where an earlier run stopped, with all that is on disk as it was written."""
        end = journal.ends[0]
        with said_plainly(self.names.partial_shown):
            self._rows.seek(0)
            for mark, journal_end in zip(journal.marks, journal.ends[1:], strict=True):
                piece = self._rows.read(max(0, mark.size - self.mark.size))
                if self.mark.size + len(piece) != mark.size or zlib.crc32(piece) != mark.checksum:
                    break
                self._know(mark)
                self.seen += [_id_and_name(line) for line in piece.split(b"\n")[:-1]]
                end = journal_end
            self._rows.truncate(self.mark.size)
            self._rows.seek(0, os.SEEK_END)
            self._journal.truncate(end)
            self._journal.seek(0, os.SEEK_END)

    def add(self, page: Page[Program], began: datetime | None, spent: Spent) -> int:
        """Keep a page; return how many of its misfits are new, and not known from an earlier run.

        Args:
            page: The page.
            began: When the reading began, by Marketo's clock.
            spent: What the export has cost so far.

        Raises:
            OutputError: it cannot be written.
        """
        piece = "".join(f"{compact_json(program.to_dict())}\n" for program in page.items).encode()
        new = [digest for digest in dict.fromkeys(map(_digest, page.misfits)) if digest not in self._left_out]
        with said_plainly(self.names.partial_shown):
            self._rows.write(piece)
            self._rows.flush()
        self._append(
            Mark(
                size=self.mark.size + len(piece),
                rows=self.mark.rows + len(page.items),
                checksum=zlib.crc32(piece),
                position=page.next_position,
                began=began,
                misfits=tuple(new),
                spent=spent,
            )
        )
        return len(new)

    def set_down(self, *, spent: Spent, whole: bool) -> None:
        """Set down the end of a run.

        Args:
            spent: What the export has cost.
            whole: Whether everything was read.
        """
        self._append(attrs.evolve(self.mark, checksum=zlib.crc32(b""), misfits=(), whole=whole, spent=spent))

    def discard(self) -> None:
        """Take the partial file and its journal away: they are not needed any more."""
        self._finished = True

    def close(self) -> None:
        """Close the files; take away what holds nothing."""
        gone = self._finished or not self.mark.rows
        # The journal goes last: it holds the lock, and without the partial file it says nothing.
        for stream, path in ((self._rows, self.names.partial), (self._journal, self.names.journal)):
            if gone:
                close_and_remove(stream, path)
            else:
                with suppress(OSError):  # nothing is lost: every page was flushed
                    stream.close()

    def _append(self, mark: Mark) -> None:
        with said_plainly(self.names.journal_shown):
            self._journal.write(mark_line(mark))
            self._journal.flush()
        self._know(mark)

    def _know(self, mark: Mark) -> None:
        self.mark = mark
        self._left_out.update(mark.misfits)
        self.misfits += len(mark.misfits)


def _id_and_name(line: bytes) -> tuple[int, str]:
    row = json.loads(line)
    return row["id"], row["name"]


def _digest(misfit: DecodeError) -> str:
    return hashlib.sha256(repr(misfit.raw).encode(errors="backslashreplace")).hexdigest()[:16]

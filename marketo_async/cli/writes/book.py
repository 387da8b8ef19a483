"""What is known of every record of a run, on disk: results in input order, and what may be out."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Protocol

from marketo_async.cli.exit_codes import OutputError
from marketo_async.cli.exports.threads import to_the_end
from marketo_async.cli.output.target import said_plainly
from marketo_async.cli.writes import journal
from marketo_async.records.write_result import UNKNOWN

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import BinaryIO

    from marketo_async.cli.exports.fields import Fields
    from marketo_async.cli.writes.journal import Known
    from marketo_async.cli.writes.rows import InputRow
    from marketo_async.cli.writes.sheet import Found, Sheet

_ENDED = "the process ended while this record was on its way, before an answer came"


class Results(Protocol):
    """Where the rows go."""

    name: str

    def write(self, data: bytes) -> None:
        """Take some rows, so that they are there when this process is killed."""
        ...

    def sync(self) -> None:
        """Bring them onto the disk."""
        ...


class Book:
    """The results of a run, and its journal.

    Attributes:
        rows: How many records have their result in the file: all those before this index.
        before: How many had it when this run began.
        statuses: How many results of each status.
        again: Records that an earlier run may have written, and this one sends again.
    """

    def __init__(
        self, sheet: Sheet, results: Results, writer: BinaryIO | None, known: Known | None, found: Found
    ) -> None:
        self.rows = self.before = found.rows
        self.statuses: Counter[str] = found.statuses
        self.again: set[int] = set()
        self.done = known is not None and known.done is not None
        self._known = known
        self._sheet = sheet
        self._results = results
        self._journal = writer
        self._durable = False
        self._open = False
        self._closed = False
        self._waiting: dict[int, tuple[InputRow, Fields]] = {}
        self._held: dict[int, Fields] = (
            {} if known is None else {index: entry for index, entry in known.held.items() if index >= found.rows}
        )
        self._doubtful = set() if known is None else known.doubtful(found.rows)
        self._piece: list[bytes] = []
        self._scheduled = False
        self._failure: Exception | None = None
        self._syncing: asyncio.Task[None] | None = None

    # ---------------------------------------------------------------- before it goes on

    def begin(self, *, repeatable: bool) -> None:
        """Decide what becomes of the records in doubt, and set it down.

        Args:
            repeatable: Whether they may be sent again, since that comes to the same; else nobody will know.
        """
        self._durable = not repeatable
        if repeatable:
            self.again = set(self._doubtful)
            return
        entries = [
            {"index": index, "status": UNKNOWN, "maybeDone": True, "error": _ENDED} for index in sorted(self._doubtful)
        ]
        if entries:
            self._hold(entries)
            self._note(journal.still_line(self.rows, journal.now(), unsettled=False), durable=True)

    @property
    def name(self) -> str:
        """What to call the results in a message."""
        return self._results.name

    @property
    def can_be_gone_on_with(self) -> bool:
        """Whether there is a journal."""
        return self._journal is not None

    @property
    def settling_since(self) -> datetime | None:
        """Since when Marketo may be at work on something of an earlier run; None where it is not."""
        if self._known is None or not (self.again or self._known.unsettled):
            return None
        return self._known.last_at

    def result_of(self, index: int) -> Fields | None:
        """Return what an earlier run learnt of a record whose turn had not come; None where it is to be sent."""
        return self._held.get(index)

    # ---------------------------------------------------------------- meanwhile

    def depart(self, rows: Iterable[InputRow]) -> None:
        """Set down that records are about to be sent.

        Raises:
            OutputError: it cannot be set down; they must not be sent.
        """
        self._open = True
        self._note(journal.out_line((row.index for row in rows), journal.now()), durable=self._durable)

    def put(self, row: InputRow, fields: Mapping[str, object]) -> None:
        """Take in what became of a record; it is written when its turn comes.

        Raises:
            OutputError: earlier rows could not be written.
        """
        if self._failure is not None:
            raise self._failure
        self._waiting[row.index] = (row, fields)
        while (entry := self._waiting.pop(self.rows, None)) is not None:
            self._piece.append(self._sheet.line(*entry))
            self.statuses[str(entry[1].get("status"))] += 1
            self.rows += 1
        if self._piece and not self._scheduled:
            # As soon as nothing more is at hand: what is known must not wait in memory for what is not.
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._write_soon)

    # ---------------------------------------------------------------- at the end

    async def set_down(self, *, whole: bool, unsettled: bool = False) -> None:
        """Set down that nothing is out any more.

        Args:
            whole: Whether every record has its result.
            unsettled: Whether Marketo may yet be at work on something.

        Raises:
            OutputError: it cannot be set down.
        """
        if self._syncing is not None:
            await asyncio.wait((self._syncing,))
        if self._failure is not None:
            raise self._failure
        self._write()
        await to_the_end(self._results.sync)
        if self._journal is None:
            return
        if whole:
            self.done = True
            await to_the_end(self._end, journal.done_line(self.rows, journal.now()))
            return
        held = [
            {**fields, "index": index}
            for index, (_, fields) in sorted(self._waiting.items())
            if index not in self._held
        ]
        if held:
            self._hold(held)
        self._note(journal.still_line(self.rows, journal.now(), unsettled=unsettled), durable=False)
        left = {index for index in self._doubtful if index >= self.rows and index not in self._held}
        if left:  # still in doubt, from an earlier run: this one did not come to them
            since = self._known.last_at if self._known is not None else None
            self._note(journal.out_line(left, since or journal.now()), durable=False)
        self._open = False
        await to_the_end(self._end, b"")

    def close(self) -> None:
        """Write nothing more: the files are about to be closed."""
        self._closed = True

    @property
    def empty(self) -> bool:
        """Whether it says nothing that anybody could want."""
        return not (self.rows or self._held or self._doubtful or self.done or self._open)

    # ---------------------------------------------------------------- on disk

    def _hold(self, entries: Sequence[Fields]) -> None:
        self._note(journal.held_line(entries), durable=True)
        self._held.update({int(str(entry["index"])): entry for entry in entries})

    def _note(self, line: bytes, *, durable: bool) -> None:
        if self._journal is None:
            return
        with said_plainly(f"the journal of {self._results.name}"):
            self._journal.write(line)
            self._journal.flush()
            if durable:
                os.fsync(self._journal.fileno())

    def _end(self, line: bytes) -> None:
        self._note(line, durable=True)

    def _write_soon(self) -> None:
        self._scheduled = False
        if self._closed:
            return
        try:
            self._write()
        except (OutputError, BrokenPipeError) as error:
            self._failure = error
            return
        if self._syncing is None:
            self._syncing = asyncio.get_running_loop().create_task(self._sync())

    def _write(self) -> None:
        piece, self._piece = self._piece, []
        if piece:
            self._results.write(b"".join(piece))

    async def _sync(self) -> None:
        try:
            await to_the_end(self._results.sync)
        except OutputError as error:
            self._failure = error
        except ValueError:
            if not self._closed:
                raise
        finally:
            self._syncing = None

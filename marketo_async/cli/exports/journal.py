"""The journal of an unfinished export: what it is of, then a line after each page that says how far it is.

A line that was not written whole ends what counts, and so does one whose rows are not in the partial file as they were
written: after a power cut neither file need have all that was written to it.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

from marketo_async.cli.exports.fields import counts, moment, read_object, seconds, section, texts, whole, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketo_async.cli.exports.fields import Fields

VERSION = 1
"""Of the form of a journal; one of another form is not understood."""


@attrs.frozen(kw_only=True)
class Spent:
    """What an export has cost, over all runs that it took.

    Attributes:
        calls: Calls let through.
        refusals: Calls that Marketo refused for a limit, by code.
        seconds: Time that it ran.
        runs: How often it was begun or taken up.
    """

    calls: int = 0
    refusals: Mapping[str, int] = attrs.field(factory=dict)
    seconds: float = 0.0
    runs: int = 0

    def and_then(self, later: Spent) -> Spent:
        """Return what both have cost together."""
        return Spent(
            calls=self.calls + later.calls,
            refusals=dict(Counter(self.refusals) + Counter(later.refusals)),
            seconds=round(self.seconds + later.seconds, 3),
            runs=self.runs + later.runs,
        )


@attrs.frozen(kw_only=True)
class Mark:
    """How far an export is.

    Attributes:
        size: Bytes of the partial file that count.
        rows: Records in them.
        checksum: CRC-32 of the bytes since the mark before.
        position: Where the listing goes on; None where nothing can follow.
        began: When the reading began, by Marketo's clock.
        misfits: What tells the records apart that were left out since the mark before.
        whole: Whether everything was read, and only the file itself is to be written.
        spent: What it has cost.
    """

    size: int = 0
    rows: int = 0
    checksum: int = 0
    position: int | None = None
    began: datetime | None = None
    misfits: tuple[str, ...] = ()
    whole: bool = False
    spent: Spent = attrs.field(factory=Spent)


@attrs.frozen
class Journal:
    """A journal that was found.

    Attributes:
        begun: When the export was begun, by the clock of the machine.
        options: What it is of.
        marks: How far it was after each page.
        ends: After how many bytes of the journal the head ends, and each mark.
    """

    begun: datetime
    options: Fields
    marks: list[Mark]
    ends: list[int]


def head_line(options: Fields) -> bytes:
    """Return the first line of a journal."""
    from importlib.metadata import version  # noqa: PLC0415 - slow, and `--help` does without

    begun = written(datetime.now(UTC).replace(microsecond=0))
    return _line({"journal": VERSION, "version": version("marketo-async"), "begun": begun, "options": options})


def mark_line(mark: Mark) -> bytes:
    """Return the line of a mark."""
    return _line(attrs.asdict(mark) | {"began": written(mark.began)})


def read_journal(content: bytes) -> Journal | None:
    """Return the journal, as far as it was written whole; None where it is none."""
    lines = content.split(b"\n")[:-1]
    try:
        head = read_object(lines[0])
        begun = moment(head, "begun")
        if head.get("journal") != VERSION or begun is None:
            return None
        journal = Journal(begun, section(head, "options"), [], [len(lines[0]) + 1])
    except (ValueError, IndexError):
        return None
    for line in lines[1:]:
        try:
            journal.marks.append(_mark(read_object(line)))
        except ValueError:
            break
        journal.ends.append(journal.ends[-1] + len(line) + 1)
    return journal


def _mark(fields: Fields) -> Mark:
    spent = section(fields, "spent")
    return Mark(
        size=whole(fields, "size"),
        rows=whole(fields, "rows"),
        checksum=whole(fields, "checksum"),
        position=None if fields.get("position") is None else whole(fields, "position"),
        began=moment(fields, "began"),
        misfits=texts(fields, "misfits"),
        whole=fields.get("whole") is True,
        spent=Spent(
            calls=whole(spent, "calls"),
            refusals=counts(spent, "refusals"),
            seconds=seconds(spent, "seconds"),
            runs=whole(spent, "runs"),
        ),
    )


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"

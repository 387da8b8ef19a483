"""The journal beside a results file: what the run is of, and what may be out. Each line is JSON, written whole or not.

A line is one of these, after a head that says what the run is of:

* `{"out": [[0, 299]], "at": ...}`: from now on these records may be with Marketo.
* `{"held": [{...}]}`: results whose turn has not come.
* `{"still": 300, "at": ..., "unsettled": false}`: nothing is out; that many results stand in the file. `unsettled` says
  that Marketo may yet be at work on something whose answer did not come.
* `{"done": 1000, "at": ...}`: everything has a result.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

from marketo_async.cli.exports.fields import moment, read_object, section, whole, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from marketo_async.cli.exports.fields import Fields

VERSION = 1
"""Of the form of a journal; one of another form is not understood."""


@attrs.define
class Known:
    """What a journal tells.

    Attributes:
        begun: When the run was begun, by the clock of the machine.
        identity: What it is of.
        held: Results whose turn had not come, by the index of their record.
        done: How many results there are, once everything has one; None before.
        unsettled: Whether something failed on which Marketo may yet be at work, when the run ended in order.
        last_at: When the last thing happened that Marketo may yet be at work on.
    """

    begun: datetime
    identity: Fields
    held: dict[int, Fields] = attrs.field(factory=dict)
    done: int | None = None
    unsettled: bool = False
    last_at: datetime | None = None
    _out: list[tuple[int, int]] = attrs.field(factory=list, init=False)

    def doubtful(self, rows: int) -> set[int]:
        """Return the records that may have been sent and have no result.

        Args:
            rows: How many records have a result in the file.
        """
        return {
            index for first, last in self._out for index in range(max(first, rows), last + 1) if index not in self.held
        }

    def learn(self, line: Fields) -> None:
        """Take in one line.

        Raises:
            ValueError: it is none.
        """
        if "out" in line:
            self._out += _ranges(line["out"])
            self.last_at = moment(line, "at")
        elif "held" in line:
            entries = line["held"]
            if not isinstance(entries, list):
                raise ValueError("held is no list")
            for entry in entries:
                self.held[whole(entry, "index")] = entry
        elif "still" in line:
            # What has a result in the file may have lost it in a power cut: then it is in doubt, and not unsent.
            rows = whole(line, "still")
            self._out = [(first, min(last, rows - 1)) for first, last in self._out if first < rows]
            self.unsettled = line.get("unsettled") is True
            self.last_at = moment(line, "at")
        elif "done" in line:
            self.done = whole(line, "done")
        else:
            raise ValueError("no line of a journal")


def read_journal(content: bytes) -> tuple[Known, int] | None:
    """Return what a journal tells, as far as it is whole, and how many bytes that is; None where it is none."""
    lines = content.split(b"\n")[:-1]
    try:
        head = read_object(lines[0])
        begun = moment(head, "begun")
        if head.get("results") != VERSION or begun is None:
            return None
        known = Known(begun, section(head, "of"))
    except (ValueError, IndexError):
        return None
    size = len(lines[0]) + 1
    for line in lines[1:]:
        try:
            known.learn(read_object(line))
        except (ValueError, TypeError, AttributeError):
            break
        size += len(line) + 1
    return known, size


def head_line(identity: Fields, at: datetime) -> bytes:
    """Return the first line."""
    from importlib.metadata import version  # noqa: PLC0415 - slow, and `--help` does without

    return _line({"results": VERSION, "version": version("marketo-async"), "begun": written(at), "of": identity})


def out_line(indices: Iterable[int], at: datetime) -> bytes:
    """Return the line that says which records may be out."""
    return _line({"out": _as_ranges(indices), "at": written(at)})


def held_line(entries: Sequence[Fields]) -> bytes:
    """Return the line that holds results, each with the index of its record."""
    return _line({"held": [dict(entry) for entry in entries]})


def still_line(rows: int, at: datetime, *, unsettled: bool) -> bytes:
    """Return the line that says that nothing is out."""
    return _line({"still": rows, "at": written(at), "unsettled": unsettled})


def done_line(rows: int, at: datetime) -> bytes:
    """Return the last line."""
    return _line({"done": rows, "at": written(at)})


def now() -> datetime:
    """Return the moment, by the clock of the machine, in whole milliseconds."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _as_ranges(indices: Iterable[int]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for index in sorted(indices):
        if ranges and ranges[-1][1] == index - 1:
            ranges[-1][1] = index
        else:
            ranges.append([index, index])
    return ranges


def _ranges(given: object) -> list[tuple[int, int]]:
    if isinstance(given, list):
        pairs = [(pair[0], pair[1]) for pair in given if isinstance(pair, list) and len(pair) == 2]  # noqa: PLR2004 - first and last
        if len(pairs) == len(given) and all(isinstance(first, int) and isinstance(last, int) for first, last in pairs):
            return pairs
    raise ValueError("no ranges")


def _line(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"

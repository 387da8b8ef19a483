"""How far a reader of changes has come, as a small value that can be stored: the watermark."""

from __future__ import annotations

import heapq
import re
import zlib
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from marketo_async.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Version: TypeAlias = "tuple[int, datetime]"
"""A record as it was at one time: its id and its `updatedAt`."""

REMEMBERED: Final = 1000
"""Versions that a watermark remembers at most; the text of a full one has some 8,000 characters."""

_FORM = "mw1"
_NOTHING = "start"
_MICROSECOND = timedelta(microseconds=1)
_PER_SECOND = 1_000_000
_TEXT = re.compile(
    rf"""{_FORM};
    (?: {_NOTHING}
      | (?P<moment> \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)
        (?P<groups> (?: ; \d{{1,12}} (?: \.\d{{1,6}} )? : \d{{1,19}} (?: ,\d{{1,19}} )* )*)
    )
    ;[0-9a-f]{{8}}""",
    re.ASCII | re.VERBOSE,
)


@attrs.frozen(repr=False)
class Watermark:
    """How far a reader of changes has come. `str(watermark)` is a short text, which `Watermark.parse` reads back.

    `Watermark()` stands before everything.

    Attributes:
        moment: Everything that was changed before it has been delivered; UTC, in whole seconds. None where nothing is
            known to be delivered yet, so that reading begins with everything there is.
        delivered: What changed at that moment or later and has been delivered as well, as pairs of id and `updatedAt`;
            at most 1,000, of more the latest.
    """

    moment: datetime | None = None
    delivered: frozenset[Version] = frozenset()

    def __attrs_post_init__(self) -> None:
        moment = None if self.moment is None else _whole_second(self.moment)
        kept = [] if moment is None else [version for version in self.delivered if version[1] >= moment]
        if len(kept) > REMEMBERED:
            kept = heapq.nlargest(REMEMBERED, kept, key=_by_date)
        object.__setattr__(self, "moment", moment)
        object.__setattr__(self, "delivered", frozenset(kept))

    @classmethod
    def parse(cls, text: str) -> Watermark:
        """Return the watermark of which this is the text.

        Args:
            text: What `str(watermark)` gave; blanks and line ends around it do not matter.

        Raises:
            ArgumentError: it is no such text, or not all of it.
        """
        found = _TEXT.fullmatch(text.strip()) if isinstance(text, str) else None  # type: ignore[redundant-expr]  # users
        try:
            if found is None or not _is_whole(found[0]):
                raise ValueError  # noqa: TRY301 - as what the dates and numbers inside raise
            if found["moment"] is None:
                return cls()
            moment = datetime.fromisoformat(found["moment"])
            return cls(moment, frozenset(_versions(moment, found["groups"])))
        except (ValueError, OverflowError):
            raise ArgumentError("text", text, "the whole text of a watermark, as str(watermark) gives it") from None

    def after(self, versions: Iterable[Version] = (), *, moment: datetime | None = None) -> Watermark:
        """Return the watermark after more was delivered.

        Args:
            versions: What was delivered.
            moment: Before which everything is delivered now; None, or one that lies earlier, leaves it where it is.
        """
        if moment is None or (self.moment is not None and moment < self.moment):
            moment = self.moment
        return Watermark(moment, self.delivered.union(versions))

    def __str__(self) -> str:
        """Return the text: ids by seconds after the moment, and a check sum that half a text would not have."""
        if self.moment is None:
            text = f"{_FORM};{_NOTHING}"
        else:
            parts = [_FORM, self.moment.replace(tzinfo=None).isoformat() + "Z"]
            for distance, ids in sorted(_by_distance(self.moment, self.delivered).items()):
                parts.append(f"{_seconds(distance)}:{','.join(map(str, sorted(ids)))}")
            text = ";".join(parts)
        return f"{text};{_check_sum(text)}"

    def __repr__(self) -> str:
        where = "before everything" if self.moment is None else self.moment.isoformat()
        return f"<Watermark {where}, {len(self.delivered)} remembered>"


def _whole_second(moment: datetime) -> datetime:
    if not isinstance(moment, datetime) or moment.utcoffset() is None:  # type: ignore[redundant-expr]  # users
        raise ArgumentError("moment", moment, "a datetime with a time zone, such as datetime.now(timezone.utc)")
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ArgumentError("moment", moment.isoformat(), "a datetime of the years 1 to 9999 in UTC") from None


def _by_date(version: Version) -> tuple[datetime, int]:
    return version[1], version[0]


def _by_distance(moment: datetime, versions: Iterable[Version]) -> Mapping[int, list[int]]:
    """Return ids by microseconds after a moment."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for identity, at in versions:
        found[(at - moment) // _MICROSECOND].append(identity)
    return found


def _seconds(microseconds: int) -> str:
    whole, part = divmod(microseconds, _PER_SECOND)
    return f"{whole}.{part:06}".rstrip("0") if part else str(whole)


def _versions(moment: datetime, groups: str) -> Iterable[Version]:
    for group in filter(None, groups.split(";")):
        seconds, _, ids = group.partition(":")
        whole, _, part = seconds.partition(".")
        at = moment + timedelta(seconds=int(whole), microseconds=int(part.ljust(6, "0")))
        for identity in ids.split(","):
            yield int(identity), at


def _is_whole(text: str) -> bool:
    said, _, check_sum = text.rpartition(";")
    return _check_sum(said) == check_sum


def _check_sum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"

"""A membership in a program, as it is handed out and as it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

COLUMNS = "qqqHB"
"""The type codes of `Kept`."""

ACQUIRED, EXHAUSTED, PAUSED = 1, 2, 4
NEVER = 0


class Kept(NamedTuple):
    """What is kept beside the lead on a program's roll: numbers, so that a million take little room.

    Attributes:
        joined: When the membership began, as `second_of` counts.
        updated: When it changed last.
        succeeded: When it reached success; `NEVER` where it has not.
        status: The number of the status' name.
        flags: The sum of `ACQUIRED`, `EXHAUSTED` and `PAUSED`.
    """

    joined: int
    updated: int
    succeeded: int
    status: int
    flags: int


@attrs.frozen
class Member:
    """A lead in a program.

    Attributes:
        status: The name of its status.
        joined_at: When the membership began.
        updated_at: When the membership changed last.
        succeeded_at: When it reached success; None where it has not. Success stays, whatever status follows.
        acquired: Whether the program acquired the lead.
        exhausted: Whether the lead has had all that its stream holds.
        paused: Whether it gets nothing from its stream for now.
        values: What else is known, by the name of the field.
    """

    program_id: int
    lead_id: int
    status: str
    joined_at: datetime
    updated_at: datetime
    succeeded_at: datetime | None
    acquired: bool
    exhausted: bool
    paused: bool
    values: Mapping[str, object]

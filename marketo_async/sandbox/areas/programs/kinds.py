"""The five types of programs and what follows from the type."""

from __future__ import annotations

import attrs


@attrs.frozen(eq=False)
class Kind:
    """One type of program.

    Attributes:
        name: As Marketo writes it, such as `Event with Webinar`.
        applicable: The word for it in channels and tag types, such as `webinar`.
        fragment: The letters before the id in links.
        folder_type: The `folderType` of its view as a folder.
        status: The status a new one has; "" for types without status.
        scheduled: Whether it has a start and an end.
        channel: The channel that the sandbox gives it when none is named.
        holds: The types of programs that may be created inside it.
    """

    name: str
    applicable: str
    fragment: str
    folder_type: str
    status: str
    scheduled: bool
    channel: str
    holds: frozenset[str]


_ALL_BUT_NURTURE = frozenset({"program", "event", "webinar", "email_batch"})
_SOME = frozenset({"event", "email_batch"})

DEFAULT = Kind("Default", "program", "PG", "Marketing Program", "", False, "Content", _SOME)  # noqa: FBT003 - a table
EVENT = Kind("Event", "event", "ME", "Marketing Event", "", True, "Tradeshow", _SOME)  # noqa: FBT003 - a table
WEBINAR = Kind("Event with Webinar", "webinar", "ME", "Marketing Event", "", True, "Webinar", _SOME)  # noqa: FBT003 - a table
ENGAGEMENT = Kind("Engagement", "nurture", "NP", "Nurture Program", "off", False, "Nurture", _ALL_BUT_NURTURE)  # noqa: FBT003 - a table
EMAIL = Kind("Email", "email_batch", "EBP", "Email Batch Program", "unlocked", True, "Email Send", frozenset())  # noqa: FBT003 - a table

KINDS = {kind.name.casefold(): kind for kind in (DEFAULT, EVENT, WEBINAR, ENGAGEMENT, EMAIL)}

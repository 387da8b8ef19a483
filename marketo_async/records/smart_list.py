"""Smart lists, as Marketo returns them for a program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from marketo_async.records._declare import Record, extra, json_name, record
from marketo_async.records._mapping import freeze
from marketo_async.records.folder import FolderRef


@record
class SmartList(Record):
    """A smart list."""

    id: int
    """Its id."""

    name: str
    """Its name."""

    description: str | None = None
    """None or missing where nobody described it."""

    created_at: datetime | None = None
    """When it was made. None if Marketo did not say."""

    updated_at: datetime | None = None
    """When it was changed last. None if Marketo did not say."""

    url: str | None = None
    """Where the user interface shows it. None if Marketo did not say."""

    folder: FolderRef | None = None
    """Where it lies; the program, for the list of a program. None if Marketo did not say."""

    workspace: str | None = None
    """The name of its workspace. None if Marketo did not say."""

    rules: Mapping[str, object] | None = json_name(default=None, convert=freeze)
    """Its triggers and filters under Marketo's names, read-only, arrays as tuples. Missing unless asked for with
    `include_rules`."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

"""My Tokens: the values that assets of a folder or program refer to as `{{my.Name}}`."""

from __future__ import annotations

from collections.abc import Mapping

from marketo_async.records._declare import Record, extra, record
from marketo_async.records.folder import FolderRef


@record
class MyToken(Record):
    """A token of a folder or program; inherited ones are not listed."""

    name: str
    """What stands after `my.`, up to 50 characters; tokens of different types may share it."""

    type: str
    """`date`, `number`, `rich text`, `score`, `sfdc campaign`, `text`; also `script block` and `iCalendar`, which can
    be read but not made."""

    value: str | None = None
    """Always text, whatever the type: `2015-04-01`, `+5`, HTML. None if Marketo did not say."""

    computed_url: str | None = None
    """Where the user interface shows it. None if Marketo did not say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class FolderTokens(Record):
    """The tokens of one folder or program."""

    folder: FolderRef
    """Whose they are."""

    tokens: tuple[MyToken, ...] = ()
    """The tokens; empty where Marketo sent null or none."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

"""Fields as the schema of leads, program members and others has them: what is there, and what is to be made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

from marketo_async.records._declare import Record, extra, record
from marketo_async.records.argument import Argument

NewFieldType = Literal[
    "boolean",
    "currency",
    "date",
    "datetime",
    "email",
    "float",
    "integer",
    "percent",
    "phone",
    "score",
    "string",
    "url",
]
"""The data types that a field can be made with; fields that are there already may have others, such as `text`."""


@record
class SchemaField(Record):
    """A field of the schema."""

    name: str
    """Its REST name: what `fields=` takes and rows are keyed by."""

    display_name: str
    """What the user interface calls it."""

    data_type: str
    """`string`, `text`, `email`, `phone`, `url`, `integer`, `score`, `float`, `currency`, `percent`, `boolean`, `date`,
    `datetime`, `lead_function`, `reference` or `formula`."""

    description: str | None = None
    """What somebody wrote about it. None where nobody did."""

    length: int | None = None
    """How long a value may be. Missing for types that have no length."""

    is_hidden: bool | None = None
    """Whether the user interface hides it. None if Marketo did not say."""

    is_html_encoding_in_email: bool | None = None
    """Whether e-mails escape its value as HTML. None if Marketo did not say."""

    is_sensitive: bool | None = None
    """Whether it is marked as sensitive. None if Marketo did not say."""

    is_custom: bool | None = None
    """Whether it is this instance's own. None if Marketo did not say."""

    is_api_created: bool | None = None
    """Whether it was made through the API; only then it can be hidden, or renamed, through it. None if Marketo did not
    say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class SchemaFieldStatus(Record):
    """What became of a field that was to be made or changed."""

    name: str
    """Its REST name."""

    status: str
    """`created` or `updated`."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@attrs.frozen(kw_only=True)
class NewField(Argument):
    """A field to be made: `NewField(name="favouriteColour", display_name="Favourite Colour", data_type="string")`.

    A field that was made stays: it can be hidden, but never deleted, and its name and type are fixed.

    Attributes:
        name: Its REST name: a letter, then letters, digits and `_`; unique.
        display_name: What the user interface calls it; unique, without special characters.
        data_type: Its type.
        description: What it is for.
        is_hidden: Whether the user interface hides it; Marketo's default is False.
        is_html_encoding_in_email: Whether e-mails escape its value as HTML; Marketo's default is True.
        is_sensitive: Whether it is marked as sensitive; Marketo's default is False.
    """

    name: str
    display_name: str
    data_type: NewFieldType
    description: str | None = None
    is_hidden: bool | None = None
    is_html_encoding_in_email: bool | None = None
    is_sensitive: bool | None = None

    def as_argument(self) -> dict[str, object]:
        """Return it under Marketo's names; what is None is left to Marketo."""
        wire: dict[str, object] = {
            "displayName": self.display_name,
            "name": self.name,
            "dataType": self.data_type,
            "description": self.description,
            "isHidden": self.is_hidden,
            "isHtmlEncodingInEmail": self.is_html_encoding_in_email,
            "isSensitive": self.is_sensitive,
        }
        return {name: value for name, value in wire.items() if value is not None}

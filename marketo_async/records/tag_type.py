"""Tag types: what programs can or must be tagged with."""

from __future__ import annotations

from collections.abc import Mapping

from marketo_async.records._declare import Record, extra, json_name, record
from marketo_async.records._primitives import read_bracketed, write_names, write_values


@record
class TagType(Record):
    """A tag type. Its lists are texts in JSON, `"[program,event]"`, and tuples here."""

    tag_type: str
    """Its name: what `Tag.type` takes."""

    applicable_program_types: tuple[str, ...] | None = json_name(read=read_bracketed, write=write_names, default=None)
    """The types of programs that can have it, in the words of `Channel.applicable_program_type`. None if Marketo did
    not say."""

    required: bool | None = None
    """Whether programs of these types must have it. None if Marketo did not say."""

    allowable_values: tuple[str, ...] | None = json_name(read=read_bracketed, write=write_values, default=None)
    """What `Tag.value` takes. A value with a comma in it cannot be told from two. Missing in listings: ask by name."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

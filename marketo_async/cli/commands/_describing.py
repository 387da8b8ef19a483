"""The fields of leads or of members, shown."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from marketo_async.cli.exit_codes import ExitCode
from marketo_async.cli.options import Speech
from marketo_async.cli.output.rows import rows_out
from marketo_async.cli.saying import count, note

if TYPE_CHECKING:
    from marketo_async.records import DescribedField, ObjectDescription


def show_fields(
    description: ObjectDescription, pattern: str, *, json: bool, as_csv: bool, speech: Speech | None
) -> int:
    """Show the fields that match a pattern.

    Args:
        description: What describe answered.
        pattern: A part of a name, or a pattern with * and ?; empty for all.
        json: Whether JSONL is wanted on a terminal, too.
        as_csv: Whether CSV is wanted.
        speech: What is said.
    """
    searchable = set(description.filter_types)
    with rows_out(json=json, as_csv=as_csv) as rows:
        for field in description.fields:
            if _matches(field, pattern.casefold()):
                rows.add(
                    {
                        "name": field.name,
                        "displayName": field.display_name,
                        "dataType": field.data_type,
                        "length": field.length,
                        "updateable": field.updateable,
                        "searchable": field.name in searchable,
                    }
                )
    if not (speech or Speech()).quiet and (rows.for_people or not rows.count):
        note(f"{count(rows.count, 'field')} of {len(description.fields):,}.")
    return ExitCode.DONE


def _matches(field: DescribedField, pattern: str) -> bool:
    names = (field.name.casefold(), (field.display_name or "").casefold())
    if any(letter in pattern for letter in "*?["):
        return any(fnmatchcase(name, pattern) for name in names)
    return any(pattern in name for name in names)

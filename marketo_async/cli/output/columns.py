"""The columns of CSV and Parquet files: their names and order are part of what this program promises.

Nested values become columns of their own or JSON text. Moments are ISO 8601 in UTC, which every tool reads; Marketo's
own `...Z+0000` is what JSONL shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeAlias

from marketo_async.records import Record

if TYPE_CHECKING:
    from marketo_async.records import Program

Columns: TypeAlias = "Mapping[str, Callable[[Program], object]]"

PROGRAM_COLUMNS: Columns = {
    "id": lambda program: program.id,
    "name": lambda program: program.name,
    "description": lambda program: program.description,
    "type": lambda program: program.type,
    "channel": lambda program: program.channel,
    "status": lambda program: program.status,
    "workspace": lambda program: program.workspace,
    "folderType": lambda program: program.folder and program.folder.type,
    "folderId": lambda program: program.folder and program.folder.id,
    "folderName": lambda program: program.folder and program.folder.folder_name,
    "url": lambda program: program.url,
    "createdAt": lambda program: program.created_at,
    "updatedAt": lambda program: program.updated_at,
    "startDate": lambda program: program.start_date,
    "endDate": lambda program: program.end_date,
    "headStart": lambda program: program.head_start,
    "sfdcId": lambda program: program.sfdc_id,
    "sfdcName": lambda program: program.sfdc_name,
    "tags": lambda program: program.tags,
    "costs": lambda program: program.costs,
    "extra": lambda program: program.extra or None,
}
"""`tags`, `costs` and `extra`, which holds what Marketo sent beyond the columns, are JSON text in CSV."""


def cell(value: object) -> str:
    """Return a value as the text of a cell: nothing for None, true and false, moments in UTC, JSON for the rest."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case int() | float():
            return str(value)
        case _:
            return json_text(value)


def json_text(value: object) -> str:
    """Return a value of a record's, records among them, as JSON on one line."""
    return compact_json(_plain(value))


def printable(text: str) -> str:
    """Return a text that UTF-8 can write: half a surrogate pair is no letter of it, and stays readable as an escape."""
    return text.encode(errors="backslashreplace").decode()


def compact_json(value: object) -> str:
    """Return JSON on one line, in UTF-8's letters; half a surrogate pair, which UTF-8 lacks, stays an escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Legal in JSON, but many readers take them for the end of a line.
    for letter in ("\u2028", "\u2029", "\x85"):
        if letter in text:
            text = text.replace(letter, f"\\u{ord(letter):04x}")
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def _plain(value: object) -> object:
    match value:
        case Record():
            return value.to_dict()
        case Mapping():
            return {str(name): _plain(entry) for name, entry in value.items()}
        case list() | tuple():
            return [_plain(entry) for entry in value]
        case date():
            return cell(value)
        case _:
            return value

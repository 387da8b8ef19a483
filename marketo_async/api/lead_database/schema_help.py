"""What a schema knows better: names that no field has, fields that cannot be written or searched by.

With the schema at hand a call that Marketo would refuse is not made, and the error names what was probably meant. What
Marketo refuses all the same gets the same help as a note.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from marketo_async.api.lead_database._possible_values import allowed_by
from marketo_async.errors import ArgumentError
from marketo_async.records import Lead, ProgramMember
from marketo_async.records.own_class import MADE_OF_LEADS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from marketo_async.records import DescribedField, ObjectDescription
    from marketo_async.records._row import Row

_WHOLE_NUMBERS = frozenset({"integer", "score"})
_NEAR = 0.6

_FIELD_MESSAGE = re.compile(r"[Ff]ield '([^']+)'")
_BAD_VALUE = "invalid value for field"


@attrs.frozen
class ObjectKind:
    """What the schema of a kind of object does not say about it.

    Attributes:
        group: The group whose `describe()` lists the fields.
        row: The record that is read, and may be written back.
        identity: The field that says who or what a row is about.
        readable: Fields that can be read although describe may not name them.
        writable: Names that records to be written may have although no field has them, or it is described as read-only.
        made: Fields that Marketo makes itself: what was read and is written back goes without them.
        searchable: Fields that can be searched by although describe may not name them.
        by_time: What to say to somebody who searches by a date.
    """

    group: str
    row: type[Row]
    identity: str
    readable: frozenset[str]
    writable: frozenset[str]
    made: frozenset[str]
    searchable: frozenset[str]
    by_time: str


LEADS = ObjectKind(
    "leads",
    Lead,
    "id",
    readable=frozenset({"id", "createdAt", "updatedAt", "cookies", "ecids", "leadPartitionId"}),
    writable=frozenset({"id", "cookie", "cookies", "mktToken"}),
    made=MADE_OF_LEADS,
    searchable=frozenset({"id", "email", "cookies"}),
    by_time=(
        "Marketo cannot search leads by time. `createdAt` and `updatedAt` are filters of a bulk extract of leads; the "
        "activities tell who changed since a moment."
    ),
)

PROGRAM_MEMBERS = ObjectKind(
    "program_members",
    ProgramMember,
    "leadId",
    readable=frozenset({"leadId", "programId", "createdAt", "updatedAt"}),
    writable=frozenset({"leadId"}),
    made=frozenset(
        {
            *("seq", "programId", "program", "membershipDate", "createdAt", "updatedAt"),
            *("statusName", "reachedSuccess", "reachedSuccessDate"),  # `sync_status` sets these
            *("acquiredBy", "isExhausted", "nurtureCadence", "trackName", "waitlistPriority"),
            *("attendanceLikelihood", "registrationLikelihood"),
        }
    ),
    searchable=frozenset({"leadId"}),
    by_time="`program_members.find_updated` searches by when a membership changed; there is no other search by time.",
)


class SchemaHelp:
    """A schema, ready for questions.

    Args:
        schema: What describe answered.
        kind: What it describes.
    """

    def __init__(self, schema: ObjectDescription, kind: ObjectKind = LEADS) -> None:
        self.schema = schema
        self._kind = kind
        self._fields: dict[str, DescribedField] = {field.name: field for field in schema.fields}
        self._searchable = {*schema.filter_types, *kind.searchable}
        self._written = {_plain(name): name for name in (*kind.readable, *self._fields)}
        self._titles = {_plain(field.display_name): field.name for field in schema.fields if field.display_name}

    @property
    def names(self) -> list[str]:
        """The names of all fields, in Marketo's order."""
        return list(self._fields)

    @property
    def data_types(self) -> dict[str, str | None]:
        """The data type of each field, by name."""
        return {name: field.data_type for name, field in self._fields.items()}

    def nearest(self, name: str, *, among: Iterable[str] | None = None) -> str | None:
        """Return the name of the field that was probably meant: spelt nearly so, or shown so by the user interface.

        Args:
            name: What was written.
            among: The names to choose from; None for all fields.
        """
        allowed = None if among is None else set(among)
        candidates = {**self._titles, **self._written}
        if allowed is not None:
            candidates = {plain: field for plain, field in candidates.items() if field in allowed}
        found = get_close_matches(_plain(name), candidates, n=1, cutoff=_NEAR)
        return candidates[found[0]] if found else None

    @cached_property
    def read_only(self) -> frozenset[str]:
        """The fields that cannot be written."""
        described = {name for name, field in self._fields.items() if field.updateable is False}
        return frozenset(described - self._kind.writable)

    # ------------------------------------------------------------ before a call

    def check_fields(self, named: Iterable[tuple[str, str]]) -> None:
        """Refuse names that no field has.

        Args:
            named: For each field that is to be read, what the caller calls it and its name.

        Raises:
            ArgumentError: a name is not in the schema; says which is nearest.
        """
        for argument, name in named:
            if name not in self._fields and name not in self._kind.readable:
                raise ArgumentError(argument, name, self._no_such_field(name))

    def check_filter(self, filter_type: str, values: Iterable[str]) -> None:
        """Refuse to search by what cannot be searched by, and for values that the field cannot have.

        Args:
            filter_type: What is searched by.
            values: What is searched for, as text.

        Raises:
            ArgumentError: says what is nearest.
        """
        if filter_type not in self._searchable:
            raise ArgumentError("filter_type", filter_type, self._no_filter(filter_type))
        field = self._fields.get(filter_type)
        if filter_type == "id" or (field is not None and field.data_type in _WHOLE_NUMBERS):
            for index, value in enumerate(values):
                if not value.strip().lstrip("-").isdecimal():
                    raise ArgumentError(f"values[{index}]", value, f"an integer: {filter_type} has no other values")

    def check_values(self, argument: str, values: Mapping[str, object], *, lookup_field: str | None = None) -> None:
        """Refuse to write what Marketo would refuse.

        Args:
            argument: What the caller calls the record, such as `records[3]`.
            values: What is to be written, by Marketo's names.
            lookup_field: What leads are looked up by: it may be read-only.

        Raises:
            ArgumentError: a name is not in the schema, a field is read-only, or a value is not one of its type.
        """
        for name, value in values.items():
            if name in self._kind.writable or name == lookup_field:
                continue
            field = self._fields.get(name)
            if field is None:
                raise ArgumentError(f"{argument}[{name!r}]", value, self._no_such_field(name))
            if field.updateable is False:
                raise ArgumentError(
                    f"{argument}[{name!r}]", value, f"no value at all: Marketo describes {name} as read-only"
                )
            possible = allowed_by(field, value)
            if possible is not None:
                raise ArgumentError(f"{argument}[{name!r}]", value, possible)

    # ------------------------------------------------------------ after one

    def advice(self, code: str | None, message: str) -> str | None:
        """Return what to say beside a refusal of Marketo's, of a call or of a record; None where there is nothing.

        Args:
            code: Marketo's code.
            message: Marketo's words.
        """
        named = _FIELD_MESSAGE.search(message)
        if named is None:
            return None
        name = named[1]
        if code == "1006":
            return _sentence(self._no_such_field(name))
        if code == "1011":
            return _sentence(self._no_filter(name))
        field = self._fields.get(name)
        if code == "1003" and field is not None and _BAD_VALUE in message.lower():
            longest = "" if field.length is None else f", at most {field.length} long"
            return f"{name} is of type {field.data_type}{longest}."
        return None

    def _no_such_field(self, name: str) -> str:
        near = self.nearest(name)
        meant = f"`{self._kind.group}.describe()` lists them" if near is None else f"the nearest is {near!r}"
        return f"the name of a field of this instance: {meant}"

    def _no_filter(self, filter_type: str) -> str:
        if filter_type in {"createdAt", "updatedAt"}:
            return self._kind.by_time
        near = self.nearest(filter_type, among=self._searchable)
        if filter_type in self._fields and near is not None and _plain(near) != _plain(filter_type):
            near = None  # it is spelt right, and cannot be searched by
        meant = f"the nearest is {near!r}" if near is not None else ", ".join(sorted(self._searchable))
        return f"a field that Marketo can search by: {meant}"


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].removesuffix('.')}."

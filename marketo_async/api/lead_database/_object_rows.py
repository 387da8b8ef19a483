"""Rows of answers, read as the caller wants them: as records, with typed values, or into a class of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

import attrs

from marketo_async.api._checks import check_flag, names_argument
from marketo_async.api.lead_database._object_schema import ObjectSchemas
from marketo_async.errors import ArgumentError, DecodeError
from marketo_async.records import Lead, read
from marketo_async.records._row import Row
from marketo_async.records._typed_values import readers_for, typed_row
from marketo_async.records.own_class import own_class
from marketo_async.transport.stitching import Once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from marketo_async.api.lead_database.schema_help import SchemaHelp
    from marketo_async.transport.page import Decode
    from marketo_async.transport.paging import PagerOptions

T = TypeVar("T")

FieldChoice: TypeAlias = "Iterable[str] | Literal['all'] | None"
"""Which fields to read: names, `"all"` that the group's `describe()` lists, or None for the usual ones."""


@attrs.frozen
class Wanted(Generic[T]):
    """How the caller wants rows.

    Attributes:
        kind: What a row becomes: the record that the group has for it, one like that, or a class of the caller's own.
        named: What the caller calls each field to ask for, and its name; None for Marketo's choice, or for all of them.
        every: Whether all fields are asked for.
        typed: Whether values are read by the data types that Marketo describes.
    """

    kind: type[T]
    named: tuple[tuple[str, str], ...] | None
    every: bool
    typed: bool

    @property
    def names(self) -> tuple[str, ...] | None:
        """The fields to ask for."""
        return None if self.named is None else tuple(name for _, name in self.named)


def wanted(kind: type[T], fields: object, *, typed: bool, base: type[Row] = Lead) -> Wanted[T]:
    """Return how the caller wants rows.

    Args:
        kind: What a row shall become.
        fields: The names of the fields to read, `"all"`, or None.
        typed: Whether values are read by their data types.
        base: The record that the group has for rows.

    Raises:
        ArgumentError: the fields are no names, the class is none that a row can be read into, or it is to be typed,
            which its annotations say already.
    """
    check_flag("typed", typed)
    every = fields == "all" and isinstance(fields, str)
    names = None if every else names_argument("fields", fields)
    named = None if names is None else tuple((f"fields[{index}]", name) for index, name in enumerate(names))
    if not _is_record(kind, base):
        own = own_class(kind, record=base.__name__)
        if typed:
            raise ArgumentError("typed", typed, "False with a class of your own: its annotations say the types")
        if not every and named is None:
            asked = (field for field in own.fields if not field.nested)
            named = tuple((f"{kind.__name__}.{field.attribute}", field.name) for field in asked)
    return Wanted(kind, named, every, typed)


def _is_record(kind: object, base: type[Row]) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)


@attrs.frozen
class RowReader(Generic[T]):
    """Reads rows as wanted.

    Attributes:
        names: The fields to ask for; None for Marketo's choice.
        read: Reads one row, whose path it is told.
        identity: The field whose value says who or what a row is about.
    """

    names: tuple[str, ...] | None
    read: Callable[[object, str], T]
    identity: str

    def decoder(self, options: PagerOptions) -> Decode[T]:
        """Return what turns the rows of a page into what is wanted."""

        def decode(rows: Sequence[object], /) -> tuple[list[T], list[DecodeError]]:
            pairs, misfits = self._pairs(rows, options)
            return [one for _, one in pairs], misfits

        return decode

    def each_once(self, options: PagerOptions) -> Decode[T]:
        """Return the same for one walk, without what that walk has had already."""
        once: Once[tuple[int, T]] = Once(lambda pair: pair[0])

        def decode(rows: Sequence[object], /) -> tuple[list[T], list[DecodeError]]:
            pairs, misfits = self._pairs(rows, options)
            return [one for _, one in once.new(pairs)], misfits

        return decode

    def _pairs(self, rows: Sequence[object], options: PagerOptions) -> tuple[list[tuple[int, T]], list[DecodeError]]:
        pairs: list[tuple[int, T]] = []
        misfits: list[DecodeError] = []
        for index, row in enumerate(rows):
            path = f"$.result[{index}]"
            try:
                made = self.read(row, path)
                pairs.append((self._id_of(row, path), made))
            except DecodeError as error:
                if options.on_misfit != "skip":
                    raise
                misfits.append(error)
        return pairs, misfits

    def _id_of(self, row: object, path: str) -> int:
        number: object = row.get(self.identity) if isinstance(row, dict) else None
        if not isinstance(number, int):  # a class of one's own may have no use for it
            words = "is missing" if number is None else "expected an integer"
            raise DecodeError(words, path=f"{path}.{self.identity}", raw=row)
        return number


class ObjectRows(ObjectSchemas):
    """What every group can do whose answers are objects of one kind."""

    async def _reader(self, want: Wanted[T], check: Callable[[SchemaHelp], None] | None = None) -> RowReader[T]:
        """Return what reads the rows; asks for the schema where it is needed, and lets it object to the call.

        Raises:
            ArgumentError: the schema knows that Marketo would refuse.
        """
        schema = await self._schema() if want.every or want.typed else None

        def checks(known: SchemaHelp) -> None:
            known.check_fields(want.named or ())
            if check is not None:
                check(known)

        await self._check_with_schema(checks)
        names = tuple(schema.names) if want.every and schema is not None else want.names
        return RowReader(names, _reading(want, schema), self.KIND.identity)


def _reading(want: Wanted[T], schema: SchemaHelp | None) -> Callable[[object, str], T]:
    kind: type[Any] = want.kind
    if not _is_record(kind, Row):
        own = own_class(want.kind)
        return lambda row, path: own.read(row, path=path)
    if not want.typed or schema is None:
        return lambda row, path: read(kind, row, path=path)
    readers = readers_for({name: each for name, each in schema.data_types.items() if name not in kind.LAYOUT.by_name})
    return lambda row, path: read(kind, typed_row(row, readers, path=path), path=path)

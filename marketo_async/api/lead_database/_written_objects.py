"""Objects with fields, written: their values are held against their schema where it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from marketo_async.api._checks import check_id
from marketo_async.api._writing import writing
from marketo_async.api.lead_database._object_schema import ObjectSchemas
from marketo_async.errors import ArgumentError
from marketo_async.records._row import Row
from marketo_async.records.own_class import NOTHING, lead_values

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable, Mapping

    from marketo_async.transport.writing.writing import Writing
    from marketo_async.wire.call import Call

R = TypeVar("R")


class WrittenObjects(ObjectSchemas):
    """What the operations share that take records with fields."""

    def _write_objects(
        self,
        call: Call,
        records: Iterable[R] | AsyncIterable[R],
        lookup_field: str,
        *,
        members: Mapping[str, object] | None = None,
        looked_up: bool = True,
        names_lead: bool = False,
        must_name: bool = False,
        echoes: Iterable[str] = (),
        batch_size: int,
        says_rows: bool = True,
    ) -> Writing[R]:
        """Return the write of records that are looked up by a field.

        A record to which a young schema objects is not sent but skipped, as Marketo would skip it, with a reason that
        says more: what happens to a record must not depend on whether somebody has called `describe`. One without an id
        that `must_name` a lead cannot be sent: Marketo would refuse the whole call.
        """

        def values(record: R, argument: str) -> Mapping[str, object]:
            schema = self._known_schema() if isinstance(record, Row) else None
            given = lead_values(
                record,
                lookup_field=lookup_field,
                argument=argument,
                row=self.KIND.row,
                made=self.KIND.made,
                read_only=NOTHING if schema is None else schema.read_only,
            )
            if must_name:
                check_id(f"{argument}[{lookup_field!r}]", given.get(lookup_field))
            return given

        def objection(given: Mapping[str, object], argument: str) -> ArgumentError | None:
            schema = self._known_schema(young=True)  # an older one may not know a new field: Marketo decides
            if schema is not None:
                try:
                    schema.check_values(argument, given, lookup_field=lookup_field)
                except ArgumentError as error:
                    return error
            return None

        def advice(code: str, message: str) -> str | None:
            schema = self._known_schema()
            return None if schema is None else schema.advice(code, message)

        return writing(
            self._transport,
            call,
            records,
            values,
            members=members,
            key_field=lookup_field if looked_up else None,
            names_lead=names_lead,
            echoes=echoes,
            batch_size=batch_size,
            says_rows=says_rows,
            objection=objection,
            advice=advice,
        )

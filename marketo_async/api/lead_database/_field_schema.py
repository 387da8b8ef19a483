"""The field schema of leads and of program members: the same four operations under two paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from marketo_async.api._checks import check_choice, check_flag, check_text, items_of
from marketo_async.api.lead_database._object_schema import ObjectSchemas
from marketo_async.errors import ArgumentError, NotFoundError, UnknownFieldError
from marketo_async.records import NewField, SchemaField, SchemaFieldStatus, to_wire
from marketo_async.records.schema_field import NewFieldType
from marketo_async.wire.call import GET, POST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.transport.paging import Pager

FIELD_PAGE = 300
"""Fields that a call lists at most."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_LENGTH = 255


class FieldSchema(ObjectSchemas):
    """What `lead_fields` and `program_member_fields` share; their methods name the paths and the operations.

    What is made or changed makes the schema forgotten that is kept of the objects.
    """

    async def _field(self, template: str, name: str) -> SchemaField:
        """Return one field; the template has `{fieldApiName}` in it."""
        check_text("name", name)
        try:
            return await self._one(SchemaField, GET(template, fieldApiName=name))
        except UnknownFieldError as error:  # for Marketo a wrong argument; here it is what was looked for
            raise NotFoundError(
                error.message, code=error.code, request_id=error.request_id, operation=error.operation
            ) from error

    def _fields(self, template: str, *, page_size: int, start: str | None) -> Pager[SchemaField]:
        """List all fields."""
        return self._token_pages(SchemaField, GET(template), page_size=page_size, most=FIELD_PAGE, start=start)

    async def _create_fields(self, template: str, fields: Iterable[NewField], *, most: int) -> list[SchemaFieldStatus]:
        """Make fields, `most` at most: more than that, an instance never has."""
        wire: list[object] = []
        names: set[str] = set()
        for index, field in enumerate(items_of("fields", fields, "NewField(...)")):
            argument = f"fields[{index}]"
            if not isinstance(field, NewField):
                raise ArgumentError(argument, field, 'a NewField(name="...", display_name="...", data_type="...")')
            _check_new(argument, field)
            if field.name in names:
                raise ArgumentError(f"{argument}.name", field.name, "a name that no other of these fields has")
            names.add(field.name)
            wire.append(to_wire(field, argument=argument))
        if not 1 <= len(wire) <= most:
            raise ArgumentError("fields", f"{len(wire)} fields", f"1 to {most} fields, all that the API makes")
        try:
            return await self._many(SchemaFieldStatus, POST(template).json({"input": wire}))
        finally:  # where the answer got lost, too
            self._forget_schema()

    async def _update_field(
        self,
        template: str,
        name: str,
        *,
        display_name: str | None,
        description: str | None,
        is_hidden: bool | None,
        is_html_encoding_in_email: bool | None,
        is_sensitive: bool | None,
    ) -> SchemaFieldStatus:
        """Change one field; None leaves things as they are. Repeated when an answer gets lost: it only sets things."""
        check_text("name", name)
        check_text("display_name", display_name, most=_LENGTH, optional=True)
        check_text("description", description, blank=True, optional=True)
        check_flag("is_hidden", is_hidden)
        check_flag("is_html_encoding_in_email", is_html_encoding_in_email)
        check_flag("is_sensitive", is_sensitive)
        changes: dict[str, object] = {
            "displayName": display_name,
            "description": description,
            "isHidden": is_hidden,
            "isHtmlEncodingInEmail": is_html_encoding_in_email,
            "isSensitive": is_sensitive,
        }
        sent = {key: value for key, value in changes.items() if value is not None}
        if not sent:
            raise ArgumentError("changes", None, "at least one thing to change, such as display_name or description")
        call = POST(template, fieldApiName=name).json({"input": [sent]})
        try:
            return await self._one(SchemaFieldStatus, call.repeatable())
        finally:
            self._forget_schema()


def _check_new(argument: str, field: NewField) -> None:
    check_text(f"{argument}.name", field.name, most=_LENGTH)
    if not _NAME.fullmatch(field.name):
        raise ArgumentError(f"{argument}.name", field.name, "a letter, then letters, digits and _")
    check_text(f"{argument}.display_name", field.display_name, most=_LENGTH)
    check_choice(f"{argument}.data_type", field.data_type, get_args(NewFieldType))
    check_text(f"{argument}.description", field.description, blank=True, optional=True)
    check_flag(f"{argument}.is_hidden", field.is_hidden)
    check_flag(f"{argument}.is_html_encoding_in_email", field.is_html_encoding_in_email)
    check_flag(f"{argument}.is_sensitive", field.is_sensitive)

"""The field schema of program members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.api.lead_database._field_schema import FIELD_PAGE, FieldSchema
from marketo_async.api.lead_database._member_schema import MemberSchemas

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.records import NewField, SchemaField, SchemaFieldStatus
    from marketo_async.transport.paging import Pager

MOST_MEMBER_FIELDS = 20
"""Custom fields of program members that an instance has at most."""

_ALL = "/rest/v1/programs/members/schema/fields.json"
_ONE = "/rest/v1/programs/members/schema/fields/{fieldApiName}.json"


class ProgramMemberFields(FieldSchema, MemberSchemas):
    """The fields that members of programs have, standard ones and up to 20 of the instance's own.

    What is made or changed here makes `program_members.describe()` ask Marketo again.
    """

    async def get(self, name: str) -> SchemaField:
        """Return one field.

        Args:
            name: Its REST name, such as `statusName`.

        Raises:
            ArgumentError: the name is blank.
            NotFoundError: program members have no such field.

        Source: getProgramMemberFieldByNameUsingGET
        """
        return await self._field(_ONE, name)

    def browse(self, *, page_size: int = FIELD_PAGE, start: str | None = None) -> Pager[SchemaField]:
        """List all fields.

        Args:
            page_size: Fields a call, 1 to 300.
            start: Where to go on: a `page.next_page_token`, or the `position` of an error.

        Raises:
            ArgumentError: an argument cannot be right.

        Source: getProgramMemberFieldsUsingGET
        """
        return self._fields(_ALL, page_size=page_size, start=start)

    async def create(self, fields: Iterable[NewField]) -> list[SchemaFieldStatus]:
        """Make fields, and return what became of each, in order. A field that was made cannot be deleted.

        Args:
            fields: 1 to 20 of them; an instance has no more than 20 of its own for program members.

        Raises:
            ArgumentError: an argument cannot be right; nothing was sent.
            ApiError: Marketo will not make them: a name is taken, or that would be more than 20.

        Source: createProgramMemberFieldUsingPOST
        """
        return await self._create_fields(_ALL, fields, most=MOST_MEMBER_FIELDS)

    async def update(
        self,
        name: str,
        *,
        display_name: str | None = None,
        description: str | None = None,
        is_hidden: bool | None = None,
        is_html_encoding_in_email: bool | None = None,
        is_sensitive: bool | None = None,
    ) -> SchemaFieldStatus:
        """Change a field; None leaves things as they are.

        Of a standard field, only the description and the two flags of e-mails and sensitivity can be changed; name,
        type and length never.

        Args:
            name: Its REST name.
            display_name: What the user interface shall call it (fields of the instance's own).
            description: What it is for; `""` empties it.
            is_hidden: Whether the user interface hides it (fields that were made through the API).
            is_html_encoding_in_email: Whether e-mails escape its value as HTML.
            is_sensitive: Whether it is marked as sensitive.

        Raises:
            ArgumentError: an argument cannot be right, or there is nothing to change.
            NotFoundError: program members have no such field.

        Source: updateProgramMemberFieldUsingPOST
        """
        return await self._update_field(
            _ONE,
            name,
            display_name=display_name,
            description=description,
            is_hidden=is_hidden,
            is_html_encoding_in_email=is_html_encoding_in_email,
            is_sensitive=is_sensitive,
        )

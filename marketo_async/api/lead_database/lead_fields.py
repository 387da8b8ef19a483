"""The field schema of leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.api.lead_database._field_schema import FIELD_PAGE, FieldSchema
from marketo_async.api.lead_database._lead_schema import LeadSchemas
from marketo_async.errors import MarketoError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.records import NewField, SchemaField, SchemaFieldStatus
    from marketo_async.transport.paging import Pager

MOST_LEAD_FIELDS = 100
"""Fields of leads that the API makes at most."""

_ALL = "/rest/v1/leads/schema/fields.json"
_ONE = "/rest/v1/leads/schema/fields/{fieldApiName}.json"


class LeadFields(FieldSchema, LeadSchemas):
    """The fields that leads have, standard ones and the instance's own.

    What is made or changed here makes `leads.describe()` ask Marketo again.
    """

    async def get(self, name: str) -> SchemaField:
        """Return one field.

        Args:
            name: Its REST name, such as `leadScore`.

        Raises:
            ArgumentError: the name is blank.
            NotFoundError: leads have no such field (1006); a note says which is nearest.

        Source: getLeadFieldByNameUsingGET
        """
        try:
            return await self._field(_ONE, name)
        except MarketoError as error:
            await self._explain(error)
            raise

    def browse(self, *, page_size: int = FIELD_PAGE, start: str | None = None) -> Pager[SchemaField]:
        """List all fields.

        Args:
            page_size: Fields a call, 1 to 300.
            start: Where to go on: a `page.next_page_token`, or the `position` of an error.

        Raises:
            ArgumentError: an argument cannot be right.

        Source: getLeadFieldsUsingGET
        """
        return self._fields(_ALL, page_size=page_size, start=start)

    async def create(self, fields: Iterable[NewField]) -> list[SchemaFieldStatus]:
        """Make fields, and return what became of each, in order. A field that was made cannot be deleted.

        Args:
            fields: 1 to 100 of them; the API makes no more than 100 in all.

        Raises:
            ArgumentError: an argument cannot be right; nothing was sent.
            ApiError: Marketo will not make them: a name is taken, or that would be more than 100.

        Source: createLeadFieldUsingPOST
        """
        return await self._create_fields(_ALL, fields, most=MOST_LEAD_FIELDS)

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
            UnknownFieldError: leads have no such field (1006).

        Source: updateLeadFieldUsingPOST
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

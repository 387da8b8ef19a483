"""The forms that can be filled out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from marketo_async.sandbox.instance import Instance

FIRST_ID = 1001


@attrs.frozen
class Form:
    """One form.

    Attributes:
        id: Its id.
        name: Its name.
        fields: The fields of leads on it, by REST name; the e-mail address is always among them.
        member_fields: The fields of program members on it.
        program_id: The program it is local to; None for a form of the Design Studio.
    """

    id: int
    name: str
    fields: frozenset[str]
    member_fields: frozenset[str] = frozenset()
    program_id: int | None = None


class Forms:
    """All forms, by id."""

    def __init__(self, _instance: Instance) -> None:
        self._forms: dict[int, Form] = {}

    def __iter__(self) -> Iterator[Form]:
        """Iterate by id."""
        return iter(self._forms.values())

    def get(self, form_id: int) -> Form | None:
        """Return a form, or None."""
        return self._forms.get(form_id)

    def add(
        self,
        name: str,
        fields: Iterable[str] = ("firstName", "lastName"),
        *,
        member_fields: Iterable[str] = (),
        program_id: int | None = None,
    ) -> Form:
        """Make a form, as a colleague in the user interface would.

        Args:
            name: Its name.
            fields: The fields of leads on it beside the e-mail address, by REST name.
            member_fields: The fields of program members on it.
            program_id: The program it is local to; None for a form of the Design Studio.
        """
        form = Form(
            FIRST_ID + len(self._forms), name, frozenset({*fields, "email"}), frozenset(member_fields), program_id
        )
        self._forms[form.id] = form
        return form

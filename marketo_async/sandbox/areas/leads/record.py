"""One lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@attrs.define(eq=False)
class Lead:
    """One lead.

    Attributes:
        id: Its id.
        created_at: Aware.
        updated_at: Aware.
    """

    id: int
    created_at: datetime
    updated_at: datetime
    _values: dict[str, object]

    @property
    def values(self) -> Mapping[str, object]:
        """The fields that are set, by REST name; fields that are not here are unset. `Leads.change` changes them."""
        return self._values

    @property
    def anonymous(self) -> bool:
        """Whether it is a visitor of whom nothing is known but a cookie."""
        return bool(self._values.get("isAnonymous"))

    @property
    def name(self) -> str:
        """What people know it by: its full name, its address, or its id."""
        names = [self._values.get("firstName"), self._values.get("lastName")]
        return " ".join(str(name) for name in names if name) or str(self._values.get("email") or self.id)

    def value(self, name: str) -> object:
        """Return what a field holds; None where it is unset."""
        match name:
            case "id":
                return self.id
            case "createdAt":
                return self.created_at
            case "updatedAt":
                return self.updated_at
            case _:
                return self._values.get(name)

    def set(self, name: str, value: object) -> None:
        """Set a field, None to unset; for `Leads` alone, by whose indexes it would else not be found."""
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value

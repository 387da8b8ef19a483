"""Tag types: what programs can be sorted by, and with which values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from marketo_async.sandbox.instance import Instance


@attrs.frozen
class TagType:
    """One tag type.

    Attributes:
        applicable: The words for the types of programs that may carry it.
        values: The values that an administrator allows.
        required: Whether every program of those types must carry it.
    """

    name: str
    applicable: tuple[str, ...]
    values: tuple[str, ...]
    required: bool = False


_EVERYWHERE = ("program", "email_batch", "nurture", "event", "webinar")

_USUAL = (
    TagType("Region", _EVERYWHERE, ("AMER", "EMEA", "APAC", "LATAM", "Global")),
    TagType("Business Unit", _EVERYWHERE, ("Platform", "Services", "Partners", "Education & Training")),
    TagType("Product Line", ("program", "email_batch", "nurture"), ("Analytics", "Commerce", "Cloud", "Security")),
    TagType("Presenter", ("event", "webinar"), ("Dennis", "Renée", "Ana María", "O'Brien", "田中")),
    TagType("Target Audience", _EVERYWHERE, ("Customers", "Prospects", "Partners", "Executives / Board")),
    TagType("Webinar Series", ("webinar",), ("Product Updates", "Best Practices", "Customer Stories"), required=True),
)


class TagTypes:
    """All tag types. A new instance has six, one of them required for programs of type Event with Webinar."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._types: dict[str, TagType] = {tag_type.name: tag_type for tag_type in _USUAL}

    def __iter__(self) -> Iterator[TagType]:
        """Iterate by name without regard to case."""
        return iter(sorted(self._types.values(), key=lambda tag_type: tag_type.name.casefold()))

    def get(self, name: str) -> TagType | None:
        """Return the tag type of exactly that name, or None."""
        return self._types.get(name)

    def add(
        self,
        name: str,
        values: Iterable[str],
        *,
        applicable: Iterable[str] = _EVERYWHERE,
        required: bool = False,
    ) -> TagType:
        """Make a tag type, or replace the one of that name, as an administrator would.

        Args:
            name: Its name.
            values: What programs may carry.
            applicable: Some of program, event, webinar, nurture, email_batch.
            required: Whether programs of those types must carry it from now on.
        """
        made = self._types[name] = TagType(name, tuple(applicable), tuple(values), required)
        return made

    def required_for(self, applicable: str) -> list[str]:
        """Return the names of the tag types that a type of program must carry."""
        return [tag_type.name for tag_type in self if tag_type.required and applicable in tag_type.applicable]

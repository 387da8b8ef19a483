"""The partitions into which leads are divided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketo_async.sandbox.areas.leads.record import Lead
    from marketo_async.sandbox.instance import Instance


@attrs.define(eq=False)
class Partition:
    """One partition.

    Attributes:
        id: Its id; 1 is the default one.
        name: Its name.
        description: Free text, or None.
        denied: Whether the API user may not write the leads in it (1008).
        fixed: Whether its leads must stay in it (1010).
    """

    id: int
    name: str
    description: str | None = None
    denied: bool = False
    fixed: bool = False


class Partitions:
    """All partitions, by id.

    Attributes:
        required: Whether calls that make leads must name a partition (1009).
    """

    def __init__(self, _instance: Instance) -> None:
        self.required = False
        self._partitions: list[Partition] = []
        self.default = self.add("Default")

    def __iter__(self) -> Iterator[Partition]:
        """Iterate by id."""
        return iter(self._partitions)

    def add(self, name: str, description: str | None = None) -> Partition:
        """Make a partition, as an administrator would."""
        made = Partition(len(self._partitions) + 1, name, description)
        self._partitions.append(made)
        return made

    def named(self, name: object) -> Partition | None:
        """Return the partition of a name that the API user may write to, or None."""
        return next((one for one in self if one.name == name and not one.denied), None)

    def of(self, lead: Lead) -> Partition:
        """Return the partition in which a lead lives."""
        number = lead.values.get("leadPartitionId")
        return next((one for one in self if one.id == number), self.default)

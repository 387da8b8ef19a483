"""Rows of an instance's own making: some fields that every instance has, and all those that only this one has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from marketo_async.records._declare import Record


class Row(Record, Mapping[str, object]):
    """A record that is also a read-only mapping of every field that was read, under the instance's own names.

    Its class calls the field that keeps what is not declared `fields`.
    """

    __slots__ = ()

    fields: Mapping[str, object]

    def __getitem__(self, name: str) -> object:
        plan = self.LAYOUT.by_name.get(name)
        if plan is None and name in self.fields:
            return self.fields[name]
        if plan is not None and self.was_sent(plan.attribute):
            value: object = getattr(self, plan.attribute)
            return value
        error = KeyError(name)
        error.add_note(
            f"This {type(self).__name__} was read without that field; `fields=[...]` says which ones to read."
        )
        raise error

    def __contains__(self, name: object) -> bool:
        plan = self.LAYOUT.by_name.get(str(name))
        return name in self.fields if plan is None else self.was_sent(plan.attribute)

    def __iter__(self) -> Iterator[str]:
        if self._sent:
            return iter(self._sent)
        ours = [plan.names[0] for plan in self.LAYOUT.fields if self.was_sent(plan.attribute)]
        return iter((*ours, *self.fields))

    def __len__(self) -> int:
        return sum(1 for _ in self)

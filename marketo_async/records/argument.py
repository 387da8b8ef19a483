"""From records to the plain values that a request is built from."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date

from marketo_async.errors import ArgumentError
from marketo_async.records._declare import Record


class Argument:
    """What can be handed to an operation as it is: `Tag`, `Cost`, `FolderId`, a folder or program read before."""

    __slots__ = ()

    @abstractmethod
    def as_argument(self) -> dict[str, object]:
        """Return what Marketo wants to be sent for it: plain values under Marketo's names.

        Raises:
            ArgumentError: it cannot stand where an argument of its kind is asked for.
        """


def to_wire(value: object, *, argument: str = "value") -> object:
    """Return plain values, ready for a request: str, int, float, bool, None, date, datetime, list and dict of these.

    Args:
        value: Any argument of an operation: a plain value, an `Argument`, or a list, tuple or dict of such.
        argument: What the caller calls it, for the error.

    Raises:
        ArgumentError: the value is of a kind that no request can carry, such as a set or some other record.
    """
    match value:
        case None | str() | int() | float() | date():
            return value
        case Argument():
            return value.as_argument()
        case list() | tuple():
            return [to_wire(item, argument=f"{argument}[{index}]") for index, item in enumerate(value)]
        case Mapping() if not isinstance(value, Record):
            return {name: to_wire(item, argument=f"{argument}.{name}") for name, item in value.items()}
        case _:
            allowed = "a text, a number, a date, a list of these, or a record that Marketo takes as an argument"
            raise ArgumentError(argument, value, allowed)

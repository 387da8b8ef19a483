"""How things of the instance are named: references to folders and programs, and links into the user interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from marketo_async.sandbox.instance import Instance

Container = Literal["Folder", "Program"]
"""What can hold assets. Folders and programs are numbered separately, so an id alone says nothing."""


class FolderRef(NamedTuple):
    """A folder or a program, seen as the place where other things live.

    Attributes:
        type: Which of the two number spaces the id belongs to.
        id: The number.
    """

    type: Container
    id: int


def app_url(instance: Instance, fragment: str) -> str:
    """Return the address of something in the user interface, such as `https://app-sj01.marketo.com/#PG1107A1`."""
    return f"{instance.settings.application_url}/#{fragment}"

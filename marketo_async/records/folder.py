"""Folders, what is in them, and the two ways to point at one.

Ids of folders and ids of programs are separate number spaces: 1035 may be both, and only the type says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from marketo_async.errors import ArgumentError
from marketo_async.records._declare import Record, extra, json_name, record
from marketo_async.records.argument import Argument

_FOLDER, _PROGRAM = "Folder", "Program"
_SPELLINGS = {"folder": _FOLDER, "program": _PROGRAM}


def _positive(instance: object, _: attrs.Attribute[int], value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ArgumentError(type(instance).__name__, value, "an integer of 1 or more")


@attrs.frozen
class FolderId(Argument):
    """The id of a folder, as an argument: `folder=FolderId(1035)`.

    Raises:
        ArgumentError: the id is no integer of 1 or more.
    """

    id: int = attrs.field(validator=_positive)

    def as_argument(self) -> dict[str, object]:
        """Return `{"id": 1035, "type": "Folder"}`."""
        return {"id": self.id, "type": _FOLDER}


@attrs.frozen
class ProgramId(Argument):
    """The id of a program that stands where a folder is asked for: `folder=ProgramId(1107)` nests in that program.

    Raises:
        ArgumentError: the id is no integer of 1 or more.
    """

    id: int = attrs.field(validator=_positive)

    def as_argument(self) -> dict[str, object]:
        """Return `{"id": 1107, "type": "Program"}`."""
        return {"id": self.id, "type": _PROGRAM}


class _Typed(Argument):
    """A pair of id and type, whatever the case of the type: `FOLDER` and `Folder` are the same."""

    __slots__ = ()

    id: int
    type: str

    @property
    def is_folder(self) -> bool:
        """Whether the type is a folder, in any case."""
        return self.type.casefold() == _FOLDER.casefold()

    @property
    def is_program(self) -> bool:
        """Whether the type is a program, in any case."""
        return self.type.casefold() == _PROGRAM.casefold()

    def as_argument(self) -> dict[str, object]:
        """Return the id and the type as requests spell them.

        Raises:
            ArgumentError: it is neither a folder nor a program, so nothing can be put into it.
        """
        spelling = _SPELLINGS.get(self.type.casefold())
        if spelling is None:
            raise ArgumentError("folder", self, "a folder or a program")
        return {"id": self.id, "type": spelling}


@record
class FolderRef(Record, _Typed):
    """Where something lies. Marketo writes it in two shapes, `id` or `value` for the number; both read alike."""

    id: int = json_name("id", "value")
    """The number of the folder or program."""

    type: str
    """`Folder` or `Program`, in the case that Marketo sent; `is_folder` and `is_program` do not mind the case."""

    folder_name: str | None = json_name("folderName", "name", default=None)
    """Its name. None in the shape with `id`, and null for segmentations."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class FolderItem(Record, _Typed):
    """One row of a folder's contents: look it up by its type to learn more."""

    id: int
    """Its id, in the number space of its type."""

    type: str
    """`Program`, `Email`, `Landing Page`, `Smart List`, `Folder` ... as Marketo sent it."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class Folder(Record, Argument):
    """A folder, or the folder view of a program."""

    id: int
    """The same as `folder_id.id`."""

    name: str
    """Its name, unique among its neighbours only."""

    description: str | None = None
    """Null for system folders; `""` where somebody left it empty."""

    created_at: datetime | None = None
    """When it was made. None if Marketo did not say."""

    updated_at: datetime | None = None
    """When it was changed last. None if Marketo did not say."""

    url: str | None = None
    """Where the user interface shows it. Null for system folders."""

    folder_id: FolderRef | None = None
    """Its id with its type: tells a folder from a program. None if Marketo did not say; then it is a folder."""

    folder_type: str | None = None
    """`Zone` (a root), `Marketing Folder`, `Marketing Program`, `List` ... None if Marketo did not say."""

    parent: FolderRef | None = None
    """The folder that it lies in. Null for roots."""

    path: str | None = None
    """`/Marketing Activities/Default/...`. None if Marketo did not say."""

    is_archive: bool | None = None
    """Whether it is archived. None if Marketo did not say."""

    is_system: bool | None = None
    """Whether it is Marketo's own and cannot be changed. None if Marketo did not say."""

    access_zone_id: int | None = None
    """The id of its workspace. None if Marketo did not say."""

    workspace: str | None = None
    """The name of its workspace. None if Marketo did not say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""

    def as_argument(self) -> dict[str, object]:
        """Return its id and type, for `folder=` and `parent=`."""
        return FolderId(self.id).as_argument() if self.folder_id is None else self.folder_id.as_argument()

"""Folders: seven operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from marketo_async.api._base import ASSET_PAGE, Group
from marketo_async.api._checks import NAME_LIMIT, check_choice, check_count, check_flag, check_name, check_text
from marketo_async.api.assets._arguments import folder_argument, id_and_type, patient
from marketo_async.errors import ArgumentError
from marketo_async.records import Folder, FolderItem
from marketo_async.wire.call import GET, POST

if TYPE_CHECKING:
    from marketo_async.api.assets._arguments import AnyFolder
    from marketo_async.records import FolderId, FolderRef
    from marketo_async.transport.paging import Pager

FolderKind = Literal["Folder", "Program"]

_DESCRIPTION_LIMIT = 2000


class Folders(Group):
    """Folders: the tree in which everything lies. A program can be looked at as a folder, too."""

    async def get(self, folder: AnyFolder) -> Folder:
        """Return one folder, or a program as a folder.

        Args:
            folder: `FolderId(n)`, `ProgramId(n)`, or a folder or program read before. Folders and programs are numbered
                apart, so a number alone does not say which is meant.

        Raises:
            ArgumentError: it is neither a folder nor a program.
            NotFoundError: there is none with that id.

        Source: getFolderByIdUsingGET
        """
        number, kind = id_and_type("folder", folder)
        return await self._one(Folder, GET("/rest/asset/v1/folder/{id}.json", id=number).query(type=kind))

    async def find_by_name(
        self,
        name: str,
        *,
        type: FolderKind | None = None,  # noqa: A002 - Marketo's name
        root: AnyFolder | None = None,
        workspace: str | None = None,
    ) -> Folder | None:
        """Return the folder of exactly that name, or None; of several, the one that Marketo names first.

        Names are unique among neighbours only. `root` and `workspace` narrow the search.

        Args:
            name: Up to 255 characters, no comma.
            type: What to look for: `"Folder"` or `"Program"`; None leaves it to Marketo, but with a `root` it is
                `"Folder"`.
            root: Where to look: this folder and what is below it.
            workspace: The name of the workspace to look in; None looks in all that the API user may see.

        Raises:
            ArgumentError: an argument cannot be right.
            SystemFailureError: the API user sees no workspace of that name (611).

        Source: getFolderByNameUsingGET
        """
        check_name("name", name)
        check_choice("type", type, get_args(FolderKind), optional=True)
        check_text("workspace", workspace, optional=True)
        top = None if root is None else folder_argument("root", root)
        kind = "Folder" if type is None and top is not None else type  # Marketo takes no root without a type
        call = GET("/rest/asset/v1/folder/byName.json").query(name=name, type=kind, root=top, workSpace=workspace)
        return await self._find(Folder, call)

    def browse(
        self,
        *,
        root: AnyFolder | None = None,
        max_depth: int | None = None,
        workspace: str | None = None,
        page_size: int = ASSET_PAGE,
        start: int = 0,
    ) -> Pager[Folder]:
        """List the folders below a folder.

        Args:
            root: Where to begin; None begins at Marketo's roots.
            max_depth: Levels below the root, 0 or more; 0 lists the root alone. None is Marketo's default, 2.
            workspace: Only folders of the workspace of that name; None lists all that the API user may see.
            page_size: Folders a call, 1 to 200.
            start: The offset to begin at, such as a `page.position`.

        Raises:
            ArgumentError: an argument cannot be right.

        Source: getFolderUsingGET
        """
        top = None if root is None else folder_argument("root", root)
        if max_depth is not None:
            check_count("max_depth", max_depth)
        check_text("workspace", workspace, optional=True)
        call = GET("/rest/asset/v1/folders.json").query(root=top, maxDepth=max_depth, workSpace=workspace)
        return self._offset_pages(Folder, call, _seam, page_size=page_size, start=start)

    def contents(self, folder: AnyFolder, *, page_size: int = ASSET_PAGE, start: int = 0) -> Pager[FolderItem]:
        """List what lies directly in a folder or program: ids and types of any asset.

        An unknown folder is an empty one here; `get` tells.

        Args:
            folder: As for `get`.
            page_size: Items a call, 1 to 200.
            start: The offset to begin at, such as a `page.position`.

        Raises:
            ArgumentError: an argument cannot be right.

        Source: getFolderContentUsingGET
        """
        number, kind = id_and_type("folder", folder)
        call = GET("/rest/asset/v1/folder/{id}/content.json", id=number).query(type=kind)
        return self._offset_pages(
            FolderItem, call, lambda item: ((item.type, item.id), None), page_size=page_size, start=start
        )

    async def create(self, name: str, *, parent: AnyFolder, description: str | None = None) -> Folder:
        """Make a folder and return it.

        Args:
            name: Up to 255 characters; unique among its neighbours.
            parent: The folder or program to put it in.
            description: Up to 2,000 characters.

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: there is no such parent.
            BusinessRuleError: the name is taken, or the parent has no room for folders.

        Source: createFolderUsingPOST
        """
        check_text("name", name, most=NAME_LIMIT)
        check_text("description", description, most=_DESCRIPTION_LIMIT, blank=True, optional=True)
        place = folder_argument("parent", parent)
        call = POST("/rest/asset/v1/folders.json").form(name=name, parent=place, description=description)
        return await self._one(Folder, patient(call))

    async def update(
        self,
        folder: FolderId | Folder | FolderRef,
        *,
        name: str | None = None,
        description: str | None = None,
        is_archive: bool | None = None,
    ) -> Folder:
        """Change a folder and return it as it is then; None leaves things as they are.

        Doing it twice is doing it once, so it is repeated when an answer gets lost.

        Args:
            folder: The folder; not a program, which `programs.update` changes.
            name: The new name, up to 255 characters.
            description: The new description, up to 2,000 characters; `""` empties it.
            is_archive: Whether it is archived.

        Raises:
            ArgumentError: an argument cannot be right, or there is nothing to change.
            NotFoundError: there is no such folder.
            BusinessRuleError: the name is taken, or it is one of Marketo's own folders.

        Source: updateFolderUsingPOST
        """
        number, kind = id_and_type("folder", folder, programs=False)
        check_text("name", name, most=NAME_LIMIT, optional=True)
        check_text("description", description, most=_DESCRIPTION_LIMIT, blank=True, optional=True)
        check_flag("is_archive", is_archive)
        if name is None and description is None and is_archive is None:
            raise ArgumentError("changes", None, "at least one of name, description, is_archive")
        call = POST("/rest/asset/v1/folder/{id}.json", id=number)
        call = call.form(type=kind, name=name, description=description, isArchive=is_archive)
        return await self._one(Folder, patient(call).repeatable())

    async def delete(self, folder: FolderId | Folder | FolderRef) -> int:
        """Delete an empty folder and return its id.

        Args:
            folder: The folder; not a program, which `programs.delete` deletes.

        Raises:
            ArgumentError: it is no folder.
            NotFoundError: there is no such folder (702).
            BusinessRuleError: it is not empty, or one of Marketo's own.

        Source: deleteFolderUsingPOST
        """
        number, kind = id_and_type("folder", folder, programs=False)
        return await self._id(patient(POST("/rest/asset/v1/folder/{id}/delete.json", id=number).form(type=kind)))


def _seam(folder: Folder) -> tuple[tuple[str, int], str]:
    """Return what tells a folder from all others, programs included, and what folders are sorted by."""
    kind = folder.folder_id.type if folder.folder_id is not None else "Folder"
    return (kind, folder.id), folder.name

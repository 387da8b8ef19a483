"""Folders and programs as the one tree that the folder operations show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.dates import asset_date
from marketo_async.sandbox.areas.folders.state import Folder, Folders
from marketo_async.sandbox.areas.programs.record import Program
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.references import app_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketo_async.sandbox.areas.references import FolderRef
    from marketo_async.sandbox.instance import Instance

Node = Folder | Program
"""Anything that can hold assets."""


def node(instance: Instance, ref: FolderRef) -> Node | None:
    """Return the folder or program that a reference means, or None."""
    return instance.state(Folders).get(ref.id) if ref.type == "Folder" else instance.state(Programs).get(ref.id)


def visible_node(instance: Instance, ref: FolderRef, user: str) -> Node | None:
    """Return the folder or program that a reference means, if the API user may see its workspace."""
    found = node(instance, ref)
    return None if found is None or found.workspace in instance.state(Folders).hidden_from(user) else found


def children(instance: Instance, ref: FolderRef) -> list[Node]:
    """Return what stands directly inside, by name without regard to case."""
    found: list[Node] = [*instance.state(Folders).inside(ref), *instance.state(Programs).inside(ref)]
    return sorted(found, key=lambda child: (child.name.casefold(), child.ref))


def walk(instance: Instance, top: Node, depth: int | None = None) -> Iterator[Node]:
    """Yield a folder or program and all below it, each before what it holds.

    Args:
        instance: The Marketo.
        top: Where to begin.
        depth: How many levels below `top` to go; None goes to the bottom.
    """
    yield top
    if depth != 0:
        for child in children(instance, top.ref):
            yield from walk(instance, child, None if depth is None else depth - 1)


def path(instance: Instance, item: Node) -> str:
    """Return the names from the root down, such as `/Marketing Activities/Default/2024/Webinars`."""
    names = [item.name, *(above.name for above in ancestors(instance, item))]
    return "/" + "/".join(reversed(names))


def ancestors(instance: Instance, item: Node) -> Iterator[Node]:
    """Yield what an item stands in, nearest first."""
    above = None if item.parent is None else node(instance, item.parent)
    while above is not None:
        yield above
        above = None if above.parent is None else node(instance, above.parent)


def is_in_shared_folder(instance: Instance, item: Node) -> bool:
    """Tell whether any folder around an item is shared between workspaces."""
    return any(isinstance(above, Folder) and above.shared for above in ancestors(instance, item))


def folder_row(instance: Instance, item: Node) -> dict[str, object]:
    """Write a folder, or a program seen as a folder, as replies carry it."""
    if isinstance(item, Program):
        folder_type, is_system, is_archive = item.kind.folder_type, False, False
        url: str | None = app_url(instance, f"{item.kind.fragment}{item.id}A1")
    else:
        folder_type, is_system, is_archive = item.folder_type, item.is_system, item.is_archive
        url = None if item.is_system else app_url(instance, f"MF{item.id}A1")
    return {
        "name": item.name,
        "description": item.description,
        "createdAt": asset_date(item.created_at),
        "updatedAt": asset_date(item.updated_at),
        "url": url,
        "folderId": reference_row(item.ref),
        "folderType": folder_type,
        "parent": None if item.parent is None else reference_row(item.parent),
        "path": path(instance, item),
        "isArchive": is_archive,
        "isSystem": is_system,
        "accessZoneId": instance.state(Folders).zone(item.workspace),
        "workspace": item.workspace,
        "id": item.id,
    }


def reference_row(ref: FolderRef) -> dict[str, object]:
    """Write a reference as folders carry it."""
    return {"id": ref.id, "type": ref.type}

"""The three operations that change folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import (
    NAME_LIMIT,
    check_length,
    container,
    filled,
    flag,
    folder_reference,
    given,
    identifier,
)
from marketo_async.sandbox.areas.folders.state import Folder, Folders
from marketo_async.sandbox.areas.folders.tree import children, folder_row, visible_node
from marketo_async.sandbox.areas.programs.kinds import EMAIL
from marketo_async.sandbox.areas.programs.record import Program
from marketo_async.sandbox.areas.references import FolderRef
from marketo_async.sandbox.areas.tokens.state import MyTokens
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.folders.tree import Node
    from marketo_async.sandbox.exchange import Request

_DESCRIPTION_LIMIT = 2000


def create(request: Request) -> Answer:
    """Answer `POST /folders.json`."""
    name, parent_text = filled(request.fields, "name", "parent")
    ref = folder_reference(parent_text)
    description = request.fields.get("description")
    _check_texts(name, description)
    parent = visible_node(request.instance, ref, request.user)
    if parent is None:
        raise refusals.parent_not_found()
    # Nothing stands beside the workspaces, and an e-mail program has no room for folders.
    if parent.parent is None or (isinstance(parent, Program) and parent.kind is EMAIL):
        raise refusals.wrong_folder("folder")
    _check_name_free(request, name, parent.ref)
    made = request.instance.state(Folders).add(name, parent.ref, description=description, workspace=parent.workspace)
    return Answer([folder_row(request.instance, made)])


def update(request: Request) -> Answer:
    """Answer `POST /folder/{id}.json`: a new name, description, or archived or not."""
    folder_id = identifier(request)
    (type_text,) = filled(request.fields, "type")
    ref = FolderRef(container(type_text), folder_id)
    archive = flag(request.fields, "isArchive")
    name, description = request.fields.get("name"), request.fields.get("description")
    if name is not None and not name.strip():
        raise refusals.blank("name")
    _check_texts(name or "", description)
    folder = _changeable(request, ref)
    if name is not None and folder.parent is not None:
        _check_name_free(request, name, folder.parent, but=folder)
    changes = {"name": name, "description": description, "is_archive": archive}
    given_changes = {key: value for key, value in changes.items() if value is not None}
    if given_changes:
        request.instance.state(Folders).change(folder, **given_changes)
    return Answer([folder_row(request.instance, folder)])


def delete(request: Request) -> Answer:
    """Answer `POST /folder/{id}/delete.json`: only empty folders that are not the system's."""
    folder_id = identifier(request)
    folder = _changeable(request, FolderRef(container(given(request.fields, "type") or "Folder"), folder_id))
    if children(request.instance, folder.ref) or request.instance.state(Folders).is_occupied(folder):
        raise refusals.folder_not_empty()
    request.instance.state(MyTokens).forget(folder.ref)
    request.instance.state(Folders).remove(folder.id)
    return Answer([{"id": folder.id}])


def _check_texts(name: str, description: str | None) -> None:
    check_length("name", name, NAME_LIMIT)
    check_length("description", description or "", _DESCRIPTION_LIMIT)


def _check_name_free(request: Request, name: str, parent: FolderRef, but: Folder | None = None) -> None:
    siblings = request.instance.state(Folders).inside(parent)
    if any(sibling is not but and sibling.name.casefold() == name.casefold() for sibling in siblings):
        raise refusals.name_taken("Folder")


def _changeable(request: Request, ref: FolderRef) -> Folder:
    found: Node | None = visible_node(request.instance, ref, request.user)
    if found is None:
        raise refusals.folder_not_found(ref.id)
    if isinstance(found, Program):
        raise refusals.program_is_no_folder()
    if found.is_system:
        raise refusals.system_folder()
    return found

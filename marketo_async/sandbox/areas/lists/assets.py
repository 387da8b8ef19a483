"""Static lists as the Asset API sees them: made, found, renamed and deleted, whoever is on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import (
    NAME_LIMIT,
    check_length,
    filled,
    folder_reference,
    given,
    identifier,
    required,
    window,
)
from marketo_async.sandbox.areas.dates import asset_date, read_instant
from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.sandbox.areas.folders.tree import reference_row, visible_node
from marketo_async.sandbox.areas.lists.state import Lists
from marketo_async.sandbox.areas.programs.record import Program
from marketo_async.sandbox.areas.references import app_url
from marketo_async.sandbox.exchange import Answer, rows_or_nothing

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.folders.tree import Node
    from marketo_async.sandbox.areas.lists.state import StaticList
    from marketo_async.sandbox.exchange import Request

_OF_LISTS = "List"


def browse(request: Request) -> Answer:
    """Answer `GET /staticLists.json`: by name without regard to case, then by id."""
    view, folder = window(request.query), given(request.query, "folder")
    inside = None if folder is None else folder_reference(folder)
    zone, found = request.instance.settings.time_zone, _visible(request)
    if inside is not None:
        found = [one for one in found if one.folder == inside]
    earliest, latest = given(request.query, "earliestUpdatedAt"), given(request.query, "latestUpdatedAt")
    if earliest is not None:
        first = read_instant("earliestUpdatedAt", earliest, zone)
        found = [one for one in found if one.updated_at >= first]
    if latest is not None:
        last = read_instant("latestUpdatedAt", latest, zone)
        found = [one for one in found if one.updated_at <= last]
    return rows_or_nothing(view.of([_row(request, one) for one in sorted(found, key=lambda one: one.key)]))


def by_id(request: Request) -> Answer:
    """Answer `GET /staticList/{id}.json`."""
    return Answer([_row(request, _existing(request))])


def by_name(request: Request) -> Answer:
    """Answer `GET /staticList/byName.json`: every list of exactly that name."""
    name = required(request.query, "name")
    return rows_or_nothing(_row(request, one) for one in _visible(request) if one.name == name)


def create(request: Request) -> Answer:
    """Answer `POST /staticLists.json`."""
    name, folder_text = filled(request.fields, "name", "folder")
    ref, description = folder_reference(folder_text), request.fields.get("description")
    check_length("name", name, NAME_LIMIT)
    place = visible_node(request.instance, ref, request.user)
    if place is None:
        raise refusals.parent_not_found()
    if not isinstance(place, Program) and place.folder_type != _OF_LISTS:
        raise refusals.wrong_folder("static list")
    _check_name_free(request, name, place)
    lists = request.instance.state(Lists)
    program_id, folder_id = (place.id, None) if isinstance(place, Program) else (None, place.id)
    made = lists.add_list(name, description=description, program_id=program_id, folder_id=folder_id)
    return Answer([_row(request, made)])


def update(request: Request) -> Answer:
    """Answer `POST /staticList/{id}.json`: a new name, or description."""
    found = _existing(request)
    changes = {name: value for name in ("name", "description") if (value := request.fields.get(name)) is not None}
    name = changes.get("name")
    if name is not None:
        if not name.strip():
            raise refusals.blank("name")
        check_length("name", name, NAME_LIMIT)
        place = visible_node(request.instance, found.folder, request.user)
        if place is not None:
            _check_name_free(request, name, place, but=found)
    request.instance.state(Lists).change(found.id, **changes)
    return Answer([_row(request, found)])


def delete(request: Request) -> Answer:
    """Answer `POST /staticList/{id}/delete.json`."""
    found = _existing(request)
    request.instance.state(Lists).remove_list(found.id)
    return Answer([{"id": found.id}])


def _visible(request: Request) -> list[StaticList]:
    hidden = request.instance.state(Folders).hidden_from(request.user)
    return [one for one in request.instance.state(Lists) if one.workspace not in hidden]


def _existing(request: Request) -> StaticList:
    found = request.instance.state(Lists).get(identifier(request))
    if found is None or found.workspace in request.instance.state(Folders).hidden_from(request.user):
        raise refusals.static_list_not_found()
    return found


def _check_name_free(request: Request, name: str, place: Node, but: StaticList | None = None) -> None:
    """Refuse a name that another list of the program, or of the workspace's lead database, has."""
    program_id = place.id if isinstance(place, Program) else None
    for other in request.instance.state(Lists):
        beside = other.program_id == program_id and other.workspace == place.workspace
        if other is not but and beside and other.name.casefold() == name.casefold():
            raise refusals.name_taken("Static List")


def _row(request: Request, one: StaticList) -> dict[str, object]:
    row: dict[str, object] = {"id": one.id, "name": one.name}
    if one.description is not None:
        row["description"] = one.description
    return row | {
        "createdAt": asset_date(one.created_at),
        "updatedAt": asset_date(one.updated_at),
        "folder": reference_row(one.folder),
        "computedUrl": app_url(request.instance, f"ST{one.id}A1"),
        "workspace": one.workspace,
    }

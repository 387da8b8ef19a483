"""The four operations that read folders."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import (
    container,
    folder_reference,
    given,
    identifier,
    integer,
    required,
    window,
)
from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.sandbox.areas.folders.tree import children, folder_row, visible_node, walk
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.references import FolderRef
from marketo_async.sandbox.exchange import rows_or_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketo_async.sandbox.areas.folders.tree import Node
    from marketo_async.sandbox.areas.references import Container
    from marketo_async.sandbox.exchange import Answer, Request

_DEPTH = 2


def by_id(request: Request) -> Answer:
    """Answer `GET /folder/{id}.json`: one folder, or one program seen as a folder."""
    found = visible_node(request.instance, _own_reference(request), request.user)
    return rows_or_nothing([] if found is None else [folder_row(request.instance, found)])


def by_name(request: Request) -> Answer:
    """Answer `GET /folder/byName.json`: every folder of exactly that name; programs only where `type=Program`."""
    name = required(request.query, "name")
    kind = _kind_of_name(request)
    root_text = given(request.query, "root")
    if root_text is not None and kind is None:
        raise refusals.bad_request()
    shown = _Sight(request)
    found: Iterator[Node] | list[Node]
    if root_text is not None:
        top = visible_node(request.instance, folder_reference(root_text), request.user)
        below = [] if top is None else walk(request.instance, top)
        found = [item for item in below if item.name == name and item.ref.type == kind]
    elif kind == "Program":
        found = [program for program in request.instance.state(Programs).named(name) if program.name == name]
    else:
        found = list(request.instance.state(Folders).named(name))
    return rows_or_nothing(folder_row(request.instance, item) for item in found if shown.includes(item))


def browse(request: Request) -> Answer:
    """Answer `GET /folders.json`: what stands below a root, each before what it holds, by name on every level."""
    view = window(request.query)
    depth = integer(given(request.query, "maxDepth") or str(_DEPTH))
    if depth < 0:
        raise refusals.bad_request()
    root_text = given(request.query, "root")
    shown = _Sight(request)
    tops: list[Node] = list(request.instance.state(Folders).roots)
    if root_text is not None:
        top = visible_node(request.instance, folder_reference(root_text), request.user)
        tops = [] if top is None else [top]
    found = (item for top in tops for item in walk(request.instance, top, depth) if shown.includes(item))
    stretch = islice(found, view.offset, view.offset + view.size)
    return rows_or_nothing(folder_row(request.instance, item) for item in stretch)


def content(request: Request) -> Answer:
    """Answer `GET /folder/{id}/content.json`: ids and types of what stands directly inside."""
    view = window(request.query)
    found = visible_node(request.instance, _own_reference(request), request.user)
    inside = [] if found is None else children(request.instance, found.ref)
    return rows_or_nothing(view.of([{"id": item.id, "type": item.ref.type} for item in inside]))


def _own_reference(request: Request) -> FolderRef:
    return FolderRef(container(given(request.query, "type") or "Folder"), identifier(request))


def _kind_of_name(request: Request) -> Container | None:
    # Unlike "by id", a bad type is no wrong type here: recorded.
    text = given(request.query, "type")
    if text is not None and text.strip().casefold() not in {"folder", "program"}:
        raise refusals.bad_request()
    return None if text is None else container(text)


class _Sight:
    """What of the tree an API user may see, narrowed to one workspace if the request names one."""

    def __init__(self, request: Request) -> None:
        folders = request.instance.state(Folders)
        self._hidden = folders.hidden_from(request.user)
        self._only = given(request.query, "workSpace") or given(request.query, "workspace")
        if self._only is not None and (self._only not in folders.workspaces or self._only in self._hidden):
            raise refusals.unknown_workspace()

    def includes(self, item: Node) -> bool:
        """Tell whether a folder or program is to be shown."""
        return item.workspace not in self._hidden and self._only in {None, item.workspace}

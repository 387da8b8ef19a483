"""The three operations on My Tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import check_length, container, filled, given, identifier
from marketo_async.sandbox.areas.dates import read_day
from marketo_async.sandbox.areas.folders import tree
from marketo_async.sandbox.areas.programs.record import Program
from marketo_async.sandbox.areas.references import FolderRef, app_url
from marketo_async.sandbox.areas.tokens.state import MyTokens
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.sandbox.areas.folders.tree import Node
    from marketo_async.sandbox.exchange import Request

_NAME_LIMIT = 50
_CREATABLE = ("date", "number", "rich text", "score", "sfdc campaign", "text")
_READABLE = ("script block", "iCalendar")
_TYPES = {name.casefold(): name for name in (*_CREATABLE, *_READABLE)}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_SCORE = re.compile(r"[+=-]?\d{1,10}", re.ASCII)
_LARGEST_SCORE = 2**31 - 1


def browse(request: Request) -> Answer:
    """Answer `GET /folder/{id}/tokens.json`: one row with the tokens that stand there, not those it inherits."""
    place = _place(request, given(request.query, "folderType") or "Folder")
    return Answer([_row(request, place, request.instance.state(MyTokens).of(place.ref))])


def put(request: Request) -> Answer:
    """Answer `POST /folder/{id}/tokens.json`: make a token, or give it another value."""
    folder_id = identifier(request)
    name, type_text, value, folder_type = filled(request.fields, "name", "type", "value", "folderType")
    ref = FolderRef(container(folder_type), folder_id)
    token_type = _token_type(type_text)
    _check_value(request, token_type, value)
    check_length("name", name, _NAME_LIMIT)
    place = _existing(request, ref)
    if token_type not in _CREATABLE:
        raise refusals.token_not_creatable(token_type)
    request.instance.state(MyTokens).put(ref, name, token_type, value)
    return Answer([_row(request, place, [(name, token_type, value)])])


def delete(request: Request) -> Answer:
    """Answer `POST /folder/{id}/tokens/delete.json`: the token of that name and that type, and no other."""
    identifier(request)
    name, type_text, folder_type = filled(request.fields, "name", "type", "folderType")
    token_type = _token_type(type_text)
    place = _place(request, folder_type)
    if not request.instance.state(MyTokens).remove(place.ref, name, token_type):
        raise refusals.token_not_found(name)
    return Answer([{"id": place.id}])


def _place(request: Request, folder_type: str) -> Node:
    return _existing(request, FolderRef(container(folder_type), identifier(request)))


def _existing(request: Request, ref: FolderRef) -> Node:
    found = tree.visible_node(request.instance, ref, request.user)
    if found is None:
        raise refusals.folder_not_found(ref.id)
    return found


def _token_type(text: str) -> str:
    found = _TYPES.get(text.strip().casefold())
    if found is None:
        raise refusals.wrong_type(text, "TokenType")
    return found


def _check_value(request: Request, token_type: str, value: str) -> None:
    text = value.strip()
    if token_type == "date":  # noqa: S105 - a type of token, not a password
        if _DAY.fullmatch(text) is None:
            raise refusals.bad_date("value", value)
        read_day("value", text, request.instance.settings.time_zone)
    elif token_type == "number" and _NUMBER.fullmatch(text) is None:  # noqa: S105 - as above
        raise refusals.wrong_type(value, "Number")
    elif token_type == "score" and (  # noqa: S105 - as above
        _SCORE.fullmatch(text) is None or int(text.lstrip("+=-")) > _LARGEST_SCORE
    ):
        raise refusals.wrong_type(value, "Integer")


def _row(request: Request, place: Node, tokens: Iterable[tuple[str, str, str]]) -> dict[str, object]:
    letters = place.kind.fragment if isinstance(place, Program) else "MF"
    url = app_url(request.instance, f"{letters}{place.id}C3")
    rows = [
        {"name": name, "type": token_type, "value": value, "computedUrl": url} for name, token_type, value in tokens
    ]
    row: dict[str, object] = {"folder": {"type": place.ref.type, "value": place.id}}
    return row | ({"tokens": rows} if rows else {})

"""The operations that read static lists, and the leads on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import identifier, integers
from marketo_async.sandbox.areas.dates import lead_date
from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.sandbox.areas.leads.rows import asked_fields, row
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.lists.state import Lists
from marketo_async.sandbox.areas.token_pages import TokenPage
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.lists.state import StaticList
    from marketo_async.sandbox.exchange import Request

_FILTERS = ("id", "name", "programName", "workspaceName")


def browse(request: Request) -> Answer:
    """Answer `GET /lists.json`: the lists that match every filter with one of its values, by id."""
    lists = request.instance.state(Lists)
    asked = {name: values for name in _FILTERS if (values := request.query.all(name))}
    page = TokenPage.asked(request, "lists", asked)
    ids = set(integers(asked.pop("id"))) if "id" in asked else None
    hidden = request.instance.state(Folders).hidden_from(request.user)
    found = (
        one
        for one in lists
        if one.id > page.after
        and (ids is None or one.id in ids)
        and one.workspace not in hidden
        and all(_known_as(lists, one, name) in values for name, values in asked.items())
    )
    rows, following = page.of(found, lambda one: one.id)
    return Answer([_row(lists, one) for one in rows], next_page_token=following)


def by_id(request: Request) -> Answer:
    """Answer `GET /lists/{listId}.json`."""
    return Answer([_row(request.instance.state(Lists), asked_list(request))])


def leads(request: Request) -> Answer:
    """Answer `GET /lists/{listId}/leads.json`, and the same with `list`: the leads of a list, by id."""
    everybody, lists = request.instance.state(Leads), request.instance.state(Lists)
    static_list = asked_list(request)
    fields = asked_fields(request)
    page = TokenPage.asked(request, "leads of a list", static_list.id)
    ids, following = page.of(lists.lead_ids(static_list.id, page.after), int)
    found = (everybody.get(lead_id) for lead_id in ids)
    return Answer([row(lead, fields) for lead in found if lead is not None], next_page_token=following)


def asked_list(request: Request) -> StaticList:
    """Return the list that a path names.

    Raises:
        Refusal: 1013 where there is none that the API user can see.
    """
    found = request.instance.state(Lists).get(identifier(request, "listId"))
    if found is None or found.workspace in request.instance.state(Folders).hidden_from(request.user):
        raise refusals.list_not_found()
    return found


def _known_as(lists: Lists, one: StaticList, name: str) -> str | None:
    match name:
        case "name":
            return one.name
        case "programName":
            return lists.program_name(one)
        case _:
            return one.workspace


def _row(lists: Lists, one: StaticList) -> dict[str, object]:
    written: dict[str, object] = {"id": one.id, "name": one.name}
    program = lists.program_name(one)
    if one.description is not None:
        written["description"] = one.description
    if program is not None:
        written["programName"] = program
    return written | {
        "workspaceName": one.workspace,
        "createdAt": lead_date(one.created_at),
        "updatedAt": lead_date(one.updated_at),
    }

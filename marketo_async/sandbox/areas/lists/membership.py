"""The operations that put leads on a static list, take them off, and ask whether they are on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.leads.batch import lead_ids_of, skipped
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.lists.reading import asked_list
from marketo_async.sandbox.areas.lists.state import Lists
from marketo_async.sandbox.exchange import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.sandbox.exchange import Request


def add(request: Request) -> Answer:
    """Answer `POST /lists/{listId}/leads.json`; who is on it already is `added` all the same."""

    def put(lists: Lists, list_id: int, lead_id: int) -> str:
        lists.add(list_id, (lead_id,))
        return "added"

    return _each_lead(request, put)


def remove(request: Request) -> Answer:
    """Answer `DELETE /lists/{listId}/leads.json`."""

    def take_off(lists: Lists, list_id: int, lead_id: int) -> str:
        if not lists.holds(list_id, lead_id):
            raise refusals.not_in_list()
        lists.remove(list_id, (lead_id,))
        return "removed"

    return _each_lead(request, take_off)


def is_member(request: Request) -> Answer:
    """Answer `GET /lists/{listId}/leads/ismember.json`."""

    def look(lists: Lists, list_id: int, lead_id: int) -> str:
        return "memberof" if lists.holds(list_id, lead_id) else "notmemberof"

    return _each_lead(request, look)


def _each_lead(request: Request, act: Callable[[Lists, int, int], str]) -> Answer:
    """Do something with each lead that exists, and answer the word for what was done."""
    lists, leads = request.instance.state(Lists), request.instance.state(Leads)
    static_list = asked_list(request)
    rows: list[object] = []
    for lead_id in lead_ids_of(request):
        try:
            if lead_id not in leads:
                raise refusals.not_found()
            rows.append({"id": lead_id, "status": act(lists, static_list.id, lead_id)})
        except Refusal as refused:
            rows.append(skipped(refused.code, refused.message, id=lead_id))
    return Answer(rows)

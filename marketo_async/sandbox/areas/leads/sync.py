"""Sync: many leads made and changed in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.leads.batch import body_of, records_of, text_member
from marketo_async.sandbox.areas.leads.lookup import DEFAULT_LOOKUP, FieldLookup
from marketo_async.sandbox.areas.leads.partitions.state import Partitions
from marketo_async.sandbox.areas.leads.upsert import Action, Upsert
from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.exchange import Request

_ACTIONS: dict[str, Action] = {action: action for action in get_args(Action)}
_WITH_PARTITION = frozenset({"createOnly", "createOrUpdate"})


def sync(request: Request) -> Answer:
    """Answer `POST /leads.json`: an outcome for each record; none where it is processed later."""
    body = body_of(request)
    action = _action(body.get("action"))
    later = _flag(body.get("asyncProcessing"))
    lookup = FieldLookup(request, text_member(body, "lookupField") or DEFAULT_LOOKUP)
    records = records_of(request)
    name = text_member(body, "partitionName")
    if name and action not in _WITH_PARTITION:
        raise refusals.bad_request()
    partitions = request.instance.state(Partitions)
    if partitions.required and not name and action != "updateOnly":
        raise refusals.partition_missing()
    upsert = Upsert(request.instance, "syncLead", action, lookup, name)
    rows = [upsert.outcome(record) for record in records]
    return Answer([] if later else rows)


def _action(value: object) -> Action:
    if value is None:
        return "createOrUpdate"
    action = _ACTIONS.get(str(value))
    if action is None:
        raise refusals.wrong_type(value, "Action")
    return action


def _flag(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    raise refusals.wrong_type(value, "Boolean")

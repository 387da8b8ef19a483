"""Which calls may be repeated when an answer gets lost, and how long each one waits for its answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from recording_transport import NoAnswerError, RecordingTransport, groups_on
from spec.samples import SAMPLES

from marketo_async.records import Cost
from marketo_async.transport.paging import Pager

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from marketo_async.api.groups import Groups
    from marketo_async.wire.call import Call

REPEATABLE_WRITES = {
    "POST /rest/asset/v1/program/{id}.json",  # an update that sets; one that appends costs is tested below
    "POST /rest/asset/v1/program/{id}/tag/{tagType}.json",
    "POST /rest/asset/v1/folder/{id}.json",
    "POST /rest/asset/v1/folder/{id}/tokens.json",
    "POST /rest/v1/leads/delete.json",
    "POST /rest/v1/leads/partitions.json",
    "POST /rest/v1/leads/{leadId}/associate.json",
    "POST /rest/v1/leads/programs/{programId}/status.json",
    "POST /rest/v1/leads/schema/fields/{fieldApiName}.json",
    "POST /rest/v1/lists/{listId}/leads.json",
    "DELETE /rest/v1/lists/{listId}/leads.json",
    "POST /rest/v1/programs/members/schema/fields/{fieldApiName}.json",
    "POST /rest/v1/programs/{programId}/members.json",
    "POST /rest/v1/programs/{programId}/members/delete.json",
    "POST /rest/v1/programs/{programId}/members/status.json",
}
"""All but the sync of leads, which depends on its action: see below."""

SLOW = {
    "GET /rest/v1/leads.json": (70.0, 60.0),
    "GET /rest/v1/list/{listId}/leads.json": (70.0, 60.0),
    "GET /rest/v1/lists/{listId}/leads.json": (70.0, 60.0),
    "POST /rest/v1/leads.json": (95.0, 90.0),
    "POST /rest/v1/leads/push.json": (95.0, 90.0),
    "POST /rest/v1/leads/partitions.json": (95.0, 60.0),
    "POST /rest/v1/leads/{leadId}/associate.json": (95.0, 60.0),
    "POST /rest/v1/leads/{leadId}/merge.json": (190.0, 180.0),
}
"""Operations of the lead database for which Marketo takes longer than 30 s: what we wait, and what it takes."""


async def call_of(use: Callable[[Groups], Any]) -> Call:
    """Return the first call that a use makes."""
    transport = RecordingTransport()
    made: Pager[object] | Awaitable[object] = use(groups_on(transport))
    with pytest.raises(NoAnswerError):
        await (made.first() if isinstance(made, Pager) else made)
    return transport.calls[0]


ALL = [pytest.param(use, id=f"{name}-{i}") for name, uses in SAMPLES.items() for i, use in enumerate(uses)]


@pytest.mark.parametrize("use", ALL)
async def test_only_what_is_done_twice_as_once_is_repeatable(use: Callable[[Groups], object]) -> None:
    """Reads may be repeated; of the writes only those that set something, so that nothing is doubled (P5)."""
    call = await call_of(use)
    if call.operation == "POST /rest/v1/leads.json":
        return
    assert call.idempotent is (call.method == "GET" or call.operation in REPEATABLE_WRITES)


@pytest.mark.parametrize("use", ALL)
async def test_writes_outwait_marketo(use: Callable[[Groups], object]) -> None:
    """A write waits longer than Marketo's own limit, 300 s for assets, so that no outcome is left open (P11)."""
    call = await call_of(use)
    if call.api == "asset" and call.method == "POST":
        assert (call.read_timeout, call.server_limit) == (310.0, 300.0)
    elif call.operation in SLOW:
        assert (call.read_timeout, call.server_limit) == SLOW[call.operation]
    else:
        assert call.read_timeout is None


@pytest.mark.parametrize(
    ("options", "repeatable"),
    [
        ({}, False),
        ({"action": "createOrUpdate", "lookup_field": "customField_c"}, False),
        ({"action": "createDuplicate"}, False),
        ({"action": "createOnly"}, True),
        ({"action": "updateOnly"}, True),
        ({"action": "updateOnly", "lookup_field": "id"}, True),
    ],
)
async def test_only_a_sync_that_cannot_double_a_lead_is_repeated(options: dict[str, Any], repeatable: bool) -> None:
    """A sync is repeated only where its action says that a second time does nothing new (P5)."""
    record = {"id": 7} if options.get("lookup_field") == "id" else {"email": "a@b.example", "customField_c": "x"}
    call = await call_of(lambda m: m.leads.sync([record], **options).collect())
    assert call.idempotent is repeatable


COST = Cost(start_date=date(2026, 1, 1), cost=1)


@pytest.mark.parametrize(
    ("changes", "repeatable"),
    [
        ({"costs": [COST]}, False),
        ({"costs": [COST], "name": "x"}, False),
        ({"costs": iter([COST])}, False),
        ({"costs": [COST], "costs_destructive_update": False}, False),
        ({"costs": [COST], "costs_destructive_update": True}, True),
        ({"costs_destructive_update": True}, True),
        ({"costs": [], "name": "x"}, True),
        ({"tags": []}, True),
    ],
)
async def test_update_that_appends_costs_is_not_repeated(changes: dict[str, Any], repeatable: bool) -> None:
    """An update that appends costs is never repeated: they would be booked twice (P5)."""
    call = await call_of(lambda m: m.programs.update(1107, **changes))
    assert call.idempotent is repeatable
